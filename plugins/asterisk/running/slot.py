"""A slot that is ours: connected for as long as we hold it, again and again."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic

from plugins.asterisk.ari.client import AriLost
from plugins.asterisk.running.care import care
from plugins.asterisk.running.delivery import Delivery
from plugins.asterisk.running.leases import Lease
from plugins.asterisk.running.session import Session

log = logging.getLogger("centralino.asterisk")

PAUSES = (0.1, 0.5, 1, 2, 5)
"""Seconds until the next try to connect; the last again and again."""

SAID_AGAIN_SECONDS = 60
"""How often the log says that a server is still away."""


class Slot:
    """Serves a slot.

    Args:
        lease: which one.
        delivery: the way to the engine.
    """

    def __init__(self, lease: Lease, delivery: Delivery) -> None:
        self.lease = lease
        self._delivery = delivery
        self._said = ("", 0.0)
        self._quiet_since = lease.alive_until

    async def serve(self) -> None:
        """Connect and serve until somebody else does: returns when Asterisk says so, and is
        cancelled when the lease is lost."""
        failed = 0
        while True:
            session = Session(self.lease, self._delivery, self._quiet_since)
            try:
                await session.connect()
                failed, self._said = 0, ("", 0.0)
                await self._serve(session)
            except AriLost as lost:
                if session.replaced:
                    log.warning("%s is served by somebody else now", self._name)
                    return
                self._say(str(lost))
            except Exception:
                log.exception("%s: the connection ends", self._name)
            await asyncio.sleep(PAUSES[min(failed, len(PAUSES) - 1)])
            failed += 1

    async def _serve(self, session: Session) -> None:
        log.info("%s: connected", self._name)
        session.start(care(session))
        try:
            await session.run()
        finally:
            self._quiet_since = self._delivery.board.now()

    @property
    def _name(self) -> str:
        return f"{self.lease.app} of {self.lease.server.name}"

    def _say(self, why: str) -> None:
        """Once, and then once a minute."""
        told, at = self._said
        if why != told or monotonic() - at >= SAID_AGAIN_SECONDS:
            log.warning("%s: not connected: %s", self._name, why)
            self._said = why, monotonic()
