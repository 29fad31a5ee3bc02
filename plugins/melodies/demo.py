"""A greeting of its own for the demo company: a chime, then the ready one."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import numpy as np

from core.api import Account
from plugins.melodies import audio, library, ready
from plugins.melodies.checking import check
from plugins.melodies.models import SoundRow, ToneRow

CHIME = (660, 880, 1320)
"""The pitches of the chime (Hz)."""


def record_greeting(account: Account, company: Any) -> None:
    """Make the sound, and let all numbers of the company greet with it."""
    language = ready.known_language(account.language)
    spoken, rate = audio.read(ready.mp3(language, "greeting"))
    jingle = audio.at_level(chime(rate), rate, audio.MUSIC_LEVEL)
    mp3 = io.BytesIO()
    audio.write_mp3(mp3, np.concatenate([jingle, spoken]), rate)
    row = SoundRow(
        account=account.id,
        title=f"Chime of {account.name}",
        text=ready.sound(language, "greeting").text,
        added_at=datetime.now(UTC),
    )
    library.fill(row, check(mp3.getvalue()))
    row.save()
    ToneRow.create(account=account.id, name="greeting", sound=row)


def chime(rate: int) -> Any:
    """Three bells that follow one another, 1.6 s."""
    times = np.arange(int(1.6 * rate)) / rate
    bells = [_bell(times - 0.25 * place, pitch) for place, pitch in enumerate(CHIME)]
    return audio.faded(sum(bells), rate, 0.05)


def _bell(times: Any, pitch: int) -> Any:
    rung = np.sin(2 * np.pi * pitch * times) * np.exp(-3.0 * np.maximum(times, 0))
    return np.where(times >= 0, rung, 0.0)
