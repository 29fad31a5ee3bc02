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
