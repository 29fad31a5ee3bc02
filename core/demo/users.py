"""Makes the demo's users, all with one password, and lists them."""

from __future__ import annotations

from datetime import datetime

from flask_security import hash_password
from flask_security.datastore import UserDatastore

from core.store.accounts import AccountRow
from core.store.people import Membership, UserRow

DEMO_PASSWORD = "centralino-demo"
"""Of every demo user. The demo is for the own machine: never serve it to others."""

SITE = "demo.example"
"""Behind the @ of the installation's own users; a company's users have their plan before it."""


class DemoUsers:
    """Writes users. The password is hashed once: argon2 is slow on purpose.

    Args:
        users: where they are written.
        now: when they are made.
    """

    def __init__(self, users: UserDatastore, now: datetime) -> None:
        self._users = users
        self._now = now
        self._hashed = hash_password(DEMO_PASSWORD)

    def add(self, address: str, name: str, role: str, account: AccountRow | None = None) -> UserRow:
        """Write a user who has a role in an account, or in the installation.

        Only an admin may delete recordings; a supervisor may listen to them, an agent neither.
        """
        user = self._users.create_user(
            email=f"{address}.{SITE}" if account else f"{address}@{SITE}",
            name=name,
            password=self._hashed,
            created_at=self._now,
            confirmed_at=self._now,
        )
        Membership.create(
            user=user,
            account=account,
            role=role,
            may_listen=role in ("admin", "supervisor"),
            may_delete_recordings=role == "admin",
        )
        return user


def demo_users() -> list[tuple[str, str]]:
    """The demo's sign-ins as (address, what they may do); none in a database without a demo."""
    found = (
        Membership.select(Membership, UserRow)
        .join(UserRow)
        .where(UserRow.email.endswith(SITE))
        .order_by(UserRow.id)
    )
    return [(one.user.email, _what(one)) for one in found]


def _what(membership: Membership) -> str:
    account = membership.account
    if account is None:
        return f"{membership.role} of the installation"
    return f"{membership.role} of {account.name} (plan {account.plan})"
