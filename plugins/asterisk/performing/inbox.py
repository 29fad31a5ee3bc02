"""What happens to one call, in the order in which it happened; and its clock, which is Asterisk's.

A step reads its events one after the other. So two things that happen in the same instant have an
order, and whatever comes out of a race is what a script of the same events would say.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from plugins.asterisk.ari.events import happened_at

Happening = dict[str, Any]

NEVER = float("inf")

OVER = ("StasisEnd", "ChannelDestroyed")
"""A channel of which one of these is told is no longer ours."""


KEY = "ChannelDtmfReceived"
"""The caller, or somebody rung, has pressed a key and let it go."""


class CallerGone(Exception):
    """The caller has hung up, or was taken from us."""


class Inbox:
    """The events of a call.

    Args:
        channel: the caller's.
        now: when it began, until an event tells the time.
    """

    def __init__(self, channel: str, now: datetime | None = None) -> None:
        self.channel = channel
        self.gone_at: datetime | None = None
        self._events: deque[Happening] = deque()
        self._woken = asyncio.Event()
        self._told: datetime | None = None
        self._clock = (now or datetime.now(UTC), asyncio.get_running_loop().time())

    def take(self, event: Happening) -> None:
        """Something has happened; never blocks."""
        self._events.append(event)
        self._woken.set()

    def put_back(self, events: Sequence[Happening]) -> None:
        """What was not meant for who took it comes again, before all else."""
        self._events.extendleft(reversed(events))

    def clear(self, *, keep_keys: bool = False) -> None:
        """Forget what came for an earlier step: a key pressed then is no answer now.

        Args:
            keep_keys: there was no earlier step; who presses a key at once knows the menu.
        """
        keys = []
        while self._events:
            event = self._pop()
            if keep_keys and event["type"] == KEY:
                keys.append(event)
        self.put_back(keys)

    async def next(self, until: float = NEVER, *, even_gone: bool = False) -> Happening | None:
        """The next event.

        Args:
            until: by the loop's clock; how long to wait for one.
            even_gone: also when the caller is gone already.

        Returns:
            The event; None when it is too late.

        Raises:
            CallerGone: once the caller's end is the next event, and from then on.
        """
        while True:
            if self.gone_at and not even_gone:
                raise CallerGone
            if self._events:
                event = self._pop()
                if self._is_end(event) and not even_gone:
                    raise CallerGone
                return event
            if not await self._waited(until):
                return None

    def now(self) -> datetime:
        """The time by Asterisk's clock: that of the last event, and what has passed since."""
        at, then = self._clock
        return at + timedelta(seconds=asyncio.get_running_loop().time() - then)

    def lose_caller(self, at: datetime | None = None) -> None:
        """Asterisk says that there is no such channel any more; ``at``: since when, if known."""
        self.gone_at = self.gone_at or at or self.now()

    def _pop(self) -> Happening:
        event = self._events.popleft()
        at = happened_at(event)
        if self._told is None or at > self._told:  # what was put back is no news of the time
            self._told = at
            self._clock = (at, asyncio.get_running_loop().time())
        if self._is_end(event):
            self.gone_at = self.gone_at or at
        return event

    def _is_end(self, event: Happening) -> bool:
        return event["type"] in OVER and event["channel"]["id"] == self.channel

    async def _waited(self, until: float) -> bool:
        """Wait for an event; returns whether there is one."""
        self._woken.clear()
        seconds = until - asyncio.get_running_loop().time()
        if seconds <= 0:
            return False
        try:
            async with asyncio.timeout(None if until == NEVER else seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        return True
