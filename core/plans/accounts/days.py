"""Days as people write them, on the account's own calendar: ``2027-01-31``.

People name the last day on which something holds; stored is the first instant after it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.contract.texts import N_
from core.plans.accounts.refusing import refused

FIRST_YEAR, LAST_YEAR = 2000, 2999
"""What every calendar and database can count with; another year is a slip of the finger."""


def read_day(text: str, field: str = "day") -> date:
    """A day.

    Args:
        text: what was typed.
        field: where it was typed.

    Raises:
        BadInput: it is none.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = date.min
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        words = N_("“%(typed)s” is no day; write it like 2027-01-31.")
        raise refused(field, words, typed=text)
    return day


def begin_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day in a zone, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant after a day, in UTC: what holds until a day holds on all of it."""
    return begin_of(day + timedelta(days=1), zone)
