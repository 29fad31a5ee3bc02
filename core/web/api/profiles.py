"""Numbers' settings as code, for programs: export, import, comparing, copying (N4)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response, abort, request
from flask_babel import gettext
from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from core.contract.errors import BadInput, NotFound
from core.plans.file.nodes import decode
from core.store.lines import LineRow
from core.web.api.document import YAML
from core.web.api.routes import Routes
from core.web.api.schemas import Answer, Flag, RowId
from core.web.card import Card
from core.web.card.comparing import Compared, Side, compare
from core.web.card.copying import review_copy
from core.web.card.document import FILE, SCHEMA, as_yaml, exported, read
from core.web.card.importing import Review, apply, review
from core.web.card.saving import COPIED, IMPORTED
from core.web.member import ADMIN, SUPERVISOR, current_member
from core.web.rows import row_id

routes = Routes("Profiles of numbers")

LOOK = {"description": "Only say what it would change."}
ANY_VALUE = {"description": "As a profile has it."}


class ProfileQuerySchema(Schema):
    """How a profile is answered."""

    format = fields.String(validate=OneOf(["json", "yaml"]))


class ProfilePartSchema(Schema):
    """What a profile says of a plugin; what it leaves out stays."""

    on = Flag()
    settings = fields.Dict(
        keys=fields.String(),
        metadata={"description": "By field. A destination is a kind and a name: queue: Sales."},
    )


class ProfileSchema(Schema):
    """All settings of a number, as code."""

    schema = fields.Integer(required=True, validate=OneOf([SCHEMA]))
    number = fields.String(metadata={"description": "Of which it was made; not read back."})
    plugins = fields.Dict(keys=fields.String(), values=fields.Nested(ProfilePartSchema))


class ImportQuerySchema(Schema):
    """Whether anything is saved."""

    dry_run = fields.Boolean(load_default=False, metadata=LOOK)


class SettingDifferenceSchema(Answer):
    """A setting that changes; ``field`` is empty for the plugin's switch."""

    plugin = fields.String()
    field = fields.String()
    title = fields.String()
    label = fields.String()
    before = fields.String()
    after = fields.String()


class NumberReviewSchema(Answer):
    """What a profile changed on a number, or would."""

    line = fields.Integer()
    number = fields.String()
    saved = fields.Boolean()
    changes = fields.List(fields.Nested(SettingDifferenceSchema))
    left_out = fields.List(fields.String(), metadata={"description": "What stays, and why."})
    warnings = fields.List(
        fields.String(), metadata={"description": "It can be saved, but is probably not meant."}
    )


class NumberReviewsSchema(Answer):
    """The same of several numbers."""

    numbers = fields.List(fields.Nested(NumberReviewSchema))


class ComparedSideSchema(Answer):
    """What a number says of a setting; ``there`` is false where its kind has no such setting."""

    there = fields.Boolean()
    stored = fields.Raw(allow_none=True, metadata=ANY_VALUE)
    effective = fields.Raw(allow_none=True, metadata=ANY_VALUE)


class ComparedSettingSchema(Answer):
    """A setting of two numbers."""

    plugin = fields.String()
    field = fields.String()
    title = fields.String()
    label = fields.String()
    differs = fields.Boolean()
    one = fields.Nested(ComparedSideSchema)
    other = fields.Nested(ComparedSideSchema)


class NumberComparisonSchema(Answer):
    """Two numbers side by side."""

    one = fields.String()
    other = fields.String()
    settings = fields.List(fields.Nested(ComparedSettingSchema))


CompareQuerySchema = Schema.from_dict(
    {
        "with": RowId(strict=False, metadata={"description": "The id of another number."}),
        "all": fields.Boolean(load_default=False, metadata={"description": "Also what is equal."}),
    },
    name="CompareQuery",
)


class CopySettingsSchema(Schema):
    """What is copied, and where to."""

    plugins = fields.List(fields.String(), required=True)
    to = fields.List(RowId(), load_default=list, metadata={"description": "Ids of numbers."})
    all = Flag(load_default=False, metadata={"description": "To all other numbers."})
    dry_run = Flag(load_default=False, metadata=LOOK)


