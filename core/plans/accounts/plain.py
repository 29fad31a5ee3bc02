"""Accounts and what they have of their own, as plain data: the API and ``--json`` of the commands
show the same. Instants are written on the account's own clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.plans.decision import Decision
from core.plans.gate import Gate
from core.plans.impact.one_account import AccountImpact
from core.plans.standing import Override, Trial, read_override, read_trial
from core.plans.tables import PlanOverride, PlanTrial
from core.store.accounts import AccountRow, PluginSwitch


def account_json(account: AccountRow, trial: PlanTrial | None) -> dict[str, Any]:
    """An account with its own plan, and the trial that runs."""
    zone = account.picture().zone
    return {
        "id": account.id,
        "name": account.name,
        "plan": account.plan,
        "trial": {"plan": trial.plan, "until": _text(trial.until, zone)} if trial else None,
        "timezone": account.timezone,
        "country": account.country,
        "language": account.language,
        "created_at": _text(account.created_at, zone),
    }


def decisions(gate: Gate, account: AccountRow, at: datetime) -> dict[str, Decision]:
    """The gate's decision on every feature, by its key."""
    picture = account.picture()
    switches = PluginSwitch.of(account).where(~PluginSwitch.on)
    off = frozenset(one.plugin for one in switches)
    return {key: gate.ask(picture, key, at, off) for key in gate.catalogue.features}


def plan_change_json(
    account: AccountRow, trial: PlanTrial | None, impact: AccountImpact, dry_run: bool
) -> dict[str, Any]:
    """Another plan for an account: the account after it, and what it gains and loses."""
    return {
        "account": account_json(account, trial),
        "impact": impact.as_json(),
        "dry_run": dry_run,
    }


def overrides_json(rows: Sequence[PlanOverride], at: datetime) -> list[dict[str, Any]]:
    """Overrides, the older ones of each feature first, as ``override_json``; an older one that a
    younger one hides ``waits``, and holds again if it outlives that."""
    holding = {
        (row.account_id, row.feature): row.id for row in rows if read_override(row).holds(at)
    }
    shown = [override_json(row, at) for row in rows]
    for row, one in zip(rows, shown, strict=True):
        if one["state"] == "holds" and holding[row.account_id, row.feature] != row.id:
            one["state"] = "waits"
    return shown


def override_json(row: PlanOverride, at: datetime) -> dict[str, Any]:
    """An override of an account; ``state`` is ``holds``, ``to-come`` or ``over``."""
    return {
        "id": row.id,
        "account": _whose(row.account),
        "feature": row.feature,
        "value": row.value,
        "warn_at": list(row.warn_at or ()),
        "pinned": row.pinned,
        **_decided(row, read_override(row), at),
    }


def trial_json(row: PlanTrial, at: datetime) -> dict[str, Any]:
    """A trial of an account; ``state`` as an override's."""
    return {
        "id": row.id,
        "account": _whose(row.account),
        "plan": row.plan,
        **_decided(row, read_trial(row), at),
    }


def _whose(account: AccountRow) -> dict[str, Any]:
    return {"id": account.id, "name": account.name}


def _decided(row: PlanOverride | PlanTrial, one: Override | Trial, at: datetime) -> dict[str, Any]:
    zone = row.account.picture().zone
    return {
        "reason": row.reason,
        "author": row.author,
        "from": _text(row.from_at, zone),
        "until": _text(row.until, zone),
        "created_at": _text(row.created_at, zone),
        "ended_at": _text(row.ended_at, zone),
        "state": _state(one, at),
    }


def _state(one: Override | Trial, at: datetime) -> str:
    """Whether an override or a trial holds at an instant, is to come, or is over."""
    if one.holds(at):
        return "holds"
    return "to-come" if one.from_at > at and one.ended_at is None else "over"


def _text(at: datetime | None, zone: ZoneInfo) -> str | None:
    return at.astimezone(zone).isoformat() if at else None
