"""A company on a database of its own, with a schedule that closes on Sundays and at Christmas."""

from datetime import date
from types import SimpleNamespace

import pytest

from plugins.workhours.models import TABLES, HolidayRow, HoursRow, ScheduleRow
from plugins.workhours.schemas import WorkhoursSettings
from tests.support.tables import Company, tables


@pytest.fixture
def company(tmp_path):
    with tables(f"sqlite:///{tmp_path}/hours.db", TABLES):
        yield Company()


@pytest.fixture
def schedule(company):
    row = ScheduleRow.create(account=company.account.id, name="Office", holiday_prompt="Holiday.")
    for weekday in range(6):
        HoursRow.create(
            account=company.account.id, schedule=row, weekday=weekday, start=540, end=1080
        )
    for name, day, prompt in (("Christmas", 25, "Merry Christmas."), ("St Stephen", 26, "")):
        HolidayRow.create(
            account=company.account.id,
            schedule=row,
            name=name,
            date=date(2026, 12, day),
            yearly=True,
            prompt=prompt,
        )
    return row


@pytest.fixture
def settings(schedule):
    """Effective settings of a number that keeps the schedule, changed by the arguments."""

    def effective(**changes):
        chosen = {"schedule": f"schedule:{schedule.id}"}
        return SimpleNamespace(**WorkhoursSettings().load(chosen | changes))

    return effective
