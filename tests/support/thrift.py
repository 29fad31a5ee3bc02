"""What a test process does once, or cheaply, where each of its thousands of installations would do
it anew. What a test looks at is the same with it and without it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_security import core as security
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from peewee import SqliteDatabase

from core.store.database import PRAGMAS
from core.web import language

CHEAP = {"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
"""Of a password that nobody attacks; a real one costs a quarter of a second."""


@pytest.fixture(scope="session", autouse=True)
def thrift() -> Iterator[None]:
    """Passwords are cheap, templates, catalogues and tables are made once, and a commit does not
    wait for the disk: tests kill processes, never the machine."""
    empty: dict[tuple[type, ...], sqlite3.Connection] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRAGMAS, "synchronous", "off")
        patch.setitem(security._default_config, "PASSWORD_HASH_PASSLIB_OPTIONS", CHEAP)
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": Templates()})
        patch.setattr(language, "_compile", once(language._compile))
        create = copied(SqliteDatabase.create_tables, empty)
        patch.setattr(SqliteDatabase, "create_tables", create)
        yield
    for database in empty.values():
        database.close()


class Templates(BytecodeCache):
    """Compiled templates in memory; jinja compares each with its source before it is used."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give back what was kept."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


def once(write: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
    """A function that writes what comes of a source; a second time, what came of it before."""
    kept: dict[tuple[Path, int], bytes] = {}

    def write_once(source: Path, target: Path) -> None:
        version = source, source.stat().st_mtime_ns
        if version not in kept:
            write(source, target)
            kept[version] = target.read_bytes()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(kept[version])

    return write_once


def copied(
    create: Callable[..., None], empty: dict[tuple[type, ...], sqlite3.Connection]
) -> Callable[..., None]:
    """``create_tables`` that on a new SQLite copies what it made of the same tables before.

    Args:
        create: peewee's own.
        empty: gets a database without rows for each choice of tables.
    """

    def create_tables(database: SqliteDatabase, models: Iterable[type], **options: Any) -> None:
        models = tuple(models)
        if options or database.in_transaction() or database.get_tables():
            create(database, models, **options)
        elif models in empty:
            empty[models].backup(database.connection())
        else:
            create(database, models)
            empty[models] = sqlite3.connect(":memory:", check_same_thread=False)
            database.connection().backup(empty[models])

    return create_tables
