"""Refuses calls from numbers that an admin has listed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from marshmallow import ValidationError, fields

from core import api
from core.api import hookimpl

ENTRY = re.compile(r"\+[1-9][0-9]{2,14}\*?")
PATTERNS = "blocklist.patterns"


def good_entries(text: str) -> None:
    """Refuse a list with an entry that is no number, and say which one."""
    for entry in text.split():
        if not ENTRY.fullmatch(entry):
            raise ValidationError(f"{entry!r} is no number; write +393331234567 or +39333*.")


class BlocklistSettings(api.Settings):
    """What an admin can set, on each number's card."""

    numbers = api.setting(
        fields.String(load_default="", validate=good_entries),
        "Refused numbers",
        "One per line. +39333* refuses all numbers that begin so, if your plan has patterns.",
        choose="text",
    )


@hookimpl
def register_plugin() -> api.Plugin:
    """Who we are. Position 10: before the working hours, which are asked at 20."""
    return api.Plugin(
        name="blocklist",
        title="Block list",
        summary="Refuses calls from numbers on a list.",
        section=api.Section.ROUTING,
        features=(
            api.Feature(
                PATTERNS,
                "Block list: patterns",
                without="Entries with * are passed over.",
            ),
        ),
        settings=BlocklistSettings,
        stages=(api.Stage("block-list", "Block list", 10),),
    )


@hookimpl
def route_call(call: api.Call, settings: Any) -> api.Step | None:
    """Refuse a caller who is on the list; let everybody else pass."""
    for entry in settings.numbers.split():
        if matches(entry, call):
            return api.Reject(reason=f"{call.caller} is on the block list as {entry}")
    return None


@hookimpl
def check_settings(settings: Any) -> Iterable[api.Problem]:
    """Warn of a list that does nothing."""
    if not settings.numbers.split():
        yield api.Problem("numbers", "The list is empty: nobody is refused.", warning=True)


def matches(entry: str, call: api.Call) -> bool:
    """Whether an entry means this caller. The gate is asked only when a pattern would decide."""
    if entry.endswith("*"):
        return call.caller.startswith(entry[:-1]) and call.allows(PATTERNS)
    return call.caller == entry
