"""What a number says of its voicemail."""

from __future__ import annotations

from marshmallow import fields, validate

from core import api
from core.api import N_, lazy_gettext


class VoicemailSettings(api.Settings):
    """Prompts and length of a message."""

    prompt = api.setting(
        fields.String(
            load_default="Nobody can take your call now. Please leave a message after the tone.",
            validate=validate.Length(
                1, 1000, error=lazy_gettext("Write what callers hear before the tone.")
            ),
        ),
        N_("Prompt"),
        N_("What callers hear before the tone."),
        choose="text",
    )
    thanks = api.setting(
        fields.String(
            load_default="Thank you for your message. Goodbye.",
            validate=validate.Length(max=1000),
        ),
        N_("Thanks"),
        N_("What callers hear after their message; nothing when empty."),
        choose="text",
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
