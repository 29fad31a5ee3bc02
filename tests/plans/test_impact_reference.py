"""The impact of random matrices is what a slow reference finds that asks the gate about every
account, one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.contract.features import FeatureKind
from core.plans.file.plan import PlanDocument
from core.plans.gate import Grants
from core.plans.granting import Granting
from core.plans.impact.impact import impact
from core.plans.impact.pages import Asked
from core.plans.periods import month_of
from core.plans.standing import Holding, Override, read_standing
from core.plans.tables import QuotaCounter
from core.store.accounts import AccountRow
from tests.plans.impacts import WORDS, Door, Pool, Seats, World
from tests.support.calls import NOON

PLANS = ("able", "baker", "charlie")
LIMITS = (0, 1, 2, "unlimited", False)
VALUES = {
    "seats": (True, True, False),
    "seats.most": LIMITS,
    "seats.support": (*WORDS, False),
    "seats.minutes": (*LIMITS, (2, (50,))),
    "seats.extra": (True, False),
    "pool.size": LIMITS,
    "door": (True, True, False),
    "door.bell": (True, False),
    "door.keys": LIMITS,
}
ZONES = ("Europe/Rome", "Pacific/Auckland", "Pacific/Honolulu")


# --- Random installations ---------------------------------------------------------------------


def matrices() -> st.SearchStrategy[dict[str, dict]]:
    """Some of the plans, each perhaps extending the one before it."""
    cells = st.fixed_dictionaries(
        {}, optional={key: st.sampled_from(values) for key, values in VALUES.items()}
    )
    plans = st.fixed_dictionaries({"able": cells}, optional={"baker": cells, "charlie": cells})
    return st.tuples(plans, st.booleans()).map(lambda drawn: chained(*drawn))


def chained(plans: dict[str, dict], extends: bool) -> dict[str, dict]:
    keys = list(plans)
    above = dict(zip(keys[1:], keys, strict=False)) if extends else {}
    return {
        key: ({"extends": above[key]} if key in above else {}) | cells
        for key, cells in plans.items()
    }


def overrides() -> st.SearchStrategy[tuple]:
    """A feature, a value of its own, whether it holds, whether it has warnings of its own."""
    return st.sampled_from(sorted(VALUES)).flatmap(
        lambda key: st.tuples(
            st.just(key),
            st.sampled_from([one for one in VALUES[key] if not isinstance(one, tuple)]),
            st.sampled_from((True, True, True, False)),
            st.sampled_from((None, [50], [80, 100])),
        )
    )


ACCOUNTS = st.fixed_dictionaries(
    {
        "plan": st.sampled_from((*PLANS, "gone")),
        "zone": st.sampled_from(ZONES),
        "trial": st.sampled_from((None, None, *PLANS, "gone")),
        "overrides": st.lists(overrides(), max_size=4),
        "minutes": st.tuples(st.integers(0, 3), st.integers(0, 2)),
        "seats": st.integers(0, 3),
        "keys": st.integers(0, 3),
        "calls": st.integers(0, 2),
        "profiles": st.dictionaries(st.sampled_from(("seats", "pool", "door")), st.booleans()),
        "switches": st.dictionaries(st.sampled_from(("seats", "pool", "door")), st.booleans()),
    }
)


def settle(world: World, accounts: list[dict]) -> None:
    """Enter these accounts in the stead of all others."""
    AccountRow.delete().execute()
    world.seats.used, keys = {}, {}
    for place, one in enumerate(accounts):
        row = world.account(f"Account {place:02}", one["plan"], timezone=one["zone"])
        for feature, value, holds, warn_at in one["overrides"]:
            until = None if holds else NOON
            world.override(row, feature, value, until=until, warn_at=warn_at)
        if one["trial"]:
            world.trial(row, one["trial"])
        enter_count(row, *one["minutes"])
        world.seats.used[row.id], keys[row.id] = one["seats"], one["keys"]
        for _ in range(one["calls"]):
            world.call(row)
        world.line(row, f"+39061{place}", **one["profiles"])
        world.line(row, f"+39062{place}")
        for plugin, on in one["switches"].items():
            world.switch(row, plugin, on)
    world.door.count = lambda feature, more_than, account: keys


def enter_count(row: AccountRow, used: int, held: int) -> None:
    start, end = month_of(NOON, row.picture().zone)
    about = {"account": row, "feature": "seats.minutes"}
    QuotaCounter.create(**about, period_start=start, period_end=end, used=used, held=held)
    before = start - timedelta(days=30)
    QuotaCounter.create(**about, period_start=before, period_end=start, used=9, held=9)


# --- The reference ----------------------------------------------------------------------------


@dataclass
class Reference:
    """Asks the gate about one account after the other."""

    world: World
    before: PlanDocument
    after: PlanDocument

    def __post_init__(self) -> None:
        self.registry = self.world.kit.app.registry
        self.accounts = list(AccountRow.select().order_by(AccountRow.name))
        self.felt = {row.id: self.changes(row, self.holding(row)) for row in self.accounts}

    def holding(self, row: AccountRow) -> Holding:
        return read_standing(self.world.kit.app.store, row.id).at(NOON)

    def changes(self, row: AccountRow, holding: Holding) -> dict[str, tuple]:
        had = self.values(self.before, row, holding)
        has = self.values(self.after, row, holding)
        return {
            key: (had[key], has[key])
            for key in self.registry.features
            if repr(had[key]) != repr(has[key])
        }

    def values(self, document: PlanDocument, row: AccountRow, holding: Holding) -> dict[str, Any]:
        """Of every feature what the gate grants, with its warnings where it counts."""
        plan = holding.trial.plan if holding.trial else row.plan
        revision = SimpleNamespace(document=document, number=1)
        granting = Granting(revision, plan, frozenset(), self.registry, holding, row.picture().zone)
        grants = Grants(granting, plan, frozenset())
        return {key: value_of(grants.ask(key)) for key in self.registry.features}

    def rank(self, feature: str, value: tuple | None) -> int:
        if value is None:
            return -1
        given, _ = value
        if self.registry.features[feature].kind is FeatureKind.CHOICE:
            return WORDS.index(given)
        return 10**9 if given == "unlimited" else int(given)

    def names(self, better: Callable[[int, int], bool]) -> list[str]:
        """Accounts for which any feature is better in this sense."""
        return [
            row.name
            for row in self.accounts
            if any(
                better(self.rank(key, had), self.rank(key, has))
                for key, (had, has) in self.felt[row.id].items()
            )
        ]

    def over(self) -> list[tuple]:
        found = []
        for row in self.accounts:
            for key, (had, has) in self.felt[row.id].items():
                limit = self.rank(key, has)
                used = self.used(row, key)
                if limit < self.rank(key, had) and used is not None and used > max(0, limit):
                    found.append((row.name, key, used))
        return found

    def used(self, row: AccountRow, feature: str) -> int | None:
        if feature == "seats.minutes":
            count = self.world.kit.app.quota.balance(row.picture(), feature, None, NOON)
            return count.used + count.held
        counted = {"seats.most": self.world.seats.used, "door.keys": self.world.door.count(*"abc")}
        return counted[feature][row.id] if feature in counted else None

    def overrides(self) -> tuple[list[tuple], list[tuple]]:
        """Those that shield, and those that become redundant."""
        shielding, redundant = [], []
        for row in self.accounts:
            holding = self.holding(row)
            for one in holding.overrides:
                others = [other for other in holding.overrides if other is not one]
                without = replace(holding, overrides=tuple(others))
                kept = [key for key in self.changes(row, without) if key not in self.felt[row.id]]
                if kept:
                    shielding.append((row.name, one.feature, tuple(kept)))
                had, has = (
                    self.values(document, row, without)[one.feature]
                    for document in (self.before, self.after)
                )
                says = self.own(one)
                if repr(says) == repr(has) and repr(says) != repr(had):
                    redundant.append((row.name, one.feature))
        return shielding, redundant

    def own(self, override: Override) -> tuple | None:
        """What an override says, as ``value_of`` shows it."""
        if override.value is False:
            return None
        counted = override.feature == "seats.minutes" and override.value != "unlimited"
        return override.value, override.warn_at if counted else ()

    def numbers(self, row: AccountRow, given: dict, plugin: str) -> list[str]:
        """The numbers that use a plugin."""
        first, second = sorted(line.number for line in row.lines)
        if plugin == "pool":
            return [first, second]
        if not given["switches"].get(plugin, True):
            return []
        default = plugin == "door"
        return [first] * given["profiles"].get(plugin, default) + [second] * default


def value_of(decision: Any) -> tuple | None:
    if decision.value is None:
        return None
    return decision.value, decision.warn_at if decision.limit is not None else ()


# --- They agree -------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request, install) -> World:
    """An installation on SQLite and on PostgreSQL."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    seats, door = Seats(), Door()
    return World(install(database=url, seats=seats, pool=Pool(), door=door), seats, door)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(before=matrices(), after=matrices(), accounts=st.lists(ACCOUNTS, max_size=6))
