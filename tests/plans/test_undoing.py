"""Undo: an entry of the audit is taken back once, by a new entry that names it (S4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.contract.errors import BadInput, Conflict, NotFound
from core.plans.accounts.overrides import Overrides
from core.plans.accounts.subscribing import note_plan, set_plan
from core.plans.accounts.trials import Trials
from core.plans.accounts.undoing import Undoer
from core.plans.file.written import Written
from core.plans.tables import PlanTrial
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry, note
from tests.plans.conftest import NOON, QUOTA, make_account
from tests.plans.test_trials import PLANS, of_accounts

DAY = timedelta(days=1)
BILL = {"reason": "agreed", "author": "bill@example.com"}
OLGA = {"author": "olga@example.com"}


@pytest.fixture
def gate(make_gate):
    return make_gate(PLANS)


@pytest.fixture
def overrides(gate):
    return Overrides(gate)


@pytest.fixture
def trials(gate):
    return Trials(gate.book)


@pytest.fixture
def undoer(gate, overrides, trials):
    return Undoer(gate.book, overrides, trials)


@pytest.fixture
def account(sqlite_store):
    return AccountRow.get_by_id(make_account(sqlite_store).id)


def last() -> AuditEntry:
    return of_accounts().order_by(AuditEntry.id.desc()).first()


def value(gate, account, at):
    return gate.ask(AccountRow.get_by_id(account.id).picture(), QUOTA, at).value


def test_an_override_that_was_set_ends_and_what_it_replaced_holds_again(
    gate, overrides, undoer, account
):
    overrides.set(account, QUOTA, Written(150), at=NOON, until=NOON + 30 * DAY, **BILL)
    overrides.set(account, QUOTA, Written(900), at=NOON + DAY, **BILL)
    entry = last()
    assert undoer.can_undo(entry)
    undoer.undo(entry, at=NOON + 2 * DAY, **OLGA)
    assert [value(gate, account, NOON + days * DAY) for days in (0, 1, 2, 29, 30)] == [
        150, 900, 150, 150, 100,
    ]  # fmt: skip
    assert last().undoes == entry.id
    assert not undoer.can_undo(entry)


def test_an_override_that_was_ended_is_set_again(gate, overrides, undoer, account):
    row = overrides.set(account, QUOTA, Written(150), at=NOON, until=NOON + 9 * DAY, **BILL)
    overrides.end(row, author="bill", at=NOON + DAY)
    undoer.undo(last(), at=NOON + 2 * DAY, **OLGA)
    assert [value(gate, account, NOON + days * DAY) for days in (1, 2, 8, 9)] == [
        100, 150, 150, 100,
    ]  # fmt: skip


def test_an_undo_is_undone_in_its_turn(gate, overrides, undoer, account):
    overrides.set(account, QUOTA, Written(150), at=NOON, **BILL)
    undoer.undo(last(), at=NOON + DAY, **OLGA)
    assert value(gate, account, NOON + DAY) == 100
    undoer.undo(last(), at=NOON + 2 * DAY, **OLGA)
    assert value(gate, account, NOON + 2 * DAY) == 150


def test_what_replaced_several_gives_all_of_them_back(gate, overrides, undoer, account):
    overrides.set(account, QUOTA, Written(150), at=NOON, **BILL)
    overrides.set(
        account, QUOTA, Written(300), at=NOON, from_at=NOON + 5 * DAY, until=NOON + 6 * DAY, **BILL
    )
    overrides.set(account, QUOTA, Written(900), at=NOON + DAY, **BILL)
    undoer.undo(last(), at=NOON + 2 * DAY, **OLGA)
    assert [value(gate, account, NOON + days * DAY) for days in (2, 5, 6)] == [150, 300, 150]


def test_what_was_decided_since_is_not_swept_away(gate, overrides, undoer, account):
    row = overrides.set(account, QUOTA, Written(150), at=NOON, **BILL)
    set_150 = last()
    overrides.end(row, author="bill", at=NOON + DAY)
    ended = last()
    overrides.set(account, QUOTA, Written(300), at=NOON + 2 * DAY, **BILL)
    for entry, sentence in ((set_150, "is over"), (ended, "has been overridden again since")):
        with pytest.raises(Conflict, match=sentence):
            undoer.undo(entry, at=NOON + 3 * DAY, **OLGA)
    assert value(gate, account, NOON + 3 * DAY) == 300


def test_what_would_be_over_by_now_is_not_set_again(overrides, undoer, account):
    row = overrides.set(account, QUOTA, Written(150), at=NOON, until=NOON + 3 * DAY, **BILL)
    overrides.end(row, author="bill", at=NOON + DAY)
    with pytest.raises(Conflict, match="would be over by now"):
        undoer.undo(last(), at=NOON + 3 * DAY, **OLGA)


def test_a_trial_goes_and_comes_back(gate, trials, undoer, account):
    trials.start(account, "plus", NOON + 9 * DAY, at=NOON, **BILL)
    started = last()
    undoer.undo(started, at=NOON + DAY, **OLGA)
    assert value(gate, account, NOON + DAY) == 100
    undoer.undo(last(), at=NOON + 2 * DAY, **OLGA)
    assert value(gate, account, NOON + 2 * DAY) == "unlimited"
    assert value(gate, account, NOON + 9 * DAY) == 100
    with pytest.raises(Conflict, match="taken back already"):
        undoer.undo(started, at=NOON + 3 * DAY, **OLGA)


def test_a_trial_that_took_anothers_place_gives_it_back(trials, undoer, account):
    trials.start(account, "plus", NOON + 9 * DAY, at=NOON, **BILL)
    trials.start(account, "top", NOON + 2 * DAY, at=NOON + DAY, **BILL)
    undoer.undo(last(), at=NOON + DAY, **OLGA)
    running = PlanTrial.get(PlanTrial.ended_at.is_null())
    assert (running.plan, running.until) == ("plus", NOON + 9 * DAY)


def test_a_trial_that_runs_by_now_is_not_swept_away(trials, undoer, account):
    row = trials.start(account, "plus", NOON + 9 * DAY, at=NOON, **BILL)
    trials.end(row, author="bill", at=NOON + DAY)
    ended = last()
    trials.start(account, "top", NOON + 5 * DAY, at=NOON + 2 * DAY, **BILL)
    with pytest.raises(Conflict, match="on another trial by now"):
        undoer.undo(ended, at=NOON + 3 * DAY, **OLGA)


def test_the_former_plan_comes_back_unless_a_third_one_was_given(gate, undoer, account):
    set_plan(gate.book, account, "plus", author="bill", at=NOON)
    to_plus = last()
    undoer.undo(to_plus, at=NOON, **OLGA)
    assert AccountRow.get_by_id(account.id).plan == "free"
    back = last()
    set_plan(gate.book, AccountRow.get_by_id(account.id), "top", author="bill", at=NOON)
    with pytest.raises(Conflict, match="another plan since: top"):
        undoer.undo(back, at=NOON, **OLGA)


def test_what_has_no_way_back_says_so(undoer, account):
    first = (note_plan, {"account": account, "before": None})
    other = (note, {"action": "plans.publish", "subject": "revision 2"})
    for write, about in (first, other):
        write(at=NOON, author="bill", **about)
        assert not undoer.can_undo(last())
        with pytest.raises(BadInput, match="cannot be taken back here"):
            undoer.undo(last(), at=NOON, **OLGA)


def test_an_account_that_is_gone_is_left_in_peace(overrides, undoer, account):
    overrides.set(account, QUOTA, Written(150), at=NOON, **BILL)
    name = account.name
    account.delete_instance()
    with pytest.raises(NotFound, match=f"{name} is gone"):
        undoer.undo(last(), at=NOON, **OLGA)


def test_of_two_at_once_one_takes_it_back(gate, overrides, undoer, account, monkeypatch):
    """The one that was slower finds its entry taken, and changes nothing."""
    overrides.set(account, QUOTA, Written(150), at=NOON, **BILL)
    entry = last()
    undoer.undo(entry, at=NOON + DAY, **OLGA)
    overrides.set(account, QUOTA, Written(160), at=NOON + DAY, **BILL)
    entry.after = last().after
    monkeypatch.setattr(undoer, "can_undo", lambda entry: True)
    with pytest.raises(Conflict, match="taken back already"):
        undoer.undo(entry, at=NOON + DAY, **OLGA)
    assert value(gate, account, NOON + DAY) == 160


def test_a_page_of_entries_is_asked_at_once(overrides, undoer, account):
    for number in range(3):
        overrides.set(account, QUOTA, Written(150 + number), at=NOON + number * DAY, **BILL)
    entries = list(of_accounts().order_by(AuditEntry.id))
    undoer.undo(entries[-1], at=NOON + 4 * DAY, **OLGA)
    can = undoer.can_undo_of(of_accounts())
    assert can == {one.id for one in of_accounts()} - {entries[-1].id}
