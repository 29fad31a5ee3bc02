"""Which sound stands for a melody: the number's, else the account's, else the ready one (M2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.api import Account, Offer, Say, Sound, SoundFile, Tone, gettext
from plugins.melodies import ready
from plugins.melodies.choices import Choices, OwnSound, choices
from plugins.melodies.schemas import LANGUAGE_NAMES, field_of

NUMBER, ACCOUNT, READY = "number", "account", "ready"
"""Where a melody can come from."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What callers hear for a tone.

    Args:
        sound: which.
        origin: ``number``, ``account`` or ``ready``.
        language: of a ready tone.
        chosen: the key that was chosen here, "" when nothing was.
        gone: titles of own sounds that were chosen and whose file is not there any more.
    """

    sound: Sound
    origin: str
    language: str = ""
    chosen: str = ""
    gone: tuple[str, ...] = ()


def heard(account: Account, name: str, settings: Any = None, text: str = "") -> Heard:
    """What callers hear for a tone.

    Args:
        account: whose.
        name: one of the nine.
        settings: of the number; None: of a number that says nothing.
        text: what the tone says where its sound cannot be played.
    """
    own = choices(account)
    language = language_of(account, own, settings)
    chosen = getattr(settings, field_of(name), "")
    gone: list[str] = []
    for origin, sound in ((NUMBER, chosen), (ACCOUNT, own.tones.get(name))):
        if found := _found(own, sound, language, text, gone):
            is_ready = found.key.startswith(ready.PREFIX)
            return Heard(found, origin, language if is_ready else "", chosen, tuple(gone))
    return Heard(ready.sound(language, name), READY, language, chosen, tuple(gone))


def sentence(account: Account, tone: Tone, settings: Any) -> Sound | Say | None:
    """A ready sentence in the language of the number's melodies; None when there is no such one."""
    if tone.name not in ready.SENTENCES:
        return None
    language = language_of(account, choices(account), settings)
    return ready.sentence(language, tone.name, tone.key)


def _found(
    own: Choices, wanted: str | OwnSound | None, language: str, text: str, gone: list[str]
) -> Sound | None:
    """A chosen sound that can be played: an own one, or the ready one of any tone."""
    if isinstance(wanted, str):
        name = ready_name(wanted)
        if name:
            return ready.sound(language, name)
        wanted = own.own(wanted)
    if wanted is None:
        return None
    if not wanted.there:
        gone.append(wanted.title)
        return None
    return Sound(wanted.key, wanted.text or text)


def language_of(account: Account, own: Choices, settings: Any = None) -> str:
    """The language of the ready tones: the number's, else the account's choice, else its own."""
    chosen = getattr(settings, "language", "") or own.language
    return ready.known_language(chosen or account.language)


def find(account: Account, key: str) -> SoundFile | None:
    """The files of a sound of this plugin."""
    name = ready_name(key)
    if name:
        return ready.find(ready.key(language_of(account, choices(account)), name))
    if key.startswith(ready.PREFIX):
        return ready.find(key)
    own = choices(account).own(key)
    return own.files() if own else None


def ready_name(key: str) -> str:
    """The tone of a key that says no language, such as ``melodies:ready/hold``; else ""."""
    name = key.removeprefix(ready.PREFIX)
    return name if key.startswith(ready.PREFIX) and name in ready.TITLES else ""


def offers(account: Account) -> Iterator[Offer]:
    """The account's own sounds, then the ready ones in whatever its language is."""
    for sound in choices(account).sounds.values():
        yield Offer(sound.key, sound.title)
    for name, title in ready.TITLES.items():
        yield Offer(ready.PREFIX + name, gettext("Ready tone: %(title)s", title=gettext(title)))


def origin_title(found: Heard) -> str:
    """Where a melody comes from, in words."""
    if found.origin == NUMBER:
        return gettext("This number's own")
    if found.origin == ACCOUNT:
        return gettext("The account's")
    if found.sound.key.endswith("/hold"):
        return gettext("Ready tone")
    language = gettext(LANGUAGE_NAMES[found.language])
    return gettext("Ready tone in %(language)s", language=language)
