"""What went wrong while saving, as one clear sentence on the field it concerns."""

from __future__ import annotations

import re
from typing import Any

from flask import flash
from flask_babel import gettext

from core.contract.errors import BadInput, CentralinoError
from core.web.words import say

SQLITE = re.compile(r"UNIQUE constraint failed: (.+)")
POSTGRESQL = re.compile(r"Key \((.+?)\)=")


def explain(error: Exception, form: Any, view: Any) -> None:
    """Put the sentence on the field, else above the form (B12)."""
    if isinstance(error, BadInput) and error.fields:
        for name, sentence in error.fields.items():
            _on_field(form, name, say(sentence)) or flash(say(sentence), "error")
    elif isinstance(error, CentralinoError):
        flash(say(error.message), "error")
    else:
        _taken(str(error), form, view) or flash(
            gettext("This cannot be saved: it contradicts something that is already stored."),
            "error",
        )


def problems(error: CentralinoError) -> dict[str, str]:
    """What a page of its own form says: a sentence per field, and under "" what belongs to none."""
    fields = getattr(error, "fields", None) or {"": error.message}
    return {name: say(sentence) for name, sentence in fields.items()}


def _taken(text: str, form: Any, view: Any) -> bool:
    """For a unique constraint: name the field, with the word that was typed."""
    found = SQLITE.search(text) or POSTGRESQL.search(text)
    if not found:
        return False
    names = [one.strip().rpartition(".")[2].strip('"') for one in found[1].split(",")]
    for name in reversed(names):
        name = name.removesuffix("_id") if name not in form else name
        if name in form:
            typed = form[name].data
            return _on_field(form, name, gettext("“%(typed)s” is already taken.", typed=typed))
    return False


def _on_field(form: Any, name: str, sentence: str) -> bool:
    if name not in form:
        return False
    form[name].errors = [*form[name].errors, sentence]
    return True
