"""How a plugin declares its settings: one marshmallow schema, with a word to each field.

The form, the validation, the API, the YAML profile and the docs all come from it (N2).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from marshmallow import RAISE, Schema
from marshmallow.fields import Field

from core.contract.call import LineKind


class Settings(Schema):
    """Base of all settings schemas. Every field needs a ``load_default``: a number that says
    nothing has a complete profile."""

    class Meta:
        """Unknown keys are refused, so that a typing mistake is seen."""

        unknown = RAISE


def setting(
    field: Field,
    label: str,
    help: str = "",
    *,
    feature: str = "",
    fallback: Any = None,
    choose: str = "",
    when: str = "",
    kinds: Collection[LineKind] = (),
    blank: str = "",
) -> Field:
    """Give a schema's field what forms and docs need.

    Args:
        field: a marshmallow field with ``load_default``.
        label: its name for people.
        help: one sentence below it.
        feature: the plan feature it needs; without it the field is shown locked (N3) and the
            effective value is ``fallback``.
        fallback: the effective value while locked.
        choose: what the values are picked from: ``destination``, or ``destination:queue`` for one
            kind, ``employee``, ``weekdays``, ``country``, ``number`` (E.164), ``sound``
            (key of a sound), ``text`` (long), ``prompt`` (long, and spoken: one can listen to it).
        when: name of a boolean field of the same schema without which this one has no effect.
        kinds: the kinds of number on which it means anything; none given: all of them.
        blank: what it is called to choose nothing; default a dash.

    Returns:
        The same field.
    """
    field.metadata.update(
        label=label,
        help=help,
        feature=feature,
        fallback=fallback,
        choose=choose,
        when=when,
        kinds=tuple(kinds),
        blank=blank,
    )
    return field
