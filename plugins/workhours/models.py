"""The tables of working hours: named schedules of an account, their weeks, their special dates."""

from __future__ import annotations

import peewee

from core.api import AccountRow, Table


class ScheduleRow(Table):
    """A named schedule; numbers choose one. ``country`` closes it on public holidays (W2)."""

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    name = peewee.CharField(120)
    country = peewee.CharField(2, default="")
    subdivision = peewee.CharField(10, default="")
    holiday_prompt = peewee.CharField(1000, default="")

    class Meta:
        """A schedule's name is unique in its account."""

        table_name = "workhours_schedules"
        indexes = ((("account", "name"), True),)

    def __str__(self) -> str:
        return self.name


class HoursRow(Table):
    """One interval of the week: begins on ``weekday`` (0: Monday), minutes after its midnight."""

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    schedule = peewee.ForeignKeyField(ScheduleRow, on_delete="CASCADE", backref="hours")
    weekday = peewee.IntegerField()
    start = peewee.IntegerField()
    end = peewee.IntegerField()

    class Meta:
        """A week has no two intervals that begin together."""

        table_name = "workhours_hours"
        indexes = ((("schedule", "weekday", "start"), True),)


class HolidayRow(Table):
    """A special date of a schedule: closed, or open at ``hours``; every year or once."""

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    schedule = peewee.ForeignKeyField(ScheduleRow, on_delete="CASCADE", backref="holidays")
    name = peewee.CharField(120)
    date = peewee.DateField()
    yearly = peewee.BooleanField(default=False)
    hours = peewee.CharField(200, default="")
    prompt = peewee.CharField(1000, default="")

    class Meta:
        """A date is special once; the year of a yearly one does not count."""

        table_name = "workhours_holidays"
        indexes = ((("schedule", "date", "yearly"), True),)

    def __str__(self) -> str:
        return self.name


TABLES = (ScheduleRow, HoursRow, HolidayRow)
