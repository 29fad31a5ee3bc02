"""Prepares the database: the migrations of the core and of every plugin, one history each.

Nothing locks this against itself; run it as one step of an installation, not in every process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playhouse.migrations import Runner

from core import registry as registries
from core.config import PROJECT, Config
from core.registry import Registry
from core.store.database import Store

CORE = PROJECT / "core" / "migrations"


def migrate(config: Config, registry: Registry | None = None) -> list[str]:
    """Apply what was not applied yet; returns the names, such as ``ivr 0001_initial``.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    with _opened(config) as store:
        return [
            f"{owner} {name}"
            for owner, runner in runners(store, registry or registries.load())
            for name in runner.up()
        ]


def pending(config: Config, registry: Registry | None = None) -> list[str]:
    """The names of the migrations that were not applied yet."""
    with _opened(config) as store:
        return [
            f"{owner} {step.name}"
            for owner, runner in runners(store, registry or registries.load())
            for step in runner.status()
            if step.path and not step.applied
        ]


@contextmanager
def _opened(config: Config) -> Iterator[Store]:
    """The database, for the length of a command; no connection stays behind."""
    store = Store(config.database)
    try:
        with store.connection():
            yield store
    finally:
        store.database.close_all()


def folders(registry: Registry) -> list[tuple[str, Path]]:
    """Where the migrations of the core and of each plugin are, the core first."""
    found = [("core", CORE)]
    for name, installed in sorted(registry.plugins.items()):
        file = getattr(installed.module, "__file__", None)
        if file:
            found.append((name, Path(file).parent / "migrations"))
    return found


def runners(store: Store, registry: Registry) -> list[tuple[str, Runner]]:
    """What applies the migrations of each owner that has any."""
    return [
        (owner, Runner(store.database, str(folder), table_name=f"{owner}_migrations"))
        for owner, folder in folders(registry)
        if folder.is_dir()
    ]
