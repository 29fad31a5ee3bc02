"""One rung phone: dialled, ringing, picked up, perhaps asked to press 1, and over in the end."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from core.api import RingOutcome
from plugins.asterisk.ari.client import AriError
from plugins.asterisk.ari.events import DOWN, UP
from plugins.asterisk.instructions import RungLeg
from plugins.asterisk.names import leg_channel
from plugins.asterisk.performing.gathering import key_of
from plugins.asterisk.performing.inbox import NEVER, Happening
from plugins.asterisk.performing.outcome import outcome_of, unanswered
from plugins.asterisk.performing.playing import Playing
from plugins.asterisk.sentences import accept

if TYPE_CHECKING:
    from plugins.asterisk.performing.call import LiveCall

log = logging.getLogger("centralino.asterisk")

ACCEPT_SECONDS = 8
"""How long who picked up may think about pressing 1, from the end of the sentence (R6)."""

ACCEPT_KEY = "1"

SPARE_SECONDS = 5
"""So much longer Asterisk rings by itself, in case that nobody is there any more to stop it."""

EXISTS = 409
"""Asterisk's answer when there is a channel of this name already."""

HUNG_UP = "ChannelDestroyed"
"""The event that says why it is over; it has left us an instant before."""

SHOWN = ("CALLERID(all)", "CONNECTEDLINE(all,i)")
"""Functions of Asterisk that say who calls, to those who ask it about the channel and to the phone;
``i``: to nobody else before that."""

DIALLED = "DIALLED"
"""The variable of a channel that was dialled: while the phone says nothing, Asterisk shows no
difference, and dialled twice it would end."""

RINGS = ("RINGING", "PROGRESS", "PROCEEDING")
"""What the event ``Dial`` says of a phone that is there."""


class RungPhone:
    """A phone that is offered the call.

    ``outcome`` is None while it may still accept; ``until``, by the loop's clock, is the end of the
    time in which 1 must be pressed.
    """

    def __init__(self, call: LiveCall, leg: RungLeg) -> None:
        self.leg = leg
        self.channel = leg_channel(call.token, leg.number)
        self.path = f"channels/{self.channel}"
        self.outcome: RingOutcome | None = None
        self.until = NEVER
        self._call = call
        self._rang = False
        self._dialled = False
        self._asked: Playing | None = None

    @property
    def asked(self) -> bool:
        """Whether somebody has picked up and is to press 1."""
        return self._asked is not None and self.outcome is None

    async def dial(self) -> None:
        """Have a channel made for it, and ring it as soon as that is ours (``take``): so Asterisk
        keeps it when it is answered while no process serves, and the next one finds it picked up.
        One that cannot be rung is over at once."""
        call, shown = self._call, self.leg.caller_id
        call.keep(self.path)
        try:
            if not self.leg.endpoint:
                raise AriError(404, "nobody is reached there")
            await call.ask(
                "POST",
                "channels/create",
                {"variables": dict.fromkeys(SHOWN, shown) if shown else {}},
                endpoint=self.leg.endpoint,
                app=call.ground.app,
                appArgs=f"leg,{call.token},{self.leg.number}",
                channelId=self.channel,
                originator=call.channel,
            )
        except AriError as error:
            if error.status != EXISTS:
                self._not_rung(error)

    async def find(self) -> str:
        """After a restart: the state of its channel, "" when there is none. One that an earlier
        process has made, and had no time to dial, is rung."""
        call = self._call
        call.keep(self.path)
        found = await call.quietly("GET", self.path)
        if found is None:
            return ""
        self._rang = self._dialled = found["state"] != DOWN or (
            await call.quietly("GET", f"{self.path}/variable", variable=DIALLED) is not None
        )
        await self._ring()
        return found["state"]

    async def take(self, event: Happening) -> bool:
        """Something happened to it; returns whether it has the call now."""
        if self.outcome is not None:
            return False
        if event["type"] == HUNG_UP:
            self._end(RingOutcome.NO_ANSWER if self._asked else self._told(event))
        elif self._asked:
            return await self._thinks(event)
        elif event["type"] == "StasisStart":
            await self._ring()
        elif event.get("dialstatus") in RINGS:
            self._rang = True
        elif event["type"] == "ChannelStateChange" and event["channel"]["state"] == UP:
            return await self.picked_up()
        return False

    async def picked_up(self) -> bool:
        """Somebody, or something, has answered; returns whether that is enough."""
        if not self.leg.confirm:
            return True
        call = self._call
        call.tell_leg(self.leg.number, "answered")
        self._asked = Playing(call, self.channel, self.leg.number)
        await self._asked.start(await call.clips(accept(call.instruction.language)))
        self.until = self._asked.over_at if self._asked.on else self._thinking_ends()
        return False

    async def hear(self, prompts: tuple[tuple[str, ...], ...]) -> None:
        """Let who has taken the call hear something before they talk.

        Raises:
            CallerGone: the caller hung up meanwhile.
        """
        playing = Playing(self._call, self.channel, self.leg.number)
        await playing.start(await self._call.clips(prompts))
        await playing.heard()

    async def time_over(self) -> None:
        """It has rung for long enough, or thought for too long."""
        if self._asked and self._asked.on:
            self._asked.on, self.until = False, self._thinking_ends()
            return
        outcome = RingOutcome.NO_ANSWER if self._asked else unanswered(self._rang)
        await self.drop(outcome)

    async def drop(self, outcome: RingOutcome = RingOutcome.NO_ANSWER) -> None:
        """It rings no more."""
        if self.outcome is None:
            await self._call.remove(self.path)
            self._end(outcome)

    async def _ring(self) -> None:
        """It is ours: ring it, once. Both are asked for in one breath, so that a process is killed
        before both or after both."""
        if self._dialled:
            return
        self._dialled = True
        call, seconds = self._call, self._call.instruction.seconds + SPARE_SECONDS
        try:
            await asyncio.gather(
                call.quietly("POST", f"{self.path}/variable", variable=DIALLED, value="1"),
                call.ask("POST", f"{self.path}/dial", timeout=seconds),
            )
        except AriError as error:
            self._not_rung(error)

    def _not_rung(self, error: AriError) -> None:
        log.info("Call %s: leg %d is not rung: %s", self._call.token, self.leg.number, error)
        self._end(RingOutcome.FAILED)

    async def _thinks(self, event: Happening) -> bool:
        """Who picked up listens, and presses a key or none."""
        if self._asked.take(event):
            self.until = self._thinking_ends()
        key = key_of(event, self.channel)
        if key == ACCEPT_KEY:
            await self._asked.stop()
            return True
        if key:
            await self.drop(RingOutcome.DECLINED)
        return False

    def _thinking_ends(self) -> float:
        return asyncio.get_running_loop().time() + ACCEPT_SECONDS

    def _told(self, event: Happening) -> RingOutcome:
        return outcome_of(event, rang=self._rang)

    def _end(self, outcome: RingOutcome) -> None:
        self.outcome = outcome
        self._call.gone(self.path)
        self._call.tell_leg(self.leg.number, "ended", outcome)
