"""Accounts, and what an account has switched on."""

from __future__ import annotations

import peewee

from core.contract.call import Account
from core.store.table import InstantField, Table, touch


class AccountRow(Table):
    """Who subscribes. Outside numbers are dialled only under ``dial_*`` (O8)."""

    name = peewee.CharField(120, unique=True)
    plan = peewee.CharField(60, index=True)
    timezone = peewee.CharField(64, default="Europe/Rome")
    country = peewee.CharField(2, default="IT")
    language = peewee.CharField(5, default="en")
    backup_number = peewee.CharField(20, default="")
    dial_countries = peewee.CharField(400, default="")
    dial_concurrent = peewee.IntegerField(default=4)
    dial_daily = peewee.IntegerField(default=200)
    version = peewee.IntegerField(default=1)
    created_at = InstantField()

    class Meta:
        """An operator's list is sorted by name. Only what was changed is written: a page that was
        read before must not take the version back."""

        table_name = "accounts"
        only_save_dirty = True

    def save(self, *args: object, **kwargs: object) -> object:
        """Write the row, and drop what was remembered of it."""
        with self._meta.database.atomic():
            saved = super().save(*args, **kwargs)
            touch(self._meta.database, self.id)
        return saved

    def picture(self) -> Account:
        """The frozen picture that hooks and the gate are shown."""
        return Account(
            self.id,
            self.name,
            self.plan,
            self.timezone,
            self.country,
            self.language,
            self.version,
        )

    def __str__(self) -> str:
        return self.name


class PluginSwitch(Table):
    """A plugin that an account has switched off or on; no row: on."""

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    plugin = peewee.CharField(60)
    on = peewee.BooleanField(default=True)

    class Meta:
        """One switch per plugin."""

        table_name = "plugin_switches"
        indexes = ((("account", "plugin"), True),)
