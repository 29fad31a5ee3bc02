"""Who is affected when the matrix changes: accounts, numbers, limits, calls, overrides, trials."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from core.plans.impact.values import account_values
from core.plans.standing import read_override
from tests.plans.impacts import Door, Pool, Seats, World
from tests.support.calls import NOON

FREE = {"pool.size": 2, "door": True, "door.keys": 3}
PRO = {"extends": "free", "seats": True, "seats.most": 5, "seats.minutes": 100}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request, install: Callable) -> World:
    """An empty installation, on SQLite and on PostgreSQL."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    seats, door = Seats(), Door()
    return World(install(database=url, seats=seats, pool=Pool(), door=door), seats, door)


def names(page) -> list[str]:
    return [row.account.name for row in page.rows]


def cells(change) -> list[tuple]:
    return [(one.plan, one.feature, str(one.direction), one.says, one.through) for one in change]


# --- The matrix -------------------------------------------------------------------------------


def test_nothing_changes_nothing(world):
    world.account("Rossi", "pro")
    told = world.impact(world.document(free=FREE, pro=PRO), world.document(free=FREE, pro=PRO))
    assert not told.matrix
    assert (told.affected, told.gaining.total, told.losing.total, told.over.total) == (0, 0, 0, 0)


def test_a_cell_changes_in_the_plan_that_says_it_and_in_those_that_inherit_it(world):
    before = world.document(free=FREE, pro=PRO)
    after = world.document(free=FREE | {"pool.size": 3}, pro=PRO | {"seats.most": 4})
    change = world.impact(before, after).matrix
    assert cells(change.cells) == [
        ("free", "pool.size", "gain", "free", ""),
        ("pro", "seats.most", "lose", "pro", ""),
        ("pro", "pool.size", "gain", "free", ""),
    ]
    assert [one.inherited for one in change.cells] == [False, False, True]


def test_a_part_goes_with_its_plugin(world):
    before = world.document(free=FREE, pro=PRO)
    after = world.document(free=FREE, pro={**PRO, "seats": False})
    change = world.impact(before, after).matrix
    assert cells(change.cells) == [
        ("pro", "seats", "lose", "pro", ""),
        ("pro", "seats.most", "lose", "pro", "seats"),
        ("pro", "seats.minutes", "lose", "pro", "seats"),
    ]


def test_a_part_without_its_plugin_has_no_effect(world):
    before = world.document(free=FREE | {"seats.most": 3})
    after = world.document(free=FREE | {"seats.most": 4})
    assert not world.impact(before, after).matrix


def test_what_nobody_says_any_more_is_said_by_nobody(world):
    before, after = world.document(free=FREE), world.document(free={"pool.size": 2})
    assert cells(world.impact(before, after).matrix.cells) == [
        ("free", "door", "lose", "", ""),
        ("free", "door.keys", "lose", "", ""),
    ]


def test_other_warnings_change_a_cell_and_affect_without_gain_or_loss(world):
    world.account("Rossi", "pro")
    before = world.document(free=FREE, pro=PRO)
    after = world.document(free=FREE, pro=PRO | {"seats.minutes": (100, [50])})
    told = world.impact(before, after)
    assert cells(told.matrix.cells) == [("pro", "seats.minutes", "different", "pro", "")]
    assert (told.affected, told.gaining.total, told.losing.total) == (1, 0, 0)


def test_plans_that_come_and_go_are_told_with_all_they_have(world):
    before = world.document(free=FREE, pro=PRO)
    after = world.document(free=FREE, team={"extends": "free", "seats": True})
    change = world.impact(before, after).matrix
    (added,), (removed,) = change.added, change.removed
    assert change.cells == ()
    assert (added.key, added.title, added.extends) == ("team", "Team", "free")
    assert {one.feature for one in added.cells} == {"seats", "pool.size", "door", "door.keys"}
    assert {str(one.direction) for one in added.cells} == {"gain"}
    assert (removed.key, {str(one.direction) for one in removed.cells}) == ("pro", {"lose"})


# --- Accounts ---------------------------------------------------------------------------------


