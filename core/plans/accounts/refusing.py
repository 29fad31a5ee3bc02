"""Refusals of what was typed: one sentence, on its field, that a page can say in its language."""

from __future__ import annotations

from typing import Any

from core.contract.errors import BadInput
from core.contract.texts import phrase


def refused(field: str, words: str, **values: Any) -> BadInput:
    """The error to raise.

    Args:
        field: the name of the field that the sentence belongs to.
        words: the sentence, marked with ``N_``, with ``%(name)s`` for each value.
        values: what is put in.
    """
    sentence = phrase(words, **values)
    return BadInput(sentence, {field: sentence})
