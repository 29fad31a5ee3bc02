"""Accounts that use more already than a lowered limit gives; nothing of theirs is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.contract.features import Feature, FeatureKind
from core.contract.texts import N_, phrase
from core.plans.file.written import Written
from core.plans.impact.accounts import Who
from core.plans.impact.measuring import Measure
from core.plans.impact.pages import Page
from core.plans.impact.sql import ids_of
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


class Account(NamedTuple):
    """An account that uses much. ``plan`` is its own; ``beyond``: it stands behind the cursor."""

    id: int
    name: str
    plan: str
    beyond: bool


class Limits:
    """The lowered limits of all accounts.

    Args:
        verdict: what changes for which account.
    """

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.features = verdict.matrices.features
        plans, accounts = verdict.matrices.changed_plans, verdict.exceptional
        self._of_plan = {key: lowered(felt, self.features) for key, felt in plans.items()}
        self._of_account = {
            key: lowered(one.differences, self.features) for key, one in accounts.items()
        }

    def over(self, measure: Measure, size: int, after: str) -> Page[OverLimit]:
        """The accounts above a lowered limit, a row per account and feature.

        Args:
            measure: tells how much accounts use.
            size: rows per page; an account's rows are never parted.
            after: the name after which the page begins.
        """
        used = measure.used(lowest([*self._of_plan.values(), *self._of_account.values()]))
        found = [
            (account, over)
            for account in self._by_name(used, after)
            if (over := self._over(account, used[account.id]))
        ]
        total = sum(len(over) for _, over in found)
        rows: list[OverLimit] = []
        last = ""
        for account, over in found:
            if account.beyond and len(rows) >= size:
                return Page(tuple(rows), total, last)
            if account.beyond:
                rows += self._rows(account, over)
                last = account.name
        return Page(tuple(rows), total)

    def _by_name(self, accounts: Iterable[int], after: str) -> Iterator[Account]:
        store = self.verdict.store
        ids, parameter = ids_of(store, accounts)
        rows = store.rows(
            f"SELECT id, name, plan, name > ? FROM accounts WHERE id IN {ids} ORDER BY name",
            (after, parameter),
        )
        return map(Account._make, rows)

    def _over(self, account: Account, used: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
        """What of it is too much."""
        limits = self._limits(account)
        return [(key, count) for key, count in used if key in limits and count > limits[key].limit]

    def _limits(self, account: Account) -> Lowered:
        own = self._of_account.get(account.id)
        return self._of_plan.get(account.plan, {}) if own is None else own

    def _rows(self, account: Account, over: Iterable[tuple[str, int]]) -> list[OverLimit]:
        who = self.verdict.who(account.id, account.name, account.plan)
        limits, counts = self._limits(account), dict(over)
        return [
            over_limit(who, self.features[key], counts[key], limits[key].change)
            for key in limits
            if key in counts
        ]


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
