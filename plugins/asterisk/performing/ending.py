"""The end of a call, by our hand: what the caller's provider is told (Q.850)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.asterisk.instructions import Instruction
from plugins.asterisk.performing.playing import speak

if TYPE_CHECKING:
    from plugins.asterisk.performing.call import LiveCall

NORMAL, BUSY, NO_ANSWER, REJECTED = 16, 17, 19, 21


async def hang_up(call: LiveCall, instruction: Instruction) -> None:
    """Speak the prompts, then hang up; a caller who was never answered hears that nobody did."""
    if instruction.prompts:
        playing = await speak(call, instruction.prompts)
        await playing.heard()
    await _end(call, NORMAL if call.answered else NO_ANSWER)


async def reject(call: LiveCall, instruction: Instruction) -> None:
    """Refuse the call without answering it."""
    await _end(call, BUSY if instruction.busy else REJECTED)


async def _end(call: LiveCall, cause: int) -> None:
    await call.quietly("DELETE", f"channels/{call.channel}", reason_code=cause)
    call.inbox.lose_caller()
