"""Another plan for an account: entered in the audit, and nothing that was counted changes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core.contract.errors import BadInput, Conflict
from core.plans.accounts.subscribing import set_plan
from core.plans.file.document import parse_plans
from core.plans.tables import QuotaCounter
from core.store.accounts import AccountRow
from tests.plans.conftest import NOON, QUOTA, make_account
from tests.plans.test_trials import PLANS, of_accounts


@pytest.fixture
def gate(make_gate):
    return make_gate(PLANS)


@pytest.fixture
def account(sqlite_store):
    return AccountRow.get_by_id(make_account(sqlite_store).id)


def test_the_plan_holds_at_once_and_the_audit_tells_of_it(gate, account):
    assert not gate.ask(account.picture(), "ivr", NOON).allowed
    set_plan(gate.book, account, "plus", author="bill", at=NOON, message="signed today")
    assert account.plan == "plus"
    assert gate.ask(AccountRow.get_by_id(account.id).picture(), "ivr", NOON).allowed
    entry = of_accounts().get()
    told = (entry.action, entry.before, entry.after, entry.message, entry.author)
    assert told == ("account.plan", "free", "plus", "signed today", "bill")
    assert (entry.account_id, entry.account_name) == (account.id, account.name)


def test_what_was_counted_stays_counted(gate, account):
    picture = account.picture()
    with gate.quota.store.transaction():
        for call in range(3):
            gate.quota.take(picture, gate.grants(picture, NOON).ask(QUOTA), QUOTA, call, NOON)
    before = list(QuotaCounter.select().dicts())
    for plan in ("plus", "top", "free"):
        set_plan(gate.book, account, plan, author="bill", at=NOON)
        assert list(QuotaCounter.select().dicts()) == before
        assert gate.ask(AccountRow.get_by_id(account.id).picture(), QUOTA, NOON).held == 3


@pytest.mark.parametrize(("plan", "sentence"), [("plsu", "did you mean"), ("free", "already")])
def test_an_unknown_plan_and_the_own_one_are_refused(gate, account, plan, sentence):
    with pytest.raises(BadInput, match=sentence) as refusal:
        set_plan(gate.book, account, plan, author="bill", at=NOON)
    assert refusal.value.fields == {"plan": refusal.value.message}
    assert not of_accounts().exists()


def test_of_two_at_once_the_second_is_told(gate, account):
    seen_before = AccountRow.get_by_id(account.id)
    set_plan(gate.book, account, "plus", author="bill", at=NOON)
    with pytest.raises(Conflict, match="another plan meanwhile"):
        set_plan(gate.book, seen_before, "top", author="olga", at=NOON)
    assert AccountRow.get_by_id(account.id).plan == "plus"
    assert of_accounts().count() == 1


def test_a_plan_that_is_about_to_go_is_given_to_nobody(gate, account, monkeypatch):
    """Whoever published its removal was told that no account has it."""
    going = parse_plans(PLANS.split("  top:")[0], gate.catalogue)
    revision = SimpleNamespace(document=going, number=7)
    monkeypatch.setattr(gate.book, "scheduled", lambda: (SimpleNamespace(revision=revision),))
    with pytest.raises(BadInput, match="top goes with revision 7") as refusal:
        set_plan(gate.book, account, "top", author="bill", at=NOON)
    assert refusal.value.fields == {"plan": refusal.value.message}
    set_plan(gate.book, account, "plus", author="bill", at=NOON)


def test_a_message_has_an_end(gate, account):
    with pytest.raises(BadInput, match="500 are the most") as refusal:
        set_plan(gate.book, account, "plus", author="bill", at=NOON, message="x" * 501)
    assert refusal.value.fields == {"message": refusal.value.message}
    assert AccountRow.get_by_id(account.id).plan == "free"
