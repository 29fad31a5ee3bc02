"""Reads the accounts that are not as their plan says: a trial runs, or an override holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from peewee import ModelSelect

from core.plans.impact.accounts import Who
from core.plans.impact.sql import is_one_of
from core.plans.standing import Override, Trial, read_override, read_trial
from core.plans.tables import PlanOverride, PlanTrial

if TYPE_CHECKING:
    from core.store.database import Store


@dataclass(frozen=True, slots=True)
class Exceptional:
    """An account that is judged by itself.

    Args:
        who: the account, with the plan that counts.
        own_plan: the plan that it has when no trial runs.
        overrides: those that hold, one per feature.
    """

    who: Who
    own_plan: str
    overrides: tuple[Override, ...]

    @property
    def on_trial(self) -> bool:
        """Whether a trial's plan counts."""
        return self.who.trial_until is not None


def exceptional(store: Store, at: datetime, features: Iterable[str]) -> list[Exceptional]:
    """The accounts with a running trial, or with an override of one of these features.

    Args:
        store: the database.
        at: the instant at which they hold.
        features: keys; other overrides are left out.
    """
    overrides, trials = _overrides(at, features), _trials(at)
    listed, ids = is_one_of(store, "id", overrides.keys() | trials.keys())
    accounts = store.rows(f"SELECT id, name, plan FROM accounts WHERE {listed}", (ids,))
    return [
        Exceptional(
            _who(account, name, own_plan, trials.get(account)),
            own_plan,
            tuple(overrides.get(account, {}).values()),
        )
        for account, name, own_plan in accounts
    ]


def _who(account: int, name: str, own_plan: str, trial: Trial | None) -> Who:
    return Who(account, name, trial.plan, trial.end) if trial else Who(account, name, own_plan)


def _overrides(at: datetime, features: Iterable[str]) -> dict[int, dict[str, Override]]:
    """Of two for one feature the younger one, as ``Standing.at`` has it."""
    found: dict[int, dict[str, Override]] = {}
    for row in _holding(PlanOverride, at).where(PlanOverride.feature.in_(list(features))):
        found.setdefault(row.account_id, {})[row.feature] = read_override(row)
    return found


def _trials(at: datetime) -> dict[int, Trial]:
    """The trial that runs, by account; of two the younger one."""
    return {row.account_id: read_trial(row) for row in _holding(PlanTrial, at)}


def _holding(table: type[PlanOverride] | type[PlanTrial], at: datetime) -> ModelSelect:
    """The rows of all accounts that hold at an instant, the oldest first."""
    return (
        table.select()
        .where(
            table.from_at <= at,
            table.until.is_null() | (table.until > at),
            table.ended_at.is_null() | (table.ended_at > at),
        )
        .order_by(table.id)
    )
