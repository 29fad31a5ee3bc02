"""Checks an uploaded mp3 by its content, and makes of it what is kept (M2).

What is kept is never the file that came: its sound is decoded to the last frame and encoded anew,
mono, so that neither players nor providers ever read a stranger's bytes. Time and memory are
bounded by the size of the file and by the longest sound, whatever its headers claim.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import soundfile
import soxr

from core.api import BadInput, gettext, telephone_wav
from plugins.melodies import audio
from plugins.melodies.frames import Walk, walk

LARGEST_BYTES = 2 * 1024 * 1024
SHORTEST_SECONDS = 0.5
LONGEST_SECONDS = 600

QUIET = -40.0
"""A level (dBFS) below which callers hardly hear anything."""

SILENT = 0.001
"""A peak (-60 dBFS) below which a file holds no sound."""

TOLERANCE_SECONDS = 0.3
"""Encoders pad; what is announced and what is there may differ by so much."""

KNOWN = (
    (0, b"RIFF", "WAV"),
    (0, b"\x89PNG", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"GIF8", "GIF"),
    (0, b"%PDF", "PDF"),
    (0, b"PK\x03\x04", "ZIP"),
    (0, b"Rar!", "RAR"),
    (0, b"\x1f\x8b", "GZIP"),
    (0, b"OggS", "Ogg"),
    (0, b"fLaC", "FLAC"),
    (4, b"ftyp", "MP4 (M4A, AAC)"),
    (0, b"FORM", "AIFF"),
    (0, b"\x30\x26\xb2\x75", "WMA"),
    (0, b"#!AMR", "AMR"),
    (0, b"MThd", "MIDI"),
    (0, b"\x7fELF", "ELF"),
    (0, b"MZ", "EXE"),
    (0, b"\xff\xf1", "AAC"),
    (0, b"\xff\xf9", "AAC"),
)
"""What other files begin with: the place, the bytes, the name of the kind."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An mp3 that was taken.

    Args:
        mp3, wav: the files to keep.
        seconds: how long it sounds.
        warnings: sentences for whoever uploaded it.
    """

    mp3: bytes
    wav: bytes
    seconds: float
    warnings: tuple[str, ...] = ()


def check(data: bytes) -> Checked:
    """Take an mp3 file, or say what is wrong with it.

    Args:
        data: the whole file, as it came.

    Raises:
        BadInput: one sentence that says what to change.
    """
    if not data:
        raise BadInput(gettext("The file is empty; choose an mp3 file."))
    if len(data) > LARGEST_BYTES:
        raise BadInput(
            gettext(
                "The file is larger than 2 MB, the most that is taken. Export it as mono, with 64"
                " kbit/s or less."
            )
        )
    found = walk(data)
    _check_kind(data, found)
    _check_length(found)
    sound = _decoded(data[found.start : found.end])  # without tags: they may hold anything
    _check_sound(sound, found)
    return _made(sound)


def _check_kind(data: bytes, found: Walk) -> None:
    """It is an mp3, and nothing else from its first to its last byte."""
    kind = _kind(data)
    if kind:
        raise BadInput(
            gettext("This file is %(kind)s, not mp3. Export the sound as mp3.", kind=kind)
        )
    if found.first is None or (found.frames < 2 and not found.announced):
        raise BadInput(
            gettext("This is not an mp3 file. Export the sound as mp3 and choose that file.")
        )
    if found.first.layer != 3:
        sentence = gettext(
            "This is an MPEG layer %(layer)s file, not an mp3 (layer 3). Export it as mp3.",
            layer=found.first.layer,
        )
        raise BadInput(sentence)
    if found.changes:
        raise BadInput(gettext("Its sample rate or channels change on the way; export it anew."))
    if found.rest:
        sentence = gettext(
            "Behind %(seconds)s of sound there are %(bytes)s bytes that are no sound; export it"
            " anew.",
            seconds=_said(found.seconds),
            bytes=found.rest,
        )
        raise BadInput(sentence)


def _check_length(found: Walk) -> None:
    """The file is as long as it says, and not longer than a melody may be."""
    announced = found.announced_seconds
    if found.missing or announced > found.seconds + TOLERANCE_SECONDS:
        raise BadInput(
            gettext(
                "The file is cut short: it ends after %(seconds)s, in the middle of its sound."
                " Upload it again, or export it anew.",
                seconds=_said(found.seconds),
            )
            if found.missing
            else gettext(
                "Its header says %(announced)s, but it ends after %(seconds)s: it is cut short."
                " Upload it again, or export it anew.",
                announced=_said(announced),
                seconds=_said(found.seconds),
            )
        )
    if announced and announced < found.seconds - TOLERANCE_SECONDS:
        raise BadInput(
            gettext(
                "Its header says %(announced)s, but it holds %(seconds)s of sound. Export it anew.",
                announced=_said(announced),
                seconds=_said(found.seconds),
            )
        )
    if found.seconds > LONGEST_SECONDS:
        raise BadInput(
            gettext(
                "It lasts %(seconds)s; at most 10 minutes are taken. Shorten it.",
                seconds=_said(found.seconds),
            )
        )


@dataclass(frozen=True, slots=True)
class Decoded:
    """The sound of a file: one channel at our rate, how many there were, how long they sounded
    and the loudest sample of any of them."""

    samples: Any
    channels: int
    seconds: float
    loudest: float


def _decoded(data: bytes) -> Decoded:
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            if file.format != "MP3":
                raise BadInput(gettext("This is not an mp3 file. Export the sound as mp3."))
            return _read(file)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise BadInput(gettext("Its sound cannot be read; export it anew as mp3.")) from error


def _read(file: Any) -> Decoded:
    """Block by block, so that memory is for one channel at our rate, and for no longer sound."""
    rate = file.samplerate
    stream = soxr.ResampleStream(rate, audio.MP3_RATE, 1, quality="HQ")
    parts, count, loudest = [], 0, 0.0
    for block in audio.blocks(file):
        block = np.nan_to_num(block, nan=0.0, posinf=1.0, neginf=-1.0)
        loudest = max(loudest, audio.peak(block))
        parts.append(stream.resample_chunk(audio.mono(block)))
        count += len(block)
        if count > LONGEST_SECONDS * rate:
            break
    parts.append(stream.resample_chunk(np.zeros(0, np.float32), last=True))
    return Decoded(np.concatenate(parts), file.channels, count / rate, loudest)


def _check_sound(sound: Decoded, found: Walk) -> None:
    """What only the decoded sound tells."""
    if abs(sound.seconds - found.seconds) > TOLERANCE_SECONDS:
        raise BadInput(
            gettext(
                "Of %(seconds)s of sound only %(heard)s can be heard; export it anew as mp3.",
                seconds=_said(found.seconds),
                heard=_said(sound.seconds),
            )
        )
    if sound.seconds < SHORTEST_SECONDS:
        sentence = gettext(
            "It lasts %(seconds)s; at least half a second is taken.", seconds=_said(sound.seconds)
        )
        raise BadInput(sentence)
    if sound.loudest < SILENT:
        raise BadInput(gettext("It is silent from beginning to end; choose another file."))
    if audio.peak(sound.samples) < SILENT:
        raise BadInput(
            gettext("Left and right cancel each other out in one channel; export it as mono.")
        )


def _made(sound: Decoded) -> Checked:
    warnings = []
    if sound.channels > 1:
        warnings.append(
            gettext("It was stereo; callers hear left and right mixed into one channel.")
        )
    if audio.level(sound.samples, audio.MP3_RATE) < QUIET:
        warnings.append(gettext("It is very quiet; callers may hardly hear it."))
    mp3 = io.BytesIO()
    audio.write_mp3(mp3, sound.samples, audio.MP3_RATE)
    wav = telephone_wav(sound.samples, audio.MP3_RATE)
    return Checked(mp3.getvalue(), wav, sound.seconds, tuple(warnings))


def _kind(data: bytes) -> str:
    """What a file is that is no mp3; "" when nobody knows."""
    for place, magic, kind in KNOWN:
        if data[place : place + len(magic)] == magic:
            return kind
    start = data[:500].lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<svg")):
        return "HTML" if b"htm" in start else "XML"
    return "TAR" if data[257:262] == b"ustar" else ""


def _said(seconds: float) -> str:
    return gettext("%(seconds)s s", seconds=f"{seconds:.1f}")
