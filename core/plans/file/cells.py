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
from core.plans.file.advice import advice, shown
from core.plans.file.nodes import Node
from core.plans.file.plan import Cell, Grant

Complain = Callable[[Node, str, str], None]
"""Takes a fault: the node, its path, the sentence."""


class Entry(NamedTuple):
    """One entry of a mapping."""

    key: Node
    value: Node


COUNT = re.compile(r"0|[1-9][0-9]{0,8}")
MOST = 999_999_999
"""The highest count: below a billion, which fits every database's integer."""


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
    if node.kind not in ("sequence", "refused"):
        complain(node, path, f"{shown(node)} stands where percents like [80, 100] are expected")
        return ()
    found = [one for item in node.items if (one := _percent(item, path, complain))]
    twice = sorted({one for one in found if found.count(one) > 1})
    if twice:
        complain(node, path, f"{twice[0]} stands here twice")
    return tuple(sorted(found))


def _percent(node: Node, path: str, complain: Complain) -> int:
    plain = node.kind == "scalar" and not node.quoted and COUNT.fullmatch(node.text)
    if plain and 1 <= int(node.text) <= 100:
        return int(node.text)
    if node.kind != "refused":
        complain(node, path, f"{shown(node)} is no percent; give numbers from 1 to 100")
    return 0


def _value(node: Node, path: str, feature: Feature, complain: Complain) -> Grant | None:
    if node.kind == "refused":
        return None
    if node.kind == "scalar":
        value = None if node.quoted and node.text not in feature.choices else _read(node, feature)
        if value is not None:
            return value
    instead = advice(node, feature, unquoted=_read(node, feature) is not None)
    complain(node, path, f"{shown(node)} cannot be granted; {instead}")
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
        complain(node, path, f"{shown(node)} stands where a mapping is expected")
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
