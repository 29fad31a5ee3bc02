"""Tells plugins what has happened, apart from the call: each notice in a transaction of its own.

A notice is deleted in the transaction in which its plugin wrote, so it is heard exactly once
whatever is killed when. A plugin that overstays loses its connection, and with it the write lock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic
from typing import NamedTuple

from core.calls.asking import Asker
from core.calls.breaker import PAUSE
from core.calls.journal import Journal
from core.calls.runner import Runner, TooSlow
from core.calls.tables import RecordingRow
from core.calls.thinking import Thinker
from core.contract.errors import NotFound
from core.store.database import Store

SECONDS = 2.0
"""How long one plugin may take over one notice: on SQLite callers wait behind it for the write
lock, and give up after ``BUSY_SECONDS``."""

TRIES = 5
"""How often a notice is told to a plugin that fails; then it is dropped, the fault stays."""

AT_ONCE = 200
"""How many notices one round delivers."""


class Notice(NamedTuple):
    """A row of the table, as read by hand."""

    id: int
    call_id: int
    recording_id: int | None
    hook: str
    plugin: str
    tries: int


class Notices:
    """Delivers the notices that wait."""

    def __init__(self, store: Store, journal: Journal, thinker: Thinker, runner: Runner) -> None:
        self._store = store
        self._journal = journal
        self._thinker = thinker
        self._runner = runner

    def deliver_due(self, now: datetime) -> int:
        """Tell every notice that is due by ``now``; returns how many were tried."""
        rows = self._store.rows(
            "SELECT id, call_id, recording_id, hook, plugin, tries FROM notices"
            " WHERE at <= ? ORDER BY at, id LIMIT ?",
            (self._store.instant(now), AT_ONCE),
        )
        for row in rows:
            self._deliver(Notice(*row), now)
        return len(rows)

    def _deliver(self, notice: Notice, now: datetime) -> None:
        try:
            found = self._journal.by_id(notice.call_id)
        except NotFound:
            return
        asker = self._thinker.asker(found, found.call(now))
        if notice.plugin in asker.left_out:
            self._put_off(notice, notice.tries, now + PAUSE)
            return
        connections: list = []

        def tell() -> None:
            connections.append(self._store.database.connection())
            self._tell(notice, asker)

        try:
            self._runner.run(tell, asker, monotonic() + SECONDS, SECONDS)
        except TooSlow:
            connections[0].close()
            self._store.end_turn()
            asker.fault(notice.plugin, notice.hook, "too slow: its writing was undone")
        except _Failed:
            pass
        if asker.faults:
            self._postpone(notice, found, asker, now)

    def _tell(self, notice: Notice, asker: Asker) -> None:
        with self._store.transaction():
            claimed = self._store.execute("DELETE FROM notices WHERE id = ?", (notice.id,))
            if not claimed:
                return
            arguments = ()
            if notice.recording_id:
                arguments = (RecordingRow.get_by_id(notice.recording_id),)
            asker.one(notice.plugin, notice.hook, type(None), *arguments)
            if asker.faults:
                raise _Failed

    def _postpone(self, notice: Notice, found: object, asker: Asker, now: datetime) -> None:
        """Keep the fault; tell the plugin again later, with growing pauses, five times in all."""
        tries = notice.tries + 1
        again = now + timedelta(minutes=tries**2)
        with self._store.transaction():
            if tries >= TRIES:
                self._store.execute("DELETE FROM notices WHERE id = ?", (notice.id,))
            else:
                self._put_off(notice, tries, again)
            breaker = self._thinker.breaker
            faults = [(*fault, breaker.fault(fault[0], now)) for fault in asker.faults]
            self._journal.add_faults(found, faults, now)

    def _put_off(self, notice: Notice, tries: int, until: datetime) -> None:
        self._store.execute(
            "UPDATE notices SET tries = ?, at = ? WHERE id = ?",
            (tries, self._store.instant(until), notice.id),
        )


class _Failed(Exception):
    """Rolls the plugin's writing back; the fault is in the asker."""
