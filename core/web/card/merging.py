"""A number's card that is open in two windows: each saves what was changed in it, and no more (N2).

A form sends every setting it shows. Without this, saving an older window would quietly take back
what was saved in a newer one, or on another page, such as that of the melodies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from flask_babel import gettext

from core.contract.plugin import Plugin
from core.web.card.draft import Draft
from core.web.card.sheet import short
from core.web.forms import FormField, form_field

if TYPE_CHECKING:
    from core.web.card.card import Card

LONGEST = 80
"""So many characters of what others have set are told."""


def base_of_sheet(card: Card, plugin: Plugin) -> str:
    """What a plugin's sheet shows, as JSON: it travels with the form, and comes back with it."""
    row = card.profiles.get(plugin.name)
    on = row.on if row else plugin.on_by_default
    return _text({"on": on, "settings": card.values(plugin)})


def merge(card: Card, draft: Draft, base: str) -> bool:
    """Keep what others have saved since a form was made; a setting that both have changed says so.

    Args:
        card: of the number, as it is stored now.
        draft: what was typed; changed, and its sheet's fields with it.
        base: what the form showed, as ``base_of_sheet`` gave it; any other text merges nothing.

    Returns:
        Whether something of others is kept.
    """
    sheet = draft.sheet
    current, shown = base_of_sheet(card, sheet.plugin), _read(base)
    sheet.base = current if shown is None else base
    if shown is None or base == current or sheet.faults:
        return False
    theirs = json.loads(current)
    mine = json.loads(_text(card.values(sheet.plugin, draft.stored)))
    kept = False
    if theirs["on"] != shown.get("on") and draft.on == shown.get("on"):
        draft.on = sheet.on = theirs["on"]
        kept = True
    for one, name in _changed(draft, shown["settings"], theirs["settings"]):
        now = theirs["settings"][name]
        if mine[name] == shown["settings"][name]:
            _keep(card, draft, one, now)
            kept = True
        elif mine[name] != now:
            one.error = gettext(
                "Meanwhile this was set to “%(value)s”, in another window or by somebody else. Save"
                " again to put yours in its place.",
                value=shorten(one.shown(now), LONGEST),
            )
    if sheet.faults:
        sheet.base = current
    return kept


def _text(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, default=str)


def _read(base: str) -> dict[str, Any] | None:
    try:
        found = json.loads(base)
    except ValueError:
        return None
    known = isinstance(found, dict) and isinstance(found.get("settings"), dict)
    return found if known else None


def _changed(
    draft: Draft, shown: dict[str, Any], now: dict[str, Any]
) -> Iterator[tuple[FormField, str]]:
    """The settings that others have changed, with their names."""
    for one in draft.sheet.fields:
        name = short(one)
        if one.lock is None and name in shown and now.get(name) != shown[name]:
            yield one, name


def _keep(card: Card, draft: Draft, one: FormField, now: Any) -> None:
    plugin, name = draft.sheet.plugin, short(one)
    stored = card.stored(plugin)
    draft.stored.pop(name, None)
    if name in stored:
        draft.stored[name] = stored[name]
    one.value = form_field(plugin.name, name, plugin.settings().fields[name], now).value
