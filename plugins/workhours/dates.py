"""When a special date falls: once, over a range of days, on a weekday of a month, around Easter.

Each kind answers one question: on which days of a year. ``rank`` says which kind wins where two
fall on the same day: what names a day more exactly.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import IntEnum, StrEnum
from itertools import chain

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

ONE_DAY = timedelta(days=1)
LAST = -1
"""The last of its weekday in a month."""

EVERY_MONTH = 0
LONGEST_RANGE = 366
"""Days of a range."""


class Church(StrEnum):
    """Whose Easter."""

    WESTERN = "western"
    ORTHODOX = "orthodox"


class Rank(IntEnum):
    """How exactly a kind names a day; the highest wins."""

    YEARLY_RANGE = 1
    RULE = 2
    YEARLY = 3
    RANGE = 4
    ONCE = 5


@dataclass(frozen=True, slots=True)
class OneDate:
    """A single date; ``yearly``: every year, and the year does not count. 29 February falls in
    leap years only."""

    day: date
    yearly: bool = False

    @property
    def rank(self) -> Rank:
        """A date of one year is more exact than one of every year."""
        return Rank.YEARLY if self.yearly else Rank.ONCE

    def in_year(self, year: int) -> Iterator[date]:
        """The date, if it falls in this year."""
        if self.day.year == year:
            yield self.day
        elif self.yearly and self.day.day <= monthrange(year, self.day.month)[1]:
            yield self.day.replace(year=year)


@dataclass(frozen=True, slots=True)
class DateRange:
    """All days from ``first`` to ``last``, both included; they may lie in two months or years.
    ``yearly``: every year, and the years do not count."""

    first: date
    last: date
    yearly: bool = False

    @property
    def rank(self) -> Rank:
        """Any other kind is more exact than a range of every year."""
        return Rank.YEARLY_RANGE if self.yearly else Rank.RANGE

    def in_year(self, year: int) -> Iterator[date]:
        """The days of the range in this year."""
        for first, last in self._ranges(year):
            day = max(first, date(year, 1, 1))
            while day <= last and day.year == year:
                yield day
                if day == date.max:
                    return
                day += ONE_DAY

    def _ranges(self, year: int) -> Iterator[tuple[date, date]]:
        """The range itself, or those that begin in this year or the one before."""
        if not self.yearly:
            yield self.first, self.last
            return
        years = self.last.year - self.first.year
        for begin in range(max(year - years, MINYEAR), year + 1):
            if begin + years <= MAXYEAR:
                yield _in(begin, self.first), _in(begin + years, self.last)


@dataclass(frozen=True, slots=True)
class WeekdayOfMonth:
    """The ``nth`` (1 to 4, or ``LAST``) ``weekday`` (0: Monday) of a month, or of every month."""

    nth: int
    weekday: int
    month: int
    rank = Rank.RULE

    def in_year(self, year: int) -> Iterator[date]:
        """The day in this year, or twelve of them."""
        months = range(1, 13) if self.month == EVERY_MONTH else (self.month,)
        for month in months:
            yield self._in_month(year, month)

    def _in_month(self, year: int, month: int) -> date:
        weekday, length = monthrange(year, month)
        first = 1 + (self.weekday - weekday) % 7
        if self.nth == LAST:
            return date(year, month, first + 7 * ((length - first) // 7))
        return date(year, month, first + 7 * (self.nth - 1))


@dataclass(frozen=True, slots=True)
class AroundEaster:
    """So many days after Easter Sunday; before it, when ``days`` is negative."""

    days: int
    church: Church = Church.WESTERN
    rank = Rank.RULE

    def in_year(self, year: int) -> Iterator[date]:
        """The day of this year; far from Easter, that of the year beside it."""
        method = EASTER_ORTHODOX if self.church is Church.ORTHODOX else EASTER_WESTERN
        for around in (year - 1, year, year + 1):
            day = easter(around, method) + timedelta(days=self.days)
            if day.year == year:
                yield day


When = OneDate | DateRange | WeekdayOfMonth | AroundEaster


def next_dates(when: When, first: date, count: int) -> list[date]:
    """The next days on which a special date falls.

    Args:
        when: the special date.
        first: the first day that may be among them.
        count: how many at most; fewer when it falls no more, or not within eight years, the
            longest time between two 29 Februaries.
    """
    years = range(first.year, min(first.year + 9, MAXYEAR + 1))
    days = chain.from_iterable(when.in_year(year) for year in years)
    return [day for day in days if day >= first][:count]


def last_date(when: When) -> date | None:
    """The last day of a date or range of one year; None for what comes again every year."""
    match when:
        case OneDate(day, yearly=False):
            return day
        case DateRange(_, last, yearly=False):
            return last
    return None


def _in(year: int, day: date) -> date:
    """The day in another year; 29 February is the 28th of a common year."""
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))
