"""Melodies: wiring."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core import api
from core.api import N_, gettext, hookimpl
from plugins.melodies import demo, library, pages, service, speaking
from plugins.melodies.models import TABLES, ToneRow
from plugins.melodies.ready import TITLES
from plugins.melodies.schemas import MelodiesSettings, field_of


@hookimpl
def register_plugin() -> api.Plugin:
    """In every plan; callers always hear something, so it cannot be switched off."""
    return api.Plugin(
        name="melodies",
        title=N_("Melodies"),
        summary=N_(
            "The nine melodies that callers hear. Nothing chosen: the account's own, else the"
            " ready one."
        ),
        section=api.Section.MELODIES,
        settings=MelodiesSettings,
        optional=False,
        on_by_default=True,
    )


@hookimpl
def register_tables() -> Iterable[type]:
    """Own sounds, and what they are for."""
    return TABLES


@hookimpl
def register_views() -> Iterable[Any]:
    """The melodies and the library of sounds."""
    return pages.views()


@hookimpl
def register_jobs() -> Iterable[api.Job]:
    """Files that nobody has are removed."""
    return [api.Job("clear sounds", 3600, library.clear)]


@hookimpl
def find_tone(call: api.Call, tone: api.Tone, settings: Any) -> api.Sound | api.Say | None:
    """The number's melody, the account's, or the ready one; or a ready sentence."""
    if tone.name not in TITLES:
        return service.sentence(call.account, tone, settings)
    found = service.heard(call.account, tone.name, settings, tone.text)
    for title in found.gone:
        call.note(api.phrase(N_("the file of the sound “%(title)s” is gone"), title=title))
    return found.sound


@hookimpl
def find_sound(account: api.Account, sound: api.Sound) -> api.SoundFile | None:
    """The files of an own or a ready sound."""
    return service.find(account, sound.key)


@hookimpl
def offer_sounds(account: api.Account) -> Iterable[api.Offer]:
    """Own sounds, then the ready tones."""
    return list(service.offers(account))


@hookimpl
def speak_text(text: str, language: str) -> bytes | None:
    """Where espeak-ng is installed."""
    return speaking.speak(text, language)


@hookimpl
def find_uses(account: api.Account, destination: api.Destination) -> Iterable[str]:
    """The account's tones for which a sound stands; numbers' are found by the core."""
    if destination.kind != "melodies" or not destination.id.isdecimal():
        return []
    rows = ToneRow.of(account).where(ToneRow.sound == int(destination.id))
    return [
        gettext("%(tone)s of the account", tone=gettext(TITLES.get(row.name, row.name)))
        for row in rows
    ]


@hookimpl
def check_settings(account: api.Account, settings: Any) -> Iterable[api.Problem]:
    """A chosen sound is there."""
    known = {offer.value for offer in service.offers(account)}
    sentence = gettext("This sound does not exist any more; choose another.")
    fields = [field_of(name) for name in TITLES]
    chosen = [(field, getattr(settings, field)) for field in fields]
    return [api.Problem(field, sentence) for field, key in chosen if key and key not in known]


@hookimpl
def demo_company_created(account: api.Account, company: Any) -> None:
    """A greeting of its own."""
    demo.record_greeting(account, company)
