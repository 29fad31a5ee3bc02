"""The recording of a conversation, from the answer on: what a snoop on the caller's channel hears.

A snoop follows the caller, whoever talks to them: transfers do not end it. With each party on a
channel of its own there are two, one for each side.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from core.api import RecordingChanged
from plugins.asterisk.ari.client import AriError
from plugins.asterisk.instructions import Instruction
from plugins.asterisk.names import SIDES, quoted, recording, recording_url, snoop
from plugins.asterisk.performing.inbox import Happening

if TYPE_CHECKING:
    from plugins.asterisk.performing.call import LiveCall

log = logging.getLogger("centralino.asterisk")

BOTH = "both"
"""A snoop that hears both parties in one."""

TRIES = 20
PAUSE_SECONDS = 0.01
"""How often, and how far apart, it is tried to record a snoop that has not come up yet."""

CLOSING_SECONDS = 1
"""How long Asterisk may take to close a recording."""

UNDER_WAY = "already exists"
"""What Asterisk says of a recording that an earlier process has begun and that goes on."""


class Recording:
    """The recording of one Ring's conversation; does nothing where none is wanted."""

    def __init__(self, call: LiveCall, instruction: Instruction) -> None:
        self._call = call
        self._instruction = instruction
        sides = (SIDES if instruction.dual else (BOTH,)) if instruction.record else ()
        self._names = {side: self._name(side) for side in sides}
        self._finished: dict[str, int] = {}
        self._failed = False

    async def start(self) -> None:
        """Begin, and tell it; what an earlier process has begun goes on."""
        if not self._names:
            return
        self.find()
        for side in self._names:
            await self._listen(side)
        begun = [await self._write(side) for side in self._names]
        if all(begun):
            self._tell("in-progress")
        else:
            self._failed = True

    def find(self) -> None:
        """From now on there may be snoops, which must not stay."""
        for side in self._names:
            self._call.keep(self._path(side))

    def take(self, event: Happening) -> None:
        """Something happened that may be its end."""
        told = event.get("recording", {})
        if told.get("name") not in self._names.values():
            return
        if event["type"] == "RecordingFinished":
            self._finished[told["name"]] = told.get("duration", 0)
        elif event["type"] == "RecordingFailed":
            self._failed = True

    async def stop(self, seconds: int) -> None:
        """End it, and tell what there is.

        Args:
            seconds: how long they talked, should Asterisk not say how long it recorded.
        """
        if not self._names:
            return
        await self._call.together(self._call.remove(self._path(side)) for side in self._names)
        await self._closed()
        if self._finished:
            self._tell("completed", max(self._finished.values()))
        elif await self._stored():
            self._tell("completed", seconds)
        else:
            # Only when it is known that there was a talk, this gives its unit back (Q4).
            self._call.afterwards.append(self._news("absent"))

    async def _listen(self, side: str) -> None:
        """Have a snoop hear one side; there may be one from before a restart."""
        call = self._call
        await call.quietly(
            "POST",
            f"channels/{call.channel}/snoop/{self._snoop(side)}",
            spy=side,
            app=call.ground.app,
            appArgs=f"snoop,{call.token}",
        )

    async def _write(self, side: str) -> bool:
        """Record what a snoop hears; returns whether it is recorded."""
        refused: AriError | None = None
        for _ in range(TRIES):
            try:
                await self._call.ask(
                    "POST",
                    f"{self._path(side)}/record",
                    name=self._names[side],
                    format="wav",
                    ifExists="overwrite",
                )
                return True
            except AriError as error:
                if UNDER_WAY in error.text:
                    return True
                refused = error
            await asyncio.sleep(PAUSE_SECONDS)
        log.error("Call %s is not recorded: %s", self._call.token, refused)
        return False

    async def _closed(self) -> None:
        """Wait until Asterisk has closed all files."""
        until = asyncio.get_running_loop().time() + CLOSING_SECONDS
        while len(self._finished) < len(self._names) and not self._failed:
            event = await self._call.inbox.next(until, even_gone=True)
            if event is None:
                return
            self.take(event)

    async def _stored(self) -> bool:
        """Whether there is a file, though nobody told us."""
        for name in self._names.values():
            if await self._call.quietly("GET", f"recordings/stored/{quoted(name)}") is None:
                return False
        return True

    def _name(self, side: str) -> str:
        shown = "" if side == BOTH else side
        return recording(self._call.token, self._instruction.number, shown)

    def _path(self, side: str) -> str:
        return f"channels/{self._snoop(side)}"

    def _snoop(self, side: str) -> str:
        return snoop(self._call.token, self._instruction.number, side)

    def _tell(self, status: str, seconds: int = 0) -> None:
        self._call.reports.tell(self._news(status, seconds))

    def _news(self, status: str, seconds: int = 0) -> RecordingChanged:
        call, step = self._call, self._instruction.number
        return RecordingChanged(
            gateway_id=self._instruction.gateway,
            token=call.token,
            ref=recording(call.token, step),
            status=status,
            at=call.inbox.now(),
            url=recording_url(call.ground.server, call.token, step, dual=self._instruction.dual),
            seconds=seconds,
            channels=len(self._names),
        )
