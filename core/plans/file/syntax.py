"""Says in a biller's words where a text stops being YAML; ruamel speaks of tokens and blocks."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError

BEGINS, STANDS = True, False
"""Whether the fault is told where the thing begins that cannot be read, or where it fails."""

_SENTENCES = (
    (r"found character '\\t'", STANDS, "a tab stands here; use spaces"),
    (r"found character '(.)'", STANDS, r"nothing can begin with \1; put it in quotes"),
    (r"found unexpected end of stream", BEGINS, "the quote that opens here is not closed"),
    (r"expected ',' or '(.)'", BEGINS, r"a comma or a \1 is missing in what opens here"),
    (r"could not find expected ':'", BEGINS, "a colon is missing here, as in key: value"),
    (r"expected <block end>", STANDS, "this is not indented like what it belongs to"),
    (
        r"mapping values are not allowed",
        STANDS,
        "this colon is one too many: the line above lacks one or is indented differently,"
        " or a text with a colon needs quotes",
    ),
    (r"(.*)", STANDS, r"this is not YAML: \1"),
)


def place_and_sentence(error: MarkedYAMLError) -> tuple[int, int, str]:
    """Line and column of a fault, from 1, and what to say of it.

    Args:
        error: what ruamel raised.
    """
    tries = ((re.match(one[0], str(error.problem)), *one[1:]) for one in _SENTENCES)
    found, place, sentence = next(one for one in tries if one[0])
    begin = error.context_mark if place is BEGINS else None
    mark = begin or error.problem_mark or error.context_mark
    return mark.line + 1, mark.column + 1, found.expand(sentence)
