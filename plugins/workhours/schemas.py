"""What a number says of working hours: which schedule, and what happens outside it (W3)."""

from __future__ import annotations

from marshmallow import fields, validate

from core.api import Settings, setting

CLOSED_PROMPT = "Thank you for calling. We are closed at the moment."
MESSAGE_PROMPT = "Please leave a message after the tone."

VOICEMAIL, FORWARD, DESTINATION, HANG_UP, REJECT = (
    "voicemail",
    "forward",
    "destination",
    "hang-up",
    "reject",
)


class WorkhoursSettings(Settings):
    """Working hours of a number."""

    schedule = setting(
        fields.String(load_default="", validate=validate.Length(max=60)),
        "Schedule",
        "Nothing chosen: always open. Times are in the number's own time zone.",
        choose="destination:schedule",
    )
    outside = setting(
        fields.String(
            load_default=VOICEMAIL,
            validate=validate.OneOf(
                (VOICEMAIL, FORWARD, DESTINATION, HANG_UP, REJECT),
                (
                    "Voicemail",
                    "Forward to a number",
                    "Another destination",
                    "Prompt, then hang up",
                    "Reject before answering",
                ),
            ),
        ),
        "Outside working hours",
        "Rejecting costs nothing where the provider can do it, and no prompt is heard.",
    )
    prompt = setting(
        fields.String(load_default=CLOSED_PROMPT, validate=validate.Length(max=1000)),
        "Prompt outside working hours",
        "Spoken before voicemail and before hanging up. A holiday's own prompt takes its place.",
        choose="text",
    )
    message_prompt = setting(
        fields.String(load_default=MESSAGE_PROMPT, validate=validate.Length(max=1000)),
        "Voicemail prompt outside working hours",
        "Spoken after that, when calls go to voicemail.",
        choose="text",
    )
    recipient = setting(
        fields.String(load_default="", validate=validate.Length(max=60)),
        "Voicemail for",
        "Who finds the messages, when calls go to voicemail.",
        choose="destination:voicemail",
    )
    number = setting(
        fields.String(
            load_default="",
            validate=validate.Regexp(
                r"(\+[1-9]\d{6,14})?$",
                error="{input!r} is no international number; write +39…, digits only.",
            ),
        ),
        "Forward to",
        "An outside number, when calls are forwarded.",
        choose="number",
    )
    destination = setting(
        fields.String(load_default="", validate=validate.Length(max=60)),
        "Other destination",
        "A group, employee or menu, when calls go to another destination.",
        choose="destination",
    )
