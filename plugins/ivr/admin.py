"""The pages on which an admin makes menus, and sees where each is and what leads to it."""

from __future__ import annotations

from typing import Any

from flask import flash
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from core import api
from plugins.ivr.checks import check_menu
from plugins.ivr.menus import FAILURES, KIND, NUMBER, Action, Key, Menu, menus, plain
from plugins.ivr.models import LONGEST_PROMPT, MOST_RETRIES, KeyRow, MenuRow
from plugins.ivr.tree import path

KEYS = "1234567890*#"

LANGUAGES = [
    ("", "the account's language"),
    ("en", "English"),
    ("it", "Italiano"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("pt", "Português"),
    ("ru", "Русский"),
    ("uk", "Українська"),
]
ACTIONS = [
    (str(Action.EXTENSION), "Dial an extension"),
    (str(Action.MESSAGE), "Hear a message, then this menu"),
    (str(Action.REPEAT), "Hear this menu again"),
    (str(Action.BACK), "Back to the menu above"),
    (str(Action.EXIT), "Leave the menu"),
]
LEAVE = "Leave the menu: the routing continues"
FAILURE_TITLES = {
    "no_input": "No key pressed",
    "invalid": "A key without meaning",
    "no_answer": "Nobody answered there",
}


def targets() -> dict[str, list[tuple[str, str]]]:
    """What a key can lead to."""
    return {
        "–": [("", "–")],
        "Menu below": _offered(menus_only=True),
        "Destination": [*_offered(), (NUMBER, "An outside number")],
        "In this menu": ACTIONS,
    }


def failure_targets() -> dict[str, list[tuple[str, str]]]:
    """Where a call can go after the last failure."""
    return {
        "–": [("", LEAVE)],
        "Menu": _offered(menus_only=True),
        "Destination": _offered(),
    }


def _offered(menus_only: bool = False) -> list[tuple[str, str]]:
    found = [(one.value, one.title, one.extension) for one in api.offers()]
    return [
        (value, f"{title} ({extension})" if extension else title)
        for value, title, extension in found
        if (api.Destination.parse(value).kind == KIND) is menus_only
    ]


def _failure_args(name: str) -> dict[str, dict[str, Any]]:
    title = FAILURE_TITLES[name]
    retries = [InputRequired(), NumberRange(0, MOST_RETRIES, f"Enter 0 to {MOST_RETRIES}.")]
    return {
        f"{name}_retries": {"label": f"{title}: how often to ask again", "validators": retries},
        f"{name}_prompt": {"label": f"{title}: what callers hear then"},
        f"{name}_to": {"label": f"{title}: afterwards", "choices": failure_targets},
    }


def _seconds(longest: int) -> list[Any]:
    return [InputRequired(), NumberRange(1, longest, f"Enter 1 to {longest} seconds.")]


class MenuView(api.AccountView):
    """Menus with their keys."""

    plugin = "ivr"
    category = "Routing"
    destination = KIND
    empty_text = "No menus yet."
    empty_hint = (
        "Make the menus below first, then the main menu with keys that lead to them,"
        " and choose it on the card of a number."
    )
    edit_template = "ivr/edit.html"
    column_list = ("name", "place", "pressed", "extensions", "used")
    column_details_list = ("name", "prompt", "place", "pressed", "extensions", "used")
    column_sortable_list = ("name",)
    column_searchable_list = ("name", "prompt")
    column_default_sort = "name"
    column_labels = {
        "place": "Place",
        "pressed": "Keys",
        "used": "Used by",
        "extensions": "Extensions can be dialled",
        "first_seconds": "Seconds to wait for the first key",
        "between_seconds": "Seconds between keys",
    }
    column_formatters = {
        "place": lambda view, context, row, name: view.place(row),
        "pressed": lambda view, context, row, name: " ".join(_stored(row).keys) or "none yet",
        "used": lambda view, context, row, name: ", ".join(view.uses_of(row)) or "nothing yet",
    }
    form_columns = (
        "name",
        "prompt",
        "language",
        "extensions",
        "first_seconds",
        "between_seconds",
        *(f"{name}_{part}" for name in FAILURES for part in ("retries", "prompt", "to")),
    )
    form_overrides = {"prompt": TextAreaField} | {f"{name}_to": SelectField for name in FAILURES}
    form_args = {
        "prompt": {"description": "Spoken to callers; a key stops it."},
        "language": {"choices": LANGUAGES},
        "extensions": {
            "description": "A key that is pressed alone wins; longer digits are an extension."
        },
        "first_seconds": {"validators": _seconds(30), "description": "From the end of the prompt."},
        "between_seconds": {"validators": _seconds(10)},
        **{field: args for name in FAILURES for field, args in _failure_args(name).items()},
    }
    inline_models = (
        (
            KeyRow,
            {
                "form_label": "Keys",
                "form_columns": ("key",),
                "form_args": {"key": {"choices": [(key, key) for key in KEYS]}},
                "form_extra_fields": {
                    "target": SelectField(
                        "Leads to",
                        choices=targets,
                        validators=[InputRequired("Choose where this key leads.")],
                    ),
                    "text": StringField(
                        "Message or number",
                        filters=[lambda text: text.strip() if text else ""],
                        validators=[Length(max=LONGEST_PROMPT)],
                        description="For a message, an outside number, or the question for the"
                        " extension.",
                    ),
                },
            },
        ),
    )

    def get_one(self, id: Any) -> MenuRow:
        """The menu, with its keys in the order of a telephone."""
        row = super().get_one(id)
        row.keys = sorted(row.keys, key=lambda one: KEYS.index(one.key))
        return row

    def place(self, row: MenuRow) -> str:
        """The level of a menu, and the menus above it."""
        way = path(menus(_account()), row.id)
        above = " › ".join(one.name for one in way[:-1])
        return f"level {len(way)}, below {above}" if above else "level 1"

    def on_model_change(self, form: Any, model: MenuRow, is_created: bool) -> None:
        """Refuse what cannot work, on the key concerned; warn of what is not finished."""
        rows = {}
        for entry in (one.form for one in form["keys"] if not form["keys"].should_delete(one)):
            _read_number(entry)
            if entry.key.data in rows:
                _refuse(entry.key, f"Key {entry.key.data} is there twice.")
            rows[entry.key.data] = entry
        keys = {key: Key(entry.target.data, entry.text.data) for key, entry in rows.items()}
        for problem in check_menu(_account(), plain(model, keys), api.gate_ask("ivr.max_depth")):
            if problem.warning:
                flash(problem.sentence, "warning")
            else:
                _refuse(rows[problem.field.removeprefix("key ")].target, problem.sentence)


def _read_number(entry: Any) -> None:
    """Leave an outside number in E.164, however it was typed."""
    if entry.target.data == NUMBER:
        try:
            entry.text.data = api.e164(entry.text.data, _account().country)
        except api.BadInput as error:
            _refuse(entry.text, error.message)


def _refuse(field: Any, sentence: str) -> None:
    field.errors = [*field.errors, sentence]
    raise api.BadInput(f"Nothing is saved yet. {sentence}")


def _stored(row: MenuRow) -> Menu:
    return menus(_account())[row.id]


def _account() -> api.Account:
    return api.current_member().account


def views() -> list[MenuView]:
    """The pages of this plugin."""
    return [MenuView(MenuRow, "Menus", endpoint="ivr_menus")]
