"""Sound as telephones carry it: a WAV file of 8,000 samples a second, 16 bit.

What reads and writes sound takes half a second to import; it is imported when it is first needed,
for commands that make no sound are to start at once.
"""

from __future__ import annotations

import io
from typing import Any

RATE = 8000
"""Samples per second."""


def telephone_wav(samples: Any, rate: int) -> bytes:
    """Samples as a WAV file for a telephone.

    Args:
        samples: one channel, or a column for each; from -1 to 1, or 16-bit integers.
        rate: samples per second of what is given.
    """
    import numpy as np
    import soundfile
    import soxr

    if rate != RATE:
        samples = soxr.resample(samples, rate, RATE, quality="HQ")
    if samples.dtype.kind == "f":
        samples = np.clip(samples, -1.0, 1.0)
    made = io.BytesIO()
    soundfile.write(made, samples, RATE, format="WAV", subtype="PCM_16")
    return made.getvalue()


def as_telephone(sound: bytes) -> tuple[bytes, float]:
    """Any sound file as one that a PBX plays, in one channel; and how many seconds it lasts.

    Args:
        sound: the whole file.

    Raises:
        ValueError: it cannot be read, or there is no sound in it.
    """
    import soundfile

    try:
        samples, rate = soundfile.read(io.BytesIO(sound), dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise ValueError(f"This is no sound file: {error}") from error
    if not len(samples):
        raise ValueError("This sound file is empty.")
    return telephone_wav(samples.mean(axis=1), rate), len(samples) / rate
