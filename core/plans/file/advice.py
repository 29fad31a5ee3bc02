"""What to say of a value that cannot be granted: what was typed, and what to write instead."""

from __future__ import annotations

from core.contract.features import Feature, FeatureKind
from core.plans.catalogue import did_you_mean
from core.plans.decision import UNLIMITED
from core.plans.file.faults import printable
from core.plans.file.nodes import Node

_MEANT = {
    **dict.fromkeys(("yes", "on", "y"), "true"),
    **dict.fromkeys(("no", "off", "n"), "false"),
    **dict.fromkeys(("-1", "inf", ".inf", "infinity", "infinite", "∞"), UNLIMITED),
}
"""What somebody means who is used to other programs."""

LONGEST_SHOWN = 60
"""So many characters of what was typed stand in a sentence."""

_NOTHING = ("", "~", "null", "none")


def shown(node: Node) -> str:
    """What stands there, as a sentence can name it."""
    if node.kind != "scalar":
        return f"a {node.kind}"
    text = printable(node.text, LONGEST_SHOWN)
    return f'"{text}" in quotes' if node.quoted else text or "an empty value"


def advice(node: Node, feature: Feature, unquoted: bool) -> str:
    """What to write instead of a value that a feature does not take.

    Args:
        node: what was written.
        feature: the feature.
        unquoted: whether its text would be taken without quotes.
    """
    counted = feature.kind in (FeatureKind.NUMBER, FeatureKind.QUOTA)
    hint = ""
    if node.kind == "scalar" and node.quoted and unquoted:
        return "write it without quotes"
    if node.kind == "scalar" and not node.quoted:
        typed = node.text.lower()
        meant = _MEANT.get(typed, typed)
        if meant in _words(feature):
            return f"write {meant}"
        if typed in _NOTHING:
            none = ", 0 when there is none of it" if counted else ""
            return f"write false when it is not in the plan{none}"
        hint = did_you_mean(node.text, _words(feature))
    return f'"{feature.title}" takes {_takes(feature)}{hint}'


def _words(feature: Feature) -> tuple[str, ...]:
    """What a feature takes besides counts."""
    if feature.kind in (FeatureKind.SWITCH, FeatureKind.METERED):
        return ("true", "false")
    return ("false", *(feature.choices or (UNLIMITED,)))


def _takes(feature: Feature) -> str:
    if feature.kind in (FeatureKind.SWITCH, FeatureKind.METERED):
        return "true or false"
    if feature.kind is FeatureKind.CHOICE:
        return f"false or one of: {', '.join(feature.choices)}"
    return f"false, a whole number such as 0 or 100, or {UNLIMITED}"
