"""A tree of menus as data: the one schema of the editor's forms, the API and YAML files."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from core.api import lazy_gettext
from plugins.ivr.menus import KEYS
from plugins.ivr.models import LONGEST_PROMPT, LONGEST_SOUND, LONGEST_TARGET, MOST_RETRIES

LANGUAGES = {
    "": lazy_gettext("the account's language"),
    "en": "English",
    "it": "Italiano",
    "de": "Deutsch",
    "es": "Español",
    "pt": "Português",
    "ru": "Русский",
    "uk": "Українська",
}
MOST_MENUS = 200
LONGEST_NAME = 120
MOST_SECONDS = {"first_seconds": 30, "between_seconds": 10}
GREATEST_ID = 2**31 - 1


class Text(fields.String):
    """A text without spaces around it and without characters that no database keeps."""

    def __init__(self, most: int, **options: Any) -> None:
        sentence = lazy_gettext("At most %(most)s characters, please.", most=most)
        plain = validate.Regexp(
            r"^[^\x00-\x08]*$", error=lazy_gettext("A control character cannot stand here.")
        )
        checks = [validate.Length(max=most, error=sentence), plain]
        super().__init__(validate=[*checks, *options.pop("validate", ())], **options)

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        return super()._deserialize(value, *args, **options).replace("\r\n", "\n").strip()


class Flag(fields.Boolean):
    """true or false; marshmallow's own takes "yes" and 1, too."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


def _count(least: int, most: int, sentence: Any, **options: Any) -> fields.Integer:
    return fields.Integer(
        strict=True,
        validate=validate.Range(least, most, error=sentence),
        **options,
    )


def _seconds(name: str, default: int) -> fields.Integer:
    most = MOST_SECONDS[name]
    return _count(1, most, lazy_gettext("Enter 1 to %(longest)s seconds.", longest=most),
                  load_default=default)  # fmt: skip


class Strict(Schema):
    """Unknown keys are refused, so that a typing mistake is seen."""

    class Meta:
        """See above."""

        unknown = RAISE


class KeySchema(Strict):
    """What a key of a menu does."""

    key = fields.String(
        required=True,
        validate=validate.OneOf(list(KEYS), error=lazy_gettext("Choose a key: 0 to 9, * or #.")),
    )
    to = Text(
        LONGEST_TARGET + LONGEST_NAME,
        required=True,
        validate=[validate.Length(min=1, error=lazy_gettext("Choose where this key leads."))],
        metadata={
            "description": "A destination such as “queue:3”; “menu:NAME” for a menu of this tree;"
            " “number” for the outside number in “text”; or extension, message, repeat, back, exit."
        },
    )
    text = Text(
        LONGEST_PROMPT,
        load_default="",
        metadata={"description": "Spoken, of message and extension; the number, of number."},
    )
    sound = Text(
        LONGEST_SOUND,
        load_default="",
        metadata={"description": "The key of a sound that plays instead of the text."},
    )


class FailureSchema(Strict):
    """What follows one way to fail: on failure retries + 1 the call goes to “to” (R4)."""

    retries = _count(
        0,
        MOST_RETRIES,
        lazy_gettext("Enter 0 to %(most)s.", most=MOST_RETRIES),
        required=True,
    )
    prompt = Text(LONGEST_PROMPT, load_default="")
    sound = Text(LONGEST_SOUND, load_default="")
    to = Text(
        LONGEST_TARGET + LONGEST_NAME,
        load_default="",
        metadata={"description": "A destination or “menu:NAME”; “” leaves the menu."},
    )


class MenuSchema(Strict):
    """A menu with its keys."""

    id = fields.Integer(
        strict=True,
        validate=validate.Range(1, GREATEST_ID),
        metadata={"description": "Of a menu that is stored; a new menu has none."},
    )
    name = Text(
        LONGEST_NAME,
        required=True,
        validate=[validate.Length(min=1, error=lazy_gettext("Give the menu a name."))],
    )
    prompt = Text(LONGEST_PROMPT, load_default="")
    sound = Text(LONGEST_SOUND, load_default="")
    language = fields.String(
        load_default="",
        validate=validate.OneOf(
            list(LANGUAGES),
            error=lazy_gettext(
                "Choose a language: %(known)s.", known=", ".join(filter(None, LANGUAGES))
            ),
        ),
    )
    extensions = Flag(load_default=False)
    first_seconds = _seconds("first_seconds", 5)
    between_seconds = _seconds("between_seconds", 2)
    no_input = fields.Nested(FailureSchema)
    invalid = fields.Nested(FailureSchema)
    no_answer = fields.Nested(FailureSchema)
    keys = fields.List(fields.Nested(KeySchema), load_default=list)


class TreeSchema(Strict):
    """A tree of menus; the first is its top."""

    version = fields.String(
        load_default="",
        metadata={"description": "As it was read: a change is refused when the tree has changed."},
    )
    menus = fields.List(
        fields.Nested(MenuSchema),
        required=True,
        validate=validate.Length(
            1,
            MOST_MENUS,
            error=lazy_gettext("A tree has 1 to %(most)s menus.", most=MOST_MENUS),
        ),
    )
