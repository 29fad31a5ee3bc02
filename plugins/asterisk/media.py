"""What a call's prompts are for Asterisk: clips, each a file that it can play.

Asterisk reads the files itself, by their absolute path: it runs where the data folder is, and may
read it. It plays WAV files of 8 kHz, 16 bit and one channel and nothing else, so that a sound of
any other kind is converted first. A prompt that can be neither played nor spoken is a short tone:
the caller knows that the line is alive, and silence has an end.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import wave
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from core.api import AccountRow, CentralinoError, as_telephone, telephone_wav
from plugins.asterisk.cache import kept

log = logging.getLogger(__name__)

RATE = 8000
TONE_HERTZ = 425
TONE_SECONDS = (0.3, 1.7)
"""Of the tone, and of the silence after it: over and over, it says that the line is alive."""

BEEP_HERTZ = 1000
BEEP_SECONDS = (0.3, 0.0)
"""Of the beep, after which a caller speaks; Asterisk's own is in a package that may be missing."""


BEEP = ("beep", "", "")
"""The prompt that is a beep."""

REMEMBERED = 2000
REMEMBERED_SECONDS = 5.0
"""How many sounds are remembered, and for how long an admin's change may go unheard."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Something that Asterisk plays.

    Args:
        uri: ``sound:`` and the path of a file without its ending. Several are a JSON list in the
            body of the request; a text there is one path, whatever commas it has.
        seconds: how long it lasts, from ``offset_ms`` on.
        offset_ms: where to begin: ``offsetms`` of the request, which is for its first one.
    """

    uri: str
    seconds: float
    offset_ms: int = 0


Wanted = tuple[Any, ...]
"""A prompt, with the account and the language before it."""

lately: dict[Wanted, tuple[float, Clip]] = {}
"""The sounds that were found lately, each until when that is taken for true: looking for one costs
queries, and all callers of a number hear the same."""


async def media(
    prompts: Iterable[Sequence[str]], account_id: int, language: str, board: Any
) -> list[Clip]:
    """The clips of an instruction's prompts, in their order; none for no prompts.

    Args:
        prompts: ``["say", text, language]`` or ``["sound", key, text]``; or ``BEEP``.
        account_id: whose sounds.
        language: of texts that name none.
        board: the switchboard, which finds sounds and speaks texts.
    """
    wanted = [(account_id, language, *one) for one in prompts]
    known = [found[1] for one in wanted if (found := lately.get(one)) and found[0] > monotonic()]
    if len(known) == len(wanted):
        return known
    return await asyncio.to_thread(_clips, wanted, board)


def going_on(clips: Sequence[Clip], heard: float) -> list[Clip]:
    """What is left of a round of clips, of which earlier waits have played some; after it the next
    round begins, with all of them.

    Args:
        clips: a whole round.
        heard: seconds that have been heard, in this round and those before it.
    """
    whole = sum(clip.seconds for clip in clips)
    past = heard % whole if whole else 0.0
    left: list[Clip] = []
    for clip in clips:
        if past < clip.seconds:
            offset = clip.offset_ms + round(past * 1000)
            left.append(replace(clip, seconds=clip.seconds - past, offset_ms=offset))
        past = max(0.0, past - clip.seconds)
    return left


def _clips(wanted: Sequence[Wanted], board: Any) -> list[Clip]:
    return [clip for one in wanted if (clip := _clip(one, board))]


def _clip(wanted: Wanted, board: Any) -> Clip | None:
    account_id, language, *prompt = wanted
    if tuple(prompt) == BEEP:
        return _beep()
    kind, said, more = prompt
    if kind != "sound":
        return _spoken(said, more or language, board)
    clip = _sound(account_id, said, board)
    if clip is None:
        return _spoken(more, language, board)
    if len(lately) >= REMEMBERED:
        lately.clear()
    lately[wanted] = monotonic() + REMEMBERED_SECONDS, clip
    return clip


def _sound(account_id: int, key: str, board: Any) -> Clip | None:
    """A sound of the account's; None when it is gone, or nobody can read it."""
    try:
        with board.connection():
            account = AccountRow.get_or_none(AccountRow.id == account_id)
            file = account and board.sound_file(account.picture(), key)
    except (CentralinoError, OSError) as error:
        log.warning("The sound %r is not played: %s", key, error)
        return None
    if not file:
        return None
    return _playable(file.wav) or _converted(file.wav) or _converted(file.mp3)


def _spoken(text: str, language: str, board: Any) -> Clip | None:
    """A text, spoken once and kept; a tone when nobody can speak it."""
    path = kept(f"{language}\n{text}", lambda: _speak(text, language, board))
    return (path and _playable(path)) or _tone()


def _speak(text: str, language: str, board: Any) -> bytes | None:
    try:
        sound = board.speak(text, language) if text.strip() else None
        return sound and as_telephone(sound)[0]
    except (CentralinoError, OSError, ValueError) as error:
        log.warning("A text in %r is not spoken: %s", language, error)
        return None


def _converted(path: Path) -> Clip | None:
    """A file that Asterisk does not play, as one that it does."""
    try:
        sound = path.read_bytes()
        digest = hashlib.sha256(sound).hexdigest()
        made = kept(digest, lambda: as_telephone(sound)[0])
    except (OSError, ValueError) as error:
        log.warning("%s is not played: %s", path, error)
        return None
    return made and _playable(made)


def _playable(path: Path) -> Clip | None:
    """The clip of a file; None when Asterisk cannot play it."""
    try:
        with wave.open(str(path)) as file:
            fits = (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
            seconds = file.getnframes() / RATE
    except (OSError, EOFError, wave.Error):
        return None
    return Clip(f"sound:{path.with_suffix('')}", seconds) if fits and seconds else None


def _tone() -> Clip | None:
    path = kept("tone", lambda: _make_tone(TONE_HERTZ, TONE_SECONDS))
    return path and _playable(path)


def _beep() -> Clip | None:
    path = kept("beep", lambda: _make_tone(BEEP_HERTZ, BEEP_SECONDS))
    return path and _playable(path)


def _make_tone(hertz: int, lengths: tuple[float, float]) -> bytes:
    """A tone, and the silence after it."""
    import numpy as np

    sounding, silent = (int(RATE * seconds) for seconds in lengths)
    wave_form = 0.2 * np.sin(2 * np.pi * hertz * np.arange(sounding) / RATE)
    return telephone_wav(np.concatenate([wave_form, np.zeros(silent)]), RATE)
