"""Says in a biller's words where a text stops being YAML; ruamel speaks of tokens and blocks."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError

from core.contract.texts import N_, Phrase, phrase

BEGINS, STANDS = True, False
"""Whether the fault is told where the thing begins that cannot be read, or where it fails."""

NO_YAML = N_("this is not YAML: %(problem)s")

_SENTENCES = (
    (r"found character '\\t'", STANDS, N_("a tab stands here; use spaces")),
    (
        r"found character '(?P<sign>.)'",
        STANDS,
        N_("nothing can begin with %(sign)s; put it in quotes"),
    ),
    (r"found unexpected end of stream", BEGINS, N_("the quote that opens here is not closed")),
    (
        r"expected ',' or '(?P<sign>.)'",
        BEGINS,
        N_("a comma or a %(sign)s is missing in what opens here"),
    ),
    (r"could not find expected ':'", BEGINS, N_("a colon is missing here, as in key: value")),
    (r"expected <block end>", STANDS, N_("this is not indented like what it belongs to")),
    (
        r"mapping values are not allowed",
        STANDS,
        N_(
            "this colon is one too many: the line above lacks one or is indented differently,"
            " or a text with a colon needs quotes"
        ),
    ),
    (r"(?P<problem>.*)", STANDS, NO_YAML),
)


def place_and_sentence(error: MarkedYAMLError) -> tuple[int, int, Phrase]:
    """Line and column of a fault, from 1, and what to say of it.

    Args:
        error: what ruamel raised.
    """
    tries = ((re.match(one[0], str(error.problem)), *one[1:]) for one in _SENTENCES)
    found, place, sentence = next(one for one in tries if one[0])
    begin = error.context_mark if place is BEGINS else None
    mark = begin or error.problem_mark or error.context_mark
    return mark.line + 1, mark.column + 1, phrase(sentence, **found.groupdict())
