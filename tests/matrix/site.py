"""The whole application on a new database, and browsers in it, for walks over all of its doors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from core.app import bind, tables
from core.config import PROJECT
from core.store.people import Membership, UserRow
from core.testing import close_kit, open_kit
from core.web.site import build_site
from core.web.webhooks import build_webhooks
from tests.support.openapi import CheckedClient


class Site:
    """The admin and the webhooks of one installation; ``admin`` is Flask-Admin's site."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.kit = open_kit(folder, **options)
        self.registry, self.store = self.kit.app.registry, self.kit.app.store
        self.tables = tables(self.registry)
        self.app = Flask("centralino", static_folder=None)
        self.app.testing = True
        self.app.test_client_class = CheckedClient
        self.app.config.update(PROPAGATE_EXCEPTIONS=False, RATELIMIT_SIGN_IN="1000000 per minute")
        self.admin = build_site(self.app, self.kit.app, self.kit.clock)
        self.webhooks = build_webhooks(self.kit.app, self.registry, self.kit.clock)

    def resume(self) -> None:
        """Take the tables back from another installation of this process, such as a command's."""
        bind(self.store, self.registry)
        self.store.open()

    def user(self, account: Any, role: str, **rights: bool) -> UserRow:
        """Somebody with a role in an account, or in the installation."""
        name = f"{role}-{UserRow.select().count() + 1}"
        with self.app.app_context():
            user = self.app.extensions["users"].create_user(
                email=f"{name}@example.com", name=name, password="*"
            )
        Membership.create(user=user, account=account, role=role, **rights)
        return user

    def browser(self, user: UserRow | None = None) -> Browser:
        """A browser in which a user has signed in, or nobody."""
        return Browser(self.app, user)

    def views(self) -> list[Any]:
        """All views of Flask-Admin's site."""
        return list(self.admin._views)


class Browser:
    """Always the same session, whatever a request before did to it."""

    def __init__(self, app: Flask, user: UserRow | None) -> None:
        self.app = app
        client = app.test_client()
        if user is not None:
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = user.fs_uniquifier, True
        self.token = _token(client.get("/profile/" if user else "/login"))
        self._session = client.get_cookie("session").value

    def open(self, method: str, address: str, **options: Any) -> Any:
        """Send anything."""
        client = self.app.test_client()
        client.set_cookie("session", self._session)
        return client.open(address, method=method, **options)

    def get(self, address: str, **options: Any) -> Any:
        """Open a page."""
        return self.open("GET", address, **options)

    def write(self, method: str, address: str, data: Any = None) -> Any:
        """Send a form by any method, with the token its page would have carried."""
        form = {**(data or {}), "csrf_token": self.token}
        return self.open(method, address, data=None if method == "GET" else form)

    def put(self, address: str, body: Any) -> Any:
        """Send JSON with the token."""
        return self.open("PUT", address, json=body, headers={"X-CSRFToken": self.token})


@contextmanager
def open_site(folder: Path, **options: Any) -> Iterator[Site]:
    """A site on a new database; ``options`` are those of ``core.testing.open_kit``."""
    site = Site(folder, plans=options.pop("plans", PROJECT / "plans.yaml"), **options)
    yield site
    close_kit(site.kit)


def _token(page: Any) -> str:
    return page.text.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
