"""Whether a number's working hours make sense, checked when its settings are saved (N5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.api import Account, Phone, Problem, dial_refusal
from plugins.workhours.schedules import chosen
from plugins.workhours.schemas import DESTINATION, FORWARD
from plugins.workhours.service import target


def problems(account: Account, settings: Any) -> Iterator[Problem]:
    """What is wrong with the settings of a number."""
    if settings.schedule:
        yield from _with_schedule(account, settings.schedule)
    if settings.outside == FORWARD:
        yield from _with_target(account, settings, "number", "Type the number")
    if settings.outside == DESTINATION:
        yield from _with_target(account, settings, "destination", "Choose the destination")


def _with_schedule(account: Account, value: str) -> Iterator[Problem]:
    schedule = chosen(account, value)
    if schedule is None:
        yield Problem("schedule", "This schedule does not exist any more; choose another.")
    elif not schedule.ever_opens:
        yield Problem(
            "schedule",
            f"The schedule {schedule.name!r} never opens: every call would find it closed.",
            warning=True,
        )


def _with_target(account: Account, settings: Any, field: str, ask: str) -> Iterator[Problem]:
    if not getattr(settings, field):
        yield Problem(field, f"{ask} to which calls go outside working hours.")
        return
    to = target(settings)
    refusal = dial_refusal(account, Phone(to.id)) if to.kind == "number" else ""
    if refusal:
        yield Problem(field, refusal)
