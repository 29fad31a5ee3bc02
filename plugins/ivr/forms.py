"""The editor's forms: what was typed into one becomes an edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields

from core.api import BadInput, gettext
from plugins.ivr import edits
from plugins.ivr.checks import Fault
from plugins.ivr.document import first_failures, read_key
from plugins.ivr.drawing import OpenForm
from plugins.ivr.editing import Edit
from plugins.ivr.menu_schemas import FailureSchema, KeySchema, MenuSchema
from plugins.ivr.menus import FAILURES, ID_DIGITS, NUMBER, Failure, Menu
from plugins.ivr.storing import OWN

SUBMENU = "new"
"""Chosen in a key's form: it leads to a menu that is made with it."""

FIELDS = {
    "menu": OWN,
    "key": ("key", "to", "text", "sound", "number", "name", "prompt"),
    "add": ("key", "to", "text", "sound", "number", "name", "prompt"),
    "move": ("menu", "key"),
    **dict.fromkeys(FAILURES, ("retries", "prompt", "sound", "to")),
}
"""The fields of each form."""


def typed_form(kind: str, id: int, form: Mapping[str, str]) -> OpenForm:
    """A form as it was sent.

    Raises:
        BadInput: there is no form of this kind.
    """
    if kind not in FIELDS:
        raise BadInput(gettext("What you sent cannot be read."))
    values = {name: form.get(name, "") for name in FIELDS[kind]}
    return OpenForm(kind, id, form.get("was", ""), values)


def edit_of(form: OpenForm, country: str) -> Edit:
    """The edit that a form asks for.

    Args:
        form: as it was sent.
        country: in which outside numbers are read.

    Raises:
        BadInput: something cannot be taken; ``fields`` say what.
    """
    if form.kind in FAILURES:
        return _failure(form)
    readers: dict[str, Callable[[OpenForm, str], Edit]] = {
        "menu": _menu, "key": _key, "add": _key, "move": _move,
    }  # fmt: skip
    return readers[form.kind](form, country)


def wrong_on(form: OpenForm, faults: list[Fault]) -> dict[str, str]:
    """Which field of a form faults belong to; what is elsewhere belongs to the form as a whole."""
    parts = {"key": f"key {form.values.get('key', '')}", "menu": ""}
    parts["add"] = parts["key"]
    own = parts.get(form.kind, form.kind)
    found: dict[str, str] = {}
    for one in faults:
        field = ""
        if one.menu == form.menu and one.part == own:
            field = _field_of(form, one)
        elif one.menu == form.menu and form.kind == "menu" and one.part in form.values:
            field = one.part
        elif form.values.get("to") == SUBMENU and one.menu >= edits.NEW:
            field = one.part if one.part in ("name", "prompt") else "to"
        found.setdefault(field, one.sentence)
    return found


def _field_of(form: OpenForm, fault: Fault) -> str:
    rule = fault.rule.partition(" ")[0]
    if form.values.get("to") == NUMBER:
        return "number"
    return {"silent": "text", "sound": "sound"}.get(rule, "to")


def _menu(form: OpenForm, country: str) -> Edit:
    values = _load(MenuSchema(only=OWN), form.values)
    return lambda known: edits.change_menu(known, form.menu, **values)


def _failure(form: OpenForm) -> Edit:
    values = _load(FailureSchema(), form.values)
    failure = Failure(**values)
    return lambda known: edits.change_menu(known, form.menu, **{form.kind: failure})


def _key(form: OpenForm, country: str) -> Edit:
    shown = {name: form.values[name] for name in ("key", "to", "text", "sound")}
    values = _load(KeySchema(), shown)
    if values["to"] == SUBMENU:
        menu = new_menu(form.values["name"], form.values["prompt"])
        return lambda known: edits.add_submenu(known, form.menu, values["key"], menu, form.key)
    text = form.values["number"] if values["to"] == NUMBER else values["text"]
    try:
        action = read_key(values["to"], text, values["sound"], country)
    except BadInput as error:
        raise BadInput(error.message, {"number": error.message}) from None
    return lambda known: edits.put_key(known, form.menu, form.key, values["key"], action)


def _move(form: OpenForm, country: str) -> Edit:
    to = str(form.values["menu"])
    if not to.isdecimal() or len(to) > ID_DIGITS:
        sentence = gettext("Choose a menu.")
        raise BadInput(sentence, {"menu": sentence})
    return lambda known: edits.move_key(known, form.menu, form.key, int(to), form.values["key"])


def _load(schema: Schema, form: Mapping[str, Any]) -> dict[str, Any]:
    """Check what was typed by the schema that programs' data are checked by."""
    typed = {name: _as_sent(field, form.get(name, "")) for name, field in schema.fields.items()}
    try:
        return schema.load(typed)
    except ValidationError as error:
        said = {name: " ".join(map(str, one)) for name, one in error.messages.items()}
        raise BadInput(" ".join(said.values()), said) from None


def _as_sent(field: fields.Field, text: Any) -> Any:
    """A form sends texts, and what is not ticked not at all; -1 is in no range."""
    if isinstance(field, fields.Boolean):
        return bool(text)
    if isinstance(field, fields.Integer):
        number = str(text).strip()
        return int(number) if number.isdecimal() and len(number) < 5 else -1
    return text


def new_menu(name: str, prompt: str) -> Menu:
    """A new menu, as typed.

    Raises:
        BadInput: something cannot be taken; ``fields`` say what.
    """
    own = _load(MenuSchema(only=("name", "prompt")), {"name": name, "prompt": prompt})
    return Menu(0, own["name"], own["prompt"], **first_failures())
