"""Reads one cell: which values each kind of feature takes, and what to say of all others.

YAML readers disagree on what ``no``, ``on``, ``22:30`` and ``010`` are, so nothing is guessed here:
true and false, a plain count, the word ``unlimited``, or a fault (plans.md §4).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from core.contract.features import Feature, FeatureKind
from core.plans.catalogue import did_you_mean
from core.plans.decision import DEFAULT_WARN_AT, UNLIMITED
from core.plans.file.nodes import Node
from core.plans.file.plan import Cell, Grant

Complain = Callable[[Node, str, str], None]
"""Takes a fault: the node, its path, the sentence."""


class Entry(NamedTuple):
    """One entry of a mapping."""

    key: Node
    value: Node


COUNT = re.compile(r"0|[1-9][0-9]{0,8}")
"""Below a billion, which fits every database's integer."""

_OFTEN_TYPED = {
    "yes": "write true",
    "on": "write true",
    "no": "write false",
    "off": "write false",
    "null": "write false when it is not in the plan, 0 when there is none of it",
    "~": "write false when it is not in the plan, 0 when there is none of it",
    "": "nothing is written here; write false when it is not in the plan",
    "-1": f"write {UNLIMITED} for no limit",
    "inf": f"write {UNLIMITED} for no limit",
    ".inf": f"write {UNLIMITED} for no limit",
    "infinity": f"write {UNLIMITED} for no limit",
    "none": "write false when it is not in the plan, 0 when there is none of it",
}


def read_cell(
    node: Node, path: str, feature: Feature, plan: str, complain: Complain
) -> Cell | None:
    """The cell that a node grants; None when it was complained of."""
    if node.kind == "mapping" and feature.kind is FeatureKind.QUOTA:
        return _detailed(node, path, feature, plan, complain)
    value = _value(node, path, feature, complain)
    return None if value is None else Cell(value, plan, node.line)


def _detailed(
    node: Node, path: str, feature: Feature, plan: str, complain: Complain
) -> Cell | None:
    given = entries_of(node, path, ("limit", "warn_at"), complain)
    if "limit" not in given:
        complain(node, path, "limit is missing")
        return None
    limit = given["limit"].value
    value = _value(limit, f"{path}.limit", feature, complain)
    warn_at = DEFAULT_WARN_AT
    if "warn_at" in given:
        warn_at = _percents(given["warn_at"].value, f"{path}.warn_at", complain)
        if value is not None and type(value) is not int:
            complain(given["warn_at"].key, f"{path}.warn_at", "only a counted limit can warn")
    return None if value is None else Cell(value, plan, limit.line, warn_at)


def _percents(node: Node, path: str, complain: Complain) -> tuple[int, ...]:
    texts = [item.text for item in node.items if item.kind == "scalar" and not item.quoted]
    good = [int(text) for text in texts if COUNT.fullmatch(text) and 1 <= int(text) <= 100]
    if node.kind != "sequence" or len(good) != len(node.items) or len(set(good)) != len(good):
        complain(node, path, "give different percents from 1 to 100, such as [80, 100]")
    return tuple(sorted(good))


def _value(node: Node, path: str, feature: Feature, complain: Complain) -> Grant | None:
    if node.kind == "refused":
        return None
    if node.kind == "scalar":
        value = None if node.quoted and node.text not in feature.choices else _read(node, feature)
        if value is not None:
            return value
    complain(node, path, f"{_shown(node)} cannot be granted; {_advice(node, feature)}")
    return None


def _read(node: Node, feature: Feature) -> Grant | None:
    text = node.text
    if text == "false":
        return False
    if feature.kind in (FeatureKind.SWITCH, FeatureKind.METERED):
        return True if text == "true" else None
    if feature.kind is FeatureKind.CHOICE:
        return text if text in feature.choices else None
    if text == UNLIMITED:
        return UNLIMITED
    return int(text) if COUNT.fullmatch(text) else None


def _shown(node: Node) -> str:
    if node.kind != "scalar":
        return f"a {node.kind}"
    return f'"{node.text}" in quotes' if node.quoted else node.text or "an empty value"


def _advice(node: Node, feature: Feature) -> str:
    typed = node.text.lower() if node.kind == "scalar" and not node.quoted else None
    if typed in _OFTEN_TYPED and (typed not in ("yes", "on") or _takes_true(feature)):
        return _OFTEN_TYPED[typed]
    if _takes_true(feature):
        return f'"{feature.title}" takes true or false'
    if feature.kind is FeatureKind.CHOICE:
        words = ", ".join(feature.choices)
        return f'"{feature.title}" takes false or one of: {words}'
    return f'"{feature.title}" takes false, a whole number such as 0 or 100, or {UNLIMITED}'


def _takes_true(feature: Feature) -> bool:
    return feature.kind in (FeatureKind.SWITCH, FeatureKind.METERED)


def entries_of(
    node: Node, path: str, known: tuple[str, ...], complain: Complain
) -> dict[str, Entry]:
    """A mapping's entries by key; complains of what is no mapping, of duplicate and unknown keys.

    Args:
        node: the node that should be a mapping.
        path: its dotted path.
        known: the keys it may have; empty for any.
        complain: takes the faults.
    """
    if node.kind not in ("mapping", "refused"):
        complain(node, path, f"{_shown(node)} stands where a mapping is expected")
        return {}
    found: dict[str, Entry] = {}
    for key, value in node.entries:
        inner = f"{path}.{key.text}" if path else key.text
        if key.kind != "scalar":
            complain(key, path, "a key must be a word")
        elif key.text in found:
            complain(key, inner, f"written twice, first on line {found[key.text].key.line}")
        elif known and key.text not in known:
            hint = did_you_mean(key.text, known) or f"; known here: {', '.join(known)}"
            complain(key, inner, f"unknown key{hint}")
        else:
            found[key.text] = Entry(key, value)
    return found
