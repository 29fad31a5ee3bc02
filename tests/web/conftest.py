"""A site with two accounts, one partner-like plugin with tables and views, and a gate to set."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import UTC, datetime

import peewee
import pytest
from flask import Flask
from flask_admin import expose

from core.api import AccountView, AdminPage
from core.contract.features import Feature
from core.contract.hookspecs import hookimpl
from core.contract.plugin import Plugin
from core.registry import load
from core.store.accounts import AccountRow
from core.store.people import EmployeeRow, Membership
from core.store.table import Table
from core.testing import close_kit, open_kit
from core.web.security import create_user
from core.web.site import build_site
from tests.support.openapi import CheckedClient

PASSWORD = "correct horse battery"
PLUGINS = ("crm", "extension", "forward", "queue", "recording", "twiml", "voicemail", "workhours")
PLANS = """
schema: 1
plans:
  free:
    title: Free
    features:
      stub: true
      crm: true
      workhours: true
      recording: true
      recording.monthly_calls: 100
      queue.max_groups: 1
  professional:
    title: Professional
    extends: free
    features:
      recording.monthly_calls: unlimited
      recording.dual_channel: true
      queue.max_groups: unlimited
  bare:
    title: Bare
    features: {}
"""
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
    def register_tables(self):
        return [Shelf, Book]

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


@pytest.fixture
def plans(tmp_path):
    """Three plans; ``bare`` has nothing. A file of each test's own: publishing writes it."""
    path = tmp_path / "plans.yaml"
    path.write_text(PLANS)
    return path


@pytest.fixture
def site(tmp_path, plans):
    """The application, its accounts, users and a sign-in."""
    registry = load(PLUGINS, {"stub": StubPlugin()})
    kit = open_kit(tmp_path, registry, plans=plans)
    kit.clock.now = NOW
    site = Site(kit)
    with site.app.app_context():
        site.fill()
    yield site
    close_kit(kit)


class Site:
    def __init__(self, kit):
        self.kit = kit
        self.app = self.build()

    def build(self, secure=False, **config):
        """An application on the same installation."""
        app = Flask("site", static_folder=None)
        app.testing = True
        app.test_client_class = CheckedClient
        app.config.update(PROPAGATE_EXCEPTIONS=False, RATELIMIT_SIGN_IN="1000 per minute")
        app.config.update(config)
        wired = self.kit.app
        if secure:
            wired = copy(wired)
            wired.config = replace(wired.config, secure_cookies=True)
        build_site(app, wired, self.kit.clock)
        return app

    def fill(self):
        self.company = self.kit.company("free", name="Rossi")
        self.other = self.kit.company(
            "professional", "+33140000000", name="Dupont", timezone="Europe/Paris"
        )
        self.rome, self.paris = self.company.account, self.other.account
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
        self.token = token_of(client.get("/profile/").text)

    def get(self, address):
        return self.client.get(address)

    def post(self, address, **data):
        return self.client.post(address, data={**data, "csrf_token": self.token})
