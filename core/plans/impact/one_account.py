"""What a change means for one account: before its plan is set, or an override."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.contract.call import Account
from core.plans.impact.accounts import PluginUse, Who
from core.plans.impact.counting import Uncounted
from core.plans.impact.limits import OverLimit, lowered, lowest, over_limit
from core.plans.impact.measuring import Measure
from core.plans.impact.uses import Uses
from core.plans.impact.values import Difference, Values, difference

if TYPE_CHECKING:
    from core.registry import Registry
    from core.store.database import Store

RUNNING = "SELECT count(*) FROM calls WHERE account_id = ? AND outcome IS NULL"
"""By hand, because the tables of calls stand a floor above."""


@dataclass(frozen=True, slots=True)
class AccountImpact:
    """What changes for one account.

    Args:
        differences: per feature.
        uses: the plugins concerned, with the numbers that use them.
        over: what it uses more of than it will have.
        uncounted: lowered numbers whose use nobody could count.
        calls: how many of its calls run now; they keep the decisions that they began with.
    """

    differences: tuple[Difference, ...]
    uses: tuple[PluginUse, ...]
    over: tuple[OverLimit, ...]
    uncounted: tuple[Uncounted, ...]
    calls: int

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "differences": [one.as_json() for one in self.differences],
            "uses": [one.as_json() for one in self.uses],
            "over": [one.as_json() for one in self.over],
            "uncounted": [one.as_json() for one in self.uncounted],
            "calls": self.calls,
        }


def account_impact(
    store: Store,
    registry: Registry,
    account: Account,
    before: Values,
    after: Values,
    at: datetime,
) -> AccountImpact:
    """What a change means for one account.

    Args:
        store: the database.
        registry: the installed plugins.
        account: whose.
        before: what takes effect for it, as ``account_values`` says it.
        after: the same, afterwards.
        at: the instant whose month is counted.
    """
    differences = difference(before, after, registry.features)
    measure = Measure(store, registry, at)
    with store.connection():
        return AccountImpact(
            differences,
            Uses(store, registry, [account.id]).of(account.id, differences),
            tuple(_over(measure, account, differences)),
            tuple(measure.uncounted),
            store.row(RUNNING, (account.id,))[0],
        )


def _over(
    measure: Measure, account: Account, differences: tuple[Difference, ...]
) -> Iterator[OverLimit]:
    features = measure.registry.features
    limits = lowered(differences, features)
    used = measure.used(lowest([limits]), account.id)
    who = Who(account.id, account.name, account.plan)
    for key, (limit, change) in limits.items():
        count = used.get(key, {}).get(account.id, 0)
        if count > limit:
            yield over_limit(who, features[key], count, change)
