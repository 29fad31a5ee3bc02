"""What the migrations make is what the tables say, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import peewee
import pytest
from playhouse.schema_diff import diff_models

from core import registry as registries
from core.app import bind, tables
from core.config import Config
from core.migrating import migrate, pending
from core.store.audit import AuditEntry, note
from core.store.database import Store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Config:
    """An empty database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    return Config(tmp_path, url, Path("plans.yaml"), "a key")


def test_migrated_and_declared_are_the_same(config: Config):
    registry = registries.load()
    assert pending(config, registry)
    assert migrate(config, registry)
    assert not pending(config, registry)
    assert migrate(config, registry) == []

    store = Store(config.database)
    with store.connection():
        bind(store, registry)
        difference = str(diff_models(store.database, tables(registry)))
        nulls = {
            (table, column.name): column.null
            for table in tables(registry)
            for column in store.database.get_columns(table._meta.table_name)
        }
        declared = {
            (table, field.column_name): field.null
            for table in tables(registry)
            for field in table._meta.sorted_fields
        }
    store.database.close_all()
    assert difference == ""
    assert nulls == declared  # which diff_models does not compare


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET author = 'somebody else'",
        "UPDATE audit_entries SET message = '' WHERE id = 1",
        "DELETE FROM audit_entries",
    ],
)
def test_the_audit_is_only_ever_added_to(config: Config, statement: str):
    registry = registries.load()
    migrate(config, registry)
    store = Store(config.database)
    with store.connection():
        bind(store, registry)
        entry = note(NOON, "bill@example.com", "account.plan", "basic", before="free")
        with pytest.raises(peewee.DatabaseError, match="only ever added"):
            store.execute(statement)
        if not store.sqlite:
            store.database.rollback()
        kept = AuditEntry.select().dicts().get()
        assert kept["id"] == entry.id
        assert (kept["author"], kept["before"]) == ("bill@example.com", "free")
    store.database.close_all()
