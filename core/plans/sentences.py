"""The wording of decisions: one place, so that every door says the same (plans.md §3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.plans.decision import Decision


def sentence(decision: Decision) -> str:
    """Say a decision in one sentence: what, how much of it, until when, and which plan cell."""
    text = _WORDING[decision.reason](decision)
    if decision.where:
        text = f"{text} ({decision.where})"
    if decision.hint:
        text = f"{text}; {decision.hint}"
    return text if text.endswith("?") else f"{text}."


def _name(decision: Decision) -> str:
    return decision.title or decision.feature


def _allowed(decision: Decision) -> str:
    if decision.value is True:
        return f"{_name(decision)} is included"
    if decision.used is None:
        return f"{_name(decision)}: {decision.value}"
    return f"{_name(decision)}: {_counted(decision)}"


def _counted(decision: Decision) -> str:
    of = f"{decision.used} of {decision.limit}" if decision.limit is not None else decision.used
    parts = [f"{of} used"]
    if decision.held:
        parts.append(f"{decision.held} held by running calls")
    parts.append("unlimited" if decision.remaining is None else f"{decision.remaining} left")
    return f"{', '.join(parts)}{_until(decision)}"


def _until(decision: Decision) -> str:
    if decision.resets_at is None:
        return ""
    return f", counted until {decision.resets_at:%Y-%m-%d %H:%M} {decision.resets_at.tzinfo}"


def _not_in_plan(decision: Decision) -> str:
    return f"{_name(decision)} is not in the plan"


def _exhausted(decision: Decision) -> str:
    if decision.limit == 0:
        return f"{_name(decision)}: in the plan with 0 units, so there is none to take"
    return f"{_name(decision)}: none left, {_counted(decision)}"


def _held(decision: Decision) -> str:
    return (
        f"{_name(decision)}: none left now, {_counted(decision)}; "
        "held units may come back, so try again"
    )


_WORDING: dict[str, Callable[[Decision], str]] = {
    "ok": _allowed,
    "unlimited": _allowed,
    "not-in-plan": _not_in_plan,
    "override-off": lambda one: f"{_name(one)} was switched off for this account",
    "plugin-missing": lambda one: f"{_name(one)} is missing, because its plugin did not load",
    "plugin-off": lambda one: (
        f"{_name(one)} is in the plan, but its plugin is switched off for this account or number"
    ),
    "trial-ended": lambda one: f"The trial that included {_name(one)} has ended",
    "quota-exhausted": _exhausted,
    "quota-held": _held,
    "unknown-feature": lambda one: f'No installed plugin declares "{_name(one)}"',
    "store-unavailable": lambda one: (
        f"{_name(one)} cannot be counted now, because the database does not answer"
    ),
}
