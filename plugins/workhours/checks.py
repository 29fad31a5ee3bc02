"""Whether a number's working hours make sense, checked when its settings are saved (N5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.api import Account, Line, LineRow, Problem
from plugins.workhours.schedules import chosen
from plugins.workhours.schemas import DESTINATION, FORWARD
from plugins.workhours.service import target


def problems(account: Account, line: Line, settings: Any) -> Iterator[Problem]:
    """What is wrong with the settings of a number."""
    if settings.schedule:
        yield from _with_schedule(account, settings.schedule)
    if settings.outside == FORWARD:
        yield from _with_target(account, line, settings, "number", "Type the number")
    if settings.outside == DESTINATION:
        yield from _with_target(account, line, settings, "destination", "Choose the destination")


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


def _with_target(
    account: Account, line: Line, settings: Any, field: str, ask: str
) -> Iterator[Problem]:
    if not getattr(settings, field):
        yield Problem(field, f"{ask} to which calls go outside working hours.")
        return
    to = target(settings)
    if to.kind != "number":
        return
    own = LineRow.of(account).where(LineRow.number == to.id).exists()
    if own or to.id == line.number:
        yield Problem(field, f"{to.id} is a number of your own: the call would come back.")
