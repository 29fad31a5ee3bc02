"""Exactly N units a month, with any number of processes, duplicates and crashes (plans.md §6).

The proof is in ``tests/plans/test_quota_race.py``, the reasoning in ``docs/decisions/quota.md``.
Statements are written by hand: as a model expression the same update costs ten times as much.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from core.contract.call import Account
from core.plans.decision import Decision, Reason
from core.plans.quota import balances, ledger
from core.plans.quota.counters import COLUMNS, Count, find_count, make_count, read_count
from core.plans.quota.ledger import Hold

if TYPE_CHECKING:
    from core.store.database import Store

NO_LIMIT = 2**62
"""Stands for ``unlimited`` in the condition, so that both are one statement."""

TAKE = f"""
UPDATE quota_counters SET held = held + 1
WHERE account_id = ? AND feature = ? AND period_start <= ? AND period_end > ?
  AND used + held + 1 <= ?
RETURNING {COLUMNS}
"""

TAKE_FROM_ROW = f"""
UPDATE quota_counters SET held = held + 1 WHERE id = ? AND used + held + 1 <= ?
RETURNING {COLUMNS}
"""

WARN = """
INSERT INTO quota_warnings (account_id, feature, counter_id, percent, units, limit_then, at)
VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (counter_id, percent) DO NOTHING
"""


class Quota:
    """Takes, settles and counts units.

    Args:
        store: the database of this installation.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def take(
        self,
        account: Account,
        decision_or_limit: Decision | int | str | None,
        feature: str,
        call_id: int,
        at: datetime,
    ) -> Decision:
        """Take one unit for a call, or say why there is none. A denial leaves nothing behind.

        The same call again gets its first decision again, however old, and takes nothing. A unit
        that was released since stays released: ``start`` then answers False.

        Args:
            account: whose unit.
            decision_or_limit: the plan's decision on the feature, as ``Grants.ask`` gave it to the
                call; or a bare limit, None for unlimited.
            feature: key of a quota feature.
            call_id: the call that takes it.
            at: the instant of the event; the unit belongs to the month that contains it.

        Raises:
            RuntimeError: no transaction is open, so that the unit and what it pays for could part.
        """
        if not self.store.database.in_transaction():
            raise RuntimeError("Quota.take() needs an open transaction.")
        plan = decision_or_limit
        if not isinstance(plan, Decision):
            plan = balances.of_limit(plan, feature)
        if not plan.allowed and plan.reason is not Reason.QUOTA_EXHAUSTED:
            return plan
        key = (account.id, feature, call_id)
        if not ledger.claim(self.store, key, plan.limit, at):
            return balances.granted(account, plan, *ledger.first_decision(self.store, key))
        count = self._increment(account, plan, at)
        if count is None:
            ledger.forget(self.store, key)
            return balances.denied(account, plan, find_count(self.store, account, feature, at))
        ledger.note(self.store, key, count)
        self._warn(account, plan, count, at)
        return balances.granted(account, plan, count, plan.limit)

    def start(self, account: Account, feature: str, call_id: int, at: datetime) -> bool:
        """Note, in the transaction that orders the recording, that it is ordered.

        Returns:
            True when the hold is started now or was before; False when it was released or never
            taken: then nothing may be recorded.
        """
        key = (account.id, feature, call_id)
        with self.store.connection():
            return ledger.start(self.store, key, at) or self._is(key, "started", "committed")

    def commit(self, account: Account, feature: str, call_id: int, at: datetime) -> bool:
        """Count a started unit as used: there is a recording with sound.

        Returns:
            True when it is committed now or was before; False from any other status.
        """
        key = (account.id, feature, call_id)
        with self.store.connection():
            return ledger.commit(self.store, key, at) or self._is(key, "committed")

    def release(self, account: Account, feature: str, call_id: int, at: datetime) -> bool:
        """Give a unit back: nothing was recorded, or nothing worth keeping.

        Returns:
            True when it is released now or was before; False when it was committed or never taken.
        """
        key = (account.id, feature, call_id)
        with self.store.connection():
            return ledger.release(self.store, key, at) or self._is(key, "released")

    def stale_holds(self, before: datetime, most: int = 200) -> list[Hold]:
        """Holds of all accounts that nobody has settled since an instant, oldest first.

        One that is still ``held`` surely recorded nothing: release it. One that is ``started`` is
        settled by evidence: is there a file with sound?

        Args:
            before: unchanged since this instant.
            most: how many at most.
        """
        with self.store.connection():
            return ledger.stale(self.store, before, most)

    def balance(
        self, account: Account, feature: str, limit: int | str | None, at: datetime
    ) -> Decision:
        """What is used, held and left of a bare limit in the month of an instant.

        Args:
            account: whose count.
            feature: key of a quota feature.
            limit: units a month, None for unlimited.
            at: any instant of the month.
        """
        return self.count(account, balances.of_limit(limit, feature), at)

    def count(self, account: Account, decision: Decision, at: datetime) -> Decision:
        """A plan's decision on a quota with the count of the month of an instant; takes nothing."""
        with self.store.connection():
            count = find_count(self.store, account, decision.feature, at)
        return balances.balance(account, decision, count)

    def _increment(self, account: Account, plan: Decision, at: datetime) -> Count | None:
        limit = NO_LIMIT if plan.limit is None else plan.limit
        if limit == 0:
            return None
        instant = self.store.instant(at)
        row = self.store.row(TAKE, (account.id, plan.feature, instant, instant, limit))
        if row is None:
            found = find_count(self.store, account, plan.feature, at)
            if found.id is None:
                found = make_count(self.store, account, plan.feature, at)
            row = self.store.row(TAKE_FROM_ROW, (found.id, limit))
        return read_count(row) if row else None

    def _warn(self, account: Account, plan: Decision, count: Count, at: datetime) -> None:
        """Write the thresholds this unit reached; a limit that shrank may reach several at once."""
        if plan.limit is None:
            return
        units = count.used + count.held
        reached = 100 * units / plan.limit
        due = [percent for percent in plan.warn_at if count.warned < percent <= reached]
        for percent in due:
            what = (percent, units, plan.limit, self.store.instant(at))
            self.store.execute(WARN, (account.id, plan.feature, count.id, *what))
        if due:
            self.store.execute(
                "UPDATE quota_counters SET warned = ? WHERE id = ?", (max(due), count.id)
            )

    def _is(self, key: ledger.Key, *statuses: str) -> bool:
        return ledger.status_of(self.store, key) in statuses
