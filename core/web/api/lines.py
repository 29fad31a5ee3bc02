"""Numbers and their settings, for programs (N1, N2)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext

from core.contract.errors import BadInput
from core.store.lines import LineProfile, LineRow
from core.web.api.auth import roles
from core.web.card import Card
from core.web.errors import plain
from core.web.host import host
from core.web.member import ADMIN, SUPERVISOR, current_member
from core.web.rows import row_id

PUT_KEYS = {"on", "stored"}

PAGE = 100
"""So many numbers in one answer; its ``next`` leads to more."""


def add(api: Blueprint) -> None:
    """Put the routes on the blueprint."""
    api.get("/lines")(_lines)
    api.get("/lines/<int:id>/settings/<plugin>")(_settings)
    api.put("/lines/<int:id>/settings/<plugin>")(_change)


@roles(ADMIN, SUPERVISOR)
def _lines() -> dict[str, Any]:
    account = current_member().account
    query = LineRow.of(account).where(LineRow.number > request.args.get("after", ""))
    rows = list(query.order_by(LineRow.number).limit(PAGE + 1))
    page = rows[:PAGE]
    said: dict[int, dict[str, bool]] = {}
    for one in LineProfile.of(account).where(LineProfile.line.in_([row.id for row in page])):
        said.setdefault(one.line_id, {})[one.plugin] = one.on
    more = url_for("api._lines", after=page[-1].number) if len(rows) > PAGE else None
    return {"lines": [_line(row, said.get(row.id, {})) for row in page], "next": more}


@roles(ADMIN, SUPERVISOR)
def _settings(id: int, plugin: str) -> dict[str, Any]:
    return _shown(Card(_find(id)), plugin)


@roles(ADMIN)
def _change(id: int, plugin: str) -> dict[str, Any]:
    line = _find(id)
    body = request.get_json()
    if not isinstance(body, dict) or not isinstance(body.get("stored", {}), dict):
        raise BadInput(gettext("Send an object with “on”, “stored” or both."))
    unknown = sorted(set(body) - PUT_KEYS)
    if unknown:
        raise BadInput(gettext("“%(key)s” is unknown; send “on” and “stored”.", key=unknown[0]))
    on = body.get("on")
    if on is not None and not isinstance(on, bool):
        raise BadInput(gettext("“on” is true or false."), {"on": str(on)})
    warnings = Card(line).change(plugin, body.get("stored", {}), on)
    return {**_shown(Card(line), plugin), "warnings": warnings}


def _find(id: int) -> LineRow:
    known = row_id(id)
    line = known and LineRow.of(current_member().account).where(LineRow.id == known).first()
    return line or abort(404)


def _line(row: LineRow, said: dict[str, bool]) -> dict[str, Any]:
    plugins = [one.plugin for one in host().registry.plugins.values() if one.plugin.optional]
    return {
        "id": row.id,
        "number": row.number,
        "name": row.name,
        "kind": row.kind,
        "timezone": row.timezone or current_member().account.timezone,
        "gateway": row.gateway_id,
        "backup_number": row.backup_number,
        "plugins": {one.name: said.get(one.name, one.on_by_default) for one in plugins},
    }


def _shown(card: Card, name: str) -> dict[str, Any]:
    """What is stored and what takes effect; both are visible (N3)."""
    sheet = card.sheet(name)
    profile = card.profile(sheet.plugin)
    schema = sheet.plugin.settings() if sheet.plugin.settings else None
    return {
        "plugin": name,
        "on": sheet.on,
        "in_plan": sheet.closed is None,
        "decision": plain(sheet.closed),
        "stored": schema.dump(dict(profile.values)) if schema else {},
        "effective": schema.dump(vars(profile.settings)) if schema else {},
        "locked": plain(dict(profile.locked)),
        "problems": dict(profile.problems),
    }
