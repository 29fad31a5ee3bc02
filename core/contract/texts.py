"""Texts that are declared or made in English, and shown in the language of whoever reads them.

Titles, labels, helps and choices stay plain English in the registry: the commands, the API and the
log show them as they are, a page translates them while it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
    if isinstance(template, Phrase):
        return template
    made = Phrase(english(template, **values))
    made.template, made.values = template, values
    return made


def english(text: str, /, **values: Any) -> str:
    """Say a text as it is; what says it in another language has the same shape."""
    return text % values if values else text


def joined(texts: Iterable[str], separator: str, say: Callable[..., str] = phrase) -> str:
    """Several texts as one, which still knows what they were made of.

    Args:
        texts: one of them alone stays as it is; none make "".
        separator: what stands between them.
        say: as ``english``, where no translation is wanted any more.
    """
    listed = list(texts)
    if len(listed) < 2:
        return listed[0] if listed else ""
    values = {f"text{place}": text for place, text in enumerate(listed)}
    return say(separator.join(f"%({name})s" for name in values), **values)


def as_data(text: Any) -> Any:
    """A text as plain data that can be stored: a ``Phrase`` as its template and its values, of
    which those that are neither texts nor numbers are stored as they read."""
    if not isinstance(text, Phrase):
        return text if isinstance(text, str | int | float) else str(text)
    return [text.template, {name: as_data(value) for name, value in text.values.items()}]


def from_data(data: Any) -> Any:
    """A text from what ``as_data`` made of it."""
    if not isinstance(data, list):
        return data
    template, values = data
    return phrase(template, **{name: from_data(value) for name, value in values.items()})
