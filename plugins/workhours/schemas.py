"""What a number says of working hours: which schedule, and what happens outside it (W3)."""

from __future__ import annotations

from marshmallow import fields, validate

from core.api import N_, Settings, lazy_gettext, setting

CLOSED_PROMPT = "Thank you for calling. We are closed at the moment."
THANKS = "Thank you for your message. Goodbye."
"""Said where nobody has a melody for it."""

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
        N_("Schedule"),
        N_("Nothing chosen: always open. Times are in the number's own time zone."),
        choose="destination:schedule",
    )
    outside = setting(
        fields.String(
            load_default=VOICEMAIL,
            validate=validate.OneOf(
                (VOICEMAIL, FORWARD, DESTINATION, HANG_UP, REJECT),
                (
                    N_("Voicemail"),
                    N_("Forward to a number"),
                    N_("Another destination"),
                    N_("Prompt, then hang up"),
                    N_("Reject before answering"),
                ),
            ),
        ),
        N_("Outside working hours"),
        N_("Rejecting costs nothing where the provider can do it, and no prompt is heard."),
    )
    prompt = setting(
        fields.String(load_default="", validate=validate.Length(max=1000)),
        N_("Prompt outside working hours"),
        N_(
            "Played before voicemail and before hanging up. A holiday's own prompt takes its"
            " place. Empty: the melody “Outside hours” of this number."
        ),
        choose="prompt",
    )
    message_prompt = setting(
        fields.String(load_default="", validate=validate.Length(max=1000)),
        N_("Voicemail prompt outside working hours"),
        N_(
            "Played after that, when calls go to voicemail, in the place of the voicemail's own"
            " prompt. Empty: the voicemail of this number, with its prompt and thanks."
        ),
        choose="prompt",
    )
    recipient = setting(
        fields.String(load_default="", validate=validate.Length(max=60)),
        N_("Voicemail for"),
        N_("Who finds the messages, when calls go to voicemail."),
        choose="destination:voicemail",
    )
    number = setting(
        fields.String(
            load_default="",
            validate=validate.Regexp(
                r"(\+[1-9]\d{6,14})?$",
                error=lazy_gettext(
                    "{input!r} is no international number; write +39…, digits only."
                ),
            ),
        ),
        N_("Forward to"),
        N_("An outside number, when calls are forwarded."),
        choose="number",
    )
    destination = setting(
        fields.String(load_default="", validate=validate.Length(max=60)),
        N_("Other destination"),
        N_("A group, employee or menu, when calls go to another destination."),
        choose="destination",
    )
