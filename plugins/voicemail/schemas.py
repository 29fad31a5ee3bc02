"""What a number says of its voicemail."""

from __future__ import annotations

from marshmallow import fields, validate

from core import api
from core.api import N_, lazy_gettext

PROMPT = "Nobody can take your call now. Please leave a message after the tone."
"""Said where nobody has a melody for it."""


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
            load_default="Thank you for your message. Goodbye.",
            validate=validate.Length(max=1000),
        ),
        N_("Thanks"),
        N_("What callers hear after their message; nothing when empty."),
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
