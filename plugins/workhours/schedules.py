"""Schedules read from the tables, remembered until the account's configuration changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from core.api import Account, AccountRow, Destination, Offer, snapshot
from plugins.workhours.days import Schedule, SpecialDay
from plugins.workhours.hours import Interval, read_hours
from plugins.workhours.models import HolidayRow, HoursRow, ScheduleRow

KIND = "schedule"
"""How a schedule is named in a number's settings: ``schedule:3``."""


@snapshot
def schedules(account_id: int) -> dict[str, Schedule]:
    """The account's schedules as plain data, by what settings store (``schedule:3``)."""
    language = AccountRow.get_by_id(account_id).language
    hours, holidays = defaultdict(list), defaultdict(list)
    for row in HoursRow.of(account_id):
        hours[row.schedule_id].append(row)
    for row in HolidayRow.of(account_id).order_by(HolidayRow.id):
        holidays[row.schedule_id].append(row)
    rows = ScheduleRow.of(account_id).order_by(ScheduleRow.name)
    return {value_of(row): plain(row, hours[row.id], holidays[row.id], language) for row in rows}


def chosen(account: Account, value: str) -> Schedule | None:
    """The schedule that a number's settings name; None: there is none (any more)."""
    return schedules(account).get(value)


def offers(account: Account) -> list[Offer]:
    """The account's schedules, to choose from."""
    return [Offer(value, schedule.name) for value, schedule in schedules(account).items()]


def value_of(row: ScheduleRow) -> str:
    """What a number's settings store to choose this schedule."""
    return str(Destination(KIND, str(row.id)))


def plain(
    row: ScheduleRow,
    hours: Iterable[HoursRow],
    holidays: Iterable[HolidayRow],
    language: str,
) -> Schedule:
    """One schedule as plain data."""
    week = [[] for _ in range(7)]
    for one in hours:
        week[one.weekday].append(Interval(one.start, one.end))
    once, yearly = {}, {}
    for one in holidays:
        day = SpecialDay(one.name, read_hours(one.hours), one.prompt)
        if one.yearly:
            yearly[one.date.month, one.date.day] = day
        else:
            once[one.date] = day
    return Schedule(
        row.name,
        tuple(tuple(sorted(intervals)) for intervals in week),
        once,
        yearly,
        row.country,
        row.subdivision,
        language,
        row.holiday_prompt,
    )
