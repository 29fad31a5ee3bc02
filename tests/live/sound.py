"""Sounds of the live tests: every party says a tone of its own, and a WAV tells who was heard when.

A file is looked at in windows of a tenth of a second; a tone is heard in a window when it has most
of the energy there. Telephones' codecs and the start of a call disturb single windows, so tests
ask for seconds and shares, not for samples.
"""

from __future__ import annotations

import io
import math
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

RATE = 8000
WINDOW = RATE // 10
LOUDNESS = 9000
QUIET = LOUDNESS / 100

CALLER, ANNA, BRUNO, CARLA, OUTSIDE = 440, 880, 1240, 1560, 1920
"""What each party says."""

PROMPT, SECOND_PROMPT, NOTICE, HOLD = 620, 740, 1040, 300
"""What the installation plays."""


def write_tone(path: Path, hertz: int, seconds: float) -> Path:
    """A WAV of one sine, 8 kHz mono, as telephones and Asterisk read it."""
    time = np.arange(int(RATE * seconds)) / RATE
    samples = (LOUDNESS * np.sin(2 * math.pi * hertz * time)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return path


def write_alaw(path: Path, hertz: int, seconds: float) -> Path:
    """The same as raw A-law, as sipp sends it."""
    time = np.arange(int(RATE * seconds)) / RATE
    samples = (LOUDNESS * np.sin(2 * math.pi * hertz * time)).astype(int)
    loud = np.maximum(np.abs(samples), 1)
    exponent = np.maximum(np.floor(np.log2(loud)).astype(int) - 7, 0)
    mantissa = np.where(exponent > 0, (loud >> (exponent + 3)) & 15, loud >> 4)
    sign = np.where(samples >= 0, 0x80, 0)
    path.write_bytes(bytes((((exponent << 4) | mantissa | sign) ^ 0x55).astype(np.uint8)))
    return path


@dataclass(frozen=True)
class Sound:
    """One channel of a recording."""

    samples: np.ndarray

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.samples) / RATE

    def last(self, seconds: float) -> Sound:
        """Its end."""
        return Sound(self.samples[-int(seconds * RATE) :])

    def shares(self, hertz: int) -> np.ndarray:
        """The share of the energy at a frequency, for each window; 0 where there is silence."""
        windows = self._windows()
        power = np.abs(np.fft.rfft(windows * np.hanning(WINDOW), axis=1)) ** 2
        place = round(hertz * WINDOW / RATE)
        whole = power[:, 1:].sum(axis=1)
        near = power[:, place - 2 : place + 3].sum(axis=1)
        return np.where(self._loudness() > QUIET, near / np.maximum(whole, 1), 0)

    def _windows(self) -> np.ndarray:
        count = len(self.samples) // WINDOW
        return self.samples[: count * WINDOW].reshape(count, WINDOW).astype(float)

    def _loudness(self) -> np.ndarray:
        return np.sqrt((self._windows() ** 2).mean(axis=1))

    def heard(self, hertz: int, least: float = 0.5) -> float:
        """For how many seconds the tone is what one hears; ``least`` is its share of the energy."""
        return float((self.shares(hertz) >= least).sum()) / 10

    def loud(self) -> float:
        """For how many seconds anything is heard."""
        return float((self._loudness() > QUIET).sum()) / 10

    def first(self, hertz: int) -> float:
        """When the tone is heard first, in seconds from the start; infinity when never."""
        found = np.flatnonzero(self.shares(hertz) >= 0.5)
        return float(found[0]) / 10 if found.size else math.inf

    def says(self) -> str:
        """What is heard, for messages of failed tests: ``0.4 s of 620, 2.0 s of 880``."""
        tones = (CALLER, ANNA, BRUNO, CARLA, OUTSIDE, PROMPT, SECOND_PROMPT, NOTICE, HOLD)
        found = ((hertz, self.heard(hertz)) for hertz in tones)
        named = ", ".join(f"{seconds:.1f} s of {hertz}" for hertz, seconds in found if seconds)
        return f"{self.seconds:.1f} s: {named or 'none of our tones'}"


def read(path: Path) -> list[Sound]:
    """The channels of a WAV."""
    return split(path.read_bytes())


def split(content: bytes) -> list[Sound]:
    """The channels of a WAV; also of one that is still being written, whose header says 0."""
    with wave.open(io.BytesIO(content)) as file:
        channels, rate, width = file.getnchannels(), file.getframerate(), file.getsampwidth()
    assert (rate, width) == (RATE, 2), f"{rate} Hz, {8 * width} bit"
    data = content[content.index(b"data") + 8 :]
    samples = np.frombuffer(data[: len(data) // (2 * channels) * 2 * channels], "<i2")
    return [Sound(samples[number::channels]) for number in range(channels)]
