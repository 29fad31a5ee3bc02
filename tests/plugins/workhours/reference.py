"""A slow, simple reference for opening hours: every minute is looked at on a clock on the wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from plugins.workhours.dates import LAST, AroundEaster, Church, DateRange, OneDate, WeekdayOfMonth
from plugins.workhours.days import AllDay, Event, Schedule, timeline
from plugins.workhours.hours import DAY, Hours, Interval
from plugins.workhours.opening import opening
from plugins.workhours.overrides import Override

MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)
ZONES = sorted(available_timezones())
YEARS = (1993, 1994, 2006, 2010, 2011, 2016, 2026, 2027, 2028)
"""1993, 1994 and 2011: islands that skipped a day; 2006: St John's changed at 00:01."""


@dataclass(frozen=True)
class World:
    """All that decides, as it was entered; ``dates`` are (when, hours) pairs."""

    zone: ZoneInfo
    week: tuple[Hours, ...]
    dates: tuple = ()
    all_day: tuple[AllDay, ...] = ()
    events: tuple[Event, ...] = ()
    overrides: tuple[Override, ...] = ()

    def schedule(self, special: type) -> Schedule:
        """What the code under test is given."""
        dates = tuple((when, special("Special", hours)) for when, hours in self.dates)
        return Schedule("World", self.week, dates, self.all_day, timeline(self.events))

    def is_open(self, at: datetime, shown: set[str]) -> bool:
        """Whether it is open, by the rule alone: by hand, a calendar's times, the clock's face."""
        for one in self.overrides:
            if one.start <= at and (one.end is None or at < one.end):
                return one.open
        local = at.astimezone(self.zone)
        if self.own_hours(local.date()) is None:
            running = [one for one in self.events if one.start <= at < one.end]
            if running:
                return any(one.opens for one in running)
        return str(local.replace(tzinfo=None, fold=0)) in shown

    def open_minutes(self, around: date) -> set[str]:
        """Every minute that a clock on the wall shows while it is open, as text."""
        shown = set()
        for offset in range(-3, 5):
            day = around + timedelta(days=offset)
            midnight = datetime.combine(day, datetime.min.time())
            for interval in self.hours_on(day):
                for minute in range(interval.start, interval.end):
                    shown.add(str(midnight + minute * MINUTE))
        return shown

    def hours_on(self, day: date) -> Hours:
        """The hours that begin on a day."""
        own = self.own_hours(day)
        if own is not None:
            return own
        covering = [one for one in self.all_day if one.first <= day <= one.last]
        if covering:
            return (Interval(0, DAY),) if any(one.opens for one in covering) else ()
        return self.week[day.weekday()]

    def own_hours(self, day: date) -> Hours | None:
        """The hours of the most exact special date, the one entered last."""
        found = [
            (exactness(when), place, hours)
            for place, (when, hours) in enumerate(self.dates)
            if falls_on(when, day)
        ]
        return max(found)[2] if found else None


def exactness(when: object) -> int:
    """Which kind of date wins: one date, range, yearly date, rule, yearly range."""
    match when:
        case OneDate():
            return 3 if when.yearly else 5
        case DateRange():
            return 1 if when.yearly else 4
    return 2


def falls_on(when: object, day: date) -> bool:
    """Whether a special date falls on a day, by looking at that day alone."""
    match when:
        case OneDate():
            same = (when.day.month, when.day.day) == (day.month, day.day)
            return same and (when.yearly or when.day.year == day.year)
        case DateRange(first, last, yearly=False):
            return first <= day <= last
        case DateRange(first, last):
            now, begin, end = ((one.month, one.day) for one in (day, first, last))
            if first.year == last.year:
                return begin <= now <= end
            return now >= begin or now <= end
        case WeekdayOfMonth(nth, weekday, month):
            number = (day.day - 1) // 7 + 1
            right = (day + 7 * ONE_DAY).month != day.month if nth == LAST else number == nth
            return right and day.weekday() == weekday and month in (0, day.month)
        case AroundEaster(days, church):
            sunday = orthodox if church is Church.ORTHODOX else western
            years = (day.year - 1, day.year, day.year + 1)
            return day - timedelta(days=days) in [sunday(year) for year in years]
    raise TypeError(when)


def western(year: int) -> date:
    """Easter Sunday by Oudin's rule."""
    century = year // 100
    golden = year % 19
    shift = (century - 17) // 25
    moon = (century - century // 4 - (century - shift) // 3 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (moon // 28) * (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    days = moon - weekday
    month = 3 + (days + 40) // 44
    return date(year, month, days + 28 - 31 * (month // 4))


def orthodox(year: int) -> date:
    """Easter Sunday by Meeus's rule for the Julian calendar, 13 days later in ours (1900-2099)."""
    moon = (19 * (year % 19) + 15) % 30
    weekday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    month, day = divmod(moon + weekday + 114, 31)
    return date(year, month, day + 1) + 13 * ONE_DAY


@cache
def changes(name: str) -> tuple[tuple[datetime, timedelta, timedelta], ...]:
    """Every change of a zone's clocks in these years: the instant, the offsets before and after."""
    zone, found = ZoneInfo(name), []
    for year in YEARS:
        early = datetime(year, 1, 1, tzinfo=UTC)
        while early.year == year:
            late = early + 4 * ONE_DAY
            before, after = early.astimezone(zone).utcoffset(), late.astimezone(zone).utcoffset()
            if before != after:
                found.append((first_with(zone, early, late, after), before, after))
            early = late
    return tuple(found)


def first_with(zone: ZoneInfo, early: datetime, late: datetime, offset: timedelta) -> datetime:
    """The first second with the later offset."""
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            late = middle
        else:
            early = middle
    return late


def agrees(world: World, schedule: Schedule, starts: list[datetime], hours: int = 24) -> None:
    """Walk from the first instant on, minute by minute: what is decided at each of ``starts``
    (whole minutes), and the next change from there, must be what the clock on the wall shows."""
    first = min(starts)
    shown = world.open_minutes(first.astimezone(world.zone).date())
    walk = [first + number * MINUTE for number in range(hours * 60 + 1)]
    states = [world.is_open(at, shown) for at in walk]
    for start in starts:
        place = (start - first) // MINUTE
        found = opening(schedule, start, world.zone, world.overrides)
        assert found.open == states[place], (world, start)
        change = next((n for n in range(place, len(walk)) if states[n] != states[place]), None)
        if change is not None:
            assert found.until == walk[change], (world, start)
        else:
            assert found.until is None or found.until > walk[-1], (world, start)
