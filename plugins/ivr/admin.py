"""The pages on which an admin makes menus, and sees where each is and what leads to it."""

from __future__ import annotations

from typing import Any

from flask import flash
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from core import api
from core.api import gettext, lazy_gettext
from plugins.ivr.checks import check_menu
from plugins.ivr.menus import FAILURES, KIND, NUMBER, Action, Key, Menu, menus, plain
from plugins.ivr.models import LONGEST_PROMPT, MOST_RETRIES, KeyRow, MenuRow
from plugins.ivr.tree import path

KEYS = "1234567890*#"

LANGUAGES = [
    ("", lazy_gettext("the account's language")),
    ("en", "English"),
    ("it", "Italiano"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("pt", "Português"),
    ("ru", "Русский"),
    ("uk", "Українська"),
]
ACTIONS = [
    (str(Action.EXTENSION), lazy_gettext("Dial an extension")),
    (str(Action.MESSAGE), lazy_gettext("Hear a message, then this menu")),
    (str(Action.REPEAT), lazy_gettext("Hear this menu again")),
    (str(Action.BACK), lazy_gettext("Back to the menu above")),
    (str(Action.EXIT), lazy_gettext("Leave the menu")),
]
FAILURE_LABELS = {
    "no_input": (
        lazy_gettext("No key pressed: how often to ask again"),
        lazy_gettext("No key pressed: what callers hear then"),
        lazy_gettext("No key pressed: afterwards"),
    ),
    "invalid": (
        lazy_gettext("A key without meaning: how often to ask again"),
        lazy_gettext("A key without meaning: what callers hear then"),
        lazy_gettext("A key without meaning: afterwards"),
    ),
    "no_answer": (
        lazy_gettext("Nobody answered there: how often to ask again"),
        lazy_gettext("Nobody answered there: what callers hear then"),
        lazy_gettext("Nobody answered there: afterwards"),
    ),
}


def targets() -> dict[str, list[tuple[str, str]]]:
    """What a key can lead to."""
    return {
        "–": [("", "–")],
        gettext("Menu below"): _offered(menus_only=True),
        gettext("Destination"): [*_offered(), (NUMBER, gettext("An outside number"))],
        gettext("In this menu"): ACTIONS,
    }


def failure_targets() -> dict[str, list[tuple[str, str]]]:
    """Where a call can go after the last failure."""
    return {
        "–": [("", gettext("Leave the menu: the routing continues"))],
        gettext("Menu"): _offered(menus_only=True),
        gettext("Destination"): _offered(),
    }


def _offered(menus_only: bool = False) -> list[tuple[str, str]]:
    found = [(one.value, one.title, one.extension) for one in api.offers()]
    return [
        (value, f"{title} ({extension})" if extension else title)
        for value, title, extension in found
        if (api.Destination.parse(value).kind == KIND) is menus_only
    ]


def _failure_args(name: str) -> dict[str, dict[str, Any]]:
    retries, prompt, to = FAILURE_LABELS[name]
    sentence = lazy_gettext("Enter 0 to %(most)s.", most=MOST_RETRIES)
    return {
        f"{name}_retries": {
            "label": retries,
            "validators": [InputRequired(), NumberRange(0, MOST_RETRIES, sentence)],
        },
        f"{name}_prompt": {"label": prompt},
        f"{name}_to": {"label": to, "choices": failure_targets},
    }


def _seconds(longest: int) -> list[Any]:
    sentence = lazy_gettext("Enter 1 to %(longest)s seconds.", longest=longest)
    return [InputRequired(), NumberRange(1, longest, sentence)]


class MenuView(api.AccountView):
    """Menus with their keys."""

    plugin = "ivr"
    category = "Routing"
    destination = KIND
    empty_text = lazy_gettext("No menus yet.")
    empty_hint = lazy_gettext(
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
        "name": lazy_gettext("Name"),
        "prompt": lazy_gettext("Prompt"),
        "language": lazy_gettext("Language"),
        "place": lazy_gettext("Place"),
        "pressed": lazy_gettext("Keys"),
        "used": lazy_gettext("Used by"),
        "extensions": lazy_gettext("Extensions can be dialled"),
        "first_seconds": lazy_gettext("Seconds to wait for the first key"),
        "between_seconds": lazy_gettext("Seconds between keys"),
    }
    column_formatters = {
        "place": lambda view, context, row, name: view.place(row),
        "pressed": lambda view, context, row, name: (
            " ".join(_stored(row).keys) or gettext("none yet")
        ),
        "used": lambda view, context, row, name: (
            ", ".join(view.uses_of(row)) or gettext("nothing yet")
        ),
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
        "prompt": {"description": lazy_gettext("Spoken to callers; a key stops it.")},
        "language": {"choices": LANGUAGES},
        "extensions": {
            "description": lazy_gettext(
                "A key that is pressed alone wins; longer digits are an extension."
            )
        },
        "first_seconds": {
            "validators": _seconds(30),
            "description": lazy_gettext("From the end of the prompt."),
        },
        "between_seconds": {"validators": _seconds(10)},
        **{field: args for name in FAILURES for field, args in _failure_args(name).items()},
    }
    inline_models = (
        (
            KeyRow,
            {
                "form_label": lazy_gettext("Keys"),
                "form_columns": ("key",),
                "form_args": {
                    "key": {
                        "label": lazy_gettext("Key"),
                        "choices": [(key, key) for key in KEYS],
                    }
                },
                "form_extra_fields": {
                    "target": SelectField(
                        lazy_gettext("Leads to"),
                        choices=targets,
                        validators=[InputRequired(lazy_gettext("Choose where this key leads."))],
                    ),
                    "text": StringField(
                        lazy_gettext("Message or number"),
                        filters=[lambda text: text.strip() if text else ""],
                        validators=[Length(max=LONGEST_PROMPT)],
                        description=lazy_gettext(
                            "For a message, an outside number, or the question for the extension."
                        ),
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
        if not above:
            return gettext("level 1")
        return gettext("level %(level)s, below %(menus)s", level=len(way), menus=above)

    def on_model_change(self, form: Any, model: MenuRow, is_created: bool) -> None:
        """Refuse what cannot work, on the key concerned; warn of what is not finished."""
        rows = {}
        for entry in (one.form for one in form["keys"] if not form["keys"].should_delete(one)):
            _read_number(entry)
            if entry.key.data in rows:
                _refuse(entry.key, gettext("Key %(key)s is there twice.", key=entry.key.data))
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
    raise api.BadInput(gettext("Nothing is saved yet. %(sentence)s", sentence=sentence))


def _stored(row: MenuRow) -> Menu:
    return menus(_account())[row.id]


def _account() -> api.Account:
    return api.current_member().account


def views() -> list[MenuView]:
    """The pages of this plugin."""
    return [MenuView(MenuRow, lazy_gettext("Menus"), endpoint="ivr_menus")]
