"""Trees of menus for programs: read, make, put and delete one, by the schema of the editor."""

from __future__ import annotations

from typing import Any

from flask import abort
from marshmallow import Schema, fields

from core import api
from core.api import Conflict, gettext
from plugins.ivr.desk import Desk
from plugins.ivr.document import put_tree, tree_data
from plugins.ivr.edits import drop_menus
from plugins.ivr.menu_schemas import TreeSchema
from plugins.ivr.menus import Menus
from plugins.ivr.overview import overview
from plugins.ivr.plain import read_seen
from plugins.ivr.tree import below

routes = api.Routes("Menus")
ROLES = {"roles": ("admin",), "feature": "ivr"}
CHANGED = {409: "The tree has changed since it was read, or something in use would go."}


class TreeTitleSchema(api.AnswerSchema):
    """A tree in the list."""

    id = fields.Integer(metadata={"description": "Of the menu at its top."})
    name = fields.String()
    menus = fields.Integer()
    levels = fields.Integer()
    used_by = fields.List(fields.String())


class TreesSchema(api.AnswerSchema):
    """All trees."""

    trees = fields.List(fields.Nested(TreeTitleSchema))


class VersionQuerySchema(Schema):
    """Which state somebody has read."""

    version = fields.String(load_default="")


@routes.get("/ivr/trees", answer=TreesSchema, **ROLES)
def list_menu_trees() -> dict[str, Any]:
    """The trees of menus, by the name of their top."""
    trees = overview(Desk())
    return {
        "trees": [
            {
                "id": one.top.id,
                "name": one.top.name,
                "menus": one.menus,
                "levels": one.levels,
                "used_by": one.used_by,
            }
            for one in trees
        ]
    }


@routes.post("/ivr/trees", body=TreeSchema, answer=TreeSchema, status=201, **ROLES)
def make_menu_tree(body: dict[str, Any]) -> dict[str, Any]:
    """Make a new tree: all of it, or nothing."""
    desk = Desk()
    with api.rehearsed():
        after = desk.editing.save(lambda known: put_tree(known, None, body, desk.account.country))
    top = next(one.id for one in after.values() if one.name == body["menus"][0]["name"])
    return tree_data(after, top)


@routes.get("/ivr/trees/<int:id>", answer=TreeSchema, **ROLES)
def show_menu_tree(id: int) -> dict[str, Any]:
    """A menu with all menus below it."""
    return tree_data(_with(id).menus, id)


@routes.put("/ivr/trees/<int:id>", body=TreeSchema, answer=TreeSchema, problems=CHANGED, **ROLES)
def put_menu_tree(id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Put a tree in the place of what was read: all of it, or nothing.

    Menus keep their ids; what the body leaves out is deleted, unless it is in use.
    """
    desk = _with(id)

    def put(known: Menus) -> Menus:
        _whole(known, id, body["version"])
        return put_tree(known, id, body, desk.account.country)

    with api.rehearsed():
        after = desk.editing.save(put, body["version"])
    return tree_data(after, id)


@routes.delete("/ivr/trees/<int:id>", query=VersionQuerySchema, problems=CHANGED, **ROLES)
def delete_menu_tree(id: int, query: dict[str, Any]) -> None:
    """Delete a menu with all menus below it, unless one is in use."""
    desk = _with(id)
    gone = below(desk.menus, id)
    with api.rehearsed():
        desk.editing.save(lambda known: drop_menus(known, gone), query["version"])


def _with(id: int) -> Desk:
    desk = Desk()
    return desk if id in desk.menus else abort(404)


def _whole(known: Menus, id: int, version: str) -> None:
    """Nobody shall write over what nobody has read.

    Raises:
        Conflict: the version names not all menus of the tree.
    """
    if not set(below(known, id)) <= set(read_seen(version)):
        raise Conflict(gettext("Send the version of the tree that you have read, as it was."))
