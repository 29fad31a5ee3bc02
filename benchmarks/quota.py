"""A unit of a quota, taken and started in one transaction, beside the raw conditional upsert.

The upsert is the least that counts to a limit at all: one statement on one row, sent by raw
``sqlite3``, committed as durably. What ours does beyond it: it keeps a ledger of who has which
unit, so that a duplicate takes none and a crash loses none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import perf_counter

from benchmarks.installation import installed, make_account
from benchmarks.ratio import Ratio, in_turns
from core.api import Feature, FeatureKind, Plugin, hookimpl
from core.plans.quota.units import Quota
from core.registry import load
from core.store.accounts import AccountRow

PLAN, FEATURE, LIMIT = "measured", "desk.units", 1_000_000_000
AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
UNITS = 300
"""How many units one measurement takes."""

GOAL = 0.6

PLANS = f"""
schema: 1
plans:
  {PLAN}:
    title: Measured
    features: {{desk: true, {FEATURE}: 100}}
"""

UPSERT = """
INSERT INTO counters (account_id, feature, period, used) VALUES (?, ?, ?, 1)
ON CONFLICT (account_id, feature, period) DO UPDATE SET used = used + 1 WHERE used + 1 <= ?
RETURNING used
"""


class Desk:
    """A plugin with a quota."""

    @hookimpl
    def register_plugin(self) -> Plugin:
        features = (Feature("desk", "Desk"), Feature(FEATURE, "Units", FeatureKind.QUOTA))
        return Plugin("desk", "Desk", features=features)


def run(folder: Path, rounds: int) -> list[Ratio]:
    """Measure.

    Args:
        folder: an empty one, on the disk that is to be measured.
        rounds: how often both are measured.
    """
    raw = _raw(folder / "raw.db")
    with installed(folder, PLANS, load(names=(), extra={"desk": Desk()})) as centralino:
        ours = _ours(centralino.quota, make_account(1, PLAN))
        taken = in_turns(rounds, _units(ours), _units(raw))
    return [Ratio("a unit, taken and started : raw upsert", *taken, "/s", GOAL)]


def _ours(quota: Quota, row: AccountRow) -> Callable[[], None]:
    account, calls = AccountRow.get_by_id(row.id).picture(), count(1)

    def take() -> None:
        call = next(calls)
        with quota.store.transaction():
            quota.take(account, LIMIT, FEATURE, call, AT)
            quota.start(account, FEATURE, call, AT)

    return take


def _raw(path: Path) -> Callable[[], None]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("PRAGMA synchronous = full")
    connection.execute(
        "CREATE TABLE counters (account_id INTEGER, feature TEXT, period TEXT, used INTEGER,"
        " PRIMARY KEY (account_id, feature, period))"
    )

    def take() -> None:
        connection.execute(UPSERT, (1, FEATURE, "2026-11", LIMIT)).fetchone()

    return take


def _units(take: Callable[[], None]) -> Callable[[], float]:
    def measure() -> float:
        start = perf_counter()
        for _ in range(UNITS):
            take()
        return UNITS / (perf_counter() - start)

    measure()
    return measure
