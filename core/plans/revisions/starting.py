"""From when a revision holds: at once, from each account's next month, or from a day (plans.md §5).

Days and months are those of the account's own clock, so that one revision starts at 25 different
hours around the world; it is settled once it has started everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.contract.errors import BadInput
from core.contract.texts import N_, phrase
from core.plans.periods import month_of

EARLIEST = timedelta(hours=14)
"""How far the first clocks of the world are ahead of UTC (Kiritimati)."""

LATEST = timedelta(hours=-12)
"""How far the last ones are behind (UTC-12)."""


DAY = re.compile(r"2[01][0-9]{2}-[0-9]{2}-[0-9]{2}")
"""A day of this century or the next."""


NO_START = N_("“%(word)s” is no start; give now, next-period, or a day such as 2027-01-01.")
BEGUN = N_(
    "%(day)s has begun, or nearly so, in a part of the world;"
    " give %(first)s or a later day, or now."
)


class StartKind(StrEnum):
    """The three ways to start."""

    NOW = "now"
    NEXT_PERIOD = "next-period"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Start:
    """From when a revision holds; ``str`` gives the word that ``parse`` reads."""

    kind: StartKind
    day: date | None = None

    @classmethod
    def parse(cls, word: str) -> Start:
        """Read ``now``, ``next-period`` or a day such as ``2027-01-01``.

        Raises:
            BadInput: anything else.
        """
        typed = word.strip()
        if typed in (StartKind.NOW, StartKind.NEXT_PERIOD):
            return cls(StartKind(typed))
        try:
            if not DAY.fullmatch(typed):
                raise ValueError
            return cls(StartKind.DATE, date.fromisoformat(typed))
        except ValueError:
            sentence = phrase(NO_START, word=word)
            raise BadInput(sentence, {"start": sentence}) from None

    def __str__(self) -> str:
        return str(self.day or self.kind)


NOW = Start(StartKind.NOW)


def starts_at(start: Start, counted_from: datetime, zone: ZoneInfo) -> datetime | None:
    """When a revision starts for the accounts of a zone, in UTC; None: it always has.

    Args:
        start: from when it holds.
        counted_from: the instant after which the next month is meant.
        zone: the account's zone.
    """
    if start.kind is StartKind.NOW:
        return None
    if start.kind is StartKind.NEXT_PERIOD:
        return month_of(counted_from, zone)[1]
    return _midnight(start.day, zone)


@lru_cache(maxsize=4096)
def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant at which the wall clock shows a day, as ``month_of`` begins a month."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def has_started(start: Start, counted_from: datetime, zone: ZoneInfo, at: datetime) -> bool:
    """Whether a revision holds for the accounts of a zone at an instant."""
    begin = starts_at(start, counted_from, zone)
    return begin is None or begin <= at


def settles_at(start: Start, counted_from: datetime) -> datetime | None:
    """When a revision has started for every account of the world; None: it always has."""
    if start.kind is StartKind.NOW:
        return None
    last = _days(start, counted_from)[1]
    return datetime.combine(last, time(), UTC) - LATEST


def comes_before(one: tuple[Start, datetime], other: tuple[Start, datetime]) -> bool | None:
    """Whether one start comes before another, wherever the account is; None: it depends.

    It depends when a month began somewhere in the world but not everywhere at the instant that one
    of them is counted from, and the other is a day of that month. Equal starts count as before.

    Args:
        one: a start, and what it is counted from.
        other: another one.
    """
    if one[0].kind is other[0].kind is StartKind.NEXT_PERIOD:
        return one[1] <= other[1]
    mine, theirs = _days(*one), _days(*other)
    if mine[1] <= theirs[0]:
        return True
    return False if theirs[1] <= mine[0] else None


def require_to_come(start: Start, at: datetime) -> None:
    """Refuse a day that has begun somewhere: it would change what is past there.

    Args:
        start: what was asked for.
        at: now.

    Raises:
        BadInput: says which day is the first that can be taken.
    """
    first = (at.astimezone(UTC) + EARLIEST).date() + timedelta(days=1)
    if start.kind is StartKind.DATE and start.day < first:
        sentence = phrase(BEGUN, day=str(start), first=str(first))
        raise BadInput(sentence, {"start": sentence})


def _days(start: Start, counted_from: datetime) -> tuple[date, date]:
    """The first and the last local day on which it starts, over all clocks of the world."""
    if start.kind is StartKind.NOW:
        return date.min, date.min
    if start.kind is StartKind.DATE:
        return start.day, start.day
    utc = counted_from.astimezone(UTC)
    return _next_month((utc + LATEST).date()), _next_month((utc + EARLIEST).date())


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
