"""A large installation: 100,000 accounts in 25 zones, 200 features; a tenth of the accounts have
overrides, one in a hundred is on trial."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from benchmarks.installation import SINCE
from core.api import Feature, FeatureKind, Plugin, hookimpl
from core.contract.call import Account
from core.store.database import Store

ACCOUNTS = 100_000
EVERY_OVERRIDDEN, EVERY_TRIED = 10, 100

AT = SINCE + timedelta(days=30)
"""When everybody is asked."""

UNTIL = SINCE + timedelta(days=90)

PLANS = ("free", "basic", "standard", "enterprise")
ZONES = (
    "Europe/Rome", "Europe/Berlin", "Europe/London", "Europe/Madrid", "Europe/Paris",
    "Europe/Warsaw", "Europe/Athens", "Europe/Kyiv", "Europe/Istanbul", "Asia/Dubai",
    "Asia/Kolkata", "Asia/Kathmandu", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney",
    "Pacific/Auckland", "Pacific/Honolulu", "America/Los_Angeles", "America/Denver",
    "America/Chicago", "America/New_York", "America/Sao_Paulo", "America/St_Johns",
    "Africa/Cairo", "Africa/Johannesburg",
)  # fmt: skip

FEATURES = {
    f"desk{place:02}": [f"desk{place:02}", *(f"desk{place:02}.{part}" for part in "abcd")]
    for place in range(40)
}
"""By plugin; ``a`` is a number, ``b`` a choice, ``c`` a quota, the others are switches."""

KINDS = {"a": FeatureKind.NUMBER, "b": FeatureKind.CHOICE, "c": FeatureKind.QUOTA}

MATRIX: dict[str, dict[str, Any]] = {
    plan: {
        key: {"a": rank + 1, "b": "phone", "c": 100 * (rank + 1)}.get(key.partition(".")[2], True)
        for place, features in enumerate(FEATURES.values())
        if place < 10 * (rank + 1)
        for key in features
    }
    for rank, plan in enumerate(PLANS)
}
"""What each plan grants: the first one ten plugins, the last one all."""


@dataclass(frozen=True)
class People:
    """The accounts, with what some of them have of their own, by their id."""

    accounts: list[Account]
    overrides: dict[int, dict[str, Any]]
    trials: dict[int, str]


class Desk:
    """A plugin with five features."""

    def __init__(self, name: str, features: list[str]) -> None:
        self.name, self.features = name, features

    @hookimpl
    def register_plugin(self) -> Plugin:
        return Plugin(self.name, self.name.title(), features=tuple(map(_feature, self.features)))


def _feature(key: str) -> Feature:
    kind = KINDS.get(key.partition(".")[2], FeatureKind.SWITCH)
    choices = ("mail", "phone") if kind is FeatureKind.CHOICE else ()
    return Feature(key, key.title(), kind, choices=choices)


def plan_file() -> str:
    """The matrix as a plan file; each plan extends the one before."""
    lines, above = ["schema: 1", "plans:"], ""
    for plan in PLANS:
        own = {key: value for key, value in MATRIX[plan].items() if _says(above, key) != value}
        lines += [f"  {plan}:", f"    title: {plan.title()}"]
        lines += [f"    extends: {above}"] if above else []
        lines += ["    features:", *(f"      {key}: {_text(value)}" for key, value in own.items())]
        above = plan
    return "\n".join(lines) + "\n"


def fill(store: Store) -> People:
    """Write the accounts and what they have of their own; what nobody reads back is alike."""
    random, since = Random(1), store.instant(SINCE)
    accounts = [_account(place, random) for place in range(1, ACCOUNTS + 1)]
    overrides = {
        one.id: {random.choice(list(MATRIX[one.plan])[::5]) + ".a": 77}
        for one in accounts[::EVERY_OVERRIDDEN]
    }
    trials = {one.id: PLANS[-1] for one in accounts[1::EVERY_TRIED]}
    with store.connection(), store.transaction():
        _insert(store, "accounts", [_row(one, since) for one in accounts])
        _insert(store, "plan_overrides", _overrides(overrides, since, store.instant(UNTIL)))
        _insert(store, "plan_trials", _trials(trials, since, store.instant(UNTIL)))
    return People(accounts, overrides, trials)


def _account(place: int, random: Random) -> Account:
    plan, zone = random.choice(PLANS), random.choice(ZONES)
    return Account(place, f"Account {place}", plan, zone, "IT", "en", 1)


def _row(one: Account, since: Any) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.name, "plan": one.plan, "timezone": one.timezone,
        "country": one.country, "language": one.language, "backup_number": "",
        "dial_countries": "", "dial_concurrent": 4, "dial_daily": 200, "version": one.version,
        "created_at": since,
    }  # fmt: skip


def _overrides(overrides: dict[int, dict[str, Any]], since: Any, until: Any) -> list[dict]:
    return [
        {
            "account_id": id, "feature": feature, "value": json.dumps(value), "warn_at": "[80,100]",
            "pinned": False, "reason": "Contract", "author": "billing@example.com",
            "from_at": since, "until": until, "created_at": since,
        }
        for id, own in overrides.items()
        for feature, value in own.items()
    ]  # fmt: skip


def _trials(trials: dict[int, str], since: Any, until: Any) -> list[dict]:
    return [
        {
            "account_id": id, "plan": plan, "reason": "Trial", "author": "sales@example.com",
            "from_at": since, "until": until, "created_at": since,
        }
        for id, plan in trials.items()
    ]  # fmt: skip


def _insert(store: Store, table: str, rows: list[dict[str, Any]]) -> None:
    columns, marks = ", ".join(rows[0]), ", ".join("?" * len(rows[0]))
    statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
    store.database.connection().executemany(statement, [tuple(one.values()) for one in rows])


def _says(plan: str, key: str) -> Any:
    return MATRIX[plan].get(key) if plan else None


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
