"""What is said before an account is given another plan: gains, losses, and what stays counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.contract.features import FeatureKind
from core.plans.catalogue import plugin_of
from core.plans.decision import Decision
from core.plans.impact.one_account import AccountImpact
from core.plans.impact.values import Difference, Direction
from core.store.accounts import AccountRow
from core.web.host import host


@dataclass(frozen=True, slots=True)
class Side:
    """The features that change in one direction, each with the account's numbers that use its
    plugin."""

    direction: Direction
    changes: tuple[tuple[Difference, tuple[str, ...]], ...]


def sides(impact: AccountImpact) -> list[Side]:
    """What is gained, what is lost, and what is otherwise; only sides that have something."""
    numbers = {use.plugin: use.numbers for use in impact.uses}
    found = []
    for direction in Direction:
        changes = [one for one in impact.differences if one.direction is direction]
        if changes:
            with_numbers = tuple((one, numbers[plugin_of(one.feature)]) for one in changes)
            found.append(Side(direction, with_numbers))
    return found


def counted(account: AccountRow, at: datetime) -> list[Decision]:
    """The quotas of which something was counted this month; another plan changes none of it."""
    picture = account.picture()
    asked = (host().gate.ask(picture, key, at) for key in _quotas())
    return [one for one in asked if (one.used or 0) + (one.held or 0)]


def _quotas() -> Iterable[str]:
    features = host().registry.features
    return [key for key, one in features.items() if one.kind is FeatureKind.QUOTA]
