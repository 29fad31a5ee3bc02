"""Gives two of the demo's companies something of their own: an override, and a trial.

Nothing here names a feature or a plan: the first number that the plans limit is raised for whom it
limits, and the company before the last tries the plan of the last.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.contract.features import FeatureKind
from core.plans.accounts.days import end_of
from core.plans.file.written import Written
from core.store.accounts import AccountRow

MORE = 2
"""How much more than its plan the override gives."""

OVERRIDE_DAYS, TRIAL_DAYS = 60, 14


def make_exceptions(
    centralino: Any, accounts: list[AccountRow], author: str, now: datetime
) -> None:
    """Set the override and start the trial, through the doors that billing uses.

    Args:
        centralino: the installation.
        accounts: the demo's, in the order of the plans.
        author: who did it, for the audit.
        now: when.
    """
    limited = next(_limited(centralino, accounts, now), None)
    if limited:
        account, feature, count = limited
        centralino.overrides.set(
            account,
            feature,
            Written(count + MORE),
            reason="Two more until the new office opens",
            author=author,
            at=now,
            until=_after(account, OVERRIDE_DAYS, now),
        )
    if len(accounts) > 1:
        before, last = accounts[-2:]
        centralino.trials.start(
            before,
            last.plan,
            _after(before, TRIAL_DAYS, now),
            reason="Asked at the trade fair to try it",
            author=author,
            at=now,
        )


def _limited(centralino: Any, accounts: list[AccountRow], now: datetime) -> Any:
    """Whose plan limits which number to how much."""
    for account in accounts:
        grants = centralino.gate.planned(account.picture(), now)
        for feature in centralino.registry.features.values():
            decision = grants.ask(feature.key)
            if feature.kind is FeatureKind.NUMBER and type(decision.value) is int:
                yield account, feature.key, decision.value


def _after(account: AccountRow, days: int, now: datetime) -> datetime:
    """The end of a day on the account's own calendar."""
    zone = account.picture().zone
    return end_of((now + timedelta(days=days)).astimezone(zone).date(), zone)
