"""One live call: performs an instruction, tells how it ended, performs the next, until it is over.

All that it does can be done again: after a restart the same instruction is performed by another
process, which finds what is there already by its name. So whatever a step has made in Asterisk is
gone again before the step's end is told; only when nobody tells how the call goes on is something
left to sweep up.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any

from core.api import (
    CallEnded,
    Event,
    LegChanged,
    OpenCall,
    Result,
    ResultKind,
    RingOutcome,
    StepEnded,
)
from plugins.asterisk.ari.client import AriError
from plugins.asterisk.ari.events import UP
from plugins.asterisk.instructions import Instruction
from plugins.asterisk.media import Clip, media
from plugins.asterisk.names import call_ref, leg_of
from plugins.asterisk.performing.ending import hang_up, reject
from plugins.asterisk.performing.gathering import gather
from plugins.asterisk.performing.ground import Ground
from plugins.asterisk.performing.inbox import CallerGone, Happening, Inbox
from plugins.asterisk.performing.message import take_message
from plugins.asterisk.performing.playing import play
from plugins.asterisk.performing.reports import Reports
from plugins.asterisk.performing.ringing import ring
from plugins.asterisk.performing.waiting import wait

log = logging.getLogger("centralino.asterisk")

STEPS: dict[str, Callable[..., Awaitable[Result | None]]] = {
    "play": play,
    "gather": gather,
    "ring": ring,
    "wait": wait,
    "message": take_message,
    "hangup": hang_up,
    "reject": reject,
}
"""What performs which instruction; no result: the call is over."""

NOTHING = {
    "play": Result(ResultKind.PLAYED),
    "gather": Result(ResultKind.NO_INPUT),
    "ring": Result(ResultKind.RANG, ring=RingOutcome.FAILED),
    "wait": Result(ResultKind.WAITED),
    "message": Result(ResultKind.MESSAGE),
}
"""How a step ended that Asterisk refused to perform."""

LEAVING_SECONDS = 2
"""How long a channel may take to leave that was given to the dialplan."""


class LiveCall:
    """A call at Asterisk.

    Args:
        ground: the process's side.
        ref_channel: the id of the channel that came; it names the call for the engine.
        instruction: what to do first.
        gateway_id: over which the call came.
        resumed: what is known of a call that another process began.
        answering: the request that answers the caller, if it is sent already.
    """

    def __init__(
        self,
        ground: Ground,
        ref_channel: str,
        instruction: Instruction,
        gateway_id: int,
        resumed: OpenCall | None = None,
        answering: asyncio.Future[Any] | None = None,
    ) -> None:
        self.ground = ground
        self.instruction = instruction
        self.token = instruction.token
        self.inbox = Inbox(ref_channel)
        self.reports = Reports(ground)
        self.resumed = resumed
        self.afterwards: list[Event] = []
        self._ref_channel = ref_channel
        self._gateway = gateway_id
        self._answered = False
        self._answering = answering
        self._new = resumed is None
        self._things: dict[str, None] = {}

    @property
    def channel(self) -> str:
        """The channel of the party for whom the steps are performed: the caller's, or of whoever
        stays when the caller has transferred them."""
        return self.inbox.channel

    def take(self, event: Happening) -> None:
        """Asterisk tells something of this call; never blocks."""
        self.inbox.take(event)

    async def run(self) -> None:
        """Perform until the call is over, and leave nothing of it behind.

        Raises:
            AriLost: the connection is gone; the call stands as it was.
        """
        following: Instruction | None = self.instruction
        if self.resumed:
            await self._find_caller()
        while following is not None:
            self.instruction = following
            result = await self._perform()
            self.resumed, self._new = None, False
            following = await self._tell(result) if result else None
            if result and following is None and not self.inbox.gone_at:
                await self._let_go()
        await self._end()

    # What steps use

    async def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Send a request; see ``Ground.ask``."""
        return await self.ground.ask(method, path, body, **query)

    async def quietly(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Send a request that may come too late; None when Asterisk refuses it."""
        try:
            return await self.ground.ask(method, path, body, **query)
        except AriError as error:
            if error.status != 404:
                log.info("Call %s: %s %s: %s", self.token, method, path, error)
            return None

    async def together(self, requests: Iterable[Awaitable[Any]]) -> None:
        """Send requests without waiting for one another's answer."""
        await asyncio.gather(*requests)

    async def answer(self) -> None:
        """Answer the caller, once.

        Raises:
            CallerGone: there is nobody to answer.
        """
        if self._answered:
            return
        self._answered = True
        try:
            await (self._answering or self.ask("POST", f"channels/{self.channel}/answer"))
        except AriError as error:
            if error.status != 404:
                raise
            self.inbox.lose_caller()
            raise CallerGone from error

    @property
    def answered(self) -> bool:
        """Whether the caller was answered."""
        return self._answered

    async def clips(self, prompts: Iterable[tuple[str, ...]]) -> list[Clip]:
        """What to play for prompts."""
        prompts = tuple(prompts)
        if not prompts:
            return []
        now = self.instruction
        return await media(prompts, now.account, now.language, self.ground.board)

    def keep(self, path: str) -> None:
        """Remember something that Asterisk has of us from now on: ``channels/T.1``."""
        self._things[path] = None

    def gone(self, path: str) -> None:
        """It is gone, or no longer ours."""
        self._things.pop(path, None)

    async def remove(self, path: str) -> None:
        """Have Asterisk remove it; it may be gone already."""
        if path in self._things:
            await self.quietly("DELETE", path)
            self.gone(path)

    def go_on_with(self, channel: str) -> None:
        """The party that stays is the one on this channel."""
        self.gone(f"channels/{channel}")
        self.inbox.channel = channel
        self._answered = True

    def tell_leg(self, leg: int, status: str, ring: RingOutcome | None = None) -> None:
        """Tell the engine what happened to a rung phone."""
        now = self.inbox.now()
        self.reports.tell(LegChanged(self._gateway, self.token, leg, status, now, ring))

    # One step

    async def _perform(self) -> Result | None:
        """Perform the instruction; returns its result, None when the call is over with it."""
        kind = self.instruction.kind
        self.inbox.clear(keep_keys=self._new)
        if self.inbox.gone_at and not self.resumed:
            return self._left(kind)
        try:
            return self._also_gone(await STEPS[kind](self, self.instruction))
        except CallerGone:
            return self._left(kind)
        except AriError as error:
            self.inbox.clear()
            if self.inbox.gone_at:
                return self._left(kind)
            log.error("Call %s: %s was not performed: %s", self.token, kind, error)
        return NOTHING.get(kind)

    def _also_gone(self, result: Result | None) -> Result | None:
        """The result, and whether the caller has hung up just after it."""
        self.inbox.clear()
        gone = result is not None and self.inbox.gone_at is not None
        return replace(result, caller_gone=True) if gone else result

    def _left(self, kind: str) -> Result | None:
        """The caller hung up while nobody talked to them: of most steps there is nothing to tell
        then, the end of the call says it all."""
        if kind == "ring":
            return Result(ResultKind.RANG, ring=RingOutcome.NO_ANSWER, caller_gone=True)
        return Result(ResultKind.MESSAGE, caller_gone=True) if kind == "message" else None

    async def _tell(self, result: Result) -> Instruction | None:
        """Tell the result; returns the next instruction."""
        at = self.inbox.gone_at or self.inbox.now()
        ended = StepEnded(self._gateway, self.token, self.instruction.number, result, at)
        following = await self.reports.conclude(ended)
        for event in self.afterwards:
            self.reports.tell(event)
        self.afterwards = []
        return following if following and not self.inbox.gone_at else None

    # Beginning and end

    async def _find_caller(self) -> None:
        """After a restart: is the caller there, or who stays in their place, and answered?"""
        found = await self.quietly("GET", f"channels/{self.channel}")
        if found is not None:
            self._answered = found["state"] == UP
            return
        rung = {leg.number for leg in self.instruction.legs}
        for channel in await self.ground.read("channels"):
            if leg_of(self.token, channel["id"]) not in (0, *rung):
                self.go_on_with(channel["id"])
                return
        self.inbox.lose_caller(self.resumed.ended_at)

    async def _let_go(self) -> None:
        """The engine says no more: the channel goes to the dialplan, or there is no such call."""
        until = asyncio.get_running_loop().time() + LEAVING_SECONDS
        try:
            while await self.inbox.next(until) is not None:
                pass
        except CallerGone:
            return

    async def _end(self) -> None:
        """Hang up whoever is still there, tell the engine that the call is over."""
        for path in reversed(list(self._things)):
            await self.remove(path)
        if not self.inbox.gone_at:
            await self.quietly("DELETE", f"channels/{self.channel}")
            self.inbox.lose_caller()
        ref = call_ref(self.ground.server, self._ref_channel)
        self.reports.tell(CallEnded(self._gateway, ref, self.inbox.gone_at))
        await self.reports.told()
        self.ground.forget(self)
