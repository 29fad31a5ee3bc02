"""A conversation: two parties in the call's bridge, from the answer until one of them leaves."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from core.api import Result, ResultKind, RingOutcome, TalkHandedOver
from plugins.asterisk.ari.client import AriError
from plugins.asterisk.ari.events import happened_at
from plugins.asterisk.instructions import Instruction
from plugins.asterisk.names import bridge, employee_of, leg_channel, number_music
from plugins.asterisk.performing.inbox import OVER, CallerGone, Happening
from plugins.asterisk.performing.recording import Recording
from plugins.asterisk.performing.transferring import Transfer

if TYPE_CHECKING:
    from plugins.asterisk.performing.call import LiveCall

log = logging.getLogger("centralino.asterisk")

TALK_SECONDS = 4 * 3600
"""The longest conversation: no forgotten call costs for days (O8)."""

CONNECTING_SECONDS = 2
"""How long two whom Asterisk does not connect are left waiting for each other's end."""


class Talk:
    """The party that the steps are performed for, and their partner.

    Args:
        partner: the channel of who talks to them.
        since: when the partner accepted; now, if nothing is said.
    """

    def __init__(
        self,
        call: LiveCall,
        instruction: Instruction,
        partner: str,
        since: datetime | None = None,
    ) -> None:
        self._call = call
        self._instruction = instruction
        self._partner = partner
        self._since = since or call.inbox.now()
        self._recording = Recording(call, instruction)
        self._connected = False
        self._found = False
        self._bridge = f"bridges/{bridge(call.token)}"

    @classmethod
    def found(cls, call: LiveCall, instruction: Instruction) -> Talk:
        """The conversation that an earlier process has begun."""
        known = call.resumed
        talk = cls(call, instruction, leg_channel(call.token, known.accepted), known.answered_at)
        call.keep(talk._bridge)
        call.keep(f"channels/{talk._partner}")
        talk._recording.find()
        talk._connected = talk._found = True
        return talk

    async def connect(self) -> None:
        """Let the two hear each other.

        Raises:
            CallerGone: the caller has hung up before they were answered.
        """
        call = self._call
        await call.answer()
        call.keep(self._bridge)
        await call.quietly("POST", "bridges", bridgeId=bridge(call.token), type="mixing")
        self._connected = await self._let_in(f"{call.channel},{self._partner}")

    async def _let_in(self, channels: str) -> bool:
        """Have channels join the bridge; returns whether they have."""
        try:
            await self._call.ask("POST", f"{self._bridge}/addChannel", channel=channels)
        except AriError as error:
            log.info("Call %s: %s is not connected: %s", self._call.token, channels, error)
            return False
        return True

    async def until_over(self) -> Result:
        """Record them if that is wanted, and wait until one of the two has hung up or transferred
        the other; clean up."""
        try:
            if await self._is_on():
                await self._recording.start()
                await self._choose_music()
            seconds = TALK_SECONDS if self._connected else CONNECTING_SECONDS
            result = await self._listen(asyncio.get_running_loop().time() + seconds)
        except CallerGone:
            return await self._caller_left()
        await self._clean_up(result.seconds)
        return result

    async def _choose_music(self) -> None:
        """Whoever is outside hears the number's own music when they are held (M2); Asterisk plays
        it by itself, or the account's where it does not know the number's yet."""
        call, now = self._call, self._instruction
        if now.line:
            outside = self._partner if now.dialled else call.channel
            path, name = f"channels/{outside}/variable", number_music(now.line)
            await call.quietly("POST", path, variable="CHANNEL(musicclass)", value=name)

    async def _listen(self, until: float) -> Result:
        """Take events until the partner is gone."""
        while (event := await self._call.inbox.next(until)) is not None:
            self._recording.take(event)
            if self._is_partners_end(event) and not await self._somebody_else():
                self._call.gone(f"channels/{self._partner}")
                return self._talked(happened_at(event))
            if Transfer.is_wanted(event):
                result = await self._transferred(event)
                if result is not None:
                    return result
        return self._talked(self._call.inbox.now())

    def _is_partners_end(self, event: Happening) -> bool:
        return event["type"] in OVER and event["channel"]["id"] == self._partner

    def _talked(self, until: datetime, **more: object) -> Result:
        seconds = max(0, (until - self._since) // timedelta(seconds=1))
        return Result(ResultKind.RANG, ring=RingOutcome.ANSWERED, seconds=seconds, **more)

    # Restart, and whoever comes in another's place

    async def _is_on(self) -> bool:
        """Whether the two talk. After a restart: is the partner there, and connected? If not, they
        have hung up meanwhile."""
        call = self._call
        if not self._found or call.inbox.gone_at:
            return not call.inbox.gone_at
        if await call.quietly("GET", f"channels/{self._partner}") is not None:
            await self.connect()
            return True
        if await self._somebody_else():
            return True
        ended = {"type": "ChannelDestroyed", "channel": {"id": self._partner}}
        call.take({**ended, "timestamp": call.inbox.now().isoformat()})
        return False

    async def _somebody_else(self) -> bool:
        """Whether there is somebody in the bridge in the partner's place: an attended transfer that
        another call has carried out."""
        inside = await self._inside()
        others = [one for one in inside or () if one not in (self._call.channel, self._partner)]
        if not others:
            return False
        found = await self._call.quietly("GET", f"channels/{others[0]}")
        if found is None:
            return False
        employee = employee_of(found["name"])
        number = "" if employee else found.get("caller", {}).get("number", "")
        await self._follow(others[0])
        self._hand_over(others[0], employee, number, by_caller=False)
        return True

    async def _inside(self) -> list[str] | None:
        """Who is in the bridge; None: it is gone."""
        found = await self._call.quietly("GET", self._bridge)
        return found["channels"] if found else None

    # Transfers

    async def _transferred(self, event: Happening) -> Result | None:
        """Somebody transfers the other; returns the result when that ends this conversation."""
        transfer = Transfer.read(event)
        if transfer.source not in (self._partner, self._call.channel):
            return None
        by_caller = transfer.source == self._call.channel
        if not transfer.talks_to:
            await transfer.confirm(self._call)
            self._leave_out(transfer.source, by_caller)
            return self._talked(
                happened_at(event), transfer=transfer.destination, by_caller=by_caller
            )
        await self._follow(transfer.talks_to)
        if not await self._let_in(transfer.talks_to):
            await transfer.decline(self._call)
            return None
        await transfer.confirm(self._call)
        self._leave_out(transfer.source, by_caller)
        self._hand_over(transfer.talks_to, transfer.employee, transfer.number, by_caller)
        await self._call.remove(f"channels/{transfer.source}")
        return None

    def _leave_out(self, source: str, by_caller: bool) -> None:
        """Who transferred is no party any more; the other one stays."""
        if by_caller:
            self._call.go_on_with(self._partner)
            self._partner = source
            self._call.keep(f"channels/{source}")

    async def _follow(self, channel: str) -> None:
        """Hear of a channel that came in by another call, perhaps of another process."""
        call = self._call
        call.ground.follow(channel, call)
        await call.quietly(
            "POST", f"applications/{call.ground.app}/subscription", eventSource=f"channel:{channel}"
        )

    def _hand_over(self, channel: str, employee: int | None, number: str, by_caller: bool) -> None:
        """Somebody else is the partner from now on."""
        call = self._call
        call.keep(f"channels/{channel}")
        self._partner = channel
        call.reports.tell(
            TalkHandedOver(
                self._instruction.gateway,
                call.token,
                self._instruction.number,
                employee,
                number,
                call.inbox.now(),
                by_caller,
            )
        )

    # The end

    async def _caller_left(self) -> Result:
        """The caller has hung up, or has been taken into another call with their partner."""
        call = self._call
        result = self._talked(self._left_at(), caller_gone=True)
        inside = await self._inside()
        if self._connected and inside is not None and self._partner not in inside:
            call.gone(f"channels/{self._partner}")
        await self._clean_up(result.seconds)
        return result

    def _left_at(self) -> datetime:
        known = self._call.resumed
        return (known.ended_at if known else None) or self._call.inbox.gone_at

    async def _clean_up(self, seconds: int) -> None:
        """Leave nothing of the conversation in Asterisk, and tell of its recording."""
        call = self._call
        await call.together(
            (
                call.remove(f"channels/{self._partner}"),
                self._recording.stop(seconds),
                call.remove(self._bridge),
            )
        )
