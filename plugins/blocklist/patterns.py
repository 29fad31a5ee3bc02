"""Patterns of numbers on plain data: ``+39333*`` (any digits), ``+3906123456?`` (one digit)."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

from core.api import BadInput, e164, gettext

WITHHELD = "withheld"
"""Stands for the callers who withhold their number."""

LONGEST = 16
"""A plus and fifteen digits (E.164)."""

WILD = re.compile(r"[*?]")
WRITTEN = re.compile(r"[\s().\-/]")
PATTERN = re.compile(r"\+[0-9*?]*$")

COUNTRY_CODES = tuple(str(code) for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE)


def read_pattern(typed: str, country: str) -> str:
    """A number or a pattern as people type it, in the one form in which it is stored.

    Args:
        typed: with spaces, dashes or brackets; ``00`` stands for the plus.
        country: ISO code; numbers of this country may be typed without their country code.

    Returns:
        ``+390612345678``, ``+39333*`` or ``withheld``.

    Raises:
        BadInput: it is neither; the sentence shows how to write it.
    """
    text = WRITTEN.sub("", typed.strip())
    if text.lower() == WITHHELD:
        return WITHHELD
    if not WILD.search(text):
        return _number(typed, country)
    text = re.sub(r"\*+", "*", re.sub("^00", "+", text))
    text = "+*" if text == "*" else text
    if not PATTERN.match(text) or len(text) > LONGEST:
        raise BadInput(
            gettext(
                "“%(typed)s” is no pattern; begin with + and the country code, such as +39333*:"
                " * stands for any digits, ? for one.",
                typed=typed[:30],
            )
        )
    return text


def _number(typed: str, country: str) -> str:
    number = e164(typed, country)
    if not number:
        raise BadInput(
            gettext("Type a number such as +393331234567, or a pattern such as +39333*.")
        )
    return number


def literal(pattern: str) -> str:
    """What stands before the first wildcard."""
    return WILD.split(pattern, maxsplit=1)[0]


def is_exact(pattern: str) -> bool:
    """Whether it has no wildcard."""
    return WILD.search(pattern) is None


def digits_of(pattern: str) -> int:
    """How many characters it names; of two patterns the one that names more is more exact."""
    return len(WILD.sub("", pattern))


def matches(pattern: str, number: str) -> bool:
    """Whether a pattern stands for a number; a caller without number is ``withheld``."""
    return pattern == number or _expression(pattern).fullmatch(number) is not None


@lru_cache(maxsize=10_000)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", "[0-9]*").replace(r"\?", "[0-9]"))


def keys_of(number: str) -> list[str]:
    """What the patterns that can stand for a number begin with: each beginning of the number."""
    if not number:
        return [WITHHELD]
    return [number[:length] for length in range(1, len(number) + 1)]


def countries_of(pattern: str) -> tuple[str, ...]:
    """The country codes that a pattern takes in whole, or nearly so; all of them for ``+*``.

    ``+39*`` is all of Italy; ``+3*`` several countries; ``+39333*`` none.
    """
    if is_exact(pattern):
        return ()
    begin = literal(pattern).removeprefix("+")
    return tuple(code for code in COUNTRY_CODES if code.startswith(begin))
