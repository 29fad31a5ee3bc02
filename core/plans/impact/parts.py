"""All that a change of the matrix does, as a review tells it (plans.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.plans.impact.accounts import AffectedAccount, Who
from core.plans.impact.cells import MatrixChange
from core.plans.impact.counting import Uncounted
from core.plans.impact.limits import OverLimit
from core.plans.impact.overrides import OverrideEffect
from core.plans.impact.pages import Page


@dataclass(frozen=True, slots=True)
class RemovedPlan:
    """A plan that goes, and those who still have it: it must be empty before that is published.

    Args:
        plan, title: key and title.
        accounts: how many have it as their own, whatever trial they are on.
        trials: how many are on a running trial of it.
    """

    plan: str
    title: str
    accounts: int
    trials: int

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "plan": self.plan,
            "title": self.title,
            "accounts": self.accounts,
            "trials": self.trials,
        }


@dataclass(frozen=True, slots=True)
class Running:
    """Calls that run now in affected accounts; they keep the decisions that they began with."""

    calls: int
    accounts: int

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"calls": self.calls, "accounts": self.accounts}


@dataclass(frozen=True, slots=True)
class OnRemoved:
    """An account whose own plan, or whose running trial's plan, is removed. ``plan``: its key."""

    account: Who
    plan: str

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"account": self.account.as_json(), "plan": self.plan}


@dataclass(frozen=True, slots=True)
class Impact:
    """All that a change of the matrix does, at one instant.

    Args:
        matrix: changed cells, plans added and removed.
        affected: how many accounts feel anything, warnings of a quota included.
        on_trial: how many of them through a running trial's plan.
        gaining, losing: accounts; one may be in both.
        over: accounts above a lowered limit, a row per account and feature.
        uncounted: lowered numbers whose use nobody could count.
        running: calls of affected accounts without an outcome.
        shielding, redundant: overrides, a row each; one may be in both.
        removed: the plans that go, with those who have them.
        on_removed: the accounts of removed plans.
    """

    matrix: MatrixChange
    affected: int
    on_trial: int
    gaining: Page[AffectedAccount]
    losing: Page[AffectedAccount]
    over: Page[OverLimit]
    uncounted: tuple[Uncounted, ...]
    running: Running
    shielding: Page[OverrideEffect]
    redundant: Page[OverrideEffect]
    removed: tuple[RemovedPlan, ...]
    on_removed: Page[OnRemoved]

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "matrix": self.matrix.as_json(),
            "affected": self.affected,
            "on_trial": self.on_trial,
            "gaining": self.gaining.as_json(),
            "losing": self.losing.as_json(),
            "over": self.over.as_json(),
            "uncounted": [one.as_json() for one in self.uncounted],
            "running": self.running.as_json(),
            "shielding": self.shielding.as_json(),
            "redundant": self.redundant.as_json(),
            "removed": [one.as_json() for one in self.removed],
            "on_removed": self.on_removed.as_json(),
        }
