"""The tables of groups. Fairness is not here: it belongs to the person, whatever groups they are
in, and survives every edit of a group (``api.last_offers``)."""

from __future__ import annotations

from enum import StrEnum

import peewee

from core import api


class Strategy(StrEnum):
    """In which order members are rung (R6)."""

    EVENLY = "evenly"
    ORDER = "order"
    ALL = "all"


class NoAnswer(StrEnum):
    """What happens to the call when no member answered (R6)."""

    VOICEMAIL = "voicemail"
    PHONE = "phone"
    NUMBER = "number"
    WAIT = "wait"
    QUEUE = "queue"
    HANGUP = "hangup"
    CONTINUE = "continue"


class GroupRow(api.Table):
    """A group. ``rings`` of five seconds each are given to a member; ``rounds`` says how often
    each member is tried in one visit of a call. ``after_wait`` is the rule when the caller has
    waited ``wait_minutes`` in vain; it shares the targets of ``no_answer``."""

    configures_calls = True

    account = peewee.ForeignKeyField(api.AccountRow, on_delete="CASCADE")
    name = peewee.CharField(80)
    extension = peewee.CharField(4, default="")
    strategy = peewee.CharField(10, default=Strategy.EVENLY)
    rings = peewee.IntegerField(default=5)
    rounds = peewee.IntegerField(default=1)
    wrap_up_seconds = peewee.IntegerField(default=0)
    no_answer = peewee.CharField(10, default=NoAnswer.VOICEMAIL)
    no_answer_employee = peewee.ForeignKeyField(
        api.EmployeeRow, null=True, on_delete="SET NULL", index=False
    )
    no_answer_number = peewee.CharField(20, default="")
    no_answer_group = peewee.ForeignKeyField("self", null=True, on_delete="SET NULL", index=False)
    wait_minutes = peewee.IntegerField(default=10)
    after_wait = peewee.CharField(10, default=NoAnswer.VOICEMAIL)

    class Meta:
        """A name is taken once in an account."""

        table_name = "queue_groups"
        indexes = ((("account", "name"), True),)

    def __str__(self) -> str:
        return f"{self.name} ({self.extension})" if self.extension else self.name


GroupRow.add_index(
    GroupRow.account,
    GroupRow.extension,
    unique=True,
    where=(GroupRow.extension != ""),
    name="queue_groups_extension",
)


class MemberRow(api.Table):
    """A member: an employee, or a number outside the company."""

    configures_calls = True

    account = peewee.ForeignKeyField(api.AccountRow, on_delete="CASCADE")
    group = peewee.ForeignKeyField(GroupRow, on_delete="CASCADE", backref="members")
    position = peewee.IntegerField(default=0)
    employee = peewee.ForeignKeyField(api.EmployeeRow, null=True, on_delete="CASCADE")
    number = peewee.CharField(20, default="")

    class Meta:
        """Nobody is in a group twice; NULL employees (outside numbers) do not collide."""

        table_name = "queue_members"
        indexes = ((("group", "employee"), True),)

    def __str__(self) -> str:
        return str(self.employee) if self.employee_id else self.number


MemberRow.add_index(
    MemberRow.group,
    MemberRow.number,
    unique=True,
    where=(MemberRow.number != ""),
    name="queue_members_number",
)

TABLES = (GroupRow, MemberRow)
