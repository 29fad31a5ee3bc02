"""What a number says of the voice menu."""

from __future__ import annotations

from marshmallow import fields, validate

from core.api import N_, Settings, setting


class IvrSettings(Settings):
    """The menu a number's callers hear."""

    menu = setting(
        fields.String(load_default="", validate=validate.Length(max=60)),
        N_("Menu"),
        N_("Played to callers; leaving it continues with whom the number rings."),
        choose="destination:ivr",
    )
