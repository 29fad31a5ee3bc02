"""Gateways, the numbers they bring calls for, and each number's profile."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import peewee

from core.contract.call import Account, Line, LineKind
from core.store.accounts import AccountRow
from core.store.table import JsonField, Table


class GatewayRow(Table):
    """A provider's project or a PBX: where an account's calls come from.

    ``secret`` signs webhooks (token or signing key) and is never shown again; ``public_url`` is the
    address under which the provider reaches us, ``api_url`` where recordings are fetched from.
    """

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", backref="gateways")
    kind = peewee.CharField(30)
    provider = peewee.CharField(30)
    name = peewee.CharField(120)
    ref = peewee.CharField(120, default="")
    secret = peewee.CharField(255, default="")
    public_url = peewee.CharField(255, default="")
    api_url = peewee.CharField(255, default="")
    api_secret = peewee.CharField(255, default="")

    class Meta:
        """A gateway's name is unique in its account."""

        table_name = "gateways"
        indexes = ((("account", "name"), True),)

    def __str__(self) -> str:
        return self.name


class LineRow(Table):
    """A number with its settings card (N1)."""

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", backref="lines")
    gateway = peewee.ForeignKeyField(GatewayRow, null=True, on_delete="SET NULL")
    number = peewee.CharField(20, unique=True)
    name = peewee.CharField(120, default="")
    kind = peewee.CharField(20, default=LineKind.RENTED)
    timezone = peewee.CharField(64, default="")
    backup_number = peewee.CharField(20, default="")
    backup_line = peewee.ForeignKeyField("self", null=True, on_delete="SET NULL")

    class Meta:
        """A number belongs to one account of the installation."""

        table_name = "lines"

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this number keeps its hours: its own, else its account's (W1)."""
        return ZoneInfo(self.timezone or self.account.timezone)

    def picture(self, account: Account) -> Line:
        """The frozen picture that hooks are shown.

        Args:
            account: whose number it is.
        """
        zone = self.timezone or account.timezone
        return Line(self.id, self.number, self.name, LineKind(self.kind), zone)

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()


class LineProfile(Table):
    """What one number says of one plugin: on or off, and the stored settings (N2)."""

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    line = peewee.ForeignKeyField(LineRow, on_delete="CASCADE", backref="profiles")
    plugin = peewee.CharField(60)
    on = peewee.BooleanField()
    stored = JsonField(default=dict)

    class Meta:
        """One profile per number and plugin."""

        table_name = "line_profiles"
        indexes = ((("line", "plugin"), True),)
