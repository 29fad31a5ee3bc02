"""Whether a number's working hours make sense, checked when its settings are saved (N5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.api import Account, Phone, Problem, dial_refusal, gettext
from plugins.workhours.schedules import chosen
from plugins.workhours.schemas import DESTINATION, FORWARD
from plugins.workhours.service import target


def problems(account: Account, settings: Any) -> Iterator[Problem]:
    """What is wrong with the settings of a number."""
    if settings.schedule:
        yield from _with_schedule(account, settings.schedule)
    if settings.outside == FORWARD:
        missing = gettext("Type the number to which calls go outside working hours.")
        yield from _with_target(account, settings, "number", missing)
    if settings.outside == DESTINATION:
        missing = gettext("Choose the destination to which calls go outside working hours.")
        yield from _with_target(account, settings, "destination", missing)


def _with_schedule(account: Account, value: str) -> Iterator[Problem]:
    schedule = chosen(account, value)
    if schedule is None:
        sentence = gettext("This schedule does not exist any more; choose another.")
        yield Problem("schedule", sentence)
    elif not schedule.ever_opens:
        sentence = gettext(
            "The schedule '%(name)s' never opens: every call would find it closed.",
            name=schedule.name,
        )
        yield Problem("schedule", sentence, warning=True)


def _with_target(account: Account, settings: Any, field: str, missing: str) -> Iterator[Problem]:
    if not getattr(settings, field):
        yield Problem(field, missing)
        return
    to = target(settings)
    refusal = dial_refusal(account, Phone(to.id)) if to.kind == "number" else ""
    if refusal:
        yield Problem(field, refusal)
