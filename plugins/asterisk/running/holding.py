"""Which slots this process serves: looks for free ones, takes and renews them, gives them back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.api import StoreUnavailable
from plugins.asterisk.running.delivery import Delivery, EngineDown
from plugins.asterisk.running.leases import RENEW_SECONDS, Lease, Leases, choose, is_free
from plugins.asterisk.running.slot import Slot

log = logging.getLogger("centralino.asterisk")

LOOK_SECONDS = 1
"""How often a process looks for slots that nobody serves."""

KEPT = timedelta(seconds=10)
"""So long a slot beyond our share is kept, before it is offered to others again."""


@dataclass(slots=True)
class Held:
    """A slot that is ours since ``since``, and the task that serves it."""

    slot: Slot
    since: datetime
    serving: asyncio.Task[None]


class Holding:
    """The slots of this process.

    Args:
        delivery: the way to the engine.
        leases: the slots in the database.
        share: so many slots are ours at once; more, when nobody else wants them.
    """

    def __init__(self, delivery: Delivery, leases: Leases, share: int) -> None:
        self._delivery = delivery
        self._leases = leases
        self._share = share
        self._held: dict[int, Held] = {}
        self._free_since: dict[int, datetime] = {}

    async def run(self) -> None:
        """Look after the slots, for ever. A database that does not answer changes nothing: others
        cannot take our slots either."""
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
        await self._drop(
            id for id, held in self._held.items() if id not in ours or held.serving.done()
        )
        self._free_since = {
            lease.id: self._free_since.get(lease.id, now)
            for lease in leases
            if is_free(lease, now, me)
        }
        for lease in choose(leases, self._held, self._share, now, self._free_since):
            if await self._delivery.work(self._leases.take, lease, now):
                self._take(lease, now)
        await self._release(self._surplus(now))
        if renew and self._held:
            await self._delivery.work(self._leases.renew, list(self._held), now)

    async def stop(self) -> None:
        """Give all slots back; their calls stay as they are, for whoever comes next."""
        await self._release(list(self._held))

    def _take(self, lease: Lease, now: datetime) -> None:
        if lease.holder:
            log.info("%s of %s is adopted", lease.app, lease.server.name)
        slot = Slot(lease, self._delivery)
        self._held[lease.id] = Held(slot, now, asyncio.create_task(slot.serve()))

    def _surplus(self, now: datetime) -> list[int]:
        """What others may have, as far as no call would notice."""
        beyond = len(self._held) - self._share
        idle = [id for id, held in self._held.items() if held.slot.idle and now - held.since > KEPT]
        return idle[: max(0, beyond)]

    async def _release(self, ids: Iterable[int]) -> None:
        ids = list(ids)
        if ids:
            await self._drop(ids)
            await self._delivery.work(self._leases.release, ids)

    async def _drop(self, ids: Iterable[int]) -> None:
        """Serve slots no longer."""
        dropped = [self._held.pop(id) for id in list(ids)]
        for held in dropped:
            held.serving.cancel()
        ended = await asyncio.gather(*(held.serving for held in dropped), return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                log.error("a slot was not served", exc_info=error)
