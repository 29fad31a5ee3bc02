"""Which slots this process serves: looks for free ones, takes and renews them, gives them back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from core.api import StoreUnavailable
from plugins.asterisk.running.delivery import Delivery, EngineDown
from plugins.asterisk.running.leases import RENEW_SECONDS, Lease, Leases, choose, is_free
from plugins.asterisk.running.slot import Slot

log = logging.getLogger("centralino.asterisk")

LOOK_SECONDS = 1
"""How often a process looks for slots that nobody serves."""


class Holding:
    """The slots of this process.

    Args:
        delivery: the way to the engine.
        leases: the slots in the database.
    """

    def __init__(self, delivery: Delivery, leases: Leases) -> None:
        self._delivery = delivery
        self._leases = leases
        self._serving: dict[int, asyncio.Task[None]] = {}
        self._slots: dict[int, Slot] = {}

    async def run(self) -> None:
        """Look after the slots, for ever. A database that does not answer changes nothing: others
        cannot take our slots either."""
        log.info("%s looks for slots that nobody serves", self._leases.me)
        rounds = 0
        while True:
            try:
                await self.look(renew=rounds % RENEW_SECONDS == 0)
            except (StoreUnavailable, EngineDown) as error:
                log.warning("leases: %s", error)
            rounds += LOOK_SECONDS
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self, *, renew: bool) -> None:
        """One round.

        Args:
            renew: whether our leases are renewed in it.
        """
        now, me = self._delivery.board.now(), self._leases.me
        leases = await self._delivery.work(self._leases.look)
        ours = {lease.id for lease in leases if lease.holder == me}
        await self._drop(id for id, task in self._serving.items() if id not in ours or task.done())
        self._tell(leases)
        free = {lease.id for lease in leases if is_free(lease, now, me)}
        for lease in choose(leases, self._serving, me, free):
            if await self._delivery.work(self._leases.take, lease, now):
                self._take(lease)
        if renew and self._serving:
            await self._delivery.work(self._leases.renew, list(self._serving), now)

    async def stop(self) -> None:
        """Give all slots back; their calls stay as they are, for whoever comes next."""
        ids = list(self._serving)
        await self._drop(ids)
        await self._delivery.work(self._leases.release, ids)

    def _take(self, lease: Lease) -> None:
        if lease.holder:
            log.info("%s of %s is taken over from %s", lease.app, lease.server.name, lease.holder)
        slot = self._slots[lease.id] = Slot(lease, self._delivery)
        self._serving[lease.id] = asyncio.create_task(slot.serve())

    def _tell(self, leases: Iterable[Lease]) -> None:
        """A server may have another address or password by now: the next connection needs it."""
        for lease in leases:
            if lease.id in self._serving:
                self._slots[lease.id].lease = lease

    async def _drop(self, ids: Iterable[int]) -> None:
        """Serve slots no longer."""
        dropped = [self._serving.pop(id) for id in list(ids)]
        for task in dropped:
            task.cancel()
        await asyncio.gather(*dropped, return_exceptions=True)