@routes.get(
    "/lines/<int:id>/profile",
    roles=(ADMIN, SUPERVISOR),
    query=ProfileQuerySchema,
    answer=ProfileSchema,
    in_yaml=True,
)
def show_profile(id: int, query: dict[str, Any]) -> Any:
    """All settings of a number, as JSON or YAML: by ``format``, or by the header Accept."""
    data = exported(Card(_find(id)))
    wanted = query.get("format")
    accepted = request.accept_mimetypes
    if wanted == "yaml" or (not wanted and accepted[YAML] > accepted["application/json"]):
        return Response(as_yaml(data), mimetype=YAML)
    return data


@routes.put(
    "/lines/<int:id>/profile",
    roles=(ADMIN,),
    query=ImportQuerySchema,
    document=ProfileSchema,
    answer=NumberReviewSchema,
)
def change_profile(id: int, query: dict[str, Any]) -> dict[str, Any]:
    """Bring settings onto a number, all or nothing; what is not sent stays."""
    found = review(_find(id), read(decode(request.get_data(), FILE)))
    if not query["dry_run"]:
        apply([found], IMPORTED)
    return review_json(found, not query["dry_run"])


@routes.get(
    "/lines/<int:id>/compare",
    roles=(ADMIN, SUPERVISOR),
    query=CompareQuerySchema,
    answer=NumberComparisonSchema,
)
def compare_lines(id: int, query: dict[str, Any]) -> dict[str, Any]:
    """Two numbers side by side: what is stored, and what takes effect."""
    one = _find(id)
    if "with" not in query:
        raise BadInput(gettext("Say which number to compare it with: ?with= and its id."))
    other = _find(query["with"])
    rows = compare(Card(one), Card(other))
    shown = [compared_json(row) for row in rows if row.differs or query["all"]]
    return {"one": one.number, "other": other.number, "settings": shown}


@routes.post(
    "/lines/<int:id>/copy",
    roles=(ADMIN,),
    body=CopySettingsSchema,
    answer=NumberReviewsSchema,
)
def copy_settings(id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Copy settings of a number to others, to all of them or to none."""
    line = _find(id)
    found = review_copy(line, _targets(line, body), body["plugins"])
    if not body["dry_run"]:
        apply(found, COPIED, line.number)
    return {"numbers": [review_json(one, not body["dry_run"]) for one in found]}


def _find(id: int) -> LineRow:
    known = row_id(id)
    line = known and LineRow.of(current_member().account).where(LineRow.id == known).first()
    return line or abort(404)


def _targets(line: LineRow, body: dict[str, Any]) -> list[LineRow]:
    rows = LineRow.of(line.account_id).where(LineRow.id != line.id).order_by(LineRow.number)
    others = {one.id: one for one in rows}
    if body["all"]:
        return list(others.values())
    unknown = [one for one in body["to"] if one not in others]
    if unknown:
        raise NotFound(gettext("There is no other number with the id %(id)s.", id=unknown[0]))
    return [others[one] for one in dict.fromkeys(body["to"])]


def review_json(found: Review, saved: bool) -> dict[str, Any]:
    """A review as plain data, as the API answers it and the command prints it."""
    line = found.card.line
    return {
        "line": line.id,
        "number": line.number,
        "saved": saved,
        "changes": [asdict(one) for one in found.changes],
        "left_out": found.left_out,
        "warnings": found.warnings,
    }


def compared_json(row: Compared) -> dict[str, Any]:
    """A setting of two numbers as plain data."""
    return {
        "plugin": row.plugin,
        "field": row.field,
        "title": row.title,
        "label": row.label,
        "differs": row.differs,
        "one": _side(row.one),
        "other": _side(row.other),
    }


def _side(side: Side) -> dict[str, Any]:
    return {"there": side.there, "stored": side.stored, "effective": side.effective}
