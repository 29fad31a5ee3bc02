"""Two accounts with everything in every table, and what of the second the first must never meet.

Both are demo companies on plans with every feature that is installed; tables that the demo leaves
empty get a row by their columns. The ids of the second account's rows are in a range of their own
for each table, far from the first one's, so that an id alone tells whose it is and of which table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import peewee
import phonenumbers

from core.calls.tables import CallRow, RecordingRow
from core.config import PROJECT
from core.contract.features import Feature, FeatureKind
from core.demo import build_demo
from core.registry import load
from core.store.accounts import AccountRow
from core.store.lines import LineRow
from core.store.people import Membership, UserRow
from core.store.table import InstantField, JsonField
from core.testing import MONDAY_TEN
from core.web.format import phone
from tests.matrix.site import Site, open_site

FIRST_ID, RANGE = 7_000_000, 10_000
KEPT_CALLS = 8
"""Of the demo's month; more would only make the walk slow."""

SHORTEST_MARKER = 5
UNITS = 10

Id = int


@dataclass
class TwoAccounts:
    """The site and its accounts; ``theirs`` is the one behind the wall."""

    site: Site
    ours: AccountRow
    theirs: AccountRow
    tables: list[type]

    def __post_init__(self) -> None:
        self.ids = {table: self._ids(table) for table in self.tables}
        own, code = self._texts(self.ours.id), _code()
        # What a plan says is nobody's secret: ours has a trial of theirs.
        self.markers = sorted(
            text
            for text in self._texts(self.theirs.id) - own
            if len(text) >= SHORTEST_MARKER and text not in code and self.theirs.plan not in text
        )
        self.destinations = self._destinations()

    def everything_else(self) -> dict[str, list[tuple]]:
        """All rows of all tables that are not our account's, as they are stored."""
        return {one._meta.table_name: self._stored(one, "NOT") for one in self.site.tables}

    def everything_ours(self) -> str:
        """All our rows, as text."""
        return str([self._stored(one, "") for one in self.tables])

    def calls(self) -> list[CallRow]:
        """The other account's calls."""
        return list(CallRow.of(self.theirs))

    def line_of_ours(self) -> int:
        """The id of one of our numbers."""
        return LineRow.of(self.ours).first().id

    def _stored(self, table: type, negation: str) -> list[tuple]:
        ours, where = self.ours.id, "account_id IS ?"
        if table is AccountRow:
            where = "id = ?"
        elif table is UserRow:
            where = "id IN (SELECT user_id FROM memberships WHERE account_id = ?)"
        elif table not in self.tables:
            where, ours = "1 = ?", 0
        name = table._meta.table_name
        return self.site.store.rows(f"SELECT * FROM {name} WHERE {negation} ({where})", (ours,))

    def _ids(self, table: type) -> list[Id]:
        key = table._meta.primary_key
        if not isinstance(key, peewee.AutoField):
            return []
        return [row.id for row in of_account(table, self.theirs.id).order_by(key)]

    def _texts(self, account: int) -> set[str]:
        """All texts in an account's rows; phone numbers also as pages show them."""
        found: set[str] = set()
        for table in self.tables:
            fields = [one for one in table._meta.sorted_fields if isinstance(one, TEXTS)]
            for row in of_account(table, account):
                for field in fields:
                    found |= set(_strings(getattr(row, field.name)))
        numbers = {text for text in found if _is_number(text)}
        return found | {phone(text) for text in numbers}

    def _destinations(self) -> list[str]:
        """One destination of every kind the other account offers."""
        account = AccountRow.get_by_id(self.theirs.id).picture()
        found: dict[str, str] = {}
        for _, offer in self.site.registry.every("offer_destinations"):
            for one in offer(account) or ():
                kind = one.value.rpartition(":")[0]
                if any(str(id) in one.value for ids in self.ids.values() for id in ids):
                    found.setdefault(kind, one.value)
        return list(found.values())


TEXTS = (peewee.CharField, peewee.TextField)


def of_account(table: type, account: int) -> peewee.ModelSelect:
    """The rows of an account: users belong to it by their memberships."""
    if table is AccountRow:
        return AccountRow.select().where(AccountRow.id == account)
    if table is UserRow:
        users = Membership.select(Membership.user).where(Membership.account == account)
        return UserRow.select().where(UserRow.id.in_(users))
    return table.of(account)


@contextmanager
def two_accounts(folder: Path, **extra: Any) -> Iterator[TwoAccounts]:
    """A site with both; ``extra`` are further plugins."""
    plans = folder / "plans.yaml"
    plans.write_text(plan_file(load(extra=extra).features.values()))
    with open_site(folder, plans=plans, extra=extra) as site:
        ranges = Ranges(site)
        with site.app.app_context():
            users = site.app.extensions["users"]
            build_demo(site.kit.app, users, MONDAY_TEN, ranges.next_company)
        ours, theirs = AccountRow.select().order_by(AccountRow.id)
        tables = [*account_tables(site), UserRow, AccountRow]
        for account in (ours, theirs):
            _trim(account)
            _fill_the_rest(tables, account, ranges if account == theirs else None)
        yield TwoAccounts(site, ours, theirs, tables)


