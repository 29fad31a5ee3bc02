"""A believable schedule for the demo company."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.api import Account, save_profile
from plugins.workhours.dates import LAST
from plugins.workhours.models import HolidayRow, HoursRow, Kind, ScheduleRow
from plugins.workhours.schedules import value_of

MORNING, AFTERNOON = (9 * 60, 13 * 60), (14 * 60, 18 * 60)
WORKING_DAYS = range(5)


def open_office(account: Account, company: Any) -> None:
    """Let the company's rented numbers keep office hours; outside them, voicemail."""
    schedule = create_office_hours(account)
    for line in company.rented:
        save_profile(line, "workhours", values={"schedule": value_of(schedule.id)})


def create_office_hours(account: Account) -> ScheduleRow:
    """Monday to Friday 9-13 and 14-18, Italian holidays, dates of every kind."""
    schedule = ScheduleRow.create(
        account=account.id,
        name="Office hours",
        country="IT",
        holiday_prompt="Today is a public holiday and our office is closed.",
    )
    for weekday in WORKING_DAYS:
        for start, end in (MORNING, AFTERNOON):
            HoursRow.create(
                account=account.id, schedule=schedule, weekday=weekday, start=start, end=end
            )
    HolidayRow.create(
        account=account.id,
        schedule=schedule,
        name="Christmas Eve",
        date=date(2026, 12, 24),
        yearly=True,
        hours="09:00-12:00",
    )
    HolidayRow.create(
        account=account.id,
        schedule=schedule,
        name="Stocktaking",
        date=date(2027, 1, 8),
        prompt="Today we are counting our stock. We are back tomorrow morning.",
    )
    HolidayRow.create(
        account=account.id,
        schedule=schedule,
        kind=Kind.RANGE,
        name="Summer closure",
        date=date(2026, 8, 10),
        until=date(2026, 8, 21),
        yearly=True,
        prompt="We are closed for the summer and back on 22 August.",
    )
    HolidayRow.create(
        account=account.id,
        schedule=schedule,
        kind=Kind.WEEKDAY,
        name="Inventory",
        nth=LAST,
        weekday=4,
        month=1,
        hours="09:00-13:00",
    )
    return schedule
