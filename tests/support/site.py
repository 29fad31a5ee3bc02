"""The web application with some plugins in it, real plans, and browsers that sign in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from core.app import create_app, tables
from core.config import Config
from core.registry import load
from core.store.accounts import AccountRow
from core.store.people import EmployeeRow, Membership, UserRow
from core.web.security import create_user
from tests.support.calls import NOON
from tests.support.openapi import CheckedClient

PASSWORD = "correct horse battery"


class Site:
    """The application; its clock stands at noon. ``centralino`` is what was wired."""

    def __init__(self, app: Flask, centralino: Any) -> None:
        self.app, self.centralino = app, centralino

    def account(self, name: str, plan: str, **columns: Any) -> AccountRow:
        """A new account."""
        return AccountRow.create(name=name, plan=plan, created_at=NOON, **columns)

    def sign_in(
        self, account: AccountRow, role: str, employee: EmployeeRow | None = None, **rights: Any
    ) -> Browser:
        """A browser of a new user with a role in an account, who may be one of its employees."""
        email = f"{role}{UserRow.select().count()}@example.com"
        with self.app.app_context():
            user = create_user(self.app.extensions["users"], email, PASSWORD, role.title())
        Membership.create(user=user, account=account, role=role, **rights)
        if employee:
            employee.user = user
            employee.save()
        client = self.app.test_client()
        form = {"email": email, "password": PASSWORD, "csrf_token": _token(client.get("/login"))}
        assert client.post("/login", data=form).status_code == 302
        return Browser(client)


class Browser:
    """Sends forms with the token that a page would have carried."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self._form_token = _token(client.get("/", follow_redirects=True))

    def get(self, address: str, **options: Any) -> Any:
        """Open a page."""
        return self.client.get(address, **options)

    def put(self, address: str, body: Any) -> Any:
        """Send JSON to the API."""
        return self.client.put(address, json=body, headers={"X-CSRFToken": self._form_token})

    def post(self, address: str, **data: Any) -> Any:
        """Send a form."""
        return self.client.post(address, data={**data, "csrf_token": self._form_token})


@contextmanager
def open_site(folder: Path, plugins: tuple[str, ...], plans: str, **extra: Any) -> Iterator[Site]:
    """A site on a new database.

    Args:
        folder: for the database, the storage and the plan file.
        plugins: the names of the built-in plugins in it, and no others.
        plans: the text of the plan file.
        extra: further plugins, objects by name.
    """
    plan_file = folder / "plans.yaml"
    plan_file.write_text(plans)
    config = Config(folder, f"sqlite:///{folder / 'site.db'}", plan_file, "a key of this test")
    registry = load(plugins, extra)
    app = create_app(config, registry, clock=lambda: NOON)
    app.testing = True
    app.test_client_class = CheckedClient
    centralino = app.extensions["centralino"]
    with centralino.store.connection():
        centralino.store.database.create_tables(tables(registry))
        yield Site(app, centralino)
    centralino.store.database.close_all()


def _token(page: Any) -> str:
    return page.text.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
