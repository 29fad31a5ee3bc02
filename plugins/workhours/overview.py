"""What the admin sees of a schedule: whether it is open now, and the coming days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from flask_babel import get_locale

from core import api
from core.api import gettext
from plugins.workhours.days import Schedule
from plugins.workhours.hours import DAY, write_hours
from plugins.workhours.opening import opening

COMING_DAYS = 14


@dataclass(frozen=True, slots=True)
class ComingDay:
    """One of the coming days.

    Args:
        date: the day.
        hours: as text, "" when it is closed.
        special: the name of what is special about the date.
        bars: (first minute, minutes) of each interval within the day, for the drawing.
    """

    date: date
    hours: str
    special: str
    bars: tuple[tuple[int, int], ...]


def coming(schedule: Schedule, first: date, days: int = COMING_DAYS) -> list[ComingDay]:
    """The hours of the days from ``first`` on."""
    return [_day(schedule, first + timedelta(days=number)) for number in range(days)]


def summary(schedule: Schedule, instant: datetime, zone: ZoneInfo) -> str:
    """Open or closed, and until when, with the zone, which is the account's."""
    now = opening(schedule, instant, zone)
    if now.until is None:
        return gettext("open, without an end") if now.open else gettext("closed, without an end")
    change = {"at": api.instant(now.until, "short"), "zone": zone.key}
    if now.open:
        return gettext("open until %(at)s, %(zone)s", **change)
    return gettext("closed until %(at)s, %(zone)s", **change)


def weekday(day: int, width: str) -> str:
    """The name of a day of the week (0: Monday) in the reader's language: ``wide`` or
    ``abbreviated``."""
    locale = get_locale() or Locale("en")
    return locale.days["stand-alone"][width][day].capitalize()


def _day(schedule: Schedule, day: date) -> ComingDay:
    hours, special = schedule.hours_on(day), schedule.special(day)
    night = [
        (0, interval.end - DAY)
        for interval in schedule.hours_on(day - timedelta(days=1))
        if interval.end > DAY
    ]
    bars = [(start, min(end, DAY) - start) for start, end in hours]
    return ComingDay(day, write_hours(hours), special.name if special else "", (*night, *bars))
