"""The working day on plain data: when it ends by itself, who is absent, how long was worked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from core.api import N_, phrase
from plugins.workhours.presence.models import Doing

NOT_STARTED = N_("not started")
ON_A_BREAK = N_("on a break")

LONGEST_HOURS = 24
"""A day that nobody ended lasts so many hours at most, whatever the account's rules say."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The account's rules for the working day.

    Args:
        on: whether it decides who is rung.
        ends_at: minutes after midnight at which a day ends that nobody ended; None: no such time.
        hours: after so many hours it ends in any case.
    """

    on: bool = False
    ends_at: int | None = None
    hours: int = 12


class Worked(NamedTuple):
    """How much of a stretch of time was work, and how much breaks."""

    work: timedelta
    breaks: timedelta


def latest_end(start: datetime, rules: Rules, zone: ZoneInfo) -> datetime:
    """When a day that begins at ``start`` ends by itself: at the account's hour, or after its
    longest length, whichever comes first.

    Args:
        start: an instant.
        rules: as they stand when the day begins; later ones are for later days.
        zone: the account's clock.
    """
    longest = start + timedelta(hours=rules.hours)
    if rules.ends_at is None:
        return longest
    hour, minute = divmod(rules.ends_at, 60)
    today = start.astimezone(zone).date()
    for day in (today, today + timedelta(days=1)):
        # An hour that the clock skips is read on the clock before the change: the first after it.
        ends = datetime.combine(day, time(hour, minute), zone).astimezone(UTC)
        if ends > start:
            return min(ends, longest)
    return longest


def why_absent(doing: str | None, reason: str) -> str:
    """Why an employee is not rung, in the words of the trace; "" when they work.

    Args:
        doing: what their open span says; None: they have none.
        reason: of a break.
    """
    match doing:
        case Doing.WORK:
            return ""
        case Doing.BREAK:
            return phrase(N_("on a break: %(why)s"), why=phrase(reason)) if reason else ON_A_BREAK
    return NOT_STARTED


def worked(spans: Iterable[Any], since: datetime, until: datetime, at: datetime) -> Worked:
    """How long somebody worked, and was on breaks, within a stretch of time.

    Args:
        spans: theirs, with ``doing``, ``started_at`` and ``end(at)``.
        since: where the stretch begins.
        until: where it ends, half-open.
        at: now; a span that goes on counts until then.
    """
    work = breaks = timedelta()
    for span in spans:
        length = max(min(span.end(at), until) - max(span.started_at, since), timedelta())
        if span.doing == Doing.BREAK:
            breaks += length
        else:
            work += length
    return Worked(work, breaks)


def day_began(spans: Iterable[Any], at: datetime) -> datetime | None:
    """When the day that goes on now began: the first of the spans that follow each other without a
    gap; None: nobody is at work."""
    began = None
    for span in sorted(spans, key=lambda one: one.number, reverse=True):
        if began is None and not span.lasts(at):
            return None
        if began is not None and span.end(at) != began:
            return began
        began = span.started_at
    return began


def midnight(at: datetime, zone: ZoneInfo, days_ago: int = 0) -> datetime:
    """The beginning of a day on a clock, as an instant."""
    day = at.astimezone(zone).date() - timedelta(days=days_ago)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def monday(at: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the week on a clock, as an instant."""
    return midnight(at, zone, at.astimezone(zone).weekday())