def plan_file(features: Iterable[Feature]) -> str:
    """Two plans, each with all there is."""
    cells = [f"      {one.key}: {_all_of(one)}" for one in features]
    lines = ["schema: 1", "plans:"]
    for name in ("everything", "all_as_well"):
        lines += [f"  {name}:", f"    title: {name}", "    features:", *cells]
    return "\n".join(lines)


def _all_of(feature: Feature) -> str:
    last = (feature.choices or ("",))[-1]
    words = {
        FeatureKind.NUMBER: "unlimited",
        FeatureKind.QUOTA: str(UNITS),
        FeatureKind.CHOICE: last,
    }
    return words.get(feature.kind, "true")


def account_tables(site: Site) -> list[type]:
    """The tables with a column ``account``, parents before children."""
    return [one for one in peewee.sort_models(site.tables) if "account" in one._meta.fields]


class Ranges:
    """Moves the ids of every table to a range of its own between the two companies: for a while a
    row stands in each table, whose id the database counts on from."""

    def __init__(self, site: Site) -> None:
        numbered = [
            one
            for one in peewee.sort_models(site.tables)
            if isinstance(one._meta.primary_key, peewee.AutoField)
            and ("account" in one._meta.fields or one in (AccountRow, UserRow))
        ]
        self.first = {one: FIRST_ID + n * RANGE for n, one in enumerate(numbered, start=1)}
        self._companies = 0

    def next_company(self, sentence: str) -> None:
        """The demo has made a company."""
        self._companies += 1
        if self._companies == 1:
            for table, id in self.first.items():
                row = by_columns(table, "between", self.first.get)
                table.insert(**row, **{table._meta.primary_key.name: id}).execute()
        else:
            for table, id in reversed(self.first.items()):
                table.delete().where(table._meta.primary_key == id).execute()


def by_columns(table: type, text: str, parent: Any) -> dict[str, Any]:
    """Values for a new row; ``parent`` gives the id of a row of a table."""
    return {
        field.name: _value(field, text, parent)
        for field in table._meta.sorted_fields
        if not isinstance(field, peewee.AutoField)
    }


def _value(field: peewee.Field, text: str, parent: Any) -> Any:
    if isinstance(field, peewee.ForeignKeyField):
        if field.rel_model is field.model:
            return None
        return parent(field.rel_model) or _of_nobody(field.rel_model)
    if field.choices:
        return field.choices[0][0]
    kept = field.default() if callable(field.default) else None
    for kind, value in (
        (JsonField, {**(kept if isinstance(kept, dict) else {}), "text": text}),
        (InstantField, MONDAY_TEN),
        (peewee.DateField, date(2026, 11, 16)),
        (TEXTS, text[: getattr(field, "max_length", None) or None]),
        (peewee.BooleanField, True),
    ):
        if isinstance(field, kind):
            return value
    return 1


def _of_nobody(table: type) -> Any:
    """A row of a table that is the installation's, and no account's."""
    row = None if "account" in table._meta.fields else table.select().first()
    return row and row._pk


def _trim(account: AccountRow) -> None:
    """Keep the newest calls, and some with a recording or a message."""
    newest = CallRow.of(account).order_by(CallRow.id.desc()).limit(KEPT_CALLS)
    kept = {row.id for row in newest}
    for kind in ("conversation", "message"):
        recordings = RecordingRow.of(account).where(RecordingRow.kind == kind)
        kept |= {row.call_id for row in recordings.order_by(RecordingRow.id.desc()).limit(2)}
    CallRow.delete().where(CallRow.account == account, CallRow.id.not_in(kept)).execute()


def _fill_the_rest(tables: list[type], account: AccountRow, ranges: Ranges | None) -> None:
    """A row in every table that has none of this account, with an id of the table's range."""

    def parent(table: type) -> Any:
        row = of_account(table, account.id).first()
        return row and row._pk

    for table in tables:
        if not of_account(table, account.id).exists():
            row = by_columns(table, f"{table.__name__} of {account.name}", parent)
            if ranges and table in ranges.first:
                row[table._meta.primary_key.name] = ranges.first[table] + 1
            table.insert(**row).execute()


def _code() -> str:
    """All code and templates but the demo's: a text that stands there is nobody's secret."""
    files = [file for room in ("core", "plugins") for file in (PROJECT / room).rglob("*.*")]
    kept = [file for file in files if file.suffix in (".py", ".html") and "demo" not in str(file)]
    return "\n".join(file.read_text() for file in kept)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def _is_number(text: str) -> bool:
    return text.startswith("+") and text[1:].isdecimal() and bool(phonenumbers.parse(text))
