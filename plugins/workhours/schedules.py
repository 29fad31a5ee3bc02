"""Schedules read from the tables, remembered until the account's configuration changes."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from core.api import Account, AccountRow, Destination, Offer, snapshot
from plugins.workhours.dates import AroundEaster, Church, DateRange, OneDate, WeekdayOfMonth, When
from plugins.workhours.days import AllDay, Event, Schedule, SpecialDay, timeline
from plugins.workhours.hours import Interval, read_hours
from plugins.workhours.models import (
    CalendarRow,
    EntryRow,
    HolidayRow,
    HoursRow,
    Kind,
    ScheduleRow,
)

KIND = "schedule"
"""How a schedule is named in a number's settings: ``schedule:3``."""


@snapshot
def schedules(account_id: int) -> dict[str, Schedule]:
    """The account's schedules as plain data, by what settings store (``schedule:3``)."""
    language = AccountRow.get_by_id(account_id).language
    hours, dates = _by_schedule(HoursRow, account_id), _by_schedule(HolidayRow, account_id)
    entries = _entries(account_id)
    rows = ScheduleRow.of(account_id).order_by(ScheduleRow.name)
    return {
        value_of(row.id): Schedule(
            row.name,
            _week(hours[row.id]),
            tuple((when(one), special_day(one)) for one in dates[row.id]),
            tuple(entry for entry in entries[row.id] if isinstance(entry, AllDay)),
            timeline(entry for entry in entries[row.id] if isinstance(entry, Event)),
            row.country,
            row.subdivision,
            language,
            row.holiday_prompt,
        )
        for row in rows
    }


def chosen(account: Account, value: str) -> Schedule | None:
    """The schedule that a number's settings name; None: there is none (any more)."""
    return schedules(account).get(value)


def offers(account: Account) -> list[Offer]:
    """The account's schedules, to choose from."""
    return [Offer(value, schedule.name) for value, schedule in schedules(account).items()]


def value_of(id: int) -> str:
    """What a number's settings store to choose the schedule with this id."""
    return str(Destination(KIND, str(id)))


def when(row: HolidayRow) -> When:
    """On which days a special date falls."""
    match row.kind:
        case Kind.RANGE:
            return DateRange(row.date, row.until, row.yearly)
        case Kind.WEEKDAY:
            return WeekdayOfMonth(row.nth, row.weekday, row.month)
        case Kind.EASTER:
            return AroundEaster(row.days, Church(row.church))
    return OneDate(row.date, row.yearly)


def special_day(row: HolidayRow) -> SpecialDay:
    """What holds on these days."""
    return SpecialDay(row.name, read_hours(row.hours), row.prompt, row.outside, row.destination)


def _by_schedule(table: Any, account_id: int) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in table.of(account_id).order_by(table.id):
        found[row.schedule_id].append(row)
    return found


def _week(rows: list[HoursRow]) -> tuple[tuple[Interval, ...], ...]:
    week: list[list[Interval]] = [[] for _ in range(7)]
    for one in rows:
        week[one.weekday].append(Interval(one.start, one.end))
    return tuple(tuple(sorted(intervals)) for intervals in week)


def _entries(account_id: int) -> dict[int, list[AllDay | Event]]:
    """The entries of calendars by schedule."""
    found: dict[int, list[AllDay | Event]] = defaultdict(list)
    calendars = {row.id: row for row in CalendarRow.of(account_id)}
    for row in EntryRow.of(account_id):
        calendar = calendars[row.calendar_id]
        if row.first is not None:
            entry = AllDay(row.first, row.last, row.name, calendar.opens)
        else:
            entry = Event(row.start, row.end, row.name, calendar.opens)
        found[calendar.schedule_id].append(entry)
    return found
