"""The accounts that use more already than a lowered limit gives, found in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from core.plans.impact.limits import Lowered, OverLimit, lowered, lowest, over_limit
from core.plans.impact.measuring import Measure
from core.plans.impact.pages import Page
from core.plans.impact.sql import is_one_of
from core.plans.impact.verdict import Verdict


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

    def _by_name(self, accounts: Iterable[int], after: str) -> Iterator[Using]:
        store = self.verdict.store
        listed, ids = is_one_of(store, "id", accounts)
        rows = store.rows(
            f"SELECT id, name, plan, name > ? FROM accounts WHERE {listed} ORDER BY name",
            (after, ids),
        )
        return map(Using._make, rows)

    def _over(self, account: Using, used: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
        """What of it is too much."""
        limits = self._limits(account)
        return [(key, count) for key, count in used if key in limits and count > limits[key].limit]

    def _limits(self, account: Using) -> Lowered:
        own = self._of_account.get(account.id)
        return self._of_plan.get(account.plan, {}) if own is None else own

    def _rows(self, account: Using, over: Iterable[tuple[str, int]]) -> list[OverLimit]:
        who = self.verdict.who(account.id, account.name, account.plan)
        limits, counts = self._limits(account), dict(over)
        return [
            over_limit(who, self.features[key], counts[key], limits[key].change)
            for key in limits
            if key in counts
        ]
