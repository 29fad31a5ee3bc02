"""Reads a calendar's text and writes out every date of it: a program of its own.

    python expanding.py ZONE FIRST LAST < calendar.ics > entries.json

What comes from outside may take minutes or all memory to expand: an event of every second, a rule
without end, a rule that never matches. So this runs in a process with limits, and imports nothing
of ours. It answers a list of entries, [name, first, last]: dates for entries without times,
instants in UTC for those with; or {"fault": word, "detail": text}.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

MOST = 3000
"""Entries of one calendar."""

CPU_SECONDS = 5
MEMORY_BYTES = 768 * 1024 * 1024
STEP_DAYS = 7
"""So many days are expanded at a time, so that too many entries are noticed early."""

ONE_DAY = timedelta(days=1)
LONGEST_NAME = 200


class Refused(Exception):
    """The text is no calendar we can take: a stable word, and a detail."""


def main(zone: str, first: str, last: str) -> None:
    """Read from standard input, write to standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    text = sys.stdin.buffer.read()
    try:
        found: Any = expand(
            text, ZoneInfo(zone), date.fromisoformat(first), date.fromisoformat(last)
        )
    except Refused as refused:
        found = {"fault": refused.args[0], "detail": refused.args[1]}
    except MemoryError:
        found = {"fault": "too-much", "detail": ""}
    json.dump(found, sys.stdout)


def expand(text: bytes, zone: ZoneInfo, first: date, last: date) -> list[list[str]]:
    """Every entry between two dates, sorted.

    Args:
        text: of the calendar.
        zone: for times that name none.
        first: the first day.
        last: the last day, included.

    Raises:
        Refused: it is no calendar, or too much of one.
    """
    query = _query(text)
    entries: set[tuple[str, str, str]] = set()
    day = first
    while day <= last:
        until = min(day + timedelta(days=STEP_DAYS), last + ONE_DAY)
        events = list(islice(_between(query, day, until), MOST + 1))
        entries |= {entry for entry in (_entry(one, zone) for one in events) if entry}
        if max(len(events), len(entries)) > MOST:
            raise Refused("too-many", str(MOST))
        day = until
    return sorted((list(one) for one in entries), key=lambda one: (one[1], one[2], one[0]))


def _query(text: bytes) -> Any:
    if b"BEGIN:VCALENDAR" not in text[:2000].upper():
        raise Refused("no-calendar", "")
    try:
        calendar = icalendar.Calendar.from_ical(text)
        calendars = calendar if isinstance(calendar, list) else [calendar]
        if any(one.name != "VCALENDAR" for one in calendars):
            raise Refused("no-calendar", "")
        return recurring_ical_events.of(calendar, skip_bad_series=True)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, LookupError) as error:
        raise Refused("no-calendar", str(error)[:200]) from error


def _between(query: Any, first: date, until: date) -> Iterator[Any]:
    try:
        yield from query.between(first, until)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise Refused("no-calendar", str(error)[:200]) from error


def _entry(event: Any, zone: ZoneInfo) -> tuple[str, str, str] | None:
    """[name, first, last]; None for what is cancelled or has no length."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return None
    name = " ".join(str(event.get("SUMMARY", "")).split())[:LONGEST_NAME]
    start, end = event.start, event.end
    if not isinstance(start, datetime):
        return name, start.isoformat(), max(end - ONE_DAY, start).isoformat()
    start, end = _instant(start, zone), _instant(end, zone)
    return (name, start.isoformat(), end.isoformat()) if end > start else None


def _instant(value: datetime, zone: ZoneInfo) -> datetime:
    """In UTC; a time without a zone is on the account's clock."""
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


if __name__ == "__main__":
    main(*sys.argv[1:])
