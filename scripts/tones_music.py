"""The music of ``make-tones.py``: made of sine waves, so that nobody else has a right in it.

Two loops without a seam: what rings on behind the end is added to the beginning. Below 3.4 kHz,
which is all that a telephone carries.
"""

from __future__ import annotations

import numpy as np

RATE = 16000

MAJOR_SEVENTHS = {
    "C": (48, 64, 67, 71, 74),
    "Am": (45, 60, 64, 67, 71),
    "F": (41, 60, 64, 65, 69),
    "G": (43, 59, 62, 65, 69),
    "Dm": (50, 60, 65, 69, 72),
    "Em": (52, 59, 62, 67, 71),
}
"""Chords as MIDI notes, the bass first."""

WAITING = ("C", "Am", "F", "G")
HOLD = ("F", "Em", "Dm", "C", "F", "Am", "Dm", "G")

CADENCES = {
    # Of the country of a language: the frequencies (Hz), and how long (s) it sounds and pauses.
    "ringback": ((425,), (1.0, 4.0)),
    "ringback-en": ((440, 480), (2.0, 4.0)),
}


def ringback(name: str, rounds: int = 2) -> np.ndarray:
    """The ringing a caller hears: ``rounds`` times a tone and its pause."""
    pitches, (on, off) = CADENCES[name]
    times = np.arange(int(on * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * pitch * times) for pitch in pitches) / len(pitches)
    ramp = np.minimum(1, np.minimum(times, on - times) / 0.01)
    return np.tile(np.concatenate([tone * ramp, np.zeros(int(off * RATE))]), rounds)


def arpeggio(chords: tuple[str, ...] = WAITING, beat: float = 0.45) -> np.ndarray:
    """Broken chords, plucked, eight notes to a chord."""
    order = (0, 1, 2, 3, 4, 3, 2, 1)
    loop = np.zeros(int(len(chords) * len(order) * beat * RATE))
    for place, chord in enumerate(chords):
        for step, which in enumerate(order):
            start = int((place * len(order) + step) * beat * RATE)
            strength = 1.0 if step == 0 else 0.6
            _add(loop, start, strength * _plucked(MAJOR_SEVENTHS[chord][which] + 12))
    return loop


def pads(chords: tuple[str, ...] = HOLD, seconds: float = 4.0) -> np.ndarray:
    """Slow chords that melt into one another, and a few bells above them."""
    loop = np.zeros(int(len(chords) * seconds * RATE))
    for place, chord in enumerate(chords):
        start = int(place * seconds * RATE)
        for note in MAJOR_SEVENTHS[chord]:
            _add(loop, start, 0.35 * _swelling(note, seconds + 1.5))
        top = MAJOR_SEVENTHS[chord]
        for step, note in enumerate((top[4], top[2], top[3])):
            at = start + int((0.5 + step * seconds / 4) * RATE)
            _add(loop, at, 0.5 * _plucked(note + 12))
    return loop


def _add(loop: np.ndarray, start: int, note: np.ndarray) -> None:
    """Mix a note in; what does not fit before the end goes to the beginning."""
    places = (start + np.arange(len(note))) % len(loop)
    loop[places] += note


def _pitch(note: int) -> float:
    return 440.0 * 2 ** ((note - 69) / 12)


def _plucked(note: int, seconds: float = 2.0) -> np.ndarray:
    times = np.arange(int(seconds * RATE)) / RATE
    pitch = _pitch(note)
    partials = ((1, 1.0, 2.2), (2, 0.35, 3.5), (3, 0.12, 5.0))
    sound = sum(
        weight * np.sin(2 * np.pi * pitch * times * partial) * np.exp(-times * fall)
        for partial, weight, fall in partials
        if pitch * partial < 3400
    )
    return sound * np.minimum(1, times / 0.006) * np.minimum(1, (seconds - times) / 0.2)


def _swelling(note: int, seconds: float) -> np.ndarray:
    times = np.arange(int(seconds * RATE)) / RATE
    pitch = _pitch(note)
    shape = np.sin(np.pi * times / seconds) ** 2
    trembling = 1 + 0.003 * np.sin(2 * np.pi * 0.7 * times)
    return shape * (
        np.sin(2 * np.pi * pitch * times * trembling) + 0.2 * np.sin(4 * np.pi * pitch * times)
    )
