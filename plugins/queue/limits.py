"""How many groups and members a plan includes, at run time and when a group is saved."""

from __future__ import annotations

from typing import Any

from core import api
from core.api import gettext


def ceiling(decision: Any) -> int | None:
    """The number a plan grants, of the gate's decision: None is unlimited, 0 is none."""
    if not decision.allowed:
        return 0
    return None if decision.value == "unlimited" else decision.value


def check_count(decision: Any, count: int, sentence: str) -> None:
    """Refuse to save more than the plan includes.

    Args:
        decision: the gate's, about ``queue.max_groups`` or ``queue.max_members``.
        count: how many there would be.
        sentence: says so.

    Raises:
        PlanDenied: the sentence, and the gate's own, which names the plan's cell.
    """
    limit = ceiling(decision)
    if limit is not None and count > limit:
        feature = gettext("Plan feature: %(feature)s.", feature=decision.feature)
        raise api.PlanDenied(f"{sentence} {api.why(decision)} {feature}", decision=decision)
