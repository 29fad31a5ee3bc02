"""Trees as files: export and import as YAML, and a copy of a tree."""

from __future__ import annotations

from io import StringIO
from typing import Any

from flask import Response, abort, flash, redirect, request
from flask_admin import expose
from marshmallow import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    ScalarEvent,
)

from core import api
from core.api import BadInput, Conflict, gettext
from plugins.ivr import edits
from plugins.ivr.desk import Desk
from plugins.ivr.document import put_tree, tree_data, with_free_names
from plugins.ivr.edits import free_name
from plugins.ivr.menu_schemas import TreeSchema

LARGEST_FILE = 256 * 1024

DEEPEST = 8
"""So many levels may be within one another; a tree's file has five."""


class TreeFiles:
    """The pages about whole trees."""

    @expose("/tree/<int:id>/export")
    def export(self, id: int) -> Response:
        """The tree as a file, to be kept or used again elsewhere."""
        known = Desk().menus
        if id not in known:
            abort(404)
        response = Response(as_yaml(tree_data(known, id)), mimetype="application/yaml")
        response.headers["Content-Disposition"] = f'attachment; filename="menu-{id}.yaml"'
        return response

    @expose("/import", methods=("GET", "POST"))
    def import_file(self) -> Any:
        """A tree from a file, as new menus; all of it or nothing."""
        text, wrong = request.form.get("text", ""), {}
        if request.method == "POST":
            file = request.files.get("file")
            if file and file.filename:
                text = file.read(LARGEST_FILE + 1).decode("utf-8", "replace")
            try:
                desk = Desk()
                data = with_free_names(desk.menus, from_yaml(text))
                with api.rehearsed():
                    after = desk.editing.save(
                        lambda known: put_tree(known, None, data, desk.account.country)
                    )
                return self._made(desk, after, data["menus"][0]["name"])
            except (BadInput, Conflict) as error:
                wrong = getattr(error, "fields", None) or {"": error.message}
        page = self.render("ivr/import.html", text=text, wrong=wrong)
        return (page, 422) if wrong else page

    @expose("/tree/<int:id>/copy", methods=("POST",))
    def copy(self, id: int) -> Any:
        """The tree once more, under another name."""
        desk = Desk()
        if id not in desk.menus:
            abort(404)
        taken = {menu.name for menu in desk.menus.values()}
        name = free_name(gettext("Copy of %(menu)s", menu=desk.menus[id].name)[:110], taken)
        try:
            with api.rehearsed():
                after = desk.editing.save(lambda known: edits.copy_tree(known, id, name))
        except (BadInput, Conflict) as error:
            flash(error.message, "error")
            return redirect(self.get_url(".index"))
        return self._made(desk, after, name)

    def _made(self, desk: Desk, after: Any, name: str) -> Any:
        id = next(one.id for one in after.values() if one.name == name)
        count = len(set(after) - set(desk.menus))
        flash(gettext("%(count)s menus made; no number has them yet.", count=count), "success")
        return redirect(self.get_url(".tree", id=id))


def as_yaml(data: dict[str, Any]) -> str:
    """A tree as a file: without ids and version, which mean nothing elsewhere."""
    menus = [{name: one[name] for name in one if name != "id"} for one in data["menus"]]
    writer, out = YAML(typ="safe", pure=True), StringIO()
    writer.default_flow_style = False
    writer.sort_base_mapping_type_on_output = False
    writer.allow_unicode = True
    writer.dump({"menus": menus}, out)
    return out.getvalue()


def from_yaml(text: str) -> dict[str, Any]:
    """A file's tree, checked by the schema.

    Raises:
        BadInput: this is no tree; ``fields`` say what to change.
    """
    if len(text) > LARGEST_FILE:
        raise BadInput(gettext("This file is too large for a tree of menus."))
    try:
        data = _read(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadInput(gettext("This is no YAML: see line %(line)s.", line=line)) from None
    except (YAMLError, RecursionError, ValueError, TypeError, KeyError, AttributeError):
        raise BadInput(gettext("This is no tree of menus.")) from None
    if not isinstance(data, dict):
        raise BadInput(gettext("This is no tree of menus."))
    try:
        return TreeSchema().load(data)
    except ValidationError as error:
        found = dict(_flat(error.normalized_messages()))
        raise BadInput(" ".join(found.values()), found) from None


def _read(text: str) -> Any:
    """What stands in a text, without what makes little text into much work: references, and braces
    within braces."""
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if isinstance(event, AliasEvent) or depth > DEEPEST:
            raise ValueError("references, or too deep")
        if isinstance(event, ScalarEvent):
            event.value.encode()  # half a sign, which no database keeps, is a ValueError
    data = YAML(typ="safe", pure=True).load(text)
    for menu in data.get("menus", []) if isinstance(data, dict) else []:
        for key in menu.get("keys", []):
            key["key"] = str(key["key"])  # unquoted, a key is a number
    return data


def _flat(messages: Any, path: str = "") -> Any:
    for key, inner in messages.items():
        here = f"{path}.{key}" if path else str(key)
        if isinstance(inner, dict):
            yield from _flat(inner, here)
        else:
            yield here, f"{here}: " + " ".join(gettext(str(one)) for one in inner)
