"""Writes what one number says of one plugin, for those who set it without a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
