"""Settles units of recordings that nobody reported: no evidence of sound, the unit comes back."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.plans.quota.units import Hold, Quota
from core.store.accounts import AccountRow
from core.store.database import Store

PATIENCE = timedelta(hours=24)
"""How long a provider may take to report a recording it was ordered to make."""


class Settler:
    """Gives back the units of holds for which no recording ever turned up."""

    def __init__(self, store: Store, quota: Quota) -> None:
        self._store = store
        self._quota = quota

    def settle_due(self, now: datetime) -> int:
        """Release every hold older than a day whose call has no recording; returns how many."""
        stale = [
            hold for hold in self._quota.stale_holds(now - PATIENCE) if not self._reported(hold)
        ]
        for hold in stale:
            account = AccountRow.get_by_id(hold.account_id).picture()
            with self._store.transaction():
                self._quota.release(account, hold.feature, hold.call_id, now)
        return len(stale)

    def _reported(self, hold: Hold) -> bool:
        """Whether the provider has, or we have, a recording of the hold's call; one that began, and
        whose end nobody told, is none."""
        return bool(
            self._store.row(
                "SELECT 1 FROM recordings WHERE call_id = ? AND kind = 'conversation'"
                " AND status IN ('announced', 'stored')",
                (hold.call_id,),
            )
        )
