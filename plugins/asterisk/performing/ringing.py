"""Ringing phones at the same time, until one of them has the call or none is left."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING

from core.api import Result, ResultKind, RingOutcome
from plugins.asterisk.ari.events import UP
from plugins.asterisk.instructions import Instruction
from plugins.asterisk.names import bridge, leg_of
from plugins.asterisk.performing.inbox import CallerGone, Happening
from plugins.asterisk.performing.outcome import together
from plugins.asterisk.performing.phone import RungPhone
from plugins.asterisk.performing.playing import Playing, speak
from plugins.asterisk.performing.talking import Talk
from plugins.asterisk.performing.waiting import over_and_over

if TYPE_CHECKING:
    from plugins.asterisk.performing.call import LiveCall


async def ring(call: LiveCall, instruction: Instruction) -> Result:
    """Ring the phones; let the first that accepts talk to the caller, until they have talked."""
    if call.resumed and call.resumed.accepted:
        return await Talk.found(call, instruction).until_over()
    ringing = Ringing(call, instruction)
    try:
        phone = await ringing.until_accepted()
        if phone is None:
            return Result(ResultKind.RANG, ring=together(ringing.outcomes))
        if instruction.dialled:
            await phone.hear(instruction.notice)
        talk = Talk(call, instruction, phone.channel)
        await talk.connect()
    except CallerGone:
        await ringing.drop_all()
        raise
    call.tell_leg(phone.leg.number, "accepted" if phone.leg.confirm else "answered")
    await ringing.drop_all(but=phone)
    return await talk.until_over()


class Ringing:
    """Phones that ring, and what the caller hears meanwhile."""

    def __init__(self, call: LiveCall, instruction: Instruction) -> None:
        self._call = call
        self._instruction = instruction
        self._phones = [RungPhone(call, leg) for leg in instruction.legs]
        self._music = Playing(call, call.channel)
        self._until = 0.0

    @property
    def outcomes(self) -> list[RingOutcome]:
        """How the phones ended that have."""
        return [phone.outcome for phone in self._phones if phone.outcome]

    async def until_accepted(self) -> RungPhone | None:
        """Ring; returns the phone that has the call, None when none has.

        Raises:
            CallerGone: the caller hung up first.
        """
        phone = await self._find() if self._call.resumed else None
        if phone is None and self._open() and not self._is_ringing():
            await self._begin()
        while phone is None and self._open():
            event = await self._call.inbox.next(self._next_end())
            phone = await self._take(event) if event else await self._time_over()
        await self._silence()
        return phone

    async def drop_all(self, but: RungPhone | None = None) -> None:
        """Let no phone ring any more, but the one that has the call."""
        dropped = [phone for phone in self._phones if phone is not but]
        await self._call.together(phone.drop() for phone in dropped)

    # Beginning

    async def _begin(self) -> None:
        if self._instruction.notice and not self._instruction.dialled:
            notice = await speak(self._call, self._instruction.notice)
            await notice.heard()
        await self._let_hear()
        self._until = asyncio.get_running_loop().time() + self._instruction.seconds
        await self._call.together(phone.dial() for phone in self._phones)

    async def _let_hear(self) -> None:
        """Music where there is some: also before the answer, as early media; else ringing."""
        clips = await self._call.clips(self._instruction.music)
        await self._music.start(over_and_over(clips, self._instruction.seconds))
        if not self._music.on:
            await self._call.quietly("POST", f"channels/{self._call.channel}/ring")

    async def _silence(self) -> None:
        if self._music.on:
            await self._music.stop()
        elif self._call.answered:
            await self._call.quietly("DELETE", f"channels/{self._call.channel}/ring")

    async def _find(self) -> RungPhone | None:
        """After a restart: what became of the phones meanwhile. None rings: nobody was dialled yet,
        or all have ended; then they are dialled again."""
        states = [await phone.find() for phone in self._phones]
        if not any(states):
            return None
        found = await self._call.quietly("GET", f"bridges/{bridge(self._call.token)}") or {}
        self._until = asyncio.get_running_loop().time() + self._instruction.seconds
        await self._let_hear()
        for phone, state in zip(self._phones, states, strict=True):
            if not state:
                await phone.drop()
            elif await self._has_it(phone, state, found.get("channels", ())):
                return phone
        return None

    async def _has_it(self, phone: RungPhone, state: str, inside: Collection[str]) -> bool:
        """Whether a phone that was found has the call: it talks already, or was picked up."""
        return phone.channel in inside or (state == UP and await phone.picked_up())

    # While it rings

    def _is_ringing(self) -> bool:
        return self._until > 0

    def _open(self) -> list[RungPhone]:
        return [phone for phone in self._phones if phone.outcome is None]

    def _next_end(self) -> float:
        return min(phone.until if phone.asked else self._until for phone in self._open())

    async def _take(self, event: Happening) -> RungPhone | None:
        """An event of one of the phones, or of what the caller hears."""
        self._music.take(event)
        channel = (event.get("channel") or event.get("peer") or {}).get("id", "")
        heard_by = event.get("playback", {}).get("target_uri", "").removeprefix("channel:")
        number = leg_of(self._call.token, channel or heard_by)
        for phone in self._phones:
            if phone.leg.number == number and await phone.take(event):
                return phone
        return None

    async def _time_over(self) -> None:
        now = asyncio.get_running_loop().time()
        late = [one for one in self._open() if (one.until if one.asked else self._until) <= now]
        await self._call.together(phone.time_over() for phone in late)