def test_all_at_once_is_one_by_one(world, before, after, accounts):
    settle(world, accounts)
    reference = Reference(world, world.document(**before), world.document(**after))
    told = world.impact(reference.before, reference.after)
    names = [row.name for row in reference.accounts]

    assert told.affected == sum(bool(felt) for felt in reference.felt.values())
    assert [row.account.name for row in told.gaining.rows] == reference.names(lambda a, b: a < b)
    assert [row.account.name for row in told.losing.rows] == reference.names(lambda a, b: a > b)
    for row in (*told.gaining.rows, *told.losing.rows):
        felt = {one.feature: (shown(one.before), shown(one.after)) for one in row.differences}
        assert repr(felt) == repr(shown_all(reference.felt[row.account.id]))
        place = names.index(row.account.name)
        for use in row.uses:
            assert list(use.numbers) == reference.numbers(
                reference.accounts[place], accounts[place], use.plugin
            )
    for page in (told.gaining, told.losing, told.over, told.shielding, told.redundant):
        assert page.total == len(page.rows)

    over = [(row.account.name, row.feature, row.used) for row in told.over.rows]
    assert over == reference.over()
    shielding, redundant = reference.overrides()
    assert sorted(
        (row.account.name, row.override.feature, row.shields) for row in told.shielding.rows
    ) == sorted(shielding)
    assert sorted(
        (row.account.name, row.override.feature) for row in told.redundant.rows
    ) == sorted(redundant)
    calls = [
        given["calls"]
        for row, given in zip(reference.accounts, accounts, strict=True)
        if reference.felt[row.id] and given["calls"]
    ]
    assert (told.running.calls, told.running.accounts) == (sum(calls), len(calls))
    assert pages(world, reference, "gaining") == list(told.gaining.rows)
    assert pages(world, reference, "losing") == list(told.losing.rows)
    assert pages(world, reference, "over") == list(told.over.rows)


def pages(world: World, reference: Reference, name: str) -> list:
    """The rows of all pages of one list."""
    app, rows, after = world.kit.app, [], ""
    while True:
        asked = Asked(size=2, **{name: after})
        told = impact(app.store, app.registry, reference.before, reference.after, NOON, asked)
        page = getattr(told, name)
        rows += page.rows
        after = page.next
        if not after:
            return rows


def shown(written: Any) -> tuple | None:
    """A value of the impact as ``value_of`` shows it, but for warnings."""
    return written and (written.value,)


def shown_all(felt: dict[str, tuple]) -> dict[str, Iterable]:
    """The reference's likewise."""
    return {key: tuple(one and one[:1] for one in pair) for key, pair in felt.items()}
