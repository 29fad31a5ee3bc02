"""The tables of the block list: its entries, and the calls that automatic entries are made from."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import peewee

from core.api import AccountRow, InstantField, LineRow, Table, gettext
from plugins.blocklist.patterns import WITHHELD, literal


class Gets(StrEnum):
    """What a caller gets who is on the list."""

    REJECT = "reject"
    BUSY = "busy"
    MESSAGE = "message"
    ALLOW = "allow"


class EntryRow(Table):
    """Who is blocked: an E.164 number, a pattern, or the callers who withhold their number; on one
    number of the account, or on all.

    ``prefix`` is what stands before the first wildcard: calls find entries by it. ``automatic``
    entries were made by calls outside working hours and always end.
    """

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    line = peewee.ForeignKeyField(LineRow, null=True, on_delete="CASCADE")
    pattern = peewee.CharField(20)
    prefix = peewee.CharField(20)
    gets = peewee.CharField(10, default=Gets.REJECT)
    message = peewee.CharField(1000, default="")
    reason = peewee.CharField(200, default="")
    until = InstantField(null=True)
    automatic = peewee.BooleanField(default=False)
    author = peewee.CharField(255, default="")
    created_at = InstantField()
    hits = peewee.IntegerField(default=0)
    last_hit_at = InstantField(null=True)

    class Meta:
        """A caller is found by account and prefix; a pattern stands once per number."""

        table_name = "blocklist_entries"
        indexes = (
            (("account", "prefix"), False),
            (("account", "created_at"), False),
            (("line", "pattern"), True),
        )

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Write the row, and by what calls find it."""
        self.prefix = literal(self.pattern)
        return super().save(*args, **kwargs)

    def __str__(self) -> str:
        return gettext("withheld numbers") if self.pattern == WITHHELD else self.pattern


# Databases take NULL lines for different ones: of the entries for all numbers, too, each is one.
EntryRow.add_index(
    EntryRow.account,
    EntryRow.pattern,
    unique=True,
    where=EntryRow.line.is_null(),
    name="blocklist_entries_all_lines",
)


class AttemptRow(Table):
    """A call of an unknown caller outside working hours; forgotten when it no longer counts."""

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    line = peewee.ForeignKeyField(LineRow, on_delete="CASCADE")
    caller = peewee.CharField(20)
    at = InstantField()

    class Meta:
        """Counted per account and caller."""

        table_name = "blocklist_attempts"
        indexes = ((("account", "caller", "at"), False),)


TABLES = (EntryRow, AttemptRow)
