"""Measures how much accounts use of lowered limits: months' counts, and what plugins count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from core.contract.features import FeatureKind
from core.plans.impact.counting import Uncounted, count_use
from core.plans.impact.sql import ids_of

if TYPE_CHECKING:
    from core.registry import Registry
    from core.store.database import Store

Lowest = Mapping[str, int]
"""By feature, the lowest of the new limits: whoever uses no more than that is over none of them."""


class Use(NamedTuple):
    """How much of a feature one account uses. ``plan`` is its own."""

    name: str
    account: int
    plan: str
    feature: str
    used: int


class Picked(NamedTuple):
    """Some accounts: SQL that picks them from ``accounts a``, its parameters, and the id when it
    is but one."""

    sql: str
    parameters: tuple
    account: int | None = None


class Measure:
    """Measures lowered limits.

    Args:
        store: the database.
        registry: the installed plugins, which count numbers.
        at: the instant whose month is counted, of each account's own.

    ``uncounted`` collects the numbers whose use nobody could count.
    """

    def __init__(self, store: Store, registry: Registry, at: datetime) -> None:
        self.store = store
        self.registry = registry
        self.at = at
        self.uncounted: list[Uncounted] = []

    def uses(self, lowest: Lowest, picked: Picked) -> list[Use]:
        """What the picked accounts use, where it is more than the lowest new limit.

        Args:
            lowest: the features to measure.
            picked: the accounts.
        """
        features = self.registry.features
        quotas = {key: lowest[key] for key in lowest if features[key].kind is FeatureKind.QUOTA}
        found = self._quotas(quotas, picked) if quotas else []
        for key in lowest:
            if key not in quotas:
                found += self._number(key, lowest[key], picked)
        return found

    def _quotas(self, lowest: Lowest, picked: Picked) -> list[Use]:
        above = " OR ".join("q.feature = ? AND q.used + q.held > ?" for _ in lowest)
        instant = self.store.instant(self.at)
        rows = self.store.rows(
            "SELECT a.name, a.id, a.plan, q.feature, q.used + q.held"
            " FROM quota_counters q JOIN accounts a ON a.id = q.account_id"
            f" WHERE q.period_start <= ? AND q.period_end > ? AND ({above}) AND {picked.sql}",
            (instant, instant, *_flat(lowest.items()), *picked.parameters),
        )
        return [Use(*row) for row in rows]

    def _number(self, feature: str, more_than: int, picked: Picked) -> list[Use]:
        used = count_use(self.registry, feature, more_than, picked.account)
        if isinstance(used, Uncounted):
            self.uncounted.append(used)
            return []
        ids, parameter = ids_of(self.store, used)
        rows = self.store.rows(
            f"SELECT a.name, a.id, a.plan FROM accounts a WHERE a.id IN {ids} AND {picked.sql}",
            (parameter, *picked.parameters),
        )
        return [Use(name, account, plan, feature, used[account]) for name, account, plan in rows]


def _flat(pairs: Iterable[tuple]) -> list:
    return [one for pair in pairs for one in pair]
