"""Makes small sound files that a browser can play: two voices of tones, taking turns."""

from __future__ import annotations

import io
import math
import wave
from functools import lru_cache

RATE = 8000
"""Samples per second, as on a telephone."""

NOTE_SECONDS = 0.25
VOICES = ((196, 220, 247, 262), (330, 370, 392, 440))
"""The pitches (Hz) of two people."""


@lru_cache(maxsize=32)
def conversation(seconds: int, tune: int) -> bytes:
    """A WAV file (8 bit, mono) of two voices.

    Args:
        seconds: its length.
        tune: which of the possible conversations.
    """
    notes = int(seconds / NOTE_SECONDS)
    sound = b"".join(_note(_pitch(note, tune)) for note in range(notes))
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(1)
        writer.setframerate(RATE)
        writer.writeframes(sound)
    return file.getvalue()


def _pitch(note: int, tune: int) -> int:
    voice = VOICES[note // 4 % 2]
    return voice[(note * (tune % 3 + 1) + tune) % len(voice)]


@lru_cache(maxsize=16)
def _note(pitch: int) -> bytes:
    count = int(RATE * NOTE_SECONDS)
    fade = [min(1.0, 8 * place / count, 8 * (count - place) / count) for place in range(count)]
    return bytes(
        128 + int(70 * fade[place] * math.sin(2 * math.pi * pitch * place / RATE))
        for place in range(count)
    )
