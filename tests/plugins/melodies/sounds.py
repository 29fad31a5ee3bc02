"""Sound files made for tests: what an encoder, an admin or an attacker could upload."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
import soundfile

RATE = 16000


@cache
def encoded(
    seconds: float = 2.0,
    *,
    rate: int = RATE,
    channels: int = 1,
    strength: float = 0.3,
    opposed: bool = False,
    format: str = "MP3",
    constant: bool = False,
) -> bytes:
    """A tone as a file.

    Args:
        seconds, rate, channels, strength: of the tone; its strength is 0 to 1.
        opposed: the second channel is the first one turned over.
        format: as libsndfile calls it.
        constant: of a constant bit rate without a header that says the length.
    """
    times = np.arange(int(seconds * rate)) / rate
    tone = strength * np.sin(2 * np.pi * 440 * times)
    samples = np.stack([tone, -tone if opposed else tone][:channels], axis=1)
    file = io.BytesIO()
    options = {"bitrate_mode": "CONSTANT", "compression_level": 0.9} if constant else {}
    soundfile.write(file, samples, rate, format=format, **options)
    return file.getvalue()


def announcing(frames: int) -> bytes:
    """An mp3 whose header says that it has so many frames."""
    data = bytearray(encoded(rate=44100))
    place = max(data.find(b"Xing"), data.find(b"Info"))
    data[place + 8 : place + 12] = frames.to_bytes(4, "big")
    return bytes(data)
