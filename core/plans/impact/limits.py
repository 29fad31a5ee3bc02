"""Accounts that use more already than a lowered limit gives; nothing of theirs is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.contract.features import Feature, FeatureKind
from core.contract.texts import N_, phrase
from core.plans.file.written import Written
from core.plans.impact.accounts import Who
from core.plans.impact.measuring import Measure, Picked, Use
from core.plans.impact.pages import Page, page_of
from core.plans.impact.values import Difference, Direction, Features, size, written_json
from core.plans.impact.verdict import Verdict

COUNTED = (FeatureKind.QUOTA, FeatureKind.NUMBER)

MONTH_STAYS = N_(
    "Nothing is deleted: what was counted this month stays, and no more is taken until it ends."
)
KEPT = N_("Nothing is deleted: all of it is kept, and acts again when the plan has it again.")
KEPT_WITHOUT = N_(
    "Nothing is deleted: all of it is kept, and acts again when the plan has it again. %(without)s"
)

Lowered = Mapping[str, Difference]
"""Limits that are lower afterwards, by feature."""


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


class Limits:
    """The lowered limits of all accounts.

    Args:
        verdict: what changes for which account.
    """

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.features = verdict.matrices.features
        self._of_plan = {
            plan: lowered(felt, self.features)
            for plan, felt in verdict.matrices.changed_plans.items()
        }
        self._of_account = {
            key: lowered(one.differences, self.features) for key, one in verdict.exceptional.items()
        }

    def over(self, measure: Measure, size: int, after: str) -> Page[OverLimit]:
        """The accounts above a lowered limit, a row per account and feature.

        Args:
            measure: tells how much accounts use.
            size: rows per page.
            after: the name after which the page begins.
        """
        concerned = self.verdict.concerned(lambda felt: bool(lowered(felt, self.features)))
        limits = lowest([*self._of_plan.values(), *self._of_account.values()], self.features)
        uses = measure.uses(limits, Picked(*concerned.condition))
        over = [use for use in uses if self._is_over(use)]
        over.sort(key=lambda use: self.verdict.matrices.places[use.feature])
        return page_of(over, lambda use: use.name, size, after).of(self._row)

    def _change(self, use: Use) -> Difference | None:
        own = self._of_account.get(use.account)
        return (self._of_plan[use.plan] if own is None else own).get(use.feature)

    def _is_over(self, use: Use) -> bool:
        change = self._change(use)
        return change is not None and is_over(self.features[use.feature], use.used, change)

    def _row(self, use: Use) -> OverLimit:
        who = self.verdict.who(use.account, use.name, use.plan)
        return over_limit(who, self.features[use.feature], use.used, self._change(use))


def over_limit(account: Who, feature: Feature, used: int, change: Difference) -> OverLimit:
    """A row, with what happens to what is too much."""
    sentence = _what_happens(feature, change.after)
    return OverLimit(account, feature.key, used, change.before, change.after, sentence)


def lowered(differences: Iterable[Difference], features: Features) -> Lowered:
    """The limits among some differences that are lower afterwards."""
    return {
        one.feature: one
        for one in differences
        if one.direction is Direction.LOSE and features[one.feature].kind in COUNTED
    }


def lowest(several: Iterable[Lowered], features: Features) -> dict[str, int]:
    """By feature, the lowest of its new limits."""
    found: dict[str, int] = {}
    for changes in several:
        for key, change in changes.items():
            limit = _new_limit(features[key], change)
            found[key] = min(limit, found.get(key, limit))
    return found


def is_over(feature: Feature, used: int, change: Difference) -> bool:
    """Whether somebody uses more than a lowered limit gives."""
    return used > _new_limit(feature, change)


def _new_limit(feature: Feature, change: Difference) -> int:
    """How much may be used afterwards; of what is not in the plan, nothing."""
    return max(0, int(size(feature, change.after)))


def _what_happens(feature: Feature, after: Written | None) -> str:
    if feature.kind is FeatureKind.QUOTA and after is not None:
        return phrase(MONTH_STAYS)
    if not feature.without:
        return phrase(KEPT)
    return phrase(KEPT_WITHOUT, without=phrase(feature.without))
