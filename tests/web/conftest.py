"""A site with two accounts, one partner-like plugin with tables and views, and a gate to set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace

import peewee
import pytest
from flask import Flask

from core.calls.tables import TABLES as CALL_TABLES
from core.config import Config
from core.contract.features import Feature
from core.contract.hookspecs import hookimpl
from core.contract.plugin import Plugin
from core.registry import load
from core.store.accounts import AccountRow, PluginSwitch
from core.store.database import Store
from core.store.lines import GatewayRow, LineProfile, LineRow
from core.store.people import ApiToken, EmployeeRow, Membership, UserRow
from core.store.table import Table
from core.web.base_view import AccountView, AdminPage, expose
from core.web.security import create_user
from core.web.site import build_site

PASSWORD = "correct horse battery"
NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)


class Shelf(Table):
    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    name = peewee.CharField(60)
    colour = peewee.CharField(20, default="red", choices=[("red", "Red"), ("blue", "Blue")])
    open = peewee.BooleanField(default=True)

    class Meta:
        table_name = "stub_shelves"
        indexes = ((("account", "name"), True),)

    def __str__(self):
        return self.name


class Book(Table):
    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    shelf = peewee.ForeignKeyField(Shelf, on_delete="RESTRICT", backref="books")
    title = peewee.CharField(60)
    owner = peewee.ForeignKeyField(EmployeeRow, null=True, on_delete="SET NULL")

    class Meta:
        table_name = "stub_books"
        indexes = ((("account", "title"), True),)

    def __str__(self):
        return self.title


class ShelfView(AccountView):
    plugin = "stub"
    roles_view = ("admin", "supervisor")
    column_list = ("name", "colour", "open")
    column_searchable_list = ("name",)
    column_filters = ("colour", "open", "name")
    can_export = True
    destination = "shelf"
    empty_text = "No shelves yet."
    empty_hint = "Make one, then put books on it."
    inline_models = [(Book, {"form_columns": ("title", "owner"), "form_label": "Books"})]


class BookView(AccountView):
    plugin = "stub"
    column_list = ("title", "shelf", "owner")
    column_filters = ("shelf",)
    can_export = True


class AjaxBookView(AccountView):
    plugin = "stub"
    form_ajax_refs = {"shelf": {"fields": ("name",)}}


class StubPage(AdminPage):
    plugin = "stub"
    roles_view = ("admin", "agent")

    @expose("/")
    def index(self):
        return "the page"

    @expose("/broken/")
    def broken(self):
        raise TypeError("inside the view")


class StubPlugin:
    @hookimpl
    def register_plugin(self):
        return Plugin("stub", "Stub", features=(Feature("stub", "Stub"),))

    @hookimpl
    def register_views(self):
        return [
            ShelfView(Shelf, "Shelves", endpoint="stub_shelves"),
            BookView(Book, "Books", endpoint="stub_books"),
            AjaxBookView(Book, "More books", endpoint="stub_ajax"),
            StubPage("Stub page", endpoint="stub_page"),
        ]

    @hookimpl
    def find_uses(self, account, destination):
        return ["door 7"] if str(destination) == "shelf:777" else []


@dataclass
class StubGate:
    """Answers yes, but for what a test denies."""

    denied: set = field(default_factory=set)

    def ask(self, account, key, at, off=frozenset()):
        allowed = key not in self.denied
        sentence = "" if allowed else f"The plan {account.plan!r} does not include {key!r}."
        reason = "ok" if allowed else "not-in-plan"
        return SimpleNamespace(
            allowed=allowed,
            reason=reason,
            sentence=sentence,
            value=allowed,
            limit=None,
            used=0,
            held=0,
            remaining=None,
            resets_at=None,
        )


MODELS = (
    AccountRow,
    PluginSwitch,
    GatewayRow,
    LineRow,
    LineProfile,
    UserRow,
    EmployeeRow,
    Membership,
    ApiToken,
    *CALL_TABLES,
    Shelf,
    Book,
)


@pytest.fixture
def site(tmp_path):
    """The application, its accounts, users and a sign-in."""
    store = Store(f"sqlite:///{tmp_path / 'test.db'}")
    store.database.bind(MODELS)
    store.database.create_tables(MODELS)
    config = Config(tmp_path, store.url, tmp_path / "plans.yaml", "a secret of this test")
    gate = StubGate()
    wired = SimpleNamespace(
        config=config,
        store=store,
        registry=load((), {"stub": StubPlugin()}),
        gate=gate,
        book=None,
        quota=None,
        engine=None,
    )
    app = Flask("site")
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config["RATELIMIT_SIGN_IN"] = "1000 per minute"
    app.config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = {
        "argon2__time_cost": 1,
        "argon2__memory_cost": 64,
        "argon2__parallelism": 1,
    }
    build_site(app, wired, lambda: NOW)
    app.before_request(lambda: (store.open(), None)[1])
    site = Site(app, gate, store)
    with app.app_context():
        site.fill()
    yield site
    store.database.close_all()
    store.database.bind(MODELS, False, False)
    for model in MODELS:
        model._meta.set_database(None)


class Site:
    def __init__(self, app, gate, store):
        self.app, self.gate, self.store = app, gate, store

    def fill(self):
        self.rome = AccountRow.create(name="Rossi", plan="free", created_at=NOW)
        self.paris = AccountRow.create(
            name="Dupont", plan="pro", timezone="Europe/Paris", created_at=NOW
        )
        self.users = self.app.extensions["users"]
        for name, account, role in (
            ("anna", self.rome, "admin"),
            ("sara", self.rome, "supervisor"),
            ("aldo", self.rome, "agent"),
            ("pierre", self.paris, "admin"),
            ("olga", None, "operator"),
            ("bill", None, "billing"),
            ("nobody", None, ""),
        ):
            user = create_user(self.users, f"{name}@example.com", PASSWORD, name.title())
            if role:
                Membership.create(user=user, account=account, role=role)
        self.own = Shelf.create(account=self.rome, name="Own")
        self.foreign = Shelf.create(account=self.paris, name="Foreign")
        self.anna = EmployeeRow.create(account=self.rome, name="Anna", extension="101")
        self.pierre = EmployeeRow.create(account=self.paris, name="Pierre", extension="101")

    def sign_in(self, name):
        """A browser in which a user has signed in."""
        client = self.app.test_client()
        page = client.get("/login").text
        answer = client.post(
            "/login",
            data={
                "email": f"{name}@example.com",
                "password": PASSWORD,
                "csrf_token": token_of(page),
            },
        )
        assert answer.status_code == 302, answer.text
        return Browser(client)


def token_of(page):
    """The form token of a page."""
    return page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


class Browser:
    """Sends forms with the token a page would have carried."""

    def __init__(self, client):
        self.client = client
        self.token = token_of(client.get("/").text)

    def get(self, address):
        return self.client.get(address)

    def post(self, address, **data):
        return self.client.post(address, data={**data, "csrf_token": self.token})
