"""Says which invented talks are recorded: so many that a counted plan is almost used up."""

from __future__ import annotations

from datetime import datetime

from core.contract.call import Account
from core.contract.features import FeatureKind
from core.demo.calls import PastCall
from core.demo.companies import Company
from core.plans.catalogue import plugin_of
from core.plans.decision import Decision
from core.plans.gate import Grants
from core.plans.periods import month_of
from core.plans.quota.units import Quota
from core.registry import Registry

LEFT = 3
"""So many units of a counted plan are left, for the newcomer to use up."""

USUAL = 12
"""How many recordings a company has whose plan does not count."""

MOST = 200
"""Of a larger limit, so many units are used."""


class Units:
    """The units of one company's recordings.

    Args:
        registry: knows which plugins set terms for talks, and what they count.
        grants: what the company's plan includes.
        account: whose.
        quota: where units are counted.
    """

    def __init__(self, registry: Registry, grants: Grants, account: Account, quota: Quota) -> None:
        self._account = account
        self._quota = quota
        counted = [
            grants.ask(feature.key)
            for feature in registry.features.values()
            if feature.kind is FeatureKind.QUOTA
            and registry.implementation("prepare_talk", plugin_of(feature.key))
        ]
        self.grant: Decision | None = next((one for one in counted if one.allowed), None)

    @property
    def wanted(self) -> int:
        """How many recordings the company should have."""
        if self.grant is None:
            return 0
        return USUAL if self.grant.limit is None else min(max(self.grant.limit - LEFT, 0), MOST)

    @property
    def this_month(self) -> int:
        """How many of them must be of this month, for a counted plan to be almost used up."""
        return self.wanted if self.grant is not None and self.grant.limit is not None else 0

    def choose(self, company: Company, calls: list[PastCall], now: datetime) -> None:
        """Mark the latest talks on the rented numbers as recorded."""
        since, _ = month_of(now, self._account.zone)
        for call in reversed(calls):
            if sum(one.recorded for one in calls) >= self.wanted:
                return
            counts = call.at >= since or not self.this_month
            human = call.talked and not call.forwarded_to
            call.recorded = human and counts and call.line in company.rented

    def use(self, call: PastCall, call_id: int) -> Decision | None:
        """Take, start and commit the unit of a recorded call; returns the first decision."""
        if not call.recorded:
            return None
        account, key = self._account, self.grant.feature
        decision = self._quota.take(account, self.grant, key, call_id, call.at)
        self._quota.start(account, key, call_id, call.at)
        self._quota.commit(account, key, call_id, call.ended_at)
        return decision
