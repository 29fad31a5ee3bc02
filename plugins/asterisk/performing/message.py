"""A message that a caller leaves: recorded until they are silent, press #, or hang up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from core.api import RecordingChanged, Result, ResultKind
from plugins.asterisk.instructions import Instruction
from plugins.asterisk.media import BEEP
from plugins.asterisk.names import quoted, recording, recording_url
from plugins.asterisk.performing.inbox import CallerGone, Happening
from plugins.asterisk.performing.playing import speak

if TYPE_CHECKING:
    from plugins.asterisk.performing.call import LiveCall

SILENCE_SECONDS = 5
"""How long a caller is silent before a message counts as finished."""

FINISH_KEY = "#"

CLOSING_SECONDS = 1
"""How long Asterisk may take to close the file when the caller has hung up."""

LEAVING_SECONDS = 0.05
"""How long after the end of the recording that of the channel may be told."""

LATE_SECONDS = 10
"""So much later than the longest message can end, it is over though nobody said so."""


async def take_message(call: LiveCall, instruction: Instruction) -> Result:
    """Speak the prompts, then record; a caller who hangs up has left the message all the same."""
    name = recording(call.token, instruction.number)
    begun = await _begun(call, name) if call.resumed else ""
    if not begun:
        playing = await speak(call, (*instruction.prompts, BEEP))
        await playing.heard()
        await call.ask(
            "POST",
            f"channels/{call.channel}/record",
            name=name,
            format="wav",
            maxDurationSeconds=instruction.seconds,
            maxSilenceSeconds=SILENCE_SECONDS,
            terminateOn=FINISH_KEY,
            ifExists="overwrite",
        )
    seconds = 1 if begun == "stored" else await _recorded(call, instruction, name)
    return await _left(call, instruction, seconds)


async def _begun(call: LiveCall, name: str) -> str:
    """After a restart: whether the message is being recorded, ``live``, or was, ``stored``."""
    for place in ("live", "stored"):
        if await call.quietly("GET", f"recordings/{place}/{quoted(name)}") is not None:
            return place
    return ""


async def _recorded(call: LiveCall, instruction: Instruction, name: str) -> int:
    """Wait until it is recorded; returns for how many seconds somebody spoke."""
    clock = asyncio.get_running_loop().time
    until = clock() + instruction.seconds + LATE_SECONDS
    event: Happening | None = {}
    while event is not None:
        try:
            event = await call.inbox.next(until, even_gone=bool(call.inbox.gone_at))
        except CallerGone:
            until, event = clock() + CLOSING_SECONDS, {}
            continue
        told = (event or {}).get("recording", {})
        if told.get("name") == name:
            return told.get("talking_duration", told.get("duration", 0))
    stored = await call.quietly("GET", f"recordings/stored/{quoted(name)}")
    return 1 if stored is not None else 0


async def _hung_up(call: LiveCall) -> bool:
    """Whether it was the caller's hanging up that ended the message: Asterisk tells of the
    recording first."""
    until = asyncio.get_running_loop().time() + LEAVING_SECONDS
    try:
        while await call.inbox.next(until) is not None:
            pass
    except CallerGone:
        return True
    return False


async def _left(call: LiveCall, instruction: Instruction, seconds: int) -> Result:
    """The result; of silence nothing is kept."""
    gone = await _hung_up(call)
    name = recording(call.token, instruction.number)
    if not seconds:
        await call.quietly("DELETE", f"recordings/stored/{quoted(name)}")
        return Result(ResultKind.MESSAGE, caller_gone=gone)
    url = recording_url(call.ground.server, call.token, instruction.number, dual=False)
    call.reports.tell(
        RecordingChanged(
            gateway_id=instruction.gateway,
            token=call.token,
            ref=name,
            status="completed",
            at=call.inbox.now(),
            url=url,
            seconds=seconds,
            kind="message",
        )
    )
    return Result(
        ResultKind.MESSAGE,
        seconds=seconds,
        caller_gone=gone,
        recording_ref=name,
        recording_url=url,
    )