def test_an_account_may_gain_and_lose(world):
    world.account("Rossi", "pro")
    world.account("Verdi", "free")
    before = world.document(free=FREE, pro=PRO)
    after = world.document(free=FREE | {"pool.size": 3}, pro=PRO | {"seats.most": 4})
    told = world.impact(before, after)
    assert names(told.gaining) == ["Rossi", "Verdi"]
    assert names(told.losing) == ["Rossi"]
    assert told.affected == 2
    (rossi,) = told.losing.rows
    assert [(one.feature, one.before.value, one.after.value) for one in rossi.differences] == [
        ("seats.most", 5, 4),
        ("pool.size", 2, 3),
    ]


def test_pages_follow_each_other_by_name(world):
    for name in ("Carta", "Abete", "Dado", "Era", "Bora"):
        world.account(name, "free")
    world.override(world.account("Casa", "free"), "pool.size", 9)
    world.trial(world.account("Zeta", "gone"), "free")
    before, after = world.document(free=FREE), world.document(free=FREE | {"pool.size": 3})
    seen, next_after = [], ""
    while True:
        page = world.impact(before, after, size=2, gaining=next_after).gaining
        assert page.total == 6
        seen.append(names(page))
        next_after = page.next
        if not next_after:
            break
    assert seen == [["Abete", "Bora"], ["Carta", "Dado"], ["Era", "Zeta"]]


def test_numbers_that_use_the_plugins_concerned(world):
    rossi, verdi = world.account("Rossi", "pro"), world.account("Verdi", "pro")
    world.line(rossi, "+39061")
    world.line(rossi, "+39062", seats=True, door=False, pool=False)
    world.line(rossi, "+39063", seats=False, door=True)
    world.line(verdi, "+39064", seats=True)
    world.switch(verdi, "door", on=False)
    world.switch(verdi, "seats", on=True)
    world.switch(verdi, "pool", on=False)
    before = world.document(free=FREE, pro=PRO)
    more = {"pool.size": 3, "seats.most": 6, "door.bell": True}
    told = world.impact(before, world.document(free=FREE, pro=PRO | more))
    uses = {
        (row.account.name, use.title): list(use.numbers)
        for row in told.gaining.rows
        for use in row.uses
    }
    assert uses == {
        ("Rossi", "Seats"): ["+39062"],
        ("Rossi", "Pool"): ["+39061", "+39062", "+39063"],
        ("Rossi", "Door"): ["+39061", "+39063"],
        ("Verdi", "Seats"): ["+39064"],
        ("Verdi", "Pool"): ["+39064"],
        ("Verdi", "Door"): [],
    }


def test_a_running_trial_counts_in_the_stead_of_the_own_plan(world):
    world.trial(world.account("Rossi", "free"), "pro")
    world.trial(world.account("Verdi", "pro"), "free")
    over = world.account("Neri", "free")
    world.trial(over, "pro", until=NOON)
    world.trial(over, "pro", ended_at=NOON - timedelta(days=1))
    world.trial(over, "pro", from_at=NOON + timedelta(days=1))
    before = world.document(free=FREE, pro=PRO)
    told = world.impact(before, world.document(free=FREE, pro=PRO | {"seats.most": 9}))
    (row,) = told.gaining.rows
    assert (row.account.name, row.account.plan) == ("Rossi", "pro")
    assert row.account.trial_until == NOON + timedelta(days=9)
    assert (told.affected, told.on_trial) == (1, 1)


def test_a_trial_that_was_cut_short_ends_then(world):
    end = NOON + timedelta(days=2)
    world.trial(world.account("Rossi", "free"), "pro", ended_at=end)
    before = world.document(free=FREE, pro=PRO)
    told = world.impact(before, world.document(free=FREE, pro=PRO | {"seats.most": 9}))
    assert told.gaining.rows[0].account.trial_until == end


# --- Limits -----------------------------------------------------------------------------------


def lowered(world, **cells):
    """The impact of a lower plan Pro."""
    after = world.document(
        free=FREE, pro=PRO | {key.replace("_", "."): cells[key] for key in cells}
    )
    return world.impact(world.document(free=FREE, pro=PRO), after)


