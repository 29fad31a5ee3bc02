"""Edits of menus: saved whole or not at all, in both databases, undone and done again."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.api import BadInput, Conflict
from plugins.ivr import edits
from plugins.ivr.checks import Weight
from plugins.ivr.editing import Editing, Refused
from plugins.ivr.menus import KEYS, Failure, Key, Menu, read_menus
from plugins.ivr.models import TABLES
from plugins.ivr.places import Places
from plugins.ivr.plain import as_plain, from_plain, read_seen, seen, stamp
from plugins.ivr.tree import below, depth, tops
from tests.support.calls import NOON, decision
from tests.support.tables import Company, tables

AROUND = Places({"queue:1": "Sales", "voicemail": "Voicemail"}, {"queue": "Group"}, {"s:1": "Hi"})


@pytest.fixture(autouse=True)
def nothing_else_leads_to_menus(monkeypatch):
    monkeypatch.setattr("plugins.ivr.editing.leading_to", lambda destination: [])


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def company(request, tmp_path):
    url = f"sqlite:///{tmp_path}/db.sqlite"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    with tables(url, TABLES) as store:
        company = Company()
        company.store = store
        yield company


def editing(company, author="anna@example.com", levels="unlimited"):
    return Editing(company.account, author, NOON, AROUND, decision("ivr.max_depth", levels))


def known(company):
    return read_menus(company.row.id)


def make(company, name="Main", **parts):
    """A menu more; its id."""
    menu = Menu(0, name, f"{name}.", **parts)
    before = set(known(company))
    after = editing(company).save(lambda menus: edits.add_menu(menus, menu)[0])
    (id,) = set(after) - before
    return id


def test_a_menu_is_stored_as_it_is(company):
    parts = {
        "language": "it",
        "extensions": True,
        "first_seconds": 9,
        "between_seconds": 4,
        "keys": {"1": Key("queue:1"), "#": Key("message", "Hello.", "s:1"), "0": Key("queue")},
        "no_input": Failure(1, "Again.", "voicemail", "s:1"),
        "sound": "s:1",
    }
    id = make(company, **parts)
    assert known(company) == {id: Menu(id, "Main", "Main.", **parts)}
    stored = known(company)[id]
    assert from_plain(as_plain(stored)) == stored


def test_an_edit_that_is_refused_leaves_nothing(company):
    id = make(company)
    before = known(company)
    with pytest.raises(Refused) as refused:
        editing(company).save(
            lambda menus: edits.put_key(
                edits.change_menu(menus, id, prompt="New."), id, "", "1", Key("queue:9")
            )
        )
    assert [(one.menu, one.part) for one in refused.value.faults] == [(id, "key 1")]
    assert known(company) == before


def test_of_two_at_once_one_is_told(company):
    """Both have seen the same version; the database lets one of them wait for the other."""
    id = make(company)
    version = seen(known(company), [id])
    started, results = Barrier(2), []

    def save(key):
        with company.store.connection():
            started.wait()
            try:
                editing(company, f"{key}@example.com").save(
                    lambda menus: edits.put_key(menus, id, "", key, Key("exit")), version
                )
                results.append("saved")
            except Conflict as error:
                results.append(error.message)

    threads = [Thread(target=save, args=(key,)) for key in "12"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    told = next(one for one in results if one != "saved")
    assert sorted(results) == sorted(["saved", told])
    assert "was faster: key" in told
    assert len(known(company)[id].keys) == 1


def test_a_deleted_menu_comes_back_under_its_own_id(company):
    main, sales = make(company), make(company, "Sales", keys={"1": Key("exit")})
    editing(company).save(lambda menus: edits.put_key(menus, main, "", "1", Key(f"ivr:{sales}")))
    before = known(company)
    editing(company).save(lambda menus: edits.drop_menus(menus, [sales]))
    assert list(known(company)) == [main]
    what = editing(company).undo()
    assert what == ["menu Sales deleted", "key 1 of menu Main deleted"]
    assert known(company) == before


def test_undo_brings_back_what_the_plan_no_longer_has(company):
    main = make(company)
    editing(company).save(
        lambda menus: edits.add_submenu(menus, main, "1", Menu(0, "Sales", "Sales."))
    )
    editing(company).save(lambda menus: edits.drop_key(menus, main, "1"))
    editing(company, levels=1).undo()
    locked = [one for one in editing(company, levels=1).faults(known(company))
              if one.weight is Weight.LOCKED]  # fmt: skip
    assert [known(company)[one.menu].name for one in locked] == ["Sales"]
    with pytest.raises(Refused, match="Offers is on level 2"):
        editing(company, levels=1).save(
            lambda menus: edits.add_submenu(menus, main, "2", Menu(0, "Offers", "Offers."))
        )


def test_somebody_elses_edits_are_not_undone(company):
    id = make(company)
    other = editing(company, "bruno@example.com")
    assert other.last() is None
    with pytest.raises(Conflict, match="nothing to undo"):
        other.undo()
    other.save(lambda menus: edits.change_menu(menus, id, prompt="Theirs."))
    with pytest.raises(Conflict, match=r"bruno@example\.com was faster: menu Main: prompt"):
        editing(company).undo()
    assert known(company)[id].prompt == "Theirs."


@pytest.mark.parametrize("text", ["", "x", "1", "-", "1-", "٣-abc", "1-a 1-b"])
def test_what_is_no_version_is_read_without_a_fault(text):
    assert all(isinstance(id, int) for id in read_seen(text))


# --- Any edits ---

MENU = st.integers(0, 5)
KEY = st.sampled_from(KEYS[:4])
TARGET = st.sampled_from(["exit", "back", "repeat", "queue:1", "voicemail", "gone:1"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("menu"), MENU, KEY),
        st.tuples(st.just("key"), MENU, KEY, TARGET),
        st.tuples(st.just("lead"), MENU, KEY, MENU),
        st.tuples(st.just("move"), MENU, KEY, MENU),
        st.tuples(st.just("fail"), MENU, MENU),
        st.tuples(st.just("drop"), MENU),
        st.tuples(st.just("copy"), MENU),
    ),
    max_size=14,
)


def edit_of(step, ids):
    """An edit of the step; menus that are not there are the first."""
    kind, *rest = step
    at = ids[rest[0] % len(ids)]
    if kind == "menu":
        return lambda menus: edits.add_submenu(
            menus, at, rest[1], Menu(0, edits.free_name("M", {m.name for m in menus.values()}), "P")
        )
    if kind == "key":
        return lambda menus: edits.put_key(menus, at, "", rest[1], Key(rest[2]))
    if kind in ("lead", "move"):
        to = ids[rest[2] % len(ids)]
        if kind == "lead":
            return lambda menus: edits.put_key(menus, at, "", rest[1], Key(f"ivr:{to}"))
        return lambda menus: edits.move_key(menus, at, rest[1], to, "")
    if kind == "fail":
        to = ids[rest[1] % len(ids)]
        return lambda menus: edits.change_menu(menus, at, no_input=Failure(1, "", f"ivr:{to}"))
    if kind == "drop":
        return lambda menus: edits.drop_menus(menus, below(menus, at))
    return lambda menus: edits.copy_tree(
        menus, at, edits.free_name("Copy", {m.name for m in menus.values()})
    )


@settings(max_examples=40)
@given(steps=STEPS)
def test_whatever_is_edited_menus_stay_trees_and_all_of_it_can_be_undone(steps, tmp_path_factory):
    with tables(f"sqlite:///{tmp_path_factory.mktemp('e')}/db.sqlite", TABLES):
        patch = pytest.MonkeyPatch()
        patch.setattr("plugins.ivr.editing.leading_to", lambda destination: [])
        company = Company()
        make(company)
        states = [known(company)]
        for step in steps:
            if not states[-1]:
                break
            before = known(company)
            try:
                editing(company, levels=3).save(edit_of(step, list(before)))
            except (BadInput, Conflict):
                assert known(company) == before
            after = known(company)
            if after != before:
                states.append(after)
            assert forest(after)
        for state in reversed(states[:-1]):
            editing(company).undo()
            assert known(company) == state
        for state in states[1:]:
            editing(company).redo()
            assert known(company) == state
        patch.undo()


def forest(menus):
    """Each menu is reached from one top by one way, at most three levels deep, and stamps tell
    different menus apart."""
    reached = [id for top in tops(menus) for id in below(menus, top)]
    levels = all(depth(menus, id) <= 3 for id in menus)
    return (
        sorted(reached) == sorted(menus)
        and levels
        and len({stamp(one) for one in menus.values()}) == len(menus)
    )
