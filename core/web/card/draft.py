"""What somebody wants a plugin to say on a number: typed into a form, or sent by a program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from core.contract.errors import BadInput
from core.plans.profile import load_settings
from core.web.card.sheet import Sheet, short
from core.web.forms import FormField, as_text, typed
from core.web.words import say


@dataclass(slots=True)
class Draft:
    """One plugin as it is to be: ``stored`` is all that will be stored, also what stays."""

    sheet: Sheet
    on: bool
    stored: dict[str, Any]

    @property
    def name(self) -> str:
        """The plugin."""
        return self.sheet.plugin.name


def from_form(sheet: Sheet, stored: dict[str, Any], form: MultiDict) -> Draft:
    """What was typed; it stays in the sheet's fields, with the reason where it cannot be taken.

    Args:
        sheet: of the card that the form was shown for.
        stored: what is stored of it.
        form: what was sent.
    """
    if sheet.plugin.optional:
        sheet.on = f"{sheet.plugin.name}:on" in form
    data = _typed(sheet, form)
    try:
        new = taken(sheet, data) if data else {}
    except BadInput as error:
        mark(sheet, error.fields)
        new = {}
    return Draft(sheet, sheet.on, stored | new)


def from_data(sheet: Sheet, stored: dict[str, Any], data: dict[str, Any], on: bool | None) -> Draft:
    """What a program sent; what it left out stays.

    Args:
        sheet: of the number's card.
        stored: what is stored of it.
        data: values by field.
        on: on or off for this number; None: as it is.

    Raises:
        BadInput: a value cannot be taken; ``fields`` says why.
    """
    if on is not None and sheet.plugin.optional:
        sheet.on = on
    return Draft(sheet, sheet.on, stored | (taken(sheet, data) if data else {}))


def taken(sheet: Sheet, data: dict[str, Any]) -> dict[str, Any]:
    """Values as they are stored, checked by the schema and by what is offered here.

    Raises:
        BadInput: a value cannot be taken; ``fields`` says why.
    """
    new = load_settings(sheet.plugin, data)
    wrong = {}
    for one in sheet.fields:
        name = short(one)
        chosen = new.get(name) if one.groups else None
        offered = {key for _, options in one.groups for key, _ in options}
        for value in chosen if isinstance(chosen, list) else [chosen]:
            text = as_text(value)
            if text and text not in offered:
                wrong[name] = gettext("“%(typed)s” is not among the choices here.", typed=text)
    if wrong:
        raise BadInput(" ".join(wrong.values()), wrong)
    return new


def mark(sheet: Sheet, sentences: dict[str, str]) -> None:
    """Put each sentence on its field; one that belongs to no field goes to the first.

    Raises:
        BadInput: the sheet has no field to put it on.
    """
    for name, sentence in sentences.items():
        target = sheet.field(name) or next(iter(sheet.fields), None)
        if target is None:
            raise BadInput(say(sentence))
        target.error = say(sentence)


def _typed(sheet: Sheet, form: MultiDict) -> dict[str, Any]:
    data = {}
    for one in sheet.fields:
        if one.lock is not None or not one.posted(form):
            continue
        declared = sheet.plugin.settings().fields[short(one)]
        one.value = _as_typed(one, form)
        try:
            data[short(one)] = typed(one, declared, form)
        except BadInput as error:
            one.error = error.message
    return data


def _as_typed(one: FormField, form: MultiDict) -> Any:
    if one.control == "switch":
        return one.name in form
    return form.getlist(one.name) if one.control == "checks" else form.get(one.name, "")
