"""The ledger of quota units: one hold per account, feature and call (plans.md §6).

A hold is ``held``, then ``started``, then ``committed``; or ``released`` from one of the first two.
Whoever changes a hold's status changes the counter in the same transaction, and whoever moves it
first is the only one who does. The hold always comes before its counter: with one order of locks,
PostgreSQL finds no deadlock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from core.plans.quota.counters import Count, read_count
from core.store.database import read_instant

if TYPE_CHECKING:
    from core.store.database import Store

Key = tuple[int, str, int]
"""Account id, feature, call id."""

CLAIM = """
INSERT INTO quota_holds (account_id, feature, call_id, status, limit_then, taken_at, changed_at)
VALUES (?, ?, ?, 'held', ?, ?, ?)
ON CONFLICT (account_id, feature, call_id) DO NOTHING
"""

NOTE = """
UPDATE quota_holds SET counter_id = ?, used_then = ?, held_then = ?
WHERE account_id = ? AND feature = ? AND call_id = ?
"""

FIRST = """
SELECT c.id, c.period_start, c.period_end, h.used_then, h.held_then, c.warned, h.limit_then
FROM quota_holds h JOIN quota_counters c ON c.id = h.counter_id
WHERE h.account_id = ? AND h.feature = ? AND h.call_id = ?
"""

START = """
UPDATE quota_holds SET status = 'started', changed_at = ?
WHERE account_id = ? AND feature = ? AND call_id = ? AND status = 'held'
"""

COMMIT = """
UPDATE quota_holds SET status = 'committed', changed_at = ?
WHERE account_id = ? AND feature = ? AND call_id = ? AND status = 'started'
RETURNING counter_id
"""

RELEASE = """
UPDATE quota_holds SET status = 'released', changed_at = ?
WHERE account_id = ? AND feature = ? AND call_id = ? AND status IN ('held', 'started')
RETURNING counter_id
"""

STALE = """
SELECT account_id, feature, call_id, status, taken_at, changed_at FROM quota_holds
WHERE status IN ('held', 'started') AND changed_at < ? ORDER BY changed_at LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold that nobody has settled."""

    account_id: int
    feature: str
    call_id: int
    status: str
    taken_at: datetime
    changed_at: datetime


def claim(store: Store, key: Key, limit: int | None, at: datetime) -> bool:
    """Enter a hold before anything is counted; False when this call has one already.

    On PostgreSQL this waits for another transaction that is entering the same hold.
    """
    now = store.instant(at)
    return bool(store.execute(CLAIM, (*key, limit, now, now)))


def note(store: Store, key: Key, count: Count) -> None:
    """Complete a new hold with its counter and its first decision."""
    store.execute(NOTE, (count.id, count.used, count.held, *key))


def forget(store: Store, key: Key) -> None:
    """Take a new hold back out, when no unit was left for it."""
    store.execute(
        "DELETE FROM quota_holds WHERE account_id = ? AND feature = ? AND call_id = ?", key
    )


def first_decision(store: Store, key: Key) -> tuple[Count, int | None]:
    """The count and the limit with which this call was granted its unit."""
    row = store.row(FIRST, key)
    return read_count(row[:6]), row[6]


def status_of(store: Store, key: Key) -> str:
    """A hold's status, "" when this call has none."""
    row = store.row(
        "SELECT status FROM quota_holds WHERE account_id = ? AND feature = ? AND call_id = ?", key
    )
    return row[0] if row else ""


def start(store: Store, key: Key, at: datetime) -> bool:
    """From held to started."""
    return bool(store.execute(START, (store.instant(at), *key)))


def commit(store: Store, key: Key, at: datetime) -> bool:
    """From started to committed, and the counter with it."""
    return _settle(store, COMMIT, (store.instant(at), *key), used=1)


def release(store: Store, key: Key, at: datetime) -> bool:
    """From held or started to released, and the counter with it."""
    return _settle(store, RELEASE, (store.instant(at), *key), used=0)


def stale(store: Store, before: datetime, most: int) -> list[Hold]:
    """Unsettled holds of all accounts, unchanged since an instant, oldest first."""
    rows = store.rows(STALE, (store.instant(before), most))
    return [Hold(*row[:4], read_instant(row[4]), read_instant(row[5])) for row in rows]


def _settle(store: Store, move: str, parameters: Sequence[object], used: int) -> bool:
    with store.transaction():
        row = store.row(move, parameters)
        if row is not None:
            store.execute(
                "UPDATE quota_counters SET held = held - 1, used = used + ? WHERE id = ?",
                (used, row[0]),
            )
    return row is not None
