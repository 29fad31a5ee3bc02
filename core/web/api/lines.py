"""Numbers and their settings, for programs (N1, N2)."""

from __future__ import annotations

from typing import Any

from flask import abort, url_for
from marshmallow import Schema, fields

from core.store.lines import LineProfile, LineRow
from core.web.api.routes import Routes
from core.web.api.schemas import Answer, DecisionSchema, Flag, PluginSettings
from core.web.card import Card
from core.web.host import host
from core.web.member import ADMIN, SUPERVISOR, current_member
from core.web.rows import row_id

routes = Routes("Numbers")

PAGE = 100
"""So many numbers in one answer; its ``next`` leads to more."""


class LineQuerySchema(Schema):
    """Where a page of numbers begins."""

    after = fields.String(metadata={"description": "A number: only those behind it."})


class LineSchema(Answer):
    """A number."""

    id = fields.Integer()
    number = fields.String(metadata={"description": "E.164"})
    name = fields.String()
    kind = fields.String()
    timezone = fields.String()
    gateway = fields.Integer(allow_none=True)
    backup_number = fields.String()
    plugins = fields.Dict(
        keys=fields.String(),
        values=fields.Boolean(),
        metadata={"description": "Whether each is on for this number."},
    )


class LinesSchema(Answer):
    """A page of numbers, by number."""

    lines = fields.List(fields.Nested(LineSchema))
    next = fields.String(
        allow_none=True, metadata={"description": "The address of the next page, if any."}
    )


class LineSettingsSchema(Answer):
    """What a number says of a plugin: what is stored and what takes effect (N3)."""

    plugin = fields.String()
    on = fields.Boolean()
    in_plan = fields.Boolean()
    decision = fields.Nested(
        DecisionSchema,
        allow_none=True,
        metadata={"description": "Why the plugin is not in the plan."},
    )
    stored = PluginSettings()
    effective = PluginSettings()
    locked = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(DecisionSchema),
        metadata={"description": "Why the plan locks a field."},
    )
    problems = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "What is stored, but can no longer be taken."},
    )


class ChangedSettingsSchema(LineSettingsSchema):
    """The same after a change."""

    warnings = fields.List(
        fields.String(), metadata={"description": "Saved, but probably not meant (N5)."}
    )


class SettingsChangeSchema(Schema):
    """What to change; the rest stays."""

    on = Flag(allow_none=True, load_default=None)
    stored = PluginSettings(load_default=dict)


@routes.get("/lines", roles=(ADMIN, SUPERVISOR), query=LineQuerySchema, answer=LinesSchema)
def list_lines(query: dict[str, Any]) -> dict[str, Any]:
    """The numbers of the account, 100 at a time."""
    account = current_member().account
    found = LineRow.of(account).where(LineRow.number > query.get("after", ""))
    rows = list(found.order_by(LineRow.number).limit(PAGE + 1))
    page = rows[:PAGE]
    said: dict[int, dict[str, bool]] = {}
    for one in LineProfile.of(account).where(LineProfile.line.in_([row.id for row in page])):
        said.setdefault(one.line_id, {})[one.plugin] = one.on
    more = url_for("api.list_lines", after=page[-1].number) if len(rows) > PAGE else None
    return {"lines": [_line(row, said.get(row.id, {})) for row in page], "next": more}


@routes.get(
    "/lines/<int:id>/settings/<plugin>", roles=(ADMIN, SUPERVISOR), answer=LineSettingsSchema
)
def show_settings(id: int, plugin: str) -> dict[str, Any]:
    """What a number says of a plugin: stored and effective values, locks, problems."""
    return _shown(Card(_find(id)), plugin)


@routes.put(
    "/lines/<int:id>/settings/<plugin>",
    roles=(ADMIN,),
    body=SettingsChangeSchema,
    answer=ChangedSettingsSchema,
)
def change_settings(id: int, plugin: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change settings of a plugin on a number; what is not sent stays."""
    line = _find(id)
    warnings = Card(line).change(plugin, body["stored"], body["on"])
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
    sheet = card.sheet(name)
    profile = card.profile(sheet.plugin)
    schema = sheet.plugin.settings() if sheet.plugin.settings else None
    return {
        "plugin": name,
        "on": sheet.on,
        "in_plan": sheet.closed is None,
        "decision": sheet.closed,
        "stored": schema.dump(dict(profile.values)) if schema else {},
        "effective": schema.dump(vars(profile.settings)) if schema else {},
        "locked": profile.locked,
        "problems": profile.problems,
    }
