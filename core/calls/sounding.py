"""What a key of a sound stands for, and a text spoken: asked of all installed plugins, in order."""

from __future__ import annotations

import logging
from datetime import datetime

from core.calls.found import Found
from core.calls.thinking import Thinker
from core.contract.call import Account, Line, LineKind
from core.contract.sounds import SoundFile
from core.contract.steps import Say, Sound, Tone
from core.registry import Registry

log = logging.getLogger(__name__)

LONGEST_TEXT = 1000
"""Characters that are spoken of a text."""


def find_sound(registry: Registry, account: Account, key: str) -> SoundFile | None:
    """The files of a sound; None when no plugin has it, or its file is gone.

    Args:
        registry: who is asked.
        account: whose sound it must be.
        key: of the ``Sound``, such as ``melodies:17``.
    """
    for plugin, find in registry.every("find_sound"):
        try:
            found = find(account, Sound(key))
        except Exception:
            log.exception("%s could not find the sound %r", plugin, key)
            continue
        if found is not None:
            return found if found.mp3.is_file() else None
    return None


def find_melody(
    thinker: Thinker, account: Account, line: Line | None, name: str, at: datetime
) -> SoundFile | None:
    """The files of a melody, as it stands for a number (M2); None when nobody has one, or it is a
    text.

    Args:
        thinker: who knows which plugins act for the number, with what settings.
        account: whose.
        line: the number; None for one that says nothing of its own.
        name: one of ``TONES``.
        at: now.
    """
    number = line or Line(0, "", "", LineKind.RENTED, account.timezone)
    found = Found(account, number, backup="", token="", ref="", caller="", called="", started_at=at)
    asker = thinker.asker(found, found.call(at))
    answer = asker.first("find_tone", (Sound, Say), Tone(name, ""))
    for plugin, _, sentence in asker.faults:
        log.error("%s could not find the melody %r: %s", plugin, name, sentence)
    sound = answer[1] if answer else None
    return find_sound(thinker.registry, account, sound.key) if isinstance(sound, Sound) else None


def speak(registry: Registry, text: str, language: str) -> bytes | None:
    """A text as a WAV file, spoken by the first plugin that can; None when none can.

    Args:
        registry: who is asked.
        text: at most ``LONGEST_TEXT`` characters of it are spoken.
        language: a BCP 47 tag.
    """
    for plugin, speaker in registry.every("speak_text"):
        try:
            sound = speaker(text[:LONGEST_TEXT], language)
        except Exception:
            log.exception("%s could not speak", plugin)
            continue
        if sound is not None:
            return sound
    return None
