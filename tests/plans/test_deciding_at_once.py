"""Two decide on one account at the same moment, on both databases: one comes after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest

from core.contract.errors import Conflict
from core.plans.accounts.overrides import Overrides
from core.plans.accounts.spans import live
from core.plans.accounts.subscribing import set_plan
from core.plans.accounts.trials import Trials
from core.plans.accounts.undoing import Undoer
from core.plans.file.written import Written
from core.plans.gate import Gate
from core.plans.tables import PlanOverride, PlanTrial
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry
from tests.plans.conftest import NOON, QUOTA, book_of, make_account
from tests.plans.test_overrides import DAY
from tests.plans.test_trials import PLANS, of_accounts

ROUNDS = 5


@pytest.fixture
def gate(store, tmp_path, catalogue):
    path = tmp_path / "plans.yaml"
    path.write_text(PLANS)
    gate = Gate(store, catalogue, book_of(path, store, catalogue))
    gate.book.settled()
    return gate


@pytest.fixture
def account(store):
    return make_account(store)


def at_once(store, *acts: Callable[[], Any]) -> list[Any]:
    """Let every act begin at the same moment; gives what each returned or raised."""
    barrier, told = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        with store.connection():
            barrier.wait()
            try:
                told[place] = act()
            except Conflict as error:
                told[place] = error

    threads = [Thread(target=run, args=one) for one in enumerate(acts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return told


def test_two_overrides_leave_one_that_holds(store, gate, account):
    def act(value):
        row = AccountRow.get_by_id(account.id)
        said = {"reason": "agreed", "author": "bill", "at": NOON}
        return Overrides(gate).set(row, QUOTA, Written(value), **said)

    for number in range(ROUNDS):
        rows = at_once(store, partial(act, 150 + number), partial(act, 250 + number))
        with store.connection():
            left = list(PlanOverride.select().where(live(PlanOverride, NOON)))
            assert left == [max(rows, key=lambda row: row.id)]


def test_two_trials_leave_one_that_runs(store, gate, account):
    def act(plan):
        row = AccountRow.get_by_id(account.id)
        said = {"reason": "to see it", "author": "bill", "at": NOON}
        return Trials(gate.book).start(row, plan, NOON + DAY, **said)

    for _ in range(ROUNDS):
        rows = at_once(store, partial(act, "plus"), partial(act, "top"))
        with store.connection():
            left = list(PlanTrial.select().where(live(PlanTrial, NOON)))
            assert left == [max(rows, key=lambda row: row.id)]


def test_of_two_plans_one_is_given(store, gate, account):
    def act(row, plan):
        return set_plan(gate.book, row, plan, author="bill", at=NOON)

    with store.connection():
        rows = [AccountRow.get_by_id(account.id) for _ in range(2)]
    told = at_once(store, partial(act, rows[0], "plus"), partial(act, rows[1], "top"))
    assert len([one for one in told if isinstance(one, Conflict)]) == 1
    with store.connection():
        entry = of_accounts().get()
        assert entry.after == AccountRow.get_by_id(account.id).plan


def test_of_two_undos_one_takes_back(store, gate, account):
    overrides, trials = Overrides(gate), Trials(gate.book)
    undoer = Undoer(gate.book, overrides, trials)
    for number in range(ROUNDS):
        with store.connection():
            row = AccountRow.get_by_id(account.id)
            said = {"reason": "agreed", "author": "bill", "at": NOON}
            overrides.set(row, QUOTA, Written(150 + number), **said)
            entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
        told = at_once(store, *[partial(undoer.undo, entry, author="olga", at=NOON)] * 2)
        assert [isinstance(one, Conflict) for one in told].count(True) == 1
        with store.connection():
            assert AuditEntry.select().where(AuditEntry.undoes == entry.id).count() == 1
            assert not PlanOverride.select().where(live(PlanOverride, NOON)).exists()
