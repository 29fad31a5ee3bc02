"""The tables of calls. The call path writes them by hand in ``core.calls.journal``."""

from __future__ import annotations

import peewee

from core.contract.call import Direction
from core.store.accounts import AccountRow
from core.store.lines import GatewayRow, LineRow
from core.store.people import EmployeeRow
from core.store.table import InstantField, JsonField, Table


class CallRow(Table):
    """One call. ``state`` is all the engine needs to take its next event, in any process.

    ``employee`` is who talked to the caller last; of a call that an employee dialled, that one.

    ``token`` stands in the addresses given to the provider, so that only somebody who was sent the
    step can answer it; ``version`` grows with every event (compare and swap).
    """

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    line = peewee.ForeignKeyField(LineRow, null=True, on_delete="SET NULL")
    gateway = peewee.ForeignKeyField(GatewayRow, null=True, on_delete="SET NULL", index=False)
    ref = peewee.CharField(120)
    token = peewee.CharField(40, unique=True)
    caller = peewee.CharField(20)
    called = peewee.CharField(20)
    direction = peewee.CharField(10, default=Direction.INCOMING)
    started_at = InstantField()
    answered_at = InstantField(null=True)
    ended_at = InstantField(null=True)
    outcome = peewee.CharField(12, null=True)
    employee = peewee.ForeignKeyField(EmployeeRow, null=True, on_delete="SET NULL")
    client_name = peewee.CharField(200, default="")
    talk_seconds = peewee.IntegerField(default=0)
    version = peewee.IntegerField(default=1)
    state = peewee.TextField()

    class Meta:
        """Lists are per account, newest first; live calls are found without touching the rest."""

        table_name = "calls"
        indexes = (
            (("gateway", "ref"), True),
            (("account", "started_at"), False),
            (("account", "caller", "started_at"), False),
        )

    @property
    def client_number(self) -> str:
        """The number outside the company; see ``Call.client_number``."""
        if self.direction == Direction.OUTGOING:
            return self.called
        return self.caller if self.direction == Direction.INCOMING else ""


DIALLED = CallRow.direction != peewee.SQL("'incoming'")
"""Calls that employees dialled, as a condition that an index knows again."""

CallRow.add_index(
    CallRow.account, CallRow.called, CallRow.started_at, where=DIALLED, name="calls_dialled"
)
CallRow.add_index(CallRow.started_at, where=CallRow.outcome.is_null(), name="calls_open")
CallRow.add_index(CallRow.account, where=CallRow.outcome.is_null(), name="calls_open_of_account")


class CallEventRow(Table):
    """One event of a call with the answer it got and the trace of its decisions."""

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    call = peewee.ForeignKeyField(CallRow, on_delete="CASCADE", index=False)
    key = peewee.CharField(160)
    at = InstantField()
    answer = peewee.TextField()
    trace = JsonField()

    class Meta:
        """The same key again gets the stored answer again."""

        table_name = "call_events"
        indexes = ((("call", "key"), True),)


class LegRow(Table):
    """One phone that was rung for a call. ``outside``: over the public network (O8). Number 0 is
    the phone of the employee who dialled the call, which occupies them as well."""

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    call = peewee.ForeignKeyField(CallRow, on_delete="CASCADE", index=False)
    number = peewee.IntegerField()
    target = peewee.CharField(300)
    employee = peewee.IntegerField(null=True)
    address = peewee.CharField(255)
    outside = peewee.BooleanField()
    started_at = InstantField()
    answered_at = InstantField(null=True)
    ended_at = InstantField(null=True)
    ring = peewee.CharField(12, null=True)

    class Meta:
        """Legs are numbered within their call."""

        table_name = "call_legs"
        indexes = ((("call", "number"), True),)


LegRow.add_index(
    LegRow.account,
    LegRow.started_at,
    where=LegRow.outside,
    name="call_legs_outside",
)
LegRow.add_index(LegRow.account, where=LegRow.ended_at.is_null(), name="call_legs_live")


class OfferRow(Table):
    """When somebody was last offered a call and last talked: fairness and wrap-up (R6)."""

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    target = peewee.CharField(300)
    offered_at = InstantField()
    talked_until = InstantField(null=True)

    class Meta:
        """One row per person or number, whatever groups they are in."""

        table_name = "offers"
        primary_key = peewee.CompositeKey("account", "target")


class RecordingRow(Table):
    """A recording of a conversation, or a voicemail message.

    ``status``: ``in-progress``, ``announced`` (the provider has it), ``stored`` (we have it),
    ``absent``, ``failed`` or ``deleted``. ``path`` is relative to the storage folder;
    ``discard_at`` says when the gateway is asked to remove its own copy.
    """

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    call = peewee.ForeignKeyField(CallRow, on_delete="CASCADE")
    kind = peewee.CharField(12)
    ref = peewee.CharField(120)
    url = peewee.CharField(500, default="")
    status = peewee.CharField(12)
    channels = peewee.IntegerField(default=1)
    seconds = peewee.IntegerField(default=0)
    bytes = peewee.IntegerField(default=0)
    path = peewee.CharField(255, default="")
    recipient = peewee.CharField(60, default="")
    announced_at = InstantField()
    stored_at = InstantField(null=True)
    try_at = InstantField(null=True)
    tries = peewee.IntegerField(default=0)
    discard_at = InstantField(null=True)
    heard_at = InstantField(null=True)
    legal_hold = peewee.BooleanField(default=False)

    class Meta:
        """A provider's name of a recording is unique within its call."""

        table_name = "recordings"
        indexes = (
            (("call", "ref"), True),
            (("account", "announced_at"), False),
        )


RecordingRow.add_index(
    RecordingRow.try_at, where=RecordingRow.status == "announced", name="recordings_to_fetch"
)
RecordingRow.add_index(
    RecordingRow.discard_at,
    where=RecordingRow.discard_at.is_null(False),
    name="recordings_to_discard",
)
RecordingRow.add_index(
    RecordingRow.id,
    where=(RecordingRow.status == "deleted") & (RecordingRow.path != ""),
    name="recordings_to_clear",
)


class PluginFaultRow(Table):
    """A plugin raised, answered rubbish or was too slow; read by the admin's plugin page."""

    account = peewee.ForeignKeyField(AccountRow, null=True, on_delete="CASCADE", index=False)
    plugin = peewee.CharField(60)
    hook = peewee.CharField(60)
    call = peewee.ForeignKeyField(CallRow, null=True, on_delete="CASCADE")
    at = InstantField()
    text = peewee.TextField()
    left_out_until = InstantField(null=True)

    class Meta:
        """Newest first, per plugin."""

        table_name = "plugin_faults"
        indexes = ((("plugin", "at"), False),)


class NoticeRow(Table):
    """A notice that a plugin has still to be told; deleted in the transaction in which it is."""

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    call = peewee.ForeignKeyField(CallRow, on_delete="CASCADE")
    recording = peewee.ForeignKeyField(RecordingRow, null=True, on_delete="CASCADE")
    hook = peewee.CharField(60)
    plugin = peewee.CharField(60)
    at = InstantField(index=True)
    tries = peewee.IntegerField(default=0)

    class Meta:
        """Oldest first."""

        table_name = "notices"


TABLES = (CallRow, CallEventRow, LegRow, OfferRow, RecordingRow, PluginFaultRow, NoticeRow)
