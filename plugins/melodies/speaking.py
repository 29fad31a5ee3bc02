"""Speaks a text with espeak-ng: an admin hears a prompt before callers do, and a PBX that has no
voice of its own plays it to callers.

A program of its own, never linked: it is under the GPL and optional.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from functools import cache

from core.api import data_folder
from plugins.melodies import shelf

PROGRAM = "espeak-ng"
PACKAGE = "espeak-ng"
"""The Debian package that brings it."""

LONGEST_TEXT = 1000
HOMES = {"en": "en-us", "fr": "fr-fr"}
"""The voice of a language that it only knows with a country."""

SECONDS = 10
"""How long it may take; a text of the greatest length takes a tenth of that."""


def speak(text: str, language: str) -> bytes | None:
    """A text as a WAV file; None when the program is missing, fails, or lacks the language.

    Args:
        text: what to say; what is longer than ``LONGEST_TEXT`` is not spoken.
        language: a BCP 47 tag; a country it does not know is left out.
    """
    program = shutil.which(PROGRAM)
    voice = program and _voice(program, language)
    if not voice or not text.strip() or len(text) > LONGEST_TEXT:
        return None
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    digest = hashlib.sha256(f"{voice}\n{text}".encode()).hexdigest()
    path = data_folder("melodies") / "spoken" / f"{digest}.wav"
    if not path.exists():
        sound = _spoken(program, voice, text)
        if sound is None:
            return None
        shelf.put(path, lambda file: file.write(sound))
    return path.read_bytes()


def _spoken(program: str, voice: str, text: str) -> bytes | None:
    command = [program, "-v", voice, "-s", "150", "--stdout", "-b", "1", "--stdin"]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return _sized(done.stdout) if not done.returncode and done.stdout[:4] == b"RIFF" else None


def _sized(sound: bytes) -> bytes:
    """The program does not know the length when it begins to write; browsers want it right."""
    data = sound.index(b"data") + 8
    whole, rest = ((len(sound) - head).to_bytes(4, "little") for head in (8, data))
    return sound[:4] + whole + sound[8 : data - 4] + rest + sound[data:]


@cache
def _voices(program: str) -> frozenset[str]:
    """The languages it speaks."""
    done = subprocess.run([program, "--voices"], capture_output=True, text=True, timeout=SECONDS)
    lines = done.stdout.splitlines()[1:]
    return frozenset(line.split()[1].lower() for line in lines if len(line.split()) > 1)


def _voice(program: str, language: str) -> str:
    """Its word for a language: ``pt-BR`` is ``pt-br``, ``it-IT`` is ``it``; "" for one it lacks."""
    wanted = language.replace("_", "-").lower()
    try:
        known = _voices(program)
    except (OSError, subprocess.SubprocessError):
        return ""
    short = wanted.partition("-")[0]
    return next((one for one in (wanted, short, HOMES.get(short)) if one in known), "")
