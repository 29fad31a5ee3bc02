"""The tables of working hours: schedules with weeks, special dates, calendars and overrides."""

from __future__ import annotations

from enum import StrEnum

import peewee

from core.api import AccountRow, InstantField, LineRow, Table
from plugins.workhours.dates import Church


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


class Kind(StrEnum):
    """The kinds of special dates (W2)."""

    DATE = "date"
    RANGE = "range"
    WEEKDAY = "weekday"
    EASTER = "easter"


class HolidayRow(Table):
    """A special date of a schedule: closed, or open at ``hours``.

    ``kind`` says which of the other columns name the days: ``date``; ``date`` to ``until``; the
    ``nth`` ``weekday`` of a ``month`` (0: of every month); ``days`` after Easter of a ``church``.
    ``outside`` and ``destination`` are where calls go while it is closed, "" as the number says.
    """

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    schedule = peewee.ForeignKeyField(ScheduleRow, on_delete="CASCADE", backref="holidays")
    kind = peewee.CharField(10, default=Kind.DATE)
    name = peewee.CharField(120)
    date = peewee.DateField(null=True)
    until = peewee.DateField(null=True)
    yearly = peewee.BooleanField(default=False)
    nth = peewee.IntegerField(default=1)
    weekday = peewee.IntegerField(default=0)
    month = peewee.IntegerField(default=0)
    days = peewee.IntegerField(default=0)
    church = peewee.CharField(10, default=Church.WESTERN)
    hours = peewee.CharField(200, default="")
    prompt = peewee.CharField(1000, default="")
    outside = peewee.CharField(20, default="")
    destination = peewee.CharField(60, default="")

    class Meta:
        """A date is special once; the year of a yearly one does not count."""

        table_name = "workhours_holidays"
        indexes = ((("schedule", "kind", "date", "yearly"), True),)

    def __str__(self) -> str:
        return self.name


class CalendarRow(Table):
    """A calendar imported from a file, or from ``url`` again and again (W2).

    Its entries close the schedule, or open it (``opens``). ``fetched_at`` is when the copy that
    counts was read; ``fault`` says what is wrong with newer ones since ``fault_since``. ``due_at``
    is when it is read or fetched next.
    """

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    schedule = peewee.ForeignKeyField(ScheduleRow, on_delete="CASCADE", backref="calendars")
    name = peewee.CharField(120)
    opens = peewee.BooleanField(default=False)
    url = peewee.CharField(1000, default="")
    etag = peewee.CharField(300, default="")
    modified = peewee.CharField(100, default="")
    fetched_at = InstantField(null=True)
    due_at = InstantField(index=True)
    fault = peewee.CharField(20, default="")
    fault_detail = peewee.CharField(300, default="")
    fault_since = InstantField(null=True)

    class Meta:
        """A calendar's name is unique in its schedule."""

        table_name = "workhours_calendars"
        indexes = ((("schedule", "name"), True),)

    def __str__(self) -> str:
        return self.name


class CopyRow(Table):
    """The last good copy of a calendar, as it came."""

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    calendar = peewee.ForeignKeyField(CalendarRow, on_delete="CASCADE", unique=True)
    text = peewee.TextField()

    class Meta:
        """One for each calendar."""

        table_name = "workhours_copies"


class EntryRow(Table):
    """One occurrence of a calendar's event: local dates (``first`` to ``last``), or instants
    (``start`` until just before ``end``). Written together with its calendar, which is saved."""

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    calendar = peewee.ForeignKeyField(CalendarRow, on_delete="CASCADE", backref="entries")
    name = peewee.CharField(200)
    first = peewee.DateField(null=True)
    last = peewee.DateField(null=True)
    start = InstantField(null=True)
    end = InstantField(null=True)

    class Meta:
        """Read calendar by calendar."""

        table_name = "workhours_entries"


class Ends(StrEnum):
    """Until when an override holds (W4)."""

    CHANGE = "change"
    TIME = "time"
    NEVER = "never"


class OverrideRow(Table):
    """Open or closed by hand: a number, or all that keep a schedule (W4).

    ``ends``: at the next change of the schedule after ``at``, at ``until``, or never. It ends by
    the clock when it is read; ``ended_at`` is when somebody ended it before.
    """

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    schedule = peewee.ForeignKeyField(ScheduleRow, on_delete="CASCADE", null=True)
    line = peewee.ForeignKeyField(LineRow, on_delete="CASCADE", null=True)
    open = peewee.BooleanField()
    ends = peewee.CharField(10)
    at = InstantField()
    until = InstantField(null=True)
    author = peewee.CharField(255)
    reason = peewee.CharField(200)
    ended_at = InstantField(null=True)
    ended_by = peewee.CharField(255, default="")

    class Meta:
        """Newest first, of one account."""

        table_name = "workhours_overrides"
        indexes = ((("account", "at"), False),)


TABLES = (ScheduleRow, HoursRow, HolidayRow, CalendarRow, CopyRow, EntryRow, OverrideRow)
