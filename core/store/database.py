"""Opens the database and sends it the few statements of the call path that are written by hand.

peewee's model layer costs five to ten times the same statement sent by hand; pages and plugins do
not notice, a webhook does. Hand-written statements use ``?`` and are translated for PostgreSQL.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from typing import Any

import peewee
from peewee import __exception_wrapper__ as peewee_errors
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

from core.contract.errors import BadInput, StoreUnavailable

BUSY_SECONDS = 4
"""How long a writer waits for its turn on SQLite; a provider waits five seconds in all."""

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",  # an answer the provider acted on survives a power cut
    "foreign_keys": 1,
}
"""How each connection to SQLite is set up."""

_GONE = {
    "tcp_user_timeout": 5000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
"""When a PostgreSQL that is reached over a network and says nothing more counts as gone: after some
seconds (the first is in milliseconds), where the system itself waits a quarter of an hour."""


class Store:
    """One database of one installation.

    Args:
        url: ``sqlite:///PATH`` or ``postgresql://user:password@host/name``.

    Raises:
        BadInput: the address names another kind of database.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.database = _open(url)
        self.sqlite = isinstance(self.database, peewee.SqliteDatabase)
        self._turn = Lock()

    @contextmanager
    def connection(self) -> Iterator[None]:
        """A connection from the pool for this thread; nested use shares the outer one.

        Raises:
            StoreUnavailable: the database does not answer.
        """
        opened = self.open()
        try:
            yield
        finally:
            if opened:
                self.close()

    def open(self) -> bool:
        """Take a connection for this thread; False when it has one already."""
        try:
            if not self.sqlite and not self.database.is_closed():
                self._drop_broken()
            return bool(self.database.connect(reuse_if_open=True))
        except (peewee.OperationalError, peewee.InterfaceError) as error:
            told = " ".join(str(error).split())  # PostgreSQL's own words fill several lines
            raise StoreUnavailable(f"The database does not answer: {told}") from error

    def _drop_broken(self) -> None:
        """A thread keeps its connection between two pieces of work; the server may be gone."""
        if self.database.connection().closed:
            self.close()

    def close(self) -> None:
        """Give this thread's connection back to the pool."""
        if not self.database.is_closed():
            self.database.close()

    def renew(self) -> None:
        """Really close this thread's connection, which another thread may still use, and take
        another one."""
        if not self.database.in_transaction():
            self.database.manual_close()
            self.open()

    def lend(self) -> Callable[[], AbstractContextManager[None]]:
        """Let another thread work on this thread's connection, within its open transaction.

        Returns:
            A context manager for the other thread, while this one waits for it.
        """
        lender = self.database._state
        lent = {"conn": lender.conn, "closed": False, "ctx": []}
        transactions = list(lender.transactions)

        @contextmanager
        def borrow() -> Iterator[None]:
            mine = self.database._state.__dict__
            kept = dict(mine)
            mine.update(lent, transactions=list(transactions))
            try:
                yield
            finally:
                mine.update(kept)

        return borrow

    def transaction(self) -> Any:
        """One short write transaction; on SQLite it takes the write lock at once (P2).

        Raises:
            StoreUnavailable: on SQLite, another writer of this process does not come to its end.
        """
        if self.sqlite and not self.database.in_transaction():
            return self._in_turn()
        return self.database.atomic()

    @contextmanager
    def _in_turn(self) -> Iterator[Any]:
        """SQLite's own waiting sleeps ever longer, whoever came first: at forty calls a second in
        one process the slowest writer of a hundred waited for seconds. The threads of a process
        queue here instead, and meet only those of other processes there."""
        turn = self._turn
        if not turn.acquire(timeout=BUSY_SECONDS):
            raise StoreUnavailable("The database is busy with another change.")
        try:
            with self.database.atomic() as transaction:
                yield transaction
        finally:
            turn.release()

    def end_turn(self) -> None:
        """A writer that overstayed has lost its connection, and with it SQLite's write lock: who
        comes next does not wait for its thread."""
        self._turn = Lock()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple]:
        """Send a hand-written query and read all its rows."""
        return self._send(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> tuple | None:
        """Send a hand-written query and read its first row."""
        return self._send(sql, parameters).fetchone()

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Send a hand-written statement; returns how many rows it touched."""
        return self._send(sql, parameters).rowcount

    def _send(self, sql: str, parameters: Sequence[Any]) -> Any:
        """To SQLite's own connection: a third of the way through peewee's ``execute_sql``."""
        if not self.sqlite:
            return self.database.execute_sql(_percent(sql), parameters)
        with peewee_errors:
            return self.database.connection().execute(sql, parameters)

    def instant(self, at: datetime) -> Any:
        """An instant as hand-written statements store it: UTC, without its zone."""
        return _text(at) if self.sqlite else at.astimezone(UTC).replace(tzinfo=None)


def read_instant(value: str | datetime | None) -> datetime | None:
    """An instant as a hand-written query returns it, made aware again."""
    if value is None:
        return None
    naive = datetime.fromisoformat(value) if isinstance(value, str) else value
    return naive.replace(tzinfo=UTC)


@lru_cache(maxsize=256)
def _text(at: datetime) -> str:
    """One event writes its instant into half a dozen rows."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


@lru_cache(maxsize=256)
def _percent(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


def _open(url: str) -> peewee.Database:
    if url.startswith("sqlite:///"):
        path = url.removeprefix("sqlite:///")
        _make_private(path)
        return PooledSqliteDatabase(
            path,
            max_connections=256,
            timeout=BUSY_SECONDS,
            check_same_thread=False,  # P1: the pool hands a connection from thread to thread
            lock_type="IMMEDIATE",  # P2
            pragmas=PRAGMAS | {"busy_timeout": BUSY_SECONDS * 1000},
        )
    if url.startswith(("postgresql://", "postgres://")):
        return PooledPostgresqlDatabase(
            url, max_connections=64, prefer_psycopg3=True, connect_timeout=3, **_GONE
        )
    shown = re.sub("//.*@", "//…@", url)  # without the password
    raise BadInput(
        f"{shown!r} is no database address; use sqlite:///PATH or postgresql://HOST/NAME."
    )


def _make_private(path: str) -> None:
    """Make a new database its owner's alone; SQLite gives the files beside it the same rights.
    Others are let through the data folder: Asterisk plays sounds from it."""
    if path != ":memory:":
        with suppress(OSError):  # it is there, or SQLite says better what is wrong
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
