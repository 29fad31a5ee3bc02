"""What a number says of its greeting and of extensions."""

from __future__ import annotations

from marshmallow import fields, validate

from core import api
from core.api import N_, lazy_gettext

GREETING = "Welcome. Thank you for calling."
"""Said where nobody has a melody for it."""

CONTINUE, PHONE, VOICEMAIL = NO_ANSWER = ("continue", "phone", "voicemail")
"""What happens when the dialled employee does not answer (R3)."""


class ExtensionSettings(api.Settings):
    """Greeting, extension dialling, SIP To (R1-R3)."""

    greeting = api.setting(
        fields.Boolean(load_default=False),
        N_("Greeting"),
        N_("Welcomes the caller before anything else."),
    )
    greeting_text = api.setting(
        fields.String(load_default="", validate=validate.Length(max=1000)),
        N_("Text of the greeting"),
        N_("Empty: the melody “Greeting” of this number."),
        choose="prompt",
        when="greeting",
    )
    dial_extension = api.setting(
        fields.Boolean(load_default=False),
        N_("Extension dialling"),
        N_("During the greeting the caller may dial the extension of an employee or a group."),
    )
    excluded = api.setting(
        fields.List(
            fields.String(
                validate=validate.Regexp(
                    "^[0-9]{1,4}$",
                    error=lazy_gettext("{input!r} is no extension: use 1 to 4 digits."),
                )
            ),
            load_default=list,
        ),
        N_("Extensions nobody can dial"),
        N_("Callers who dial one of these go on as if it did not exist."),
    )
    seconds = api.setting(
        fields.Integer(
            load_default=25,
            validate=validate.Range(
                5, 120, error=lazy_gettext("{input} is not between {min} and {max}.")
            ),
        ),
        N_("Seconds an employee is rung"),
    )
    no_answer = api.setting(
        fields.String(
            load_default=CONTINUE,
            validate=validate.OneOf(
                NO_ANSWER,
                labels=[
                    N_("continue routing"),
                    N_("their own phones, mobile first"),
                    N_("their voicemail"),
                ],
                error=lazy_gettext("{input!r} is none of: {choices}."),
            ),
        ),
        N_("If the dialled employee does not answer"),
    )
    sip_to = api.setting(
        fields.Boolean(load_default=True),
        N_("Follow the PBX's choice (SIP To)"),
        N_(
            "On a SIP PBX line: when the PBX has already chosen an extension, its employee is rung."
        ),
        kinds=(api.LineKind.SIP_PBX,),
    )
