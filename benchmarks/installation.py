"""Installations to measure: some plugins on an empty SQLite database, as ``serve`` opens it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from core.app import Centralino, installation, tables
from core.config import Config
from core.registry import Registry
from core.store.accounts import AccountRow

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
"""When accounts that are measured were created."""


def configuration(folder: Path, plans: str) -> Config:
    """An installation in this folder with these plans; the database may be there already."""
    plan_file = folder / "plans.yaml"
    plan_file.write_text(plans)
    database = f"sqlite:///{folder / 'centralino.db'}"
    return Config(folder, database, plan_file, "for benchmarks only")


@contextmanager
def installed(folder: Path, plans: str, registry: Registry) -> Iterator[Centralino]:
    """A wired installation with all its tables; closed at the end of the block."""
    with installation(configuration(folder, plans), registry) as centralino:
        database = centralino.store.database
        database.create_tables(tables(registry))
        yield centralino
    database.close_all()


def make_account(place: int, plan: str) -> AccountRow:
    """An account of a plan."""
    return AccountRow.create(name=f"Account {place}", plan=plan, created_at=SINCE)
