"""What people read of a schedule: open or closed, until when, and when its dates run out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from babel import Locale
from flask_babel import format_date, format_datetime, get_locale

from core.api import gettext
from plugins.workhours.dates import last_date
from plugins.workhours.days import Schedule
from plugins.workhours.hours import write_hours
from plugins.workhours.models import CalendarRow, EntryRow, HolidayRow, ScheduleRow
from plugins.workhours.schedules import when
from plugins.workhours.standing import Standing

WARN_DAYS = timedelta(days=30)
"""So long before the last special date somebody should think of the next ones (W2)."""


def summary(standing: Standing, instant: datetime) -> str:
    """Open or closed, and until when, with the zone."""
    now = standing.opening(instant)
    if now.until is None:
        return gettext("open, without an end") if now.open else gettext("closed, without an end")
    change = {"at": moment(now.until, instant, standing.zone), "zone": standing.zone.key}
    if now.open:
        return gettext("open until %(at)s, %(zone)s", **change)
    return gettext("closed until %(at)s, %(zone)s", **change)


def moment(value: datetime, now: datetime, zone: ZoneInfo) -> str:
    """An instant on a zone's clock: the time alone today, else with its date."""
    local, today = value.astimezone(zone), now.astimezone(zone).date()
    pattern = "EEE d MMM, HH:mm" if local.year == today.year else "d MMM y, HH:mm"
    pattern = "HH:mm" if local.date() == today else pattern
    return format_datetime(local.replace(tzinfo=None), pattern, rebase=False)


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


def running_out(row: ScheduleRow, today: date) -> Iterator[str]:
    """Sentences about lists of dates that end within 30 days, or have ended: the admin's own dates
    of one year, and each calendar. What comes again every year never runs out."""
    own = {last_date(when(one)): one.name for one in HolidayRow.of(row.account_id).where(
        HolidayRow.schedule == row)}  # fmt: skip
    own.pop(None, None)
    if own and max(own) < today + WARN_DAYS:
        last = max(own)
        yield gettext(
            "The last special date is %(date)s (%(name)s): enter the next ones, or delete it.",
            date=day_text(last),
            name=own[last],
        )
    for calendar in CalendarRow.of(row.account_id).where(CalendarRow.schedule == row):
        last = _last_entry(calendar)
        if last is None:
            yield gettext("The calendar “%(name)s” has no dates ahead.", name=calendar.name)
        elif last < today + WARN_DAYS:
            yield gettext(
                "The calendar “%(name)s” ends on %(date)s: it needs new entries.",
                name=calendar.name,
                date=day_text(last),
            )


def _last_entry(calendar: CalendarRow) -> date | None:
    entries = EntryRow.of(calendar.account_id).where(EntryRow.calendar == calendar)
    ends = [one.last or one.end.date() for one in entries]
    return max(ends, default=None)


def _locale() -> Locale:
    return get_locale() or Locale("en")
