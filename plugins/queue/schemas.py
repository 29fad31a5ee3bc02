"""What a number says of groups."""

from __future__ import annotations

from marshmallow import fields

from core import api
from core.api import N_


class QueueSettings(api.Settings):
    """The group that takes a number's calls."""

    group = api.setting(
        fields.String(load_default=""),
        N_("Group"),
        N_("Who is rung when nothing before has taken the call."),
        choose="destination:queue",
    )
