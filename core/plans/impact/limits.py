"""Limits that are lowered, and what becomes of what is above them: nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.contract.features import Feature, FeatureKind
from core.contract.texts import N_, phrase
from core.plans.file.written import Written, written_json
from core.plans.impact.accounts import Who
from core.plans.impact.values import Difference, Direction, Features, size

COUNTED = (FeatureKind.QUOTA, FeatureKind.NUMBER)

MONTH_STAYS = N_(
    "Nothing is deleted: what was counted this month stays, and no more is taken until it ends."
)
KEPT = N_("Nothing is deleted: all of it is kept, and acts again when the plan has it again.")
KEPT_WITHOUT = N_(
    "Nothing is deleted: all of it is kept, and acts again when the plan has it again. %(without)s"
)


class Lower(NamedTuple):
    """A limit that is lower afterwards; what is not in the plan is 0 here."""

    limit: int
    change: Difference


Lowered = Mapping[str, Lower]
"""Such limits by feature."""


@dataclass(frozen=True, slots=True)
class OverLimit:
    """An account that uses more than it will have.

    Args:
        account: whose use it is.
        feature: key of a quota or a number.
        used: units of this month, those held by running calls included; or how many there are.
        before: the limit as it is.
        after: the limit as it will be; None is "not in the plan".
        sentence: what happens to what is too much; a ``Phrase``, so that a page can translate it.
    """

    account: Who
    feature: str
    used: int
    before: Written | None
    after: Written | None
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "account": self.account.as_json(),
            "feature": self.feature,
            "used": self.used,
            "before": written_json(self.before),
            "after": written_json(self.after),
            "sentence": str(self.sentence),
        }


def over_limit(account: Who, feature: Feature, used: int, change: Difference) -> OverLimit:
    """A row, with what happens to what is too much."""
    sentence = _what_happens(feature, change.after)
    return OverLimit(account, feature.key, used, change.before, change.after, sentence)


def lowered(differences: Iterable[Difference], features: Features) -> Lowered:
    """The limits among some differences that are lower afterwards, in their order."""
    return {
        one.feature: Lower(max(0, int(size(features[one.feature], one.after))), one)
        for one in differences
        if one.direction is Direction.LOSE and features[one.feature].kind in COUNTED
    }


def lowest(several: Iterable[Lowered]) -> dict[str, int]:
    """By feature, the lowest of its new limits."""
    found: dict[str, int] = {}
    for limits in several:
        for key, lower in limits.items():
            found[key] = min(lower.limit, found.get(key, lower.limit))
    return found


def _what_happens(feature: Feature, after: Written | None) -> str:
    if feature.kind is FeatureKind.QUOTA and after is not None:
        return phrase(MONTH_STAYS)
    if not feature.without:
        return phrase(KEPT)
    return phrase(KEPT_WITHOUT, without=phrase(feature.without))
