"""The reasons that marshmallow's own checks give, as texts that a page can say in any language.

Marshmallow words them in English while it checks. Here, and nowhere else, they are known by their
words again; a reason of a plugin's own schema stays as it is.
"""

from __future__ import annotations

import re

from core.contract.texts import N_, Phrase, phrase

_REASONS = (
    N_("Missing data for required field."),
    N_("Field may not be null."),
    N_("Invalid value."),
    N_("Invalid type."),
    N_("Invalid input."),
    N_("Not a valid list."),
    N_("Not a valid string."),
    N_("Not a valid number."),
    N_("Number too large."),
    N_("Not a valid integer."),
    N_("Special numeric values (nan or infinity) are not permitted."),
    N_("Not a valid boolean."),
    N_("Not a valid time."),
    N_("Not a valid date."),
    N_("Not a valid datetime."),
    N_("Not a valid aware datetime."),
    N_("Not a valid mapping type."),
    N_("Not a valid URL."),
    N_("Not a valid email address."),
    N_("Unknown field."),
    N_("String does not match expected pattern."),
    N_("Must be greater than or equal to %(min)s and less than or equal to %(max)s."),
    N_("Must be greater than or equal to %(min)s."),
    N_("Must be less than or equal to %(max)s."),
    N_("Shorter than minimum length %(min)s."),
    N_("Longer than maximum length %(max)s."),
    N_("Length must be between %(min)s and %(max)s."),
    N_("Length must be %(equal)s."),
    N_("Must be equal to %(other)s."),
    N_("Must be one of: %(choices)s."),
    N_("One or more of the choices you made was not in: %(choices)s."),
)
"""The first that fits is taken: with both bounds before with one."""

_PLACE = re.compile(r"%\\\((\w+)\\\)s")
_PATTERNS = tuple((re.compile(_PLACE.sub(r"(?P<\1>.*?)", re.escape(one))), one) for one in _REASONS)


def reason(text: object) -> str:
    """One reason; a ``Phrase`` when it is marshmallow's own, or was one already.

    Args:
        text: what a check answered.
    """
    if isinstance(text, Phrase):
        return text
    words = str(text)
    for pattern, template in _PATTERNS:
        found = pattern.fullmatch(words)
        if found:
            return phrase(template, **found.groupdict())
    return words
