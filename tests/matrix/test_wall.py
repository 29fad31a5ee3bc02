"""The wall: whatever ids of another account somebody sends, nothing is seen and nothing changes.

The walk covers every rule of the URL map and every view of Flask-Admin's site; see ``walks``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import peewee
import pytest
from flask import redirect, request
from flask_admin import expose
from marshmallow import Schema, fields

from core.api import AccountView, AdminPage, Plugin, Settings, Table, hookimpl
from core.store.accounts import AccountRow
from core.store.lines import LineRow
from core.store.people import EmployeeRow
from core.web.api import PARTS
from core.web.api.routes import Routes
from core.web.api.schemas import Answer, RowId
from tests.matrix import walks
from tests.matrix.two_accounts import TwoAccounts, of_account, two_accounts
from tests.matrix.walks_api import in_api
from tests.matrix.watch import Watch

# Flask-Security gives its second-factor form choices as tuples; WTForms is held below 3.4.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning"),
]

RIGHTS = {"may_listen": True, "may_delete_recordings": True}


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoAccounts]:
    """Two furnished accounts."""
    with two_accounts(tmp_path_factory.mktemp("wall")) as found:
        yield found


@pytest.fixture(scope="module")
def browsers(accounts):
    """One for each role in our account; the agent is an employee, too."""
    users = {
        role: accounts.site.user(accounts.ours, role, **RIGHTS)
        for role in ("admin", "supervisor", "agent")
    }
    EmployeeRow.update(user=users["agent"]).where(
        EmployeeRow.id == EmployeeRow.of(accounts.ours).first().id
    ).execute()
    return {role: accounts.site.browser(user) for role, user in users.items()}


WALKS = [
    walks.in_addresses,
    walks.in_rows,
    walks.in_queries,
    walks.in_forms,
    walks.in_json,
    in_api,
]


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
@pytest.mark.parametrize("role", ["admin", "supervisor", "agent"])
def test_the_wall(accounts, browsers, role, walk):
    watch = Watch(accounts, browsers[role])
    walk(accounts, watch)
    assert not watch.findings, "\n".join(watch.findings)
    assert watch.sent


def test_both_accounts_have_something_everywhere(accounts):
    """Otherwise the walk would find nothing because there is nothing."""
    for table in accounts.tables:
        for account in (accounts.ours, accounts.theirs):
            rows = of_account(table, account.id)
            assert rows.exists(), f"{table.__name__} has no row of {account.name}"
    assert all(accounts.ids[table] for table in accounts.tables if has_id(table))
    assert len(accounts.markers) > 100
    assert len(accounts.destinations) > 3


def has_id(table):
    return isinstance(table._meta.primary_key, peewee.AutoField)


# --- That the walk sees a hole, when there is one -----------------------------------------------


class Note(Table):
    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    text = peewee.CharField(80)
    employee = peewee.ForeignKeyField(EmployeeRow, null=True, on_delete="SET NULL")

    class Meta:
        table_name = "leaky_notes"


class OpenList(AccountView):
    plugin = "leaky"

    def rows(self):
        return Note.select()


class OpenChoices(AccountView):
    plugin = "leaky"
    form_columns = ("text", "employee")

    def choices(self, field):
        return field.rel_model.select()


class OpenPage(AdminPage):
    plugin = "leaky"

    @expose("/")
    def index(self):
        found = Note.get_or_none(Note.id == request.args.get("id"))
        return found.text if found else "nothing"

    @expose("/<int:id>/rub-out", methods=("POST",))
    def rub_out(self, id):
        Note.update(text="").where(Note.id == id).execute()
        return redirect("/")


class Leaky:
    """A partner's plugin that forgets the wall in every way."""

    @hookimpl
    def register_plugin(self):
        return Plugin("leaky", "Leaky", settings=LeakySettings)

    @hookimpl
    def register_tables(self):
        return [Note]

    @hookimpl
    def register_views(self):
        return [
            OpenList(Note, "Notes", endpoint="leaky_list"),
            OpenChoices(Note, "Choices", endpoint="leaky_choices"),
            OpenPage("Page", endpoint="leaky_page"),
        ]


class LeakySettings(Settings):
    """Nothing to set."""


class NumberSchema(Answer):
    number = fields.String()


class PickSchema(Schema):
    why = fields.String(required=True)
    lines = fields.List(RowId())


leaky_routes = Routes("Leaky")


@leaky_routes.post("/leaky", roles=("admin",), body=PickSchema, answer=NumberSchema)
def leak(body):
    """Show somebody's number."""
    return LineRow.get_or_none(LineRow.id.in_(body.get("lines", []))) or {"number": ""}


def test_the_walk_finds_a_plugin_that_forgets_the_wall(tmp_path, monkeypatch):
    monkeypatch.setattr("core.web.api.PARTS", (*PARTS, leaky_routes))
    with two_accounts(tmp_path, leaky=Leaky()) as accounts:
        admin = accounts.site.browser(accounts.site.user(accounts.ours, "admin"))
        watch = Watch(accounts, admin)
        watch.only = ("/leaky_", "/api/leaky")
        for walk in WALKS:
            walk(accounts, watch)
    found = "\n".join(watch.findings)
    assert "GET /leaky_list/: shows" in found
    assert re.search(r"GET /leaky_list/edit/\?id=\d+: answers 200", found)
    assert re.search(r"POST /leaky_list/delete/.*: changes leaky_notes", found)
    assert re.search(r"POST /leaky_list/action/.*: changes leaky_notes", found)
    assert re.search(r"POST /leaky_choices/edit/.*'employee'.*: makes a row of ours lead", found)
    assert re.search(r"GET /leaky_page/\?id=\d+.*: shows", found)
    assert re.search(r"POST /leaky_page/\d+/rub-out.*: changes leaky_notes", found)
    assert re.search(r"POST /api/leaky .*'lines': \[\d+\].*: shows", found)
