"""Reads what a program sent by a schema, or says in one sentence what to change."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask import abort, request
from flask_babel import gettext
from marshmallow import Schema, ValidationError
from marshmallow.exceptions import SCHEMA

from core.contract.errors import BadInput
from core.contract.reasons import reason
from core.plans.catalogue import did_you_mean
from core.web.rehearsing import CONFIRM
from core.web.words import say

LONGEST_SHOWN = 80
"""So many characters of what was sent stand in a sentence."""


def read_body(schema: Schema) -> Any:
    """The JSON that was sent.

    Args:
        schema: what it should be.

    Raises:
        BadInput: it is something else; ``fields`` has a sentence for each field.
    """
    try:
        data = request.get_json()
        text = json.dumps(data, ensure_ascii=False)
        text.encode()
    except (RecursionError, UnicodeEncodeError):  # nested without end; half a character
        abort(400)
    if r"\u0000" in text.replace(r"\\", ""):  # a NUL, which not every database can hold
        abort(400)
    return _load(schema, data)


def read_query(schema: Schema) -> Any:
    """What stands behind the question mark; what is empty counts as not given.

    Args:
        schema: what may stand there.

    Raises:
        BadInput: as for a body.
    """
    given = request.args.items()
    return _load(schema, {name: text for name, text in given if text and name != CONFIRM})


def _load(schema: Schema, data: Any) -> Any:
    try:
        return schema.load(data)
    except ValidationError as error:
        known = [field.data_key or name for name, field in schema.fields.items()]
        found = _flat(error.normalized_messages())
        said = {".".join(path): _sentence(path, why, data, known) for path, why in found}
        raise BadInput(" ".join(said.values()), said) from None


def _flat(messages: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, inner in messages.items():
        here = path if key == SCHEMA else (*path, str(key))
        if isinstance(inner, dict):
            yield from _flat(inner, here)
        else:
            yield here, " ".join(say(reason(one)) for one in inner)


def _sentence(path: tuple[str, ...], why: str, data: Any, known: list[str]) -> str:
    if not path:
        names = ", ".join(f"“{name}”" for name in known)
        return gettext("Send an object with %(names)s.", names=names)
    if len(path) == 1 and path[0] not in known:
        others = gettext("; known here: %(names)s.", names=", ".join(known))
        hint = did_you_mean(path[0], known) or others
        return gettext("“%(key)s” is unknown%(hint)s", key=_short(path[0]), hint=hint)
    place, typed = ".".join(path), _at(data, path)
    if typed is None:
        return f"“{place}”: {why}"
    shown = _short(json.dumps(typed, ensure_ascii=False))
    return gettext("“%(place)s”: %(typed)s cannot be taken. %(why)s",
                   place=place, typed=shown, why=why)  # fmt: skip


def _at(data: Any, path: tuple[str, ...]) -> Any:
    """What was sent at a place, None when nothing was."""
    for key in path:
        if isinstance(data, Mapping):
            data = data.get(key)
        elif isinstance(data, list) and key.isdecimal() and int(key) < len(data):
            data = data[int(key)]
        else:
            return None
    return data


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