def test_who_has_used_more_than_a_lowered_quota_is_over(world):
    for name, used, held in (("Rossi", 3, 1), ("Verdi", 3, 0), ("Neri", 0, 0)):
        world.count(world.account(name, "pro"), used, held)
    world.count(world.account("Abete", "free"), 9)
    world.count(world.account("Bora", "pro"), 9, months_ago=1)
    told = lowered(world, seats_minutes=3)
    (row,) = told.over.rows
    assert (row.account.name, row.feature, row.used) == ("Rossi", "seats.minutes", 4)
    assert (row.before.value, row.after.value) == (100, 3)
    assert "no more is taken until it ends" in row.sentence
    assert told.over.total == 1


def test_each_account_has_its_own_month(world):
    first = datetime(2026, 12, 1, 2, tzinfo=UTC)
    for name, zone in (("Auckland", "Pacific/Auckland"), ("Honolulu", "Pacific/Honolulu")):
        world.at = first - timedelta(hours=15)
        world.count(world.account(name, "pro", timezone=zone), 5)
    world.at = first
    assert names(lowered(world, seats_minutes=3).over) == ["Auckland", "Honolulu"]
    world.at = first + timedelta(hours=9)
    assert names(lowered(world, seats_minutes=3).over) == ["Auckland"]
    world.at = first - timedelta(days=40)
    assert names(lowered(world, seats_minutes=3).over) == []


def test_who_has_more_than_a_lowered_number_is_over(world):
    rossi, verdi = world.account("Rossi", "pro"), world.account("Verdi", "pro")
    neri = world.account("Neri", "free")
    world.seats.used = {rossi.id: 5, verdi.id: 4, neri.id: 9, 999_999: 9}
    told = lowered(world, seats_most=4)
    (row,) = told.over.rows
    assert (row.account.name, row.feature, row.used) == ("Rossi", "seats.most", 5)
    assert row.sentence.startswith("Nothing is deleted")
    assert row.sentence.endswith("Seats beyond stay dark.")
    assert world.seats.asked == [("seats.most", 4, None)]


def test_each_plan_has_its_own_new_limit(world):
    rossi, verdi = world.account("Rossi", "free"), world.account("Verdi", "pro")
    world.door.count = lambda *_: {rossi.id: 2, verdi.id: 2}
    before = world.document(free=FREE, pro=PRO)
    after = world.document(free=FREE | {"door.keys": 1}, pro=PRO | {"door.keys": 2})
    assert names(world.impact(before, after).over) == ["Rossi"]


def test_what_is_taken_away_whole_is_over_from_the_first(world):
    rossi, verdi = world.account("Rossi", "pro"), world.account("Verdi", "pro")
    world.seats.used = {rossi.id: 1, verdi.id: 0}
    world.count(verdi, 1)
    told = lowered(world, seats=False)
    assert [(row.account.name, row.feature, row.after) for row in told.over.rows] == [
        ("Rossi", "seats.most", None),
        ("Verdi", "seats.minutes", None),
    ]


def test_who_gains_is_not_over(world):
    rossi = world.account("Rossi", "pro")
    world.seats.used = {rossi.id: 99}
    assert lowered(world, seats_most=6).over.total == 0
    assert world.seats.asked == []


def test_an_accounts_own_limit_counts(world):
    rossi, verdi = world.account("Rossi", "pro"), world.account("Verdi", "pro")
    world.override(rossi, "seats.most", 9)
    world.trial(verdi, "free")
    world.seats.used = {rossi.id: 5, verdi.id: 5}
    assert lowered(world, seats_most=4).over.total == 0


def test_rows_of_an_account_stay_together_on_a_page(world):
    for name in ("Rossi", "Verdi"):
        account = world.account(name, "pro")
        world.count(account, 2)
        world.seats.used[account.id] = 5
    after = world.document(free=FREE, pro=PRO | {"seats.minutes": 1, "seats.most": 1})
    before = world.document(free=FREE, pro=PRO)
    page = world.impact(before, after, size=1).over
    assert [(row.account.name, row.feature) for row in page.rows] == [
        ("Rossi", "seats.most"),
        ("Rossi", "seats.minutes"),
    ]
    assert (page.total, page.next) == (4, "Rossi")
    last = world.impact(before, after, size=1, over="Rossi").over
    assert (names(last), last.next) == (["Verdi", "Verdi"], "")


def broken(feature, more_than, account):
    raise RuntimeError("no keys here")


