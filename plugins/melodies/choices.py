"""What an account has chosen, as a call reads it: its sounds, its tones, its language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.api import SoundFile, snapshot
from plugins.melodies import ready, shelf
from plugins.melodies.models import LanguageRow, SoundRow, ToneRow

PREFIX = "melodies:"
"""What the keys of this plugin's sounds begin with."""


@dataclass(frozen=True, slots=True)
class OwnSound:
    """A sound of the account's own."""

    id: int
    title: str
    text: str
    digest: str
    seconds: float

    @property
    def key(self) -> str:
        """The key of the sound."""
        return f"{PREFIX}{self.id}"

    @property
    def there(self) -> bool:
        """Whether its file is still on the shelf."""
        return shelf.place(self.digest, "mp3").is_file()

    def files(self) -> SoundFile:
        """Its files, as gateways get them."""
        places = [shelf.place(self.digest, kind) for kind in ("mp3", "wav")]
        return SoundFile(*places, self.seconds, self.title)


@dataclass(frozen=True, slots=True)
class Choices:
    """What an account has chosen. ``language`` "": its own; ``tones``: sounds by tone."""

    language: str
    sounds: Mapping[int, OwnSound]
    tones: Mapping[str, OwnSound]

    def own(self, key: str) -> OwnSound | None:
        """The account's own sound with this key."""
        number = key.removeprefix(PREFIX)
        known = key.startswith(PREFIX) and number.isascii() and number.isdecimal()
        return self.sounds.get(int(number)) if known and len(number) < 19 else None


@snapshot
def choices(account_id: int) -> Choices:
    """What an account has chosen, until it chooses otherwise."""
    rows = SoundRow.of(account_id).order_by(SoundRow.title)
    sounds = {
        row.id: OwnSound(row.id, row.title, row.text, row.digest, row.seconds) for row in rows
    }
    tones = {
        row.name: sounds[row.sound_id]
        for row in ToneRow.of(account_id)
        if row.sound_id in sounds and row.name in ready.TITLES
    }
    language = LanguageRow.of(account_id).first()
    return Choices(language.language if language else "", sounds, tones)
