"""The tables of the working day: what each employee did when, and the account's rules for it.

A span is a stretch of work or of a break. An employee's spans are numbered one after the other and
at most one of them is open, which two unique indexes enforce: so they never overlap, however many
buttons are pressed at once. They configure nothing: a pause changes who is rung, not how a number
is set up, so that snapshots and saved scenarios are left alone.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import peewee

from core.api import AccountRow, EmployeeRow, InstantField, Table


class Doing(StrEnum):
    """What a span is spent with."""

    WORK = "work"
    BREAK = "break"


class DayRulesRow(Table):
    """Whether the working day decides who is rung, and when a day ends that nobody ended.

    ``ends_at``: minutes after midnight on the account's clock, None: no such time. ``hours``: after
    so many hours it ends in any case.
    """

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", unique=True)
    on = peewee.BooleanField(default=False)
    ends_at = peewee.SmallIntegerField(null=True)
    hours = peewee.SmallIntegerField(default=12)

    class Meta:
        """One row per account; none: off."""

        table_name = "workhours_day_rules"


class SpanRow(Table):
    """A stretch of an employee's day. ``until`` is when it ends by itself; a span that is open in
    the table is over from then on.

    ``name`` is the employee's, for when they are deleted: their history stays.
    ``by`` and ``note``: who began it for the employee and why, "" when they did it themselves;
    ``ended_by`` and ``ended_note``: the same of its end.
    """

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    employee = peewee.ForeignKeyField(EmployeeRow, null=True, on_delete="SET NULL", index=False)
    name = peewee.CharField(120)
    number = peewee.IntegerField()
    doing = peewee.CharField(10)
    reason = peewee.CharField(60, default="")
    started_at = InstantField()
    ended_at = InstantField(null=True)
    until = InstantField()
    by = peewee.CharField(255, default="")
    note = peewee.CharField(200, default="")
    ended_by = peewee.CharField(255, default="")
    ended_note = peewee.CharField(200, default="")

    class Meta:
        """Histories are per account and time."""

        table_name = "workhours_spans"
        indexes = (
            (("employee", "number"), True),
            (("account", "started_at"), False),
        )

    def lasts(self, at: datetime) -> bool:
        """Whether it is still going on at an instant."""
        return self.ended_at is None and at < self.until

    def end(self, at: datetime) -> datetime:
        """When it ended, by hand or by the clock; ``at`` while it is going on."""
        return min(self.ended_at or at, self.until)


# Who works now is one lookup on the path of a call, and nobody does two things at once.
SpanRow.add_index(
    SpanRow.account,
    SpanRow.employee,
    unique=True,
    where=SpanRow.ended_at.is_null(),
    name="workhours_spans_open",
)

TABLES = (DayRulesRow, SpanRow)
