"""What a number says of calls forwarded to the outside."""

from __future__ import annotations

from marshmallow import fields, validate

from core import api


class ForwardSettings(api.Settings):
    """How an outside number is rung."""

    seconds = api.setting(
        fields.Integer(
            load_default=30,
            validate=validate.Range(5, 120, error="{input} is not between {min} and {max}."),
        ),
        "Seconds an outside number is rung",
    )
