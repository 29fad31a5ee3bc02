"""Turns a calendar's text into plain dates, in a process of its own (see ``expanding``)."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.api import CentralinoError
from plugins.workhours import expanding
from plugins.workhours.days import AllDay, Event

AHEAD = timedelta(days=3 * 366)
"""So far ahead a calendar is expanded; refreshed long before that."""

BEHIND = timedelta(days=31)
PATIENCE_SECONDS = 30
"""For the process, on a busy machine; what it may compute it limits itself."""


class Unreadable(CentralinoError):
    """A calendar that cannot be taken: a stable word (see ``faults``), and a detail."""

    def __init__(self, fault: str, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault, self.detail = fault, detail


def expand(text: bytes, zone: ZoneInfo, today: date) -> list[AllDay | Event]:
    """Every entry of a calendar from a month ago until three years ahead.

    Args:
        text: of the calendar.
        zone: for times that name none.
        today: the date from which is counted.

    Raises:
        Unreadable: it is no calendar, or takes too long or too much to read.
    """
    days = (today - BEHIND).isoformat(), (today + AHEAD).isoformat()
    command = [sys.executable, "-I", expanding.__file__, zone.key, *days]
    try:
        done = subprocess.run(
            command, input=text, capture_output=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too-much") from error
    if done.returncode != 0:
        raise Unreadable("too-much")
    found = json.loads(done.stdout)
    if isinstance(found, dict):
        raise Unreadable(found["fault"], found["detail"])
    return [_entry(*one) for one in found]


def _entry(name: str, first: str, last: str) -> Any:
    if len(first) == len("2026-12-25"):
        return AllDay(date.fromisoformat(first), date.fromisoformat(last), name)
    start, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
    return Event(start.astimezone(UTC), end.astimezone(UTC), name)
