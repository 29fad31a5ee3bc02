"""The core's tables and a plugin's on an empty database, for tests of a plugin's own queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from core import api
from core.calls.tables import TABLES as CALLS
from core.store.accounts import AccountRow, PluginSwitch
from core.store.database import Store
from core.store.lines import GatewayRow, LineProfile, LineRow
from core.store.people import EmployeeRow, Membership, UserRow
from core.store.snapshot import forget_all
from tests.support.calls import NOON

CORE = (AccountRow, PluginSwitch, UserRow, EmployeeRow, Membership, GatewayRow, LineRow)


@contextmanager
def tables(url: str, plugin_tables: Iterable[type]) -> Iterator[Store]:
    """Bind and create all tables on the database of this address; unbind them afterwards."""
    everything = [*CORE, LineProfile, *CALLS, *plugin_tables]
    store = Store(url)
    forget_all()
    with store.database.bind_ctx(everything), store.connection():
        store.database.create_tables(everything)
        yield store
    store.database.close_all()
    forget_all()


class Company:
    """One account with employees Anna and Bruno and a line; ``call`` makes more calls of it."""

    def __init__(self, name: str = "Rossi", number: str = "+390612345678") -> None:
        self.row = AccountRow.create(name=name, plan="free", created_at=NOON)
        self.anna = EmployeeRow.create(account=self.row, name="Anna", sip="anna@pbx.example")
        self.bruno = EmployeeRow.create(account=self.row, name="Bruno", sip="bruno@pbx.example")
        self.line_row = LineRow.create(account=self.row, number=number)
        self._calls = 0

    @property
    def account(self) -> api.Account:
        """The account as it stands now."""
        return AccountRow.get_by_id(self.row.id).picture()

    @property
    def line(self) -> api.Line:
        """The line as hooks see it."""
        row = self.line_row
        return api.Line(row.id, row.number, row.name, api.LineKind.RENTED, "Europe/Rome")

    def call_row(self, caller: str = "+393331234567", **columns: Any) -> api.CallRow:
        """Store a call of this account."""
        self._calls += 1
        mine = f"{self.row.id}-{self._calls}"
        values = {"started_at": NOON, "ref": mine, "token": mine, "state": "{}", "version": 1}
        return api.CallRow.create(
            account=self.row,
            line=self.line_row,
            caller=caller,
            called=self.line_row.number,
            **{**values, **columns},
        )

    def call(self, caller: str = "+393331234567", **changes: Any) -> api.Call:
        """Store a call and return it as hooks see it."""
        stored = self.call_row(caller, outcome=changes.get("outcome"))
        values = {"started_at": NOON, "at": NOON}
        return api.Call(
            id=stored.id,
            account=self.account,
            line=self.line,
            caller=caller,
            called=self.line_row.number,
            **{**values, **changes},
        )
