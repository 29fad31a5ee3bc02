"""What people read of a schedule: its hours, and whether it is open or closed until when."""

from __future__ import annotations

from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from babel import Locale
from flask_babel import format_date, format_datetime, get_locale

from core.api import gettext
from plugins.workhours.days import Schedule
from plugins.workhours.hours import write_hours
from plugins.workhours.standing import Standing


def summary(standing: Standing, instant: datetime) -> str:
    """Open or closed, and until when, with the zone."""
    now = standing.opening(instant)
    if now.until is None:
        return gettext("open, without an end") if now.open else gettext("closed, without an end")
    change = f"{until(now.until, instant, standing.zone)}, {standing.zone.key}"
    return f"{gettext('open')} {change}" if now.open else f"{gettext('closed')} {change}"


def moment(value: datetime, now: datetime, zone: ZoneInfo) -> str:
    """An instant on a zone's clock: the time alone today, else with its date."""
    local, today = value.astimezone(zone), now.astimezone(zone).date()
    pattern = "EEE d MMM, HH:mm" if local.year == today.year else "EEE d MMM y, HH:mm"
    pattern = "HH:mm" if local.date() == today else pattern
    return format_datetime(local.replace(tzinfo=None), pattern, rebase=False)


def until(value: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The same after its preposition, which in Italian depends on what follows."""
    text = moment(value, now, zone)
    if value.astimezone(zone).date() == now.astimezone(zone).date():
        return gettext("until %(time)s", time=text)
    return gettext("until %(date)s", date=text)


def day_text(day: date) -> str:
    """A date with its weekday."""
    return format_date(day, "EEE d MMM y", rebase=False)


def yearly_text(day: date) -> str:
    """A date of every year."""
    return format_date(day, "d MMMM", rebase=False)


def weekday(day: int, width: str) -> str:
    """The name of a day of the week (0: Monday) in the reader's language, as a label: ``wide`` or
    ``abbreviated``."""
    return weekday_name(day, width).capitalize()


def weekday_name(day: int, width: str = "wide") -> str:
    """The same, as it stands within a sentence."""
    return _locale().days["stand-alone"][width][day]


def week_lines(schedule: Schedule) -> list[str]:
    """The hours of the week in short: days in a row with the same hours together."""
    days = [
        (write_hours(hours), weekday(day, "abbreviated")) for day, hours in enumerate(schedule.week)
    ]
    found = []
    for hours, run in groupby(days, key=lambda one: one[0]):
        names = [name for _, name in run]
        span = names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}"
        found += [f"{span} {hours}"] if hours else []
    return found


def month(number: int) -> str:
    """The name of a month (1: January) in the reader's language, as it stands in a sentence."""
    return _locale().months["stand-alone"]["wide"][number]


def country_name(code: str) -> str:
    """A country in the reader's language, "" for none."""
    return _locale().territories.get(code, code)


def _locale() -> Locale:
    return get_locale() or Locale("en")
