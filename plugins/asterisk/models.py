"""The tables of the gateway: servers and their slots, and an account's trunks and phones."""

from __future__ import annotations

import hashlib
from datetime import datetime

import peewee

from core.api import AccountRow, EmployeeRow, GatewayRow, InstantField, Table

KIND = "asterisk"
"""The kind stored in a gateway's row."""

REALM = "asterisk"
"""What phones hash their passwords with; Asterisk's own default."""

SLOTS = 4
"""Slots of a server that says nothing: how many processes can share its calls."""


class ServerRow(Table):
    """One Asterisk server, of the installation and not of an account.

    ``url`` is its ARI, with ``user`` and ``secret``; ``sip_host`` is where phones register and
    providers send calls to (host or host:port); ``slots`` is how many application names its
    dialplan spreads calls over.
    """

    name = peewee.CharField(20, unique=True)
    url = peewee.CharField(255)
    user = peewee.CharField(60)
    secret = peewee.CharField(255)
    sip_host = peewee.CharField(255)
    slots = peewee.IntegerField(default=SLOTS)

    class Meta:
        """An operator's list is sorted by name."""

        table_name = "asterisk_servers"

    def __str__(self) -> str:
        return self.name


class SlotRow(Table):
    """One application name of a server, ``centralino-<number>``, and the process that serves it:
    ``holder`` ("" for nobody) until ``until``, unless it renews its lease."""

    server = peewee.ForeignKeyField(
        ServerRow, on_delete="CASCADE", backref="slot_rows", index=False
    )
    number = peewee.IntegerField()
    holder = peewee.CharField(120, default="")
    until = InstantField(null=True)

    class Meta:
        """A slot is served by one process."""

        table_name = "asterisk_slots"
        indexes = ((("server", "number"), True),)

    @classmethod
    def held(cls, at: datetime) -> peewee.Expression:
        """The condition that somebody serves a slot at an instant."""
        return (cls.holder != "") & (cls.until > at)

    @property
    def process(self) -> str:
        """Its holder as people know it: the machine, and the process's id there."""
        host, _, rest = self.holder.partition(":")
        return f"{host.partition('/')[0]} ({rest.partition(':')[0]})"

    def __str__(self) -> str:
        return f"centralino-{self.number}"


class TrunkRow(Table):
    """The SIP connection of an account to its provider or its own PBX; made together with its
    ``gateway``, which numbers are connected to.

    ``host`` is where calls go out to (host or host:port); ``match`` is where they come from
    (addresses with commas; "" for ``host``); ``register`` signs in there with ``user`` and
    ``secret``; ``plus`` writes numbers with their +.
    """

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    gateway = peewee.ForeignKeyField(GatewayRow, unique=True, on_delete="CASCADE")
    server = peewee.ForeignKeyField(ServerRow, on_delete="RESTRICT")
    host = peewee.CharField(255)
    user = peewee.CharField(120, default="")
    secret = peewee.CharField(255, default="")
    register = peewee.BooleanField(default=False)
    match = peewee.CharField(400, default="")
    plus = peewee.BooleanField(default=True)

    class Meta:
        """Named by its gateway."""

        table_name = "asterisk_trunks"

    @property
    def endpoint(self) -> str:
        """What Asterisk calls it."""
        return f"trunk-{self.gateway_id}"

    def __str__(self) -> str:
        return self.gateway.name


class PhoneRow(Table):
    """The SIP phone of an employee. Of its password only the ``digest`` is kept."""

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    employee = peewee.ForeignKeyField(EmployeeRow, unique=True, on_delete="CASCADE")
    server = peewee.ForeignKeyField(ServerRow, on_delete="RESTRICT")
    digest = peewee.CharField(32)
    created_at = InstantField()

    class Meta:
        """One phone per employee."""

        table_name = "asterisk_phones"

    @property
    def endpoint(self) -> str:
        """What Asterisk calls it, and the user name that the phone signs in with."""
        return phone_name(self.employee_id)

    def __str__(self) -> str:
        return self.endpoint


def phone_name(employee: int) -> str:
    """The user name of an employee's phone.

    Args:
        employee: the employee's id.
    """
    return f"employee-{employee}"


def phone_digest(employee: int, password: str) -> str:
    """What is kept of a phone's password: the digest that SIP itself signs with (RFC 2617).

    Args:
        employee: the employee's id.
        password: in plain text.
    """
    told = f"{phone_name(employee)}:{REALM}:{password}"
    return hashlib.md5(told.encode(), usedforsecurity=False).hexdigest()


TABLES = (ServerRow, SlotRow, TrunkRow, PhoneRow)
