"""What a number says of its block list: whether nuisance calls at night block themselves (R8)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from marshmallow.validate import Range

from core.api import N_, Settings, lazy_gettext, setting


def _count(default: int, least: int, most: int) -> Any:
    wrong = lazy_gettext("{input} is not between {min} and {max}.")
    return fields.Integer(load_default=default, validate=Range(least, most, error=wrong))


class BlocklistSettings(Settings):
    """Automatic entries."""

    automatic = setting(
        fields.Boolean(load_default=False),
        N_("Block nuisance callers outside working hours"),
        N_(
            "Who calls too often while the number is closed is blocked for a while."
            " Known clients, employees and own numbers never are."
        ),
    )
    calls = setting(
        _count(3, 2, 100),
        N_("So many calls"),
        N_("The next one is blocked."),
        when="automatic",
    )
    minutes = setting(_count(10, 1, 1440), N_("… within so many minutes"), when="automatic")
    hours = setting(
        _count(24, 1, 720),
        N_("Blocked for so many hours"),
        N_("Then the entry ends by itself. It stands in the block list and can be deleted there."),
        when="automatic",
    )
