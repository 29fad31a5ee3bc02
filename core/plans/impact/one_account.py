"""What a change means for one account: before its plan is set, or an override."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.contract.call import Account
from core.plans.impact.accounts import PluginUse
from core.plans.impact.limits import OverLimit, Uncounted
from core.plans.impact.values import Difference, Values

if TYPE_CHECKING:
    from core.registry import Registry
    from core.store.database import Store


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
        before, after: what takes effect for it, as ``in_effect(said_by(document, plan, overrides),
            features)`` says it.
        at: the instant whose month is counted.
    """
    raise NotImplementedError
