"""What a number says of its greeting and of extensions."""

from __future__ import annotations

from marshmallow import fields, validate

from core import api

CONTINUE, PHONE, VOICEMAIL = NO_ANSWER = ("continue", "phone", "voicemail")
"""What happens when the dialled employee does not answer (R3)."""


class ExtensionSettings(api.Settings):
    """Greeting, extension dialling, SIP To (R1-R3)."""

    greeting = api.setting(
        fields.Boolean(load_default=False), "Greeting", "Welcomes the caller before anything else."
    )
    greeting_text = api.setting(
        fields.String(
            load_default="Welcome. Thank you for calling.", validate=validate.Length(max=1000)
        ),
        "Text of the greeting",
        choose="text",
        when="greeting",
    )
    dial_extension = api.setting(
        fields.Boolean(load_default=False),
        "Extension dialling",
        "During the greeting the caller may dial the extension of an employee or a group.",
    )
    excluded = api.setting(
        fields.List(
            fields.String(
                validate=validate.Regexp(
                    "^[0-9]{1,4}$", error="{input!r} is no extension: use 1 to 4 digits."
                )
            ),
            load_default=list,
        ),
        "Extensions nobody can dial",
        "Callers who dial one of these go on as if it did not exist.",
    )
    seconds = api.setting(
        fields.Integer(
            load_default=25,
            validate=validate.Range(5, 120, error="{input} is not between {min} and {max}."),
        ),
        "Seconds an employee is rung",
    )
    no_answer = api.setting(
        fields.String(
            load_default=CONTINUE,
            validate=validate.OneOf(
                NO_ANSWER,
                labels=[
                    "continue routing",
                    "their own phones, mobile first",
                    "their voicemail",
                ],
                error="{input!r} is none of: {choices}.",
            ),
        ),
        "If the dialled employee does not answer",
    )
    sip_to = api.setting(
        fields.Boolean(load_default=True),
        "Follow the PBX's choice (SIP To)",
        "On a SIP PBX line: when the PBX has already chosen an extension, its employee is rung.",
    )
