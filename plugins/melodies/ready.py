"""The ready tones (M1): nine in seven languages, and a few sentences more, made by
``scripts/make-tones.py``.

The mp3 files are part of the program. The WAV files, ten times as large, are made from them when
they are first needed, into the data folder.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from core.api import N_, Say, Sound, SoundFile, data_folder, telephone_wav
from plugins.melodies import audio, shelf
from plugins.melodies.sentences import READY_KEY, text_of
from plugins.melodies.texts import TEXTS

MEDIA = Path(__file__).parent / "media"

LANGUAGES = tuple(TEXTS)
"""The languages of the ready tones, in the order of the specification."""

TITLES = {
    "greeting": N_("Greeting"),
    "notice": N_("Recording notice"),
    "ringback": N_("Ringback"),
    "waiting": N_("Waiting in the queue"),
    "hold": N_("Hold music"),
    "voicemail": N_("Voicemail prompt"),
    "rating": N_("Rating request"),
    "thanks": N_("Rating thanks"),
    "outside-hours": N_("Outside hours"),
}
"""What an admin calls the melodies, by name, in the order of a call."""

SENTENCES = {
    "notice-opt-out": N_("Recording notice with a key to refuse"),
    "notice-opt-in": N_("Recording notice with a key to agree"),
    "message-thanks": N_("Thanks for a message"),
}
"""What the ready sentences are called that are no melodies."""

PREFIX = "melodies:ready/"
"""What the key of a ready tone begins with; language and name follow."""

EVERYWHERE = "music"
"""The folder of tones that are the same in several languages."""

RINGBACK = {"en": "ringback-en"}
"""The ringing of a language's country; elsewhere the one of most of Europe."""


def key(language: str, name: str) -> str:
    """The key of a ready tone."""
    return f"{PREFIX}{language}/{name}"


def sound(language: str, name: str) -> Sound:
    """A ready tone as a prompt, with what it says."""
    return Sound(key(language, name), TEXTS[language].get(name, ""))


def sentence(language: str, name: str, pressed: str) -> Sound | Say:
    """A ready sentence as a prompt: its file, or its text where it names another key than that.

    Args:
        language: one of ``LANGUAGES``.
        name: one of ``SENTENCES``.
        pressed: the key that it names, "" for none.
    """
    if pressed in ("", READY_KEY):
        return Sound(key(language, name), text_of(language, name))
    return Say(text_of(language, name, pressed), language)


def known_language(tag: str) -> str:
    """The language of a BCP 47 tag, if it is one of the ready ones, else English."""
    language = tag.replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else "en"


def mp3(language: str, name: str) -> Path:
    """The file of a ready tone."""
    if name == "hold":
        return MEDIA / EVERYWHERE / "hold.mp3"
    if name == "ringback":
        return MEDIA / EVERYWHERE / f"{RINGBACK.get(language, name)}.mp3"
    return MEDIA / language / f"{name}.mp3"


def find(text: str) -> SoundFile | None:
    """The files of a ready tone by its key; None when there is no such tone."""
    language, _, name = text.removeprefix(PREFIX).partition("/")
    title = (TITLES | SENTENCES).get(name)
    if not text.startswith(PREFIX) or language not in LANGUAGES or title is None:
        return None
    path = mp3(language, name)
    digest, seconds = _about(path)
    wav = data_folder("melodies") / "ready" / f"{digest}.wav"
    if not wav.exists():
        samples, rate = audio.read(path)
        shelf.put(wav, lambda file: file.write(telephone_wav(samples, rate)))
    return SoundFile(path, wav, seconds, title)


@cache
def _about(path: Path) -> tuple[str, float]:
    """The file's digest (a new release may bring a new file) and its length in seconds."""
    samples, rate = audio.read(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:32], len(samples) / rate
