"""Open or closed at an instant, why, and until when: the decision, without any table or clock.

A schedule speaks of wall clocks, a call of an instant. The instant is looked at on the wall clock
of the zone, never the other way round: so a time that a change of clocks skips begins at the first
instant that exists, and one that comes twice is open twice (W1).
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import day_name, month_name
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from plugins.workhours.days import Schedule, SpecialDay
from plugins.workhours.hours import DAY, Interval, clock, write_hours

HORIZON_WEEKS = 53
"""How far ahead the next change is looked for."""

ONE_MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """Open or closed at an instant.

    Args:
        open: whether the number is open.
        why: one sentence for the trace, with the zone.
        until: the instant at which it changes (UTC); None: not within a year.
        holiday: what is special about the date, if anything.
    """

    open: bool
    why: str
    until: datetime | None = None
    holiday: SpecialDay | None = None


def opening(schedule: Schedule, instant: datetime, zone: ZoneInfo) -> Opening:
    """Decide whether a schedule is open, and until when: special date, then weekly hours, else
    closed (W).

    Args:
        schedule: the plain data.
        instant: aware.
        zone: in which the schedule's times are meant.
    """
    now = glance(schedule, instant, zone)
    return replace(now, until=next_change(schedule, instant, zone))


def glance(schedule: Schedule, instant: datetime, zone: ZoneInfo) -> Opening:
    """As ``opening``, without looking for the next change: a call of an open number asks no more,
    and the change may be a year away."""
    local = instant.astimezone(zone)
    special = schedule.special(local.date())
    found = open_interval(schedule, local)
    why = _why_open(schedule, *found) if found else _why_closed(schedule, local, special)
    return Opening(found is not None, f"{why}, {zone.key}", holiday=special)


def open_interval(schedule: Schedule, local: datetime) -> tuple[date, Interval] | None:
    """The interval that a wall-clock time lies in, and the day it belongs to; None: closed."""
    today, minute = local.date(), local.hour * 60 + local.minute
    for day, passed in ((today, minute), (today - ONE_DAY, minute + DAY)):
        for interval in schedule.hours_on(day):
            if interval.start <= passed < interval.end:
                return day, interval
    return None


def next_change(schedule: Schedule, instant: datetime, zone: ZoneInfo) -> datetime | None:
    """When it opens or closes next, in UTC; None: not within ``HORIZON_WEEKS``."""
    is_open = open_interval(schedule, instant.astimezone(zone)) is not None
    start = instant.astimezone(UTC)
    for week in range(HORIZON_WEEKS):
        after = start + week * ONE_WEEK
        for candidate in _candidates(schedule, after, after + ONE_WEEK, zone):
            if (open_interval(schedule, candidate.astimezone(zone)) is not None) != is_open:
                return candidate
    return None


def _candidates(
    schedule: Schedule, after: datetime, until: datetime, zone: ZoneInfo
) -> list[datetime]:
    """All instants at which it could open or close: begins and ends on the wall clock, which may
    come twice, and changes of the clock itself."""
    instants = set(_clock_changes(after, until, zone))
    day = after.astimezone(zone).date() - ONE_DAY
    while day <= until.astimezone(zone).date():
        for minutes in {minutes for interval in schedule.hours_on(day) for minutes in interval}:
            wall = datetime.combine(day, time(tzinfo=zone)) + timedelta(minutes=minutes)
            instants.update(wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        day += ONE_DAY
    return sorted(one for one in instants if after < one <= until)


def _clock_changes(after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The instants from which the zone's clocks show something else."""
    while after < until:
        before, after = after, min(after + ONE_DAY, until)
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            yield _first_with_offset_of(after, before, zone)


def _first_with_offset_of(late: datetime, early: datetime, zone: ZoneInfo) -> datetime:
    offset = late.astimezone(zone).utcoffset()
    early = early.replace(second=0, microsecond=0)
    minutes = range((late - early) // ONE_MINUTE + 1)
    return early + ONE_MINUTE * bisect_left(
        minutes,
        True,
        key=lambda passed: (early + passed * ONE_MINUTE).astimezone(zone).utcoffset() == offset,
    )


def _why_open(schedule: Schedule, day: date, interval: Interval) -> str:
    special = schedule.special(day)
    if special is None:
        return f"open: {day_name[day.weekday()]} {interval}"
    return f"open: {_named(special, day)} {interval}"


def _why_closed(schedule: Schedule, local: datetime, special: SpecialDay | None) -> str:
    day, now = local.date(), clock(local.hour * 60 + local.minute)
    if special is not None and not special.hours:
        return f"closed: holiday {_named(special, day)}"
    if special is not None:
        return f"closed: {_named(special, day)}, {now} is outside {write_hours(special.hours)}"
    weekday, hours = day_name[day.weekday()], schedule.week[day.weekday()]
    if not hours:
        return f"closed: {weekday} is not a working day"
    return f"closed: {weekday} {now} is outside {write_hours(hours)}"


def _named(special: SpecialDay, day: date) -> str:
    return f'"{special.name}" ({day.day} {month_name[day.month]})'