@pytest.mark.parametrize(
    ("count", "why"),
    [
        (broken, "Keys could not be counted: Door failed (RuntimeError: no keys here)."),
        (lambda *_: None, "Keys could not be counted: Door does not say how much is used."),
        (lambda *_: {"many": 7}, "Keys could not be counted: Door failed (ValueError:"),
        (lambda *_: 7, "Keys could not be counted: Door failed (AttributeError:"),
    ],
)
def test_a_plugin_that_cannot_count_is_named_and_stops_nothing(world, count, why):
    rossi = world.account("Rossi", "pro")
    world.door.count = count
    world.seats.used = {rossi.id: 5}
    told = lowered(world, door_keys=1, seats_most=1)
    (uncounted,) = told.uncounted
    assert uncounted.sentence.startswith(why)
    assert (uncounted.feature, uncounted.plugin) == ("door.keys", "door")
    assert [row.feature for row in told.over.rows] == ["seats.most"]


def test_a_plugin_without_the_hook_is_named_too(world):
    world.account("Rossi", "pro")
    (uncounted,) = lowered(world, pool_size=1).uncounted
    assert uncounted.sentence == (
        "Size of the pool could not be counted: Pool does not say how much is used."
    )


def test_a_plugin_that_counts_too_many_is_not_believed(world):
    rossi, verdi = world.account("Rossi", "pro"), world.account("Verdi", "pro")
    world.door.count = lambda *_: {rossi.id: 1, verdi.id: 2}
    assert names(lowered(world, door_keys=1).over) == ["Verdi"]


# --- Calls, overrides, plans that go ----------------------------------------------------------


def test_running_calls_of_affected_accounts(world):
    rossi, verdi = world.account("Rossi", "pro"), world.account("Verdi", "free")
    neri = world.account("Neri", "pro")
    world.override(neri, "seats.most", 9)
    for account in (rossi, rossi, verdi, neri):
        world.call(account)
    world.call(rossi, outcome="missed")
    running = lowered(world, seats_most=4).running
    assert (running.calls, running.accounts) == (2, 1)


def test_an_override_shields_its_account(world):
    rossi = world.account("Rossi", "pro")
    made = world.override(rossi, "seats.most", 9, until=NOON + timedelta(days=3))
    told = lowered(world, seats_most=4)
    (row,) = told.shielding.rows
    assert (row.account.name, row.override.id, row.shields) == ("Rossi", made.id, ("seats.most",))
    assert (row.before.value, row.after.value, row.redundant) == (5, 4, False)
    assert (told.affected, told.losing.total, told.redundant.total) == (0, 0, 0)


def test_an_override_of_the_plugin_shields_its_parts(world):
    world.override(world.account("Rossi", "pro"), "seats", True)
    told = lowered(world, seats=False)
    (row,) = told.shielding.rows
    assert row.shields == ("seats", "seats.most", "seats.minutes")
    assert told.losing.total == 0


def test_an_override_that_switches_the_plugin_off_shields_as_well(world):
    world.override(world.account("Rossi", "pro"), "seats", False)
    told = lowered(world, seats_most=4)
    assert [row.shields for row in told.shielding.rows] == [("seats.most",)]
    assert told.losing.total == 0


def test_an_override_lets_its_account_feel_what_the_plan_has_without_effect(world):
    world.override(world.account("Rossi", "free"), "seats", True)
    world.account("Verdi", "free")
    before = world.document(free=FREE | {"seats.most": 3})
    told = world.impact(before, world.document(free=FREE | {"seats.most": 4}))
    assert (names(told.gaining), told.affected) == (["Rossi"], 1)
    assert not told.matrix


def test_an_override_becomes_redundant(world):
    rossi, verdi = world.account("Rossi", "pro"), world.account("Verdi", "pro")
    world.override(rossi, "seats.most", 4)
    world.override(verdi, "seats.most", 5, pinned=True)
    told = lowered(world, seats_most=4)
    (row,) = told.redundant.rows
    assert (row.account.name, row.redundant, row.shields) == ("Rossi", True, ("seats.most",))
    assert names(told.shielding) == ["Rossi", "Verdi"]
    assert told.affected == 0


