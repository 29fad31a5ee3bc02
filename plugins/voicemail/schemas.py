"""What a number says of its voicemail."""

from __future__ import annotations

from marshmallow import fields, validate

from core import api
from core.api import N_, lazy_gettext

PROMPT = "Nobody can take your call now. Please leave a message after the tone."
"""Said where nobody has a melody for it."""

THANKS = "Thank you for your message. Goodbye."
"""Stands for the ready sentence in the language of the number's melodies."""


class VoicemailSettings(api.Settings):
    """Prompts and length of a message."""

    prompt = api.setting(
        fields.String(load_default="", validate=validate.Length(max=1000)),
        N_("Prompt"),
        N_("What callers hear before the tone. Empty: the melody “Voicemail” of this number."),
        choose="prompt",
    )
    thanks = api.setting(
        fields.String(
            load_default=THANKS,
            validate=validate.Length(max=1000),
        ),
        N_("Thanks"),
        N_(
            "What callers hear after their message; nothing when empty. The standard sentence is"
            " said in the language of the number's melodies."
        ),
        choose="prompt",
    )
    max_seconds = api.setting(
        fields.Integer(
            load_default=120,
            validate=validate.Range(
                10, 600, error=lazy_gettext("{input} is not between {min} and {max}.")
            ),
        ),
        N_("Longest message in seconds"),
    )
