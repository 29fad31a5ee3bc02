"""How the plan file writes what is new in it: cells, titles, whole plans."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from core.plans.decision import DEFAULT_WARN_AT
from core.plans.file.document import is_text
from core.plans.file.nodes import Node
from core.plans.file.typed import grant_text
from core.plans.file.written import OwnPlan, Written

_PLAIN = re.compile(r"[^\W_](?:[\w ./()+–-]*[\w.)+])?")
"""Without any sign that means something to YAML; most titles are of this kind."""

_ESCAPED = re.compile("[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")

Parts = dict[str, "str | Parts"]
"""A mapping to be written: texts, and mappings again."""


def word(text: str, like: str = "") -> str:
    """A text, in quotes where readers of YAML would not agree that it is one.

    Args:
        text: a title, a key or a word of a choice.
        like: the quote of the text that it replaces, which it keeps, or "".
    """
    if _PLAIN.fullmatch(text) and is_text(Node("scalar", 1, 1, text)):
        return f"{like}{text}{like}"
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda one: f"\\u{ord(one.group()):04x}", quoted)


def percents(warn_at: tuple[int, ...]) -> str:
    """The percents of a quota."""
    return f"[{', '.join(map(str, warn_at))}]"


def cell(written: Written) -> str:
    """A cell; a quota with its own warnings as a mapping."""
    if written.warn_at != DEFAULT_WARN_AT:
        return f"{{limit: {written.value}, warn_at: {percents(written.warn_at)}}}"
    plain = grant_text(written.value)
    is_word = isinstance(written.value, str)
    return word(plain) if is_word else plain


def parts_of(key: str, plan: OwnPlan) -> Parts:
    """What is written of a new plan."""
    parts: Parts = {}
    if plan.title != key:
        parts["title"] = word(plan.title)
    if plan.extends:
        parts["extends"] = word(plan.extends)
    if plan.cells:
        parts["features"] = {word(one): cell(written) for one, written in plan.cells.items()}
    return parts


def flow(value: str | Parts) -> str:
    """A mapping in braces."""
    if isinstance(value, str):
        return value
    return f"{{{', '.join(f'{key}: {flow(one)}' for key, one in value.items())}}}"


def block(parts: Mapping[str, str | Parts], indent: str, step: str, newline: str) -> str:
    """A mapping, each entry on a line of its own.

    Args:
        parts: its entries.
        indent: before each of them.
        step: how much deeper an inner mapping stands.
        newline: how the file breaks lines.
    """
    text = ""
    for key, value in parts.items():
        if isinstance(value, str) or not value:
            text += f"{indent}{key}: {flow(value)}{newline}"
        else:
            text += f"{indent}{key}:{newline}" + block(value, indent + step, step, newline)
    return text
