"""Something that a party hears: one playback of clips, which can be stopped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.api import Result, ResultKind
from plugins.asterisk.ari.client import AriError
from plugins.asterisk.instructions import Instruction
from plugins.asterisk.media import Clip
from plugins.asterisk.names import playback
from plugins.asterisk.performing.inbox import Happening

if TYPE_CHECKING:
    from plugins.asterisk.performing.call import LiveCall

log = logging.getLogger("centralino.asterisk")

LATE_SECONDS = 5
"""So much later than a sound should have ended it counts as over, though nobody said so."""

STOPPING_SECONDS = 0.5
"""How long the end of a playback may take that an earlier process began."""


class Playing:
    """A playback.

    Args:
        call: whose.
        channel: who hears it.
        number: names it within its step: 0 for the caller, n for the phone of leg n.
    """

    def __init__(self, call: LiveCall, channel: str, number: int = 0) -> None:
        self.on = False
        self.over_at = 0.0
        self._call = call
        self._channel = channel
        self._id = playback(call.token, call.instruction.number, number)

    async def start(self, clips: Sequence[Clip]) -> None:
        """Begin; nothing to play, or nothing that Asterisk would play, is over at once."""
        if not clips:
            return
        if self._call.resumed:
            await self._stop_earlier()
        first = clips[0].offset_ms or None
        media = [clip.uri for clip in clips]
        path = f"channels/{self._channel}/play/{self._id}"
        try:
            await self._call.ask("POST", path, {"media": media}, offsetms=first)
        except AriError as error:
            if error.status != 404:  # they have just hung up
                log.warning("Call %s: nothing is played: %s", self._call.token, error)
            return
        self.on = True
        length = sum(clip.seconds for clip in clips)
        self.over_at = asyncio.get_running_loop().time() + length + LATE_SECONDS

    def take(self, event: Happening) -> bool:
        """Whether this event is its end."""
        if event["type"] != "PlaybackFinished" or event["playback"]["id"] != self._id:
            return False
        ended, self.on = self.on, False
        return ended

    async def stop(self) -> None:
        """Let it be heard no more; it may just have ended."""
        if self.on:
            self.on = False
            await self._call.quietly("DELETE", f"playbacks/{self._id}")

    async def heard(self) -> None:
        """Wait for its end; what else happens meanwhile is left for whoever comes next.

        Raises:
            CallerGone: the caller does not want to hear it.
        """
        others = []
        while self.on:
            event = await self._call.inbox.next(self.over_at)
            if event is None:
                await self.stop()
            elif not self.take(event):
                others.append(event)
        self._call.inbox.put_back(others)

    async def _stop_earlier(self) -> None:
        """What another process began to play is not to be heard twice, nor its end to be taken for
        ours."""
        try:
            await self._call.ask("DELETE", f"playbacks/{self._id}")
        except AriError:
            return
        self.on, self.over_at = True, asyncio.get_running_loop().time() + STOPPING_SECONDS
        await self.heard()


async def speak(call: LiveCall, prompts: Sequence[tuple[str, ...]]) -> Playing:
    """Begin to speak prompts to the caller, who is answered first."""
    await call.answer()
    playing = Playing(call, call.channel)
    await playing.start(await call.clips(prompts))
    return playing


async def play(call: LiveCall, instruction: Instruction) -> Result:
    """Speak the prompts to their end."""
    playing = await speak(call, instruction.prompts)
    await playing.heard()
    return Result(ResultKind.PLAYED)
