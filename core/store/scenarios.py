"""Saved scenarios: a scripted call to a number, and what is expected to come of it (S3)."""

from __future__ import annotations

import peewee

from core.contract.call import Outcome
from core.store.accounts import AccountRow
from core.store.lines import LineRow
from core.store.table import JsonField, Table


class ScenarioRow(Table):
    """One scenario of a number.

    ``script`` is a scenario as ``core.calls.scenario`` reads it, without the number that is called,
    name and expectation. ``outcome`` is what the call should become, ``ends`` where it should end
    (a destination as text, such as ``employee:17`` or ``voicemail:queue:3``); "" is anything.
    """

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", backref="scenarios")
    line = peewee.ForeignKeyField(LineRow, on_delete="CASCADE", backref="scenarios", index=False)
    name = peewee.CharField(120)
    script = JsonField(default=lambda: {"call": {}})
    outcome = peewee.CharField(20, default="", choices=[(str(one), str(one)) for one in Outcome])
    ends = peewee.CharField(255, default="")

    class Meta:
        """A name is taken once per number, under which its list is sorted, too."""

        table_name = "scenarios"
        indexes = ((("line", "name"), True),)

    def __str__(self) -> str:
        return self.name
