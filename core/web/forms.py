"""From a plugin's settings schema to form fields and back: declared once, in the plugin (N2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale, gettext
from marshmallow import fields, validate
from marshmallow.fields import Field
from werkzeug.datastructures import MultiDict

from core.store.people import EmployeeRow
from core.web import choices
from core.web.member import current_member
from core.web.offers import Editor, editor, kind_title, offers, sound_offers
from core.web.phones import e164
from core.web.sounds import speaks

Option = tuple[str, str]


@dataclass(slots=True)
class FormField:
    """One setting as a form shows it.

    Args:
        name: in the form: ``plugin.field``.
        control: ``switch``, ``select``, ``checks``, ``number``, ``tel``, ``long``, ``time``,
            ``date`` or ``text``.
        value: what is stored, or what was just typed, as text or list of texts.
        groups: for ``select`` and ``checks``: (heading, options) pairs.
        attributes: limits of the input, such as ``min``.
        when: form name of the switch without which it has no effect.
        error: why what was typed cannot be taken.
        lock: the plan decision that locks it; ``plan`` then names the cheapest plan that has it,
            ``effective`` what holds in the meantime.
        editor: where the destinations to choose from are made, for links beside a ``select``.
    """

    name: str
    label: str
    help: str
    control: str
    value: Any
    groups: tuple[tuple[str, tuple[Option, ...]], ...] = ()
    attributes: Mapping[str, Any] | None = None
    when: str = ""
    error: str = ""
    lock: Any = None
    plan: str = ""
    effective: str = ""
    editor: Editor | None = None

    def posted(self, form: MultiDict) -> bool:
        """Whether the form had this field; browsers leave out what is not ticked."""
        return self.control in ("switch", "checks") or self.name in form

    def shown(self, value: Any) -> str:
        """A value of this field in words."""
        if isinstance(value, bool):
            return gettext("on") if value else gettext("off")
        words = {key: label for _, options in self.groups for key, label in options}
        many = value if isinstance(value, list | tuple) else [value]
        return ", ".join(words.get(as_text(one), as_text(one)) for one in many) or "–"


def form_field(plugin: str, name: str, field: Field, value: Any) -> FormField:
    """The form field of one setting, with its stored value."""
    about = field.metadata
    control, groups = _control(field, value)
    shown = [as_text(one) for one in value or ()] if control == "checks" else as_text(value)
    if isinstance(field, fields.List) and control != "checks":
        shown = ", ".join(as_text(one) for one in value or ())
    if control == "switch":
        shown = bool(value)
    when = about.get("when")
    return FormField(
        name=f"{plugin}.{name}",
        label=about.get("label") or name,
        help=about.get("help", ""),
        control=control,
        value=shown,
        groups=groups,
        attributes=_attributes(field),
        when=f"{plugin}.{when}" if when else "",
        editor=_editor(f"{plugin}.{name}", field),
    )


def typed(field: FormField, declared: Field, form: MultiDict) -> Any:
    """What was typed for a field, as the schema is to check it.

    Raises:
        BadInput: a phone number that is none.
    """
    if field.control == "switch":
        return field.name in form
    if field.control == "checks":
        return form.getlist(field.name)
    text = form.get(field.name, "").strip()
    if isinstance(declared, fields.List):
        return [one for one in text.replace(",", " ").split() if one]
    if text == "" and declared.allow_none:
        return None
    if field.control == "tel":
        return e164(text, current_member().account.country)
    return text.replace("\r\n", "\n")


def as_text(value: Any) -> str:
    """A plain JSON value as an input shows it."""
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)


def _control(field: Field, value: Any) -> tuple[str, tuple]:
    choose, _, kind = field.metadata.get("choose", "").partition(":")
    if isinstance(field, fields.Boolean):
        return "switch", ()
    if choose in _CHOICES:
        options = _CHOICES[choose](kind)
        control = "checks" if isinstance(field, fields.List) else "select"
        return control, _with_blank(field, control, _with_gone(options, value))
    one_of = next(_validators(field, validate.OneOf), None)
    if one_of is not None:
        labels = list(one_of.labels) or [str(one) for one in one_of.choices]
        options = tuple((as_text(key), gettext(label)) for key, label in
                        zip(one_of.choices, labels, strict=True))  # fmt: skip
        return "select", (("", options),)
    if choose in ("text", "prompt"):
        return "long", ()
    return "tel" if choose == "number" else _plain(field), ()


def _editor(name: str, field: Field) -> Editor | None:
    """The page of the one kind of destination that a setting is about."""
    choose, _, kind = field.metadata.get("choose", "").partition(":")
    return editor(kind, name) if choose == "destination" and kind else None


def _plain(field: Field) -> str:
    for kind, control in (
        (fields.Integer, "number"),
        (fields.Float, "number"),
        (fields.Time, "time"),
        (fields.Date, "date"),
    ):
        if isinstance(field, kind):
            return control
    return "text"


def _destinations(kind: str) -> tuple[tuple[str, tuple[Option, ...]], ...]:
    groups: dict[str, list[Option]] = {}
    for offer in offers(kind):
        title = f"{offer.title} ({offer.extension})" if offer.extension else offer.title
        groups.setdefault("" if kind else kind_title(offer.value), []).append((offer.value, title))
    return tuple((heading, tuple(options)) for heading, options in groups.items())


def _sounds(_: str) -> tuple:
    return (("", tuple((offer.value, offer.title) for offer in sound_offers())),)


def _employees(_: str) -> tuple:
    rows = EmployeeRow.of(current_member().account).order_by(EmployeeRow.name)
    return (("", tuple((str(row.id), str(row)) for row in rows)),)


def _weekdays(_: str) -> tuple:
    names = get_locale().days["format"]["wide"]
    return (("", tuple((str(day), names[day].capitalize()) for day in range(7))),)


_CHOICES: dict[str, Callable[[str], tuple]] = {
    "destination": _destinations,
    "employee": _employees,
    "sound": _sounds,
    "weekdays": _weekdays,
    "country": lambda _: (("", tuple(choices.countries())),),
}


def _with_gone(groups: tuple, value: Any) -> tuple:
    """A stored choice that is not offered any more is still shown, by its own name."""
    known = {key for _, options in groups for key, _ in options}
    many = value if isinstance(value, list | tuple) else [value]
    gone = [as_text(one) for one in many if one and as_text(one) not in known]
    if not gone:
        return groups
    options = tuple((one, gettext("%(name)s (does not exist any more)", name=one)) for one in gone)
    return (*groups, ("", options))


def _with_blank(field: Field, control: str, groups: tuple) -> tuple:
    if control == "select" and (field.allow_none or field.load_default == ""):
        blank = field.metadata.get("blank")
        return (("", (("", gettext(blank) if blank else "–"),)), *groups)
    return groups


def _validators(field: Field, kind: type) -> Iterable[Any]:
    return (one for one in field.validators if isinstance(one, kind))


def _attributes(field: Field) -> dict[str, Any]:
    choose = field.metadata.get("choose")
    found: dict[str, Any] = {"data-sound": "" if choose == "sound" else None}
    found["data-listen"] = "" if choose == "prompt" and speaks() else None
    for one in _validators(field, validate.Range):
        found |= {"min": one.min, "max": one.max}
    for one in _validators(field, validate.Length):
        found |= {"maxlength": one.max}
    return {key: value for key, value in found.items() if value is not None}
