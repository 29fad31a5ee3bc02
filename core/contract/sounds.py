"""A sound as gateways and pages get it: two files and how long they last."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SoundFile:
    """The files of a ``Sound``.

    Args:
        mp3: what people listen to and providers fetch.
        wav: 8 kHz, 16 bit, mono: what a PBX plays.
        seconds: how long it lasts.
        title: what people call it.
    """

    mp3: Path
    wav: Path
    seconds: float
    title: str
