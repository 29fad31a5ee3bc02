"""Finds or makes the row that counts a feature in the month of an instant (plans.md §6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.contract.call import Account
from core.plans.periods import Period, period_after
from core.store.database import read_instant

if TYPE_CHECKING:
    from core.store.database import Store


@dataclass(frozen=True, slots=True)
class Count:
    """What is counted of one feature in one period; ``id`` is None while nothing is."""

    id: int | None
    start: datetime
    end: datetime
    used: int = 0
    held: int = 0
    warned: int = 0


COLUMNS = "id, period_start, period_end, used, held, warned"


def read_count(row: tuple) -> Count:
    """A row of ``COLUMNS``."""
    return Count(row[0], read_instant(row[1]), read_instant(row[2]), *row[3:])


def find_count(store: Store, account: Account, feature: str, at: datetime) -> Count:
    """The count of the period that contains an instant; one of zero when there is no row yet.

    The row is found by its interval. Where a late event would begin a period that overlaps a row
    which is there already, that row counts it: a unit too few is asked for twice, never granted
    twice.
    """
    row = store.row(
        f"SELECT {COLUMNS} FROM quota_counters WHERE account_id = ? AND feature = ?"
        " AND period_start <= ? AND period_end > ?",
        (*_key(store, account, feature, at), store.instant(at)),
    )
    if row is not None:
        return read_count(row)
    start, end = _period(store, account, feature, at)
    overlapping = store.row(
        f"SELECT {COLUMNS} FROM quota_counters WHERE account_id = ? AND feature = ?"
        " AND period_start >= ? AND period_start < ? ORDER BY period_start LIMIT 1",
        (*_key(store, account, feature, start), store.instant(end)),
    )
    return read_count(overlapping) if overlapping else Count(None, start, end)


def make_count(store: Store, account: Account, feature: str, at: datetime) -> Count:
    """The row of the period that contains an instant, made when it is missing.

    PostgreSQL locks the account's row first: two processes that know different time zones of the
    account must not make two overlapping periods. SQLite's write lock does the same.
    """
    if not store.sqlite:
        store.rows("SELECT id FROM accounts WHERE id = ? FOR NO KEY UPDATE", (account.id,))
    count = find_count(store, account, feature, at)
    if count.id is None:
        store.execute(
            "INSERT INTO quota_counters"
            " (account_id, feature, period_start, period_end, used, held, warned)"
            " VALUES (?, ?, ?, ?, 0, 0, 0)",
            (account.id, feature, store.instant(count.start), store.instant(count.end)),
        )
        count = find_count(store, account, feature, at)
    return count


def _period(store: Store, account: Account, feature: str, at: datetime) -> Period:
    last = store.row(
        "SELECT MAX(period_end) FROM quota_counters"
        " WHERE account_id = ? AND feature = ? AND period_end <= ?",
        _key(store, account, feature, at),
    )
    return period_after(read_instant(last[0]), at, account.zone)


def _key(store: Store, account: Account, feature: str, at: datetime) -> tuple[Any, ...]:
    return account.id, feature, store.instant(at)
