"""Closes calls whose last word never came, and gives back units that surely recorded nothing.

Providers promise neither order nor delivery: a ``completed`` may never arrive.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from core.calls.ending import end_call
from core.calls.journal import Journal
from core.calls.ringing import missing_result
from core.calls.writing import Writer
from core.contract.errors import Conflict
from core.contract.events import CallEnded
from core.store.database import Store

GRACE = timedelta(seconds=30)
"""How long after the end of the caller's leg a result may still say that somebody answered."""

LONGEST = timedelta(hours=6)
"""A call that has been open for longer is over, and nobody told us."""

AT_ONCE = 200
"""How many calls one round closes."""


class Closer:
    """Closes what was left open."""

    def __init__(self, store: Store, journal: Journal, writer: Writer) -> None:
        self._store = store
        self._journal = journal
        self._writer = writer

    def close_due(self, now: datetime) -> int:
        """Close every call that is over without an outcome; returns how many were tried."""
        instant = self._store.instant
        rows = self._store.rows(
            "SELECT id, gateway_id FROM calls WHERE outcome IS NULL"
            " AND (ended_at <= ? OR started_at <= ?) ORDER BY started_at LIMIT ?",
            (instant(now - GRACE), instant(now - LONGEST), AT_ONCE),
        )
        for call_id, gateway_id in rows:
            self._close(call_id, gateway_id or 0, now)
        return len(rows)

    def _close(self, call_id: int, gateway_id: int, now: datetime) -> None:
        found = self._journal.by_id(call_id)
        missing_result(found)
        found.state.pending = ""
        end_call(found, now, by_caller=True)
        try:
            self._writer.end(CallClosed(gateway_id, found.ref, now), found)
        except Conflict:
            return  # an event came after all; the next round looks again


class CallClosed(CallEnded):
    """The end that nobody reported."""

    @property
    def key(self) -> str:
        """Apart from the provider's own end, which may still come."""
        return "closed"
