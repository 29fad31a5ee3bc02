"""What a number says of its melodies: its own sound for each of the nine, and a language."""

from __future__ import annotations

from marshmallow import fields, validate

from core.api import N_, Settings, setting
from plugins.melodies.ready import TITLES

LANGUAGE_NAMES = {
    "ru": N_("Russian"),
    "en": N_("English"),
    "de": N_("German"),
    "uk": N_("Ukrainian"),
    "es": N_("Spanish"),
    "pt": N_("Portuguese"),
    "it": N_("Italian"),
}


BLANK = N_("The account's, else the ready tone")
"""What it is called to choose no melody for a number."""


def field_of(tone: str) -> str:
    """The field of the settings that holds the sound of a tone."""
    return tone.replace("-", "_")


def _melody(tone: str, help: str = "") -> fields.Field:
    field = fields.String(load_default="", validate=validate.Length(max=60))
    return setting(field, TITLES[tone], help, choose="sound", blank=BLANK)


class MelodiesSettings(Settings):
    """Nothing chosen: what the account has, else the ready tone (M2)."""

    language = setting(
        fields.String(
            load_default="",
            validate=validate.OneOf(
                ["", *LANGUAGE_NAMES], [N_("The account's language"), *LANGUAGE_NAMES.values()]
            ),
        ),
        N_("Language of the ready tones"),
        N_("To hear all nine, or to upload some for this number: “Melodies” in the menu."),
    )
    greeting = _melody("greeting", N_("Where the greeting is on and has no text."))
    notice = _melody("notice", N_("Before a call that is recorded."))
    ringback = _melody("ringback", N_("While a phone rings, where the provider can play it."))
    waiting = _melody("waiting", N_("While the caller waits for a free member of the group."))
    hold = _melody("hold", N_("While the caller is put on hold."))
    voicemail = _melody("voicemail", N_("Before the tone, where voicemail has no text."))
    rating = _melody("rating", N_("After the conversation, where the question has no text."))
    thanks = _melody("thanks", N_("After the rating."))
    outside_hours = _melody("outside-hours", N_("When the number is closed."))
