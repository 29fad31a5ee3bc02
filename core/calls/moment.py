"""When a scenario's call comes: a date, or a moment that moves with the calendar (S3).

A saved scenario must not age: "sunday 22:00" is always the next Sunday, so that it tells in a year,
too, what happens on a Sunday evening.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.contract.errors import BadInput
from core.contract.texts import N_, phrase

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

RELATIVE = re.compile(
    r"(?:next\s+)?(?:(?P<word>today|tomorrow|[a-z]+day)|(?P<month>\d\d)-(?P<day>\d\d))"
    r"[\sT](?P<hour>\d\d?):(?P<minute>\d\d)",
    re.IGNORECASE,
)

NO_TIME = N_(
    "“%(text)s” is no local time; write 2026-11-22T22:00, or a moment that comes again:"
    " sunday 22:00, workday 10:00, today 10:00, tomorrow 10:00, 12-25 12:00."
)

KNOWN_YEARS = range(1970, 2200)
"""The calendar's first and last year have no month before or after them, and no other clock."""

YEARS = 8
"""So many years ahead there is a 29 February."""


def moment(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """The instant that a scenario names.

    Args:
        text: ``2026-11-22T22:00`` (that very date), ``sunday 22:00`` (the next one: today, if it is
            Sunday and not yet past ten), ``workday 10:00`` (the next from Monday to Friday),
            ``today 10:00`` and ``tomorrow 10:00`` (even if it is past), ``12-25 12:00`` (the next
            25 December); "" is now.
        zone: of the number, on whose clock it is written.
        now: aware.

    Raises:
        BadInput: it is no time.
    """
    if not text:
        return now
    found = RELATIVE.fullmatch(text.strip())
    try:
        if found:
            return _next(found, zone, now)
        at = datetime.fromisoformat(text.strip())
        if at.year not in KNOWN_YEARS:
            raise ValueError("a year that no clock or month can be counted from")
    except ValueError:
        raise BadInput(phrase(NO_TIME, text=text), fields={"at": text}) from None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _next(found: re.Match[str], zone: ZoneInfo, now: datetime) -> datetime:
    clock = time(int(found["hour"]), int(found["minute"]))
    today = now.astimezone(zone).date()
    if found["month"]:
        days = _yearly(today, int(found["month"]), int(found["day"]))
    else:
        days = _named(today, found["word"].lower())
    moments = [datetime.combine(day, clock, tzinfo=zone) for day in days]
    return next((one for one in moments if one >= now), moments[0])


def _named(today: date, word: str) -> list[date]:
    """The days that a word can mean, nearest first; of more than one, the first to come counts."""
    if word in ("today", "tomorrow"):
        return [today + timedelta(days=word == "tomorrow")]
    wanted = range(5) if word == "workday" else (DAYS.index(word),)
    week = (today + timedelta(days=ahead) for ahead in range(8))
    return [day for day in week if day.weekday() in wanted]


def _yearly(today: date, month: int, day: int) -> list[date]:
    found = []
    for year in range(today.year, today.year + YEARS + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    if not found:
        raise ValueError(f"{month}-{day} is no day of a year")
    return found
