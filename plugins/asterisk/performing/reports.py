"""What a call tells the engine: one thing after the other, without keeping the caller waiting."""

from __future__ import annotations

import asyncio
import logging

from core.api import CentralinoError, Event
from plugins.asterisk.instructions import Instruction
from plugins.asterisk.performing.ground import Ground

log = logging.getLogger("centralino.asterisk")


class Reports:
    """The way to the engine.

    Args:
        ground: delivers.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._last: asyncio.Task[Instruction | None] | None = None

    def tell(self, event: Event) -> None:
        """Tell some news behind all that was told before; nobody waits for it."""
        self._last = asyncio.create_task(self._deliver(event, self._last))

    async def conclude(self, event: Event) -> Instruction | None:
        """Tell how a step ended, when all news before it are told; returns what to do now."""
        self.tell(event)
        return await self.told()

    async def told(self) -> Instruction | None:
        """Wait until all is told; returns the answer to the last of it."""
        return await asyncio.shield(self._last) if self._last else None

    async def _deliver(
        self, event: Event, before: asyncio.Task[Instruction | None] | None
    ) -> Instruction | None:
        if before is not None:
            await asyncio.wait({before})
        try:
            return await self._ground.deliver(event)
        except CentralinoError as error:
            log.warning("%s was not taken: %s", event, error)
            return None
