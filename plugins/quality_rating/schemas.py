"""What can be set of the rating on a number."""

from __future__ import annotations

from marshmallow import fields
from marshmallow.validate import Length, Range

from core.api import N_, Settings, setting

QUESTION = "Please rate our conversation: press a key from 1, bad, to 5, excellent."
AGAIN = "Please press a key from 1 to 5."
THANKS = "Thank you for your rating."
"""Said where nobody has a melody for it."""


class RatingSettings(Settings):
    """What the caller hears, and who is not asked (Q6)."""

    question = setting(
        fields.String(load_default="", validate=Length(max=600)),
        N_("Question"),
        N_(
            "Asked when the employee has hung up; the caller has 5 seconds. Empty: the melody"
            " “Rating request” of this number."
        ),
        choose="prompt",
    )
    again = setting(
        fields.String(load_default="", validate=Length(max=600)),
        N_("Second question"),
        N_("Asked once, after a wrong key or none. Empty: the same melody again."),
        choose="prompt",
    )
    thanks = setting(
        fields.String(load_default="", validate=Length(max=600)),
        N_("Thanks"),
        N_("Empty: the melody “Rating thanks” of this number."),
        choose="prompt",
    )
    min_talk_seconds = setting(
        fields.Integer(load_default=10, validate=Range(0, 3600)),
        N_("Not after talks shorter than (seconds)"),
    )
    repeat_days = setting(
        fields.Integer(load_default=1, validate=Range(0, 365)),
        N_("Not the same caller again within (days)"),
        N_("0: after every call."),
    )