def test_an_override_that_switches_off_becomes_redundant_where_the_plan_does(world):
    world.override(world.account("Rossi", "pro"), "door", False)
    told = lowered(world, door=False)
    assert [row.override.feature for row in told.redundant.rows] == ["door"]


def test_other_warnings_keep_an_override_from_being_redundant(world):
    world.override(world.account("Rossi", "pro"), "seats.minutes", 50, warn_at=[10])
    assert lowered(world, seats_minutes=50).redundant.total == 0
    assert lowered(world, seats_minutes=(50, [10])).redundant.total == 1


def test_overrides_that_do_not_hold_do_nothing(world):
    rossi = world.account("Rossi", "pro")
    world.override(rossi, "seats.most", 9, from_at=NOON + timedelta(seconds=1))
    world.override(rossi, "seats.most", 9, until=NOON)
    world.override(rossi, "seats.most", 9, ended_at=NOON)
    told = lowered(world, seats_most=4)
    assert (names(told.losing), told.shielding.total) == (["Rossi"], 0)


def test_of_two_overrides_the_younger_one_holds(world):
    rossi = world.account("Rossi", "pro")
    world.override(rossi, "seats.most", 9)
    world.override(rossi, "seats.most", 4)
    told = lowered(world, seats_most=4)
    assert [row.override.value for row in told.redundant.rows] == [4]


def test_accounts_of_a_plan_that_goes(world):
    world.account("Rossi", "pro")
    world.trial(world.account("Verdi", "free"), "pro")
    world.trial(world.account("Neri", "pro"), "free")
    world.account("Bianchi", "free")
    told = world.impact(world.document(free=FREE, pro=PRO), world.document(free=FREE))
    (removed,) = told.removed
    assert (removed.plan, removed.title, removed.accounts, removed.trials) == ("pro", "Pro", 2, 1)
    assert names(told.on_removed) == ["Neri", "Rossi", "Verdi"]
    assert {row.plan for row in told.on_removed.rows} == {"pro"}
    assert names(told.losing) == ["Rossi", "Verdi"]


def test_an_impact_is_plain_data_for_programs(world):
    rossi = world.account("Rossi", "pro")
    world.override(rossi, "seats.most", 9)
    world.trial(world.account("Verdi", "free"), "pro")
    world.count(rossi, 2)
    world.door.count = broken
    world.call(rossi)
    told = lowered(world, seats_most=4, seats_minutes=1, door_keys=1)
    data = json.loads(json.dumps(told.as_json()))
    assert data["affected"] == 2
    assert data["losing"]["rows"][1]["account"]["trial_until"].startswith("2026-11-29")
    assert data["over"]["rows"][0]["after"] == {"value": 1, "warn_at": [80, 100]}
    assert data["running"] == {"calls": 1, "accounts": 1}
    assert data["shielding"]["rows"][0]["value"] == 9
    assert data["uncounted"][0]["plugin"] == "door"
    assert data["matrix"]["cells"][0]["inherited"] is False


# --- One account ------------------------------------------------------------------------------


def test_what_another_plan_means_for_one_account(world):
    rossi, verdi = world.account("Rossi", "pro"), world.account("Verdi", "pro")
    world.line(rossi, "+39061", seats=True)
    world.count(rossi, 2)
    world.count(verdi, 9)
    world.seats.used = {rossi.id: 2, verdi.id: 9}
    world.call(rossi)
    world.call(verdi)
    document = world.document(free=FREE, pro=PRO)
    overrides = [read_override(world.override(rossi, "seats", True))]
    before = account_values(document, "pro", overrides)
    after = account_values(document, "free", overrides)
    told = world.account_impact(rossi, before, after)
    assert [(one.feature, str(one.direction)) for one in told.differences] == [
        ("seats.most", "lose"),
        ("seats.minutes", "lose"),
    ]
    assert [(use.title, use.numbers) for use in told.uses] == [("Seats", ("+39061",))]
    assert [(row.feature, row.used) for row in told.over] == [
        ("seats.most", 2),
        ("seats.minutes", 2),
    ]
    assert (told.calls, told.uncounted) == (1, ())
    assert world.seats.asked == [("seats.most", 0, rossi.id)]
    assert json.loads(json.dumps(told.as_json()))["calls"] == 1
