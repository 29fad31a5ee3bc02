"""The base of every table, in the core and in plugins.

Tables are declared without a database; ``create_app`` binds them all, once. A table of account data
has a column ``account``, and is read through ``Table.of(account)``: the one place that builds the
wall between accounts.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, ClassVar

import peewee


class InstantField(peewee.DateTimeField):
    """An instant: aware in Python, UTC without a zone in both databases (P4)."""

    def db_value(self, value: datetime | None) -> datetime | None:
        """Refuse naive times: nobody could say which instant they mean."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{self.name} needs an instant with a zone, not {value!r}")
        return super().db_value(value.astimezone(UTC).replace(tzinfo=None))

    def python_value(self, value: Any) -> datetime | None:
        """Give the stored time its zone back."""
        value = super().python_value(value)
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        return value.replace(tzinfo=UTC) if value is not None else None


class JsonField(peewee.TextField):
    """Plain JSON as text: the same bytes on both databases, cheap to read by hand."""

    def db_value(self, value: Any) -> str | None:
        """To text, with sorted keys, so that equal values are equal texts."""
        return None if value is None else json.dumps(value, sort_keys=True, ensure_ascii=False)

    def python_value(self, value: str | None) -> Any:
        """From text."""
        return None if value is None else json.loads(value)


class Table(peewee.Model):
    """Base of all tables.

    ``configures_calls``: a change of a row may change what happens to the next call. Every save or
    delete through the model then raises the account's version, which drops snapshots (see
    ``core.store.snapshot``) in every process at the next event.
    """

    configures_calls: ClassVar[bool] = False

    @classmethod
    def of(cls, account: Any) -> peewee.ModelSelect:
        """The rows of one account, given as an id or as anything with an ``id``."""
        return cls.select().where(cls.account == getattr(account, "id", account))

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Write the row; in the same transaction tell the account's snapshots."""
        with self._meta.database.atomic():
            saved = super().save(*args, **kwargs)
            self._touch_account()
        return saved

    def delete_instance(self, *args: Any, **kwargs: Any) -> int:
        """Delete the row; in the same transaction tell the account's snapshots."""
        with self._meta.database.atomic():
            self._touch_account()
            return super().delete_instance(*args, **kwargs)

    def _touch_account(self) -> None:
        if self.configures_calls and self.account_id is not None:
            touch(self._meta.database, self.account_id)


def touch(database: peewee.Database, account_id: int) -> None:
    """Raise an account's version: whatever was remembered of its configuration is read again."""
    mark = database.param
    database.execute_sql(
        f"UPDATE accounts SET version = version + 1 WHERE id = {mark}",
        (account_id,),
    )
