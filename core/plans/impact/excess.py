"""The accounts that use more already than a lowered limit gives, found in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf
from typing import NamedTuple, TypeVar

from core.plans.impact.limits import Lowered, OverLimit, lowered, lowest, over_limit
from core.plans.impact.measuring import Measure, Used
from core.plans.impact.pages import Page
from core.plans.impact.sql import is_one_of
from core.plans.impact.verdict import Verdict

Key = TypeVar("Key")


class Using(NamedTuple):
    """An account with its own plan; ``beyond``: its name comes after the cursor."""

    id: int
    name: str
    plan: str
    beyond: bool


class Excess:
    """Finds the accounts that use more already than their lowered limits give.

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

    def page(self, measure: Measure, size: int, after: str) -> Page[OverLimit]:
        """Those after a name, a row per account and feature.

        Args:
            measure: tells how much accounts use.
            size: rows per page; an account's rows are never parted.
            after: the name after which the page begins.
        """
        used = measure.used(lowest([*self._of_plan.values(), *self._of_account.values()]))
        accounts = self._by_name({key for counts in used.values() for key in counts}, after)
        over = self._over(used, {one.id: one.plan for one in accounts})
        total = sum(map(len, over.values()))
        rows: list[OverLimit] = []
        last = ""
        for account in accounts:
            if not account.beyond or account.id not in over:
                continue
            if len(rows) >= size:
                return Page(tuple(rows), total, last)
            rows += self._rows(account, over[account.id])
            last = account.name
        return Page(tuple(rows), total)

    def _by_name(self, accounts: Iterable[int], after: str) -> list[Using]:
        store = self.verdict.store
        listed, ids = is_one_of(store, "id", accounts)
        rows = store.rows(
            f"SELECT id, name, plan, name > ? FROM accounts WHERE {listed} ORDER BY name",
            (after, ids),
        )
        return list(map(Using._make, rows))

    def _over(self, used: Used, plans: Mapping[int, str]) -> dict[int, dict[str, int]]:
        """What accounts use too much of, and how much, by account; ``plans`` are their own."""
        over: dict[int, dict[str, int]] = {}
        for feature, counts in used.items():
            of_plan, of_account = (
                _limits(self._of_plan, feature),
                _limits(self._of_account, feature),
            )
            for account, count in counts.items():
                limit = of_account.get(account)
                if limit is None:
                    limit = of_plan.get(plans.get(account), inf)
                if count > limit:
                    over.setdefault(account, {})[feature] = count
        return over

    def _rows(self, account: Using, over: Mapping[str, int]) -> list[OverLimit]:
        who = self.verdict.who(account.id, account.name, account.plan)
        own = self._of_account.get(account.id)
        limits = self._of_plan[account.plan] if own is None else own
        return [
            over_limit(who, self.features[key], over[key], limits[key].change)
            for key in limits
            if key in over
        ]


def _limits(several: Mapping[Key, Lowered], feature: str) -> dict[Key, float]:
    """One feature's new limits; where it is not lowered, nobody is above it."""
    return {
        key: lowered[feature].limit if feature in lowered else inf
        for key, lowered in several.items()
    }
