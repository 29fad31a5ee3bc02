"""Refuses calls from countries that an admin has listed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from marshmallow import ValidationError, fields

from core import api
from core.api import hookimpl

ENTRY = re.compile(r"\+[1-9][0-9]{0,9}\*?")
AREAS = "countries.areas"


def good_entries(text: str) -> None:
    """Refuse a list with an entry that is no country code, and say which one."""
    for entry in text.split():
        if not ENTRY.fullmatch(entry):
            raise ValidationError(f"{entry!r} is no country code; write +44, or +44870*.")


class CountriesSettings(api.Settings):
    """What an admin can set, on each number's card."""

    refused = api.setting(
        fields.String(load_default="", validate=good_entries),
        "Refused countries",
        "One code per line, such as +44. +44870* refuses one area only, if your plan has areas.",
        choose="text",
    )


@hookimpl
def register_plugin() -> api.Plugin:
    """Who we are. Position 15: after the block list (10), before the working hours (20)."""
    return api.Plugin(
        name="countries",
        title="Country filter",
        summary="Refuses calls from chosen countries.",
        section=api.Section.ROUTING,
        features=(
            api.Feature(
                AREAS,
                "Country filter: areas",
                without="Entries with * are passed over.",
            ),
        ),
        settings=CountriesSettings,
        stages=(api.Stage("country-filter", "Country filter", 15),),
    )


@hookimpl
def route_call(call: api.Call, settings: Any) -> api.Step | None:
    """Refuse a caller from a listed country; let everybody else pass."""
    for entry in settings.refused.split():
        if matches(entry, call):
            return api.Reject(reason=f"{call.caller} is refused by the country filter as {entry}")
    return None


@hookimpl
def check_settings(settings: Any) -> Iterable[api.Problem]:
    """Warn of a list that does nothing."""
    if not settings.refused.split():
        yield api.Problem("refused", "The list is empty: nobody is refused.", warning=True)


def matches(entry: str, call: api.Call) -> bool:
    """Whether an entry means this caller. The gate is asked only when an area would decide."""
    if not call.caller.startswith(entry.removesuffix("*")):
        return False
    return not entry.endswith("*") or call.allows(AREAS)
