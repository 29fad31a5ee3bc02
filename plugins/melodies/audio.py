"""What is done to samples: one channel, another rate, a level, soft edges, and the mp3 file that
providers fetch. Samples are floats from -1 to 1, one row per channel read, one dimension when mono.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

MP3_RATE = 16000
"""Samples per second of our mp3 files: twice what a telephone carries, small to fetch."""

SPEECH_LEVEL = -20.0
"""The level of ready speech (dBFS): what telephone networks expect of a talker."""

MUSIC_LEVEL = -26.0
"""The level of ready music (dBFS): below speech, for it is heard for minutes."""

LOUDEST = 0.9
"""No sample of ours goes beyond it: encoders overshoot."""

SILENCE = 1e-4
"""The least level that is told from silence, so that no logarithm fails."""

_BLOCK_SECONDS = 0.05
_READ_FRAMES = 65536

Samples = Any


def level(samples: Samples, rate: int) -> float:
    """How loud the sounding parts are, in dBFS: pauses (30 dB below the loudest) do not count.

    Args:
        samples: one channel.
        rate: samples per second.
    """
    size = max(1, int(rate * _BLOCK_SECONDS))
    whole = samples[: len(samples) // size * size] if len(samples) >= size else samples
    blocks = whole.reshape(-1, min(size, len(whole) or 1))
    powers = np.mean(np.square(blocks), axis=1, dtype=np.float64) if len(whole) else np.zeros(1)
    sounding = powers[powers >= powers.max() / 1000]
    return float(10 * np.log10(max(sounding.mean(), SILENCE**2)))


def peak(samples: Samples) -> float:
    """The largest deflection, 0 to 1 and beyond."""
    return float(np.abs(samples).max(initial=0.0))


def at_level(samples: Samples, rate: int, wanted: float) -> Samples:
    """The samples at a level (dBFS); what would clip is rounded off, not cut."""
    for _ in range(3):  # rounding off lowers the level a little
        samples = _rounded(samples * 10 ** ((wanted - level(samples, rate)) / 20))
    return samples


def _rounded(samples: Samples) -> Samples:
    """Peaks above half of what is left to the top bend towards ``LOUDEST``."""
    knee = 0.6
    room = LOUDEST - knee
    size = np.abs(samples)
    bent = knee + room * np.tanh((size - knee) / room)
    return np.where(size > knee, np.sign(samples) * bent, samples)


def faded(samples: Samples, rate: int, seconds: float = 0.01) -> Samples:
    """The samples with soft edges: no click where they begin, end or repeat."""
    count = min(int(rate * seconds), len(samples) // 2)
    ramp = np.linspace(0.0, 1.0, count, endpoint=False)
    made = np.array(samples, dtype=np.float64)
    made[:count] *= ramp
    made[len(made) - count :] *= ramp[::-1]
    return made


def trimmed(samples: Samples, rate: int, pause: float = 0.15) -> Samples:
    """The samples without silence at both ends, but for a short pause (seconds)."""
    sounding = np.flatnonzero(np.abs(samples) > 0.01 * peak(samples))
    if not len(sounding):
        return samples
    keep = int(rate * pause)
    return samples[max(0, sounding[0] - keep) : sounding[-1] + keep]


def mono(samples: Samples) -> Samples:
    """One channel out of all."""
    return samples if samples.ndim == 1 else samples.mean(axis=1)


def resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """The samples at another rate (per second)."""
    return samples if rate == wanted else soxr.resample(samples, rate, wanted, quality="HQ")


def blocks(file: Any) -> Iterator[Samples]:
    """An open sound file, piece by piece: memory does not depend on what its header says."""
    while len(block := file.read(_READ_FRAMES, dtype="float32", always_2d=True)):
        yield block


def read(path: Path) -> tuple[Samples, int]:
    """One of our own files: its samples and their rate."""
    return soundfile.read(path, dtype="float32")


def write_mp3(target: Any, samples: Samples, rate: int) -> None:
    """Write an mp3 of 24 kbit/s, mono, with the highest quality of the encoder.

    Args:
        target: a path or a file open for writing.
        samples: one channel.
        rate: samples per second of what is given; the file has ``MP3_RATE``.
    """
    soundfile.write(
        target,
        np.clip(resampled(samples, rate, MP3_RATE), -LOUDEST, LOUDEST),
        MP3_RATE,
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode="CONSTANT",
        compression_level=0.9,
    )
