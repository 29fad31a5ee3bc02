"""What a number says of calls forwarded to the outside."""

from __future__ import annotations

from marshmallow import fields, validate

from core import api
from core.api import N_, lazy_gettext


class ForwardSettings(api.Settings):
    """How an outside number is rung."""

    seconds = api.setting(
        fields.Integer(
            load_default=30,
            validate=validate.Range(
                5, 120, error=lazy_gettext("{input} is not between {min} and {max}.")
            ),
        ),
        N_("Seconds an outside number is rung"),
    )
    show_caller = api.setting(
        fields.Boolean(load_default=False),
        N_("Show the caller's number"),
        N_(
            "Who is rung sees the caller's number instead of the rented one, where the provider"
            " allows it; a toll-free number always shows itself."
        ),
        kinds=(api.LineKind.RENTED,),
    )
