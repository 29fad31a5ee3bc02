"""Has gateways remove their own copies of recordings that are ours now, or never will be."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from core.calls.tables import CallRow
from core.contract.errors import NotFound
from core.contract.plugin import GatewayKind
from core.store.database import Store
from core.store.lines import GatewayRow

log = logging.getLogger("centralino.jobs")

AT_ONCE = 50
"""How many copies one round has removed."""

AGAIN = timedelta(minutes=10)
"""How long after a failure a gateway is asked again; it may be down."""


class Discarder:
    """Removes copies.

    Args:
        gateways: the kinds of gateway; one without ``discard`` keeps its copies.
    """

    def __init__(self, store: Store, gateways: Mapping[str, GatewayKind]) -> None:
        self._store = store
        self._gateways = gateways

    def discard_due(self, now: datetime) -> int:
        """Remove every copy that is due by ``now``; returns how many were tried."""
        rows = self._store.rows(
            "SELECT id, call_id, url FROM recordings WHERE discard_at <= ?"
            " ORDER BY discard_at LIMIT ?",
            (self._store.instant(now), AT_ONCE),
        )
        for recording_id, call_id, url in rows:
            again = None if self._discarded(recording_id, call_id, url) else now + AGAIN
            self._store.execute(
                "UPDATE recordings SET discard_at = ? WHERE id = ?",
                (again and self._store.instant(again), recording_id),
            )
        return len(rows)

    def _discarded(self, recording_id: int, call_id: int, url: str) -> bool:
        """Whether there is no copy any more, or nobody who could remove it."""
        gateway = (
            GatewayRow.select()
            .join(CallRow, on=CallRow.gateway == GatewayRow.id)
            .where(CallRow.id == call_id)
            .first()
        )
        kind = self._gateways.get(gateway.kind) if gateway else None
        if kind is None or kind.discard is None:
            return True
        try:
            kind.discard(gateway, url)
        except NotFound:
            return True
        except Exception as error:  # a gateway's mistake must not stop the other recordings
            log.info("The copy of recording %d was not removed: %s", recording_id, error)
            return False
        return True
