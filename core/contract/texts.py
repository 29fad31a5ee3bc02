"""Texts that are declared or made in English, and shown in the language of whoever reads them.

Titles, labels, helps and choices stay plain English in the registry: the commands, the API and the
log show them as they are, a page translates them while it is shown.
"""

from __future__ import annotations

from typing import Any


def N_(text: str) -> str:
    """The same text; ``pybabel extract`` finds it by this name, which is gettext's own for it."""
    return text


class Phrase(str):
    """An English text that remembers what it was made of, so that a page can say it in another
    language. Everywhere else it is a text like any other."""

    __slots__ = ("template", "values")

    template: str
    values: dict[str, Any]


def phrase(template: str, /, **values: Any) -> Phrase:
    """Make a text out of a template.

    Args:
        template: with ``%(name)s`` for each value; marked with ``N_``.
        values: what is put in; a value that is a ``Phrase`` is translated with the whole.
    """
    made = Phrase(english(template, **values))
    made.template, made.values = template, values
    return made


def english(text: str, /, **values: Any) -> str:
    """Say a text as it is; what says it in another language has the same shape."""
    return text % values if values else text
