"""The coming days as bars: what callers will meet, minute by minute of each real day.

A bar's place is the time that has passed since midnight, not what the clock shows: so a day on
which clocks change is drawn with its real length, 23 or 25 hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from plugins.workhours.days import Schedule
from plugins.workhours.opening import is_open
from plugins.workhours.overrides import holding
from plugins.workhours.standing import Standing

COMING_DAYS = 14
ONE_DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
USUAL = 24 * 60
"""Minutes of a day without a change of clocks."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A time of a day that is open, or closed.

    Args:
        start, minutes: since the day began, and how long; real minutes.
        open: whether it is open.
        by_hand: whether somebody said so.
        times: what the clock shows, such as ``09:00–13:00``.
    """

    start: int
    minutes: int
    open: bool
    by_hand: bool
    times: str


@dataclass(frozen=True, slots=True)
class ComingDay:
    """One of the coming days.

    Args:
        date: the day.
        length: its real minutes, 1440 but for changes of clocks.
        bars: from its first minute to its last.
        special: the names of what is special about the date.
        now: minutes since the day began, today; None on other days.
    """

    date: date
    length: int
    bars: tuple[Bar, ...]
    special: str
    now: int | None = None

    @property
    def times(self) -> str:
        """When it is open, as text; "" for not at all."""
        return ", ".join(bar.times for bar in self.bars if bar.open)

    @property
    def by_hand(self) -> bool:
        """Whether somebody has said anything of this day by hand."""
        return any(bar.by_hand for bar in self.bars)

    @property
    def odd_hours(self) -> str:
        """Its length in hours where clocks change, "" on other days."""
        return "" if self.length == USUAL else f"{self.length / 60:g}"


def coming(standing: Standing, now: datetime, days: int = COMING_DAYS) -> list[ComingDay]:
    """Today and the days after it, on the standing's clock. A day that a zone skips is left out."""
    first = now.astimezone(standing.zone).date()
    dates = [first + ONE_DAY * number for number in range(days)]
    found = (_day(standing, day, now) for day in dates)
    return [day for day in found if day.length]


def _day(standing: Standing, day: date, now: datetime) -> ComingDay:
    begin, end = midnight(day, standing.zone), midnight(day + ONE_DAY, standing.zone)
    return ComingDay(
        day,
        (end - begin) // MINUTE,
        tuple(_bars(standing, begin, end)),
        ", ".join(_names(standing.schedule, day, begin, end)),
        (now - begin) // MINUTE if begin <= now < end else None,
    )


def _names(schedule: Schedule, day: date, begin: datetime, end: datetime) -> list[str]:
    """The special date, and the entries of calendars with times."""
    special = schedule.special(day)
    events = () if schedule.own(day) else schedule.events_between(begin, end)
    names = [*([special.name] if special else []), *(event.name for event in events)]
    return list(dict.fromkeys(names))


def _bars(standing: Standing, begin: datetime, end: datetime) -> Iterator[Bar]:
    at = begin
    while at < end:
        change = standing.next_change(at)
        until = end if change is None or change > end else change
        yield Bar(
            (at - begin) // MINUTE,
            (until - at) // MINUTE,
            is_open(standing.schedule, at, standing.zone, standing.overrides),
            holding(standing.overrides, at) is not None,
            f"{_clock(at, standing.zone)}–{_clock(until, standing.zone, last=until == end)}",
        )
        at = until


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day, in UTC; that of the next where a zone skips the day."""
    wall = datetime.combine(day, time(), zone)
    instant = wall.astimezone(UTC)
    while (instant - MINUTE).astimezone(zone).date() >= day:
        instant -= MINUTE
    while instant.astimezone(zone).date() < day:
        instant += MINUTE
    return instant


def _clock(instant: datetime, zone: ZoneInfo, last: bool = False) -> str:
    return "24:00" if last else f"{instant.astimezone(zone):%H:%M}"
