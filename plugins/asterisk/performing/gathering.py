"""The keys that a caller presses (R4): a key stops the prompt, and two timers end the input."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from core.api import Result, ResultKind
from plugins.asterisk.instructions import Instruction
from plugins.asterisk.performing.inbox import KEY, Happening
from plugins.asterisk.performing.playing import speak

if TYPE_CHECKING:
    from plugins.asterisk.performing.call import LiveCall


async def gather(call: LiveCall, instruction: Instruction) -> Result:
    """Speak the prompts and collect keys.

    The first key has its time from the end of the prompt, each other from the one before it.
    """
    playing = await speak(call, instruction.prompts)
    clock = asyncio.get_running_loop().time
    until = playing.over_at if playing.on else clock() + instruction.first_seconds
    keys = ""
    while len(keys) < instruction.digits:
        event = await call.inbox.next(until)
        if event is None and playing.on:
            await playing.stop()
            until = clock() + instruction.first_seconds
            continue
        if event is None:
            break
        if playing.take(event):
            until = clock() + instruction.first_seconds
        key = key_of(event, call.channel)
        if key:
            await playing.stop()
            if key == instruction.finish_key:
                break
            keys += key
            until = clock() + instruction.between_seconds
    return Result(ResultKind.DIGITS if keys else ResultKind.NO_INPUT, digits=keys)


def key_of(event: Happening, channel: str) -> str:
    """The key that this event tells of, "" for none on this channel."""
    if event["type"] != KEY or event["channel"]["id"] != channel:
        return ""
    return event["digit"]
