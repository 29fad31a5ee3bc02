"""Measures how much accounts use of lowered limits: months' counts, and what plugins count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from core.contract.features import FeatureKind
from core.plans.impact.counting import Uncounted, count_use

if TYPE_CHECKING:
    from core.registry import Registry
    from core.store.database import Store

Used = dict[str, Mapping[int, int]]
"""How much of each feature accounts use, by id."""


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

    def used(self, lowest: Mapping[str, int], account: int | None = None) -> Used:
        """What accounts use, where it is more than the lowest new limit.

        Args:
            lowest: the features to measure, each with the lowest of its new limits: whoever uses no
                more is above none of them.
            account: only this one; None for all.
        """
        features = self.registry.features
        quotas = {key: lowest[key] for key in lowest if features[key].kind is FeatureKind.QUOTA}
        found: Used = self._counts(quotas, account) if quotas else {}
        for feature in (key for key in lowest if key not in quotas):
            used = count_use(self.registry, feature, lowest[feature], account)
            if isinstance(used, Uncounted):
                self.uncounted.append(used)
            else:
                found[feature] = used
        return found

    def _counts(self, lowest: Mapping[str, int], account: int | None) -> dict[str, dict[int, int]]:
        above = " OR ".join("feature = ? AND used + held > ?" for _ in lowest)
        whose, parameters = ("", ()) if account is None else (" AND account_id = ?", (account,))
        instant = self.store.instant(self.at)
        rows = self.store.rows(
            "SELECT feature, account_id, used + held FROM quota_counters"
            f" WHERE period_start <= ? AND period_end > ? AND ({above}){whose}",
            (instant, instant, *_flat(lowest.items()), *parameters),
        )
        found: dict[str, dict[int, int]] = {}
        for feature, key, units in rows:
            found.setdefault(feature, {})[key] = units
        return found


def _flat(pairs: Iterable[tuple]) -> list:
    return [one for pair in pairs for one in pair]
