"""A wait: the caller hears the prompts over and over, for so many seconds and no more."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.api import Result, ResultKind
from plugins.asterisk.instructions import Instruction
from plugins.asterisk.media import Clip, going_on
from plugins.asterisk.performing.playing import Playing

if TYPE_CHECKING:
    from plugins.asterisk.performing.call import LiveCall

MOST_CLIPS = 300
"""So many clips one playback has at most: ten minutes of sounds of two seconds."""


async def wait(call: LiveCall, instruction: Instruction) -> Result:
    """Play the prompts from where earlier waits have left them, until the time is over."""
    until = asyncio.get_running_loop().time() + instruction.seconds
    await call.answer()
    playing = Playing(call, call.channel)
    clips = await call.clips(instruction.prompts)
    await playing.start(over_and_over(clips, instruction.seconds, instruction.heard))
    while (event := await call.inbox.next(until)) is not None:
        playing.take(event)
    await playing.stop()
    return Result(ResultKind.WAITED)


def over_and_over(clips: Sequence[Clip], seconds: float, heard: float = 0) -> list[Clip]:
    """As many rounds of clips as fill the time.

    Args:
        clips: one round.
        seconds: how long.
        heard: how many seconds of it were heard before.
    """
    filled = going_on(clips, heard)
    left = seconds - sum(clip.seconds for clip in filled)
    while clips and left > 0 and len(filled) + len(clips) <= MOST_CLIPS:
        filled += clips
        left -= sum(clip.seconds for clip in clips)
    return filled[:MOST_CLIPS]
