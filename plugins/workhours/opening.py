"""Open or closed at an instant, why, and until when: the decision, without any table or clock.

A schedule speaks of wall clocks, a call of an instant. The instant is looked at on the wall clock
of the zone, never the other way round: so a time that a change of clocks skips begins at the first
instant that exists, and one that comes twice is open twice (W1).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.api import N_, phrase
from plugins.workhours.days import Event, Schedule, SpecialDay
from plugins.workhours.hours import DAY, Interval, clock, write_hours
from plugins.workhours.overrides import Override, Overrides, edges, holding

HORIZON_WEEKS = 53
"""How far ahead the next change is looked for."""

WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)

ONE_SECOND = timedelta(seconds=1)
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


def opening(
    schedule: Schedule, instant: datetime, zone: ZoneInfo, overrides: Overrides = ()
) -> Opening:
    """Decide whether a schedule is open, and until when: override, then holiday or special date,
    then weekly hours, else closed (W).

    Args:
        schedule: the plain data.
        instant: aware.
        zone: in which the schedule's times are meant.
        overrides: what was said by hand; of those that hold, the first counts.
    """
    now = glance(schedule, instant, zone, overrides)
    return replace(now, until=next_change(schedule, instant, zone, overrides))


def glance(
    schedule: Schedule, instant: datetime, zone: ZoneInfo, overrides: Overrides = ()
) -> Opening:
    """As ``opening``, without looking for the next change: a call of an open number asks no more,
    and the change may be a year away."""
    override = holding(overrides, instant)
    if override is not None:
        return Opening(override.open, _why_by_hand(override, zone))
    local = instant.astimezone(zone)
    event = _event(schedule, instant, local)
    if event is not None:
        words = N_('closed: calendar entry "%(name)s", %(zone)s')
        if event.opens:
            words = N_('open: calendar entry "%(name)s", %(zone)s')
        why = phrase(words, name=event.name, zone=zone.key)
        return Opening(event.opens, why, holiday=SpecialDay(event.name))
    special = schedule.special(local.date())
    found = _interval(schedule, local)
    why = _why_open(schedule, *found) if found else _why_closed(schedule, local, special)
    told = phrase("%(why)s, %(zone)s", why=why, zone=zone.key)
    return Opening(found is not None, told, holiday=special)


def is_open(
    schedule: Schedule, instant: datetime, zone: ZoneInfo, overrides: Overrides = ()
) -> bool:
    """Whether it is open at an instant."""
    override = holding(overrides, instant)
    if override is not None:
        return override.open
    local = instant.astimezone(zone)
    event = _event(schedule, instant, local)
    return event.opens if event is not None else _interval(schedule, local) is not None


def next_change(
    schedule: Schedule, instant: datetime, zone: ZoneInfo, overrides: Overrides = ()
) -> datetime | None:
    """When it opens or closes next, in UTC; None: not within ``HORIZON_WEEKS``."""
    state = is_open(schedule, instant, zone, overrides)
    for edge in (*edges(overrides, instant), None):
        if holding(overrides, instant) is None:
            found = _change(schedule, instant, zone, state)
            if found is not None and (edge is None or found < edge):
                return found
        if edge is None:
            return None
        if is_open(schedule, edge, zone, overrides) != state:
            return edge
        instant = edge


def _change(schedule: Schedule, instant: datetime, zone: ZoneInfo, state: bool) -> datetime | None:
    """When the schedule itself is first not in this state any more."""
    after = instant.astimezone(UTC)
    for step in (ONE_DAY, *[ONE_WEEK] * HORIZON_WEEKS):  # most often it is today
        for candidate in _candidates(schedule, after, after + step, zone):
            if is_open(schedule, candidate, zone) != state:
                return candidate
        after += step
    return None


def _event(schedule: Schedule, instant: datetime, local: datetime) -> Event | None:
    """The calendar entry with times that counts: not on a day with a special date of its own."""
    if not schedule.spans or schedule.own(local.date()) is not None:
        return None
    return schedule.event(instant)


def _interval(schedule: Schedule, local: datetime) -> tuple[date, Interval] | None:
    """The interval that a wall-clock time lies in, and the day it belongs to; None: closed."""
    today, minute = local.date(), local.hour * 60 + local.minute
    for day, passed in ((today, minute), (today - ONE_DAY, minute + DAY)):
        for interval in schedule.hours_on(day):
            if interval.start <= passed < interval.end:
                return day, interval
    return None


def _candidates(
    schedule: Schedule, after: datetime, until: datetime, zone: ZoneInfo
) -> list[datetime]:
    """All instants at which it could open or close: begins and ends on the wall clock, which may
    come twice, changes of the clock itself, begins and ends of calendar entries, and the midnights
    at which these begin or cease to count."""
    instants = {*_clock_changes(after, until, zone), *schedule.span_starts(after, until)}
    day = after.astimezone(zone).date() - ONE_DAY
    midnight = {0} if schedule.spans else set()
    while day <= until.astimezone(zone).date():
        times = {minutes for interval in schedule.hours_on(day) for minutes in interval}
        for minutes in times | midnight:
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
    early = early.replace(microsecond=0)
    seconds = range((late - early) // ONE_SECOND + 1)
    return early + ONE_SECOND * bisect_left(
        seconds,
        True,
        key=lambda passed: (early + passed * ONE_SECOND).astimezone(zone).utcoffset() == offset,
    )


def _why_by_hand(override: Override, zone: ZoneInfo) -> str:
    if override.end is None:
        until = phrase(N_("for good"))
    else:
        at = f"{override.end.astimezone(zone):%Y-%m-%d %H:%M}"
        until = phrase(N_("until %(at)s"), at=at)
    words = N_('closed by hand %(until)s, %(zone)s (%(author)s: "%(reason)s")')
    if override.open:
        words = N_('open by hand %(until)s, %(zone)s (%(author)s: "%(reason)s")')
    about = {"author": override.author, "reason": override.reason}
    return phrase(words, until=until, zone=zone.key, **about)


def _why_open(schedule: Schedule, day: date, interval: Interval) -> str:
    special = schedule.special(day)
    named = _weekday(day) if special is None else _named(special, day)
    return phrase(N_("open: %(day)s %(hours)s"), day=named, hours=str(interval))


def _why_closed(schedule: Schedule, local: datetime, special: SpecialDay | None) -> str:
    day, now = local.date(), clock(local.hour * 60 + local.minute)
    if special is not None and not special.hours:
        return phrase(N_("closed: holiday %(day)s"), day=_named(special, day))
    if special is not None:
        words = N_("closed: %(day)s, %(time)s is outside %(hours)s")
        hours = write_hours(special.hours)
        return phrase(words, day=_named(special, day), time=now, hours=hours)
    weekday, hours = _weekday(day), schedule.week[day.weekday()]
    if not hours:
        return phrase(N_("closed: %(day)s is not a working day"), day=weekday)
    words = N_("closed: %(day)s %(time)s is outside %(hours)s")
    return phrase(words, day=weekday, time=now, hours=write_hours(hours))


def _weekday(day: date) -> str:
    return phrase(WEEKDAYS[day.weekday()])


def _named(special: SpecialDay, day: date) -> str:
    month = phrase(MONTHS[day.month - 1])
    return phrase('"%(name)s" (%(day)s %(month)s)', name=special.name, day=day.day, month=month)
