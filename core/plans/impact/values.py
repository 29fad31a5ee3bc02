"""What takes effect for a plan or an account, and whether a change of it gains or loses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Any

from core.contract.features import Feature, FeatureKind
from core.plans.catalogue import plugin_of
from core.plans.decision import DEFAULT_WARN_AT, UNLIMITED
from core.plans.file.plan import PlanDocument
from core.plans.file.written import Written, written_json
from core.plans.standing import Override

Features = Mapping[str, Feature]

Said = Mapping[str, Written]
"""What a plan, or an account's overrides on top of it, say of features, by key; false included."""

Values = Mapping[str, Written]
"""What takes effect, by feature key; what is not included is not there."""


class Direction(StrEnum):
    """What a change is for the account."""

    GAIN = "gain"
    LOSE = "lose"
    OTHER = "different"


@dataclass(frozen=True, slots=True)
class Difference:
    """One feature that takes effect otherwise than before; None is "not included"."""

    feature: str
    before: Written | None
    after: Written | None
    direction: Direction

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "feature": self.feature,
            "before": written_json(self.before),
            "after": written_json(self.after),
            "direction": str(self.direction),
        }


Differences = tuple[Difference, ...]
"""What changes for a plan or an account, in the features' order."""


def said_by(document: PlanDocument, plan: str, overrides: Iterable[Override] = ()) -> Said:
    """What a plan says of features, own and inherited, with an account's overrides on top.

    Args:
        document: the plans; one that it does not have says nothing.
        plan: the plan's key.
        overrides: those that hold.
    """
    found = document.plans.get(plan)
    cells = found.cells if found else {}
    said = {key: Written(cell.value, cell.warn_at) for key, cell in cells.items()}
    return said | own_words(overrides)


def own_words(overrides: Iterable[Override]) -> Said:
    """What an account's overrides say."""
    return {one.feature: Written(one.value, one.warn_at) for one in overrides}


def in_effect(said: Said, features: Features) -> Values:
    """What takes effect of what is said: nothing without the plugin that it is a part of."""
    return {
        key: _counted(written, features[key])
        for key, written in said.items()
        if key in features and written.value is not False and _plugin_granted(said, key, features)
    }


def account_values(document: PlanDocument, plan: str, overrides: Iterable[Override] = ()) -> Values:
    """What takes effect for an account of a plan with the overrides that hold."""
    return in_effect(said_by(document, plan, overrides), document.features)


def difference(before: Values, after: Values, features: Features) -> Differences:
    """What is gained, lost or otherwise between two states of an account, in the features' order.

    Args:
        before: what takes effect, as ``in_effect`` says it.
        after: the same, afterwards.
        features: the declared ones.
    """
    return tuple(
        Difference(key, had, has, direction(feature, had, has))
        for key, feature in features.items()
        if (had := before.get(key)) != (has := after.get(key))
    )


def direction(feature: Feature, before: Written | None, after: Written | None) -> Direction:
    """Whether a change gives more or less: on over off, by size, ``unlimited`` the largest, by
    place among the choices; what differs only in its warnings is neither."""
    had, has = size(feature, before), size(feature, after)
    if had == has:
        return Direction.OTHER
    return Direction.GAIN if has > had else Direction.LOSE


def size(feature: Feature, written: Written | None) -> float:
    """How much a value gives; below 0 is "not included", which 0 is not (plans.md §1)."""
    if written is None:
        return -1
    if feature.kind is FeatureKind.CHOICE and written.value in feature.choices:
        return feature.choices.index(written.value)
    if written.value == UNLIMITED:
        return inf
    # An override may hold a word that its plugin, in a newer version, does not know any more.
    return float(written.value) if isinstance(written.value, int) else 0


def _plugin_granted(said: Said, key: str, features: Features) -> bool:
    plugin = plugin_of(key)
    if plugin not in features:
        return True
    written = said.get(plugin)
    return written is not None and written.value is not False


def _counted(written: Written, feature: Feature) -> Written:
    """The value; only a counted limit warns."""
    counts = feature.kind is FeatureKind.QUOTA and type(written.value) is int
    if counts or written.warn_at == DEFAULT_WARN_AT:
        return written
    return Written(written.value)
