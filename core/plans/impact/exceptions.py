"""Reads the accounts that are not as their plan says: a trial runs, or an override holds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from core.plans.accounts.standing import Override
from core.plans.impact.accounts import Who
from core.plans.impact.sql import ids_of, marks
from core.store.database import read_instant

if TYPE_CHECKING:
    from core.store.database import Store

HOLDS = "from_at <= ? AND (until IS NULL OR until > ?) AND (ended_at IS NULL OR ended_at > ?)"

OVERRIDES = (
    "SELECT account_id, id, feature, value, warn_at, pinned, reason, author, from_at, until,"
    f" ended_at FROM plan_overrides WHERE {HOLDS} AND feature IN {{features}} ORDER BY id"
)

TRIALS = f"SELECT account_id, plan, until, ended_at FROM plan_trials WHERE {HOLDS} ORDER BY id"


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
    overrides, trials = _overrides(store, at, features), _trials(store, at)
    ids, parameter = ids_of(store, overrides.keys() | trials.keys())
    accounts = store.rows(f"SELECT id, name, plan FROM accounts WHERE id IN {ids}", (parameter,))
    found = []
    for account, name, own_plan in accounts:
        plan, until = trials.get(account, (own_plan, None))
        own = tuple(overrides.get(account, {}).values())
        found.append(Exceptional(Who(account, name, plan, until), own_plan, own))
    return found


def _overrides(
    store: Store, at: datetime, features: Iterable[str]
) -> dict[int, dict[str, Override]]:
    """Of two for one feature the younger one, as ``Standing.at`` has it."""
    keys = list(features)
    found: dict[int, dict[str, Override]] = {}
    rows = store.rows(OVERRIDES.format(features=marks(keys)), (*_thrice(store, at), *keys))
    for account, *columns in rows:
        override = _override(*columns)
        found.setdefault(account, {})[override.feature] = override
    return found


def _override(id, feature, value, warn_at, pinned, reason, author, *instants) -> Override:
    return Override(
        id,
        feature,
        json.loads(value),
        tuple(json.loads(warn_at or "null") or ()),
        bool(pinned),
        reason,
        author,
        *map(read_instant, instants),
    )


def _trials(store: Store, at: datetime) -> dict[int, tuple[str, datetime]]:
    """Plan and end of the trial that runs, by account; of two the younger one."""
    rows = store.rows(TRIALS, _thrice(store, at))
    return {account: (plan, _end(until, ended_at)) for account, plan, until, ended_at in rows}


def _end(until: str | datetime, ended_at: str | datetime | None) -> datetime:
    end, ended = read_instant(until), read_instant(ended_at)
    return end if ended is None else min(end, ended)


def _thrice(store: Store, at: datetime) -> tuple:
    return (store.instant(at),) * 3
