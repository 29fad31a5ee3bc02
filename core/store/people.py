"""Users who sign in, what they may do where, and employees who are rung."""

from __future__ import annotations

import hashlib
import secrets

import peewee
from flask_security import UserMixin

from core.contract.call import Employee
from core.store.accounts import AccountRow
from core.store.table import InstantField, JsonField, Table


class UserRow(UserMixin, Table):
    """Somebody who signs in; the columns are those Flask-Security works with.

    Its own roles stay empty: what a user may do stands in ``Membership``, per account. UserMixin
    comes first, or the session would carry peewee's ``get_id`` instead of ``fs_uniquifier``.
    """

    email = peewee.CharField(255, unique=True)
    name = peewee.CharField(120, default="")
    password = peewee.CharField(255, null=True)
    active = peewee.BooleanField(default=True)
    language = peewee.CharField(5, default="")
    fs_uniquifier = peewee.CharField(64, unique=True)
    tf_primary_method = peewee.CharField(64, null=True)
    tf_totp_secret = peewee.CharField(255, null=True)
    mf_recovery_codes = JsonField(null=True)
    confirmed_at = InstantField(null=True)
    created_at = InstantField(null=True)

    class Meta:
        """People who sign in."""

        table_name = "users"

    @property
    def roles(self) -> list[str]:
        """Always empty (see ``Membership``)."""
        return []

    @roles.setter
    def roles(self, value: object) -> None:
        """Flask-Security hands the model an empty list when it creates a user."""

    def __str__(self) -> str:
        return self.name or self.email


class EmployeeRow(Table):
    """A person of an account who can be rung; ``user`` lets them use their own page."""

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", backref="employees")
    user = peewee.ForeignKeyField(UserRow, null=True, on_delete="SET NULL")
    name = peewee.CharField(120)
    extension = peewee.CharField(4, default="")
    sip = peewee.CharField(255, default="")
    mobile = peewee.CharField(20, default="")
    other_number = peewee.CharField(20, default="")
    department = peewee.CharField(60, default="")
    available = peewee.BooleanField(default=True)

    class Meta:
        """An extension is taken once in an account; many may have none."""

        table_name = "employees"
        indexes = ((("account", "name"), False),)

    def picture(self) -> Employee:
        """The frozen picture that hooks are shown."""
        return Employee(
            self.id,
            self.name,
            self.extension,
            self.sip,
            self.mobile,
            self.other_number,
            self.available,
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.extension})" if self.extension else self.name


EmployeeRow.add_index(
    EmployeeRow.account,
    EmployeeRow.extension,
    unique=True,
    where=(EmployeeRow.extension != ""),
    name="employees_extension",
)


class Membership(Table):
    """What a user may do (S5): in one account, or, without one, in the installation.

    Roles in an account: ``admin``, ``supervisor``, ``agent``; in the installation: ``operator``,
    ``billing``.
    """

    user = peewee.ForeignKeyField(UserRow, on_delete="CASCADE", backref="memberships")
    account = peewee.ForeignKeyField(AccountRow, null=True, on_delete="CASCADE")
    role = peewee.CharField(20)
    may_listen = peewee.BooleanField(default=False)
    may_delete_recordings = peewee.BooleanField(default=False)

    class Meta:
        """One role per user and account."""

        table_name = "memberships"
        indexes = ((("user", "account"), True),)

    def __str__(self) -> str:
        return str(self.user)


class ApiToken(Table):
    """A key with which a program acts for a user in one account or, without one, in the
    installation; only its hash is stored."""

    user = peewee.ForeignKeyField(UserRow, on_delete="CASCADE", backref="tokens")
    account = peewee.ForeignKeyField(AccountRow, null=True, on_delete="CASCADE")
    name = peewee.CharField(120)
    hashed = peewee.CharField(64, unique=True)
    created_at = InstantField()

    class Meta:
        """Listed on the user's own page."""

        table_name = "api_tokens"

    @staticmethod
    def hash(token: str) -> str:
        """What is stored of a token. It is random and long, so that a plain hash is enough."""
        return hashlib.sha256(token.encode()).hexdigest()

    @staticmethod
    def new() -> str:
        """A new token, to be shown once."""
        return "ct_" + secrets.token_urlsafe(32)


TABLES = (UserRow, EmployeeRow, Membership, ApiToken)
