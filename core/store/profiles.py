"""Writes what one number says of its plugins, for those who set it without a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.contract.errors import Conflict, NotFound
from core.contract.texts import N_, phrase
from core.store.lines import LineProfile, LineRow


def save_profile(
    line: LineRow, plugin: str, on: bool = True, values: Mapping[str, Any] | None = None
) -> LineProfile:
    """Store a plugin's profile of a number; one that is there already is replaced.

    Args:
        line: the number.
        plugin: the plugin's name.
        on: whether the plugin acts for calls to this number.
        values: its settings as its schema dumps them; what is left out has its default.
    """
    profile = (
        LineProfile.of(line.account_id)
        .where(LineProfile.line == line, LineProfile.plugin == plugin)
        .first()
    ) or LineProfile(account=line.account_id, line=line, plugin=plugin)
    profile.on, profile.stored = on, dict(values or {})
    profile.save()
    return profile


def stored_profile(line: LineRow, plugin: str) -> dict[str, Any]:
    """What a number says of a plugin, as it was stored; what it does not say is left out.

    Args:
        line: the number.
        plugin: the plugin's name.
    """
    profile = (
        LineProfile.of(line.account_id)
        .where(LineProfile.line == line, LineProfile.plugin == plugin)
        .first()
    )
    return dict(profile.stored) if profile else {}


def put_back(account: int, line: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Take a change of a number's settings back, as the audit tells of it.

    Args:
        account: whose number it is.
        line: the number.
        before: what there was, by plugin: ``on`` and ``settings``, as far as they were changed.
        after: what was made of it, likewise.

    Raises:
        NotFound: the number is gone.
        Conflict: something of it was changed again since.
    """
    if not LineRow.of(account).where(LineRow.id == line).exists():
        raise NotFound(phrase(N_("This number is gone.")))
    rows = {one.plugin: one for one in LineProfile.of(account).where(LineProfile.line == line)}
    for plugin, made in after.items():
        row = rows.get(plugin)
        if row is None or not _still(row, made):
            raise Conflict(phrase(N_("These settings have been changed again since.")))
    for plugin, former in before.items():
        row = rows[plugin]
        row.on = former.get("on", row.on)
        row.stored = {**row.stored, **former.get("settings", {})}
        row.save()


def _still(row: LineProfile, made: Mapping[str, Any]) -> bool:
    settings = made.get("settings", {})
    same = all(key in row.stored and row.stored[key] == one for key, one in settings.items())
    return same and made.get("on", row.on) == row.on
