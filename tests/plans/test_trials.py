"""Trials: a plan until a date, which ends by the clock (plans.md §1)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.contract.errors import BadInput, Conflict
from core.plans.accounts.overrides import Overrides
from core.plans.accounts.trials import Trials
from core.plans.decision import Reason
from core.plans.file.written import Written
from core.plans.tables import PlanTrial
from core.plans.why import why
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry
from tests.plans.conftest import NOON, QUOTA, make_account

PLANS = """schema: 1
plans:
  free:
    title: Free
    features:
      recording: true
      recording.monthly_calls: 100
  plus:
    title: Plus
    extends: free
    features:
      recording.monthly_calls: unlimited
      ivr: true
  top:
    title: Top
    extends: plus
    features:
      crm: true
"""
DAY = timedelta(days=1)
BILL = {"reason": "wants to see the menus", "author": "bill@example.com"}


@pytest.fixture
def gate(make_gate):
    return make_gate(PLANS)


@pytest.fixture
def trials(gate):
    return Trials(gate.book)


@pytest.fixture
def account(sqlite_store):
    return AccountRow.get_by_id(make_account(sqlite_store).id)


def of_accounts():
    """The entries of the audit that tell of accounts, not of the matrix."""
    return AuditEntry.select().where(AuditEntry.account_id.is_null(False))


def asked(gate, account, feature, at=NOON):
    return gate.ask(AccountRow.get_by_id(account.id).picture(), feature, at)


def test_a_trial_gives_a_plan_and_ends_by_the_clock(gate, trials, account):
    trials.start(account, "plus", NOON + 5 * DAY, at=NOON, **BILL)
    assert AccountRow.get_by_id(account.id).plan == "free", "the own plan stays as it is"
    during, after = asked(gate, account, "ivr"), asked(gate, account, "ivr", NOON + 5 * DAY)
    assert (during.allowed, during.source, during.until) == (True, "trial", NOON + 5 * DAY)
    assert (after.allowed, after.reason, after.source) == (False, Reason.TRIAL_ENDED, "trial")
    assert asked(gate, account, QUOTA, NOON + 5 * DAY).value == 100
    text = why(gate, account.picture(), "ivr", NOON + 6 * DAY)
    assert text.startswith("The trial that included Voice menu has ended")


def test_an_override_is_stronger_than_a_trial(gate, trials, account):
    Overrides(gate).set(account, QUOTA, Written(7), at=NOON, **BILL)
    trials.start(account, "plus", NOON + DAY, at=NOON, **BILL)
    assert asked(gate, account, QUOTA).value == 7


def test_a_second_trial_takes_the_place_of_the_first(gate, trials, account):
    first = trials.start(account, "plus", NOON + 9 * DAY, at=NOON, **BILL)
    trials.start(account, "top", NOON + 2 * DAY, at=NOON + DAY, **BILL)
    assert PlanTrial.get_by_id(first.id).ended_at == NOON + DAY
    assert asked(gate, account, "crm", NOON + DAY).allowed
    assert not asked(gate, account, "ivr", NOON + 3 * DAY).allowed
    second = of_accounts().order_by(AuditEntry.id.desc()).first()
    assert [one["plan"] for one in second.before] == ["plus"]
    assert [one["plan"] for one in second.after] == ["top"]


def test_a_trial_is_ended_once(gate, trials, account):
    row = trials.start(account, "plus", NOON + 9 * DAY, at=NOON, **BILL)
    trials.end(row, author="olga", at=NOON + DAY, message="they have seen enough")
    assert asked(gate, account, "ivr", NOON + DAY).reason is Reason.TRIAL_ENDED
    with pytest.raises(Conflict, match="is over already"):
        trials.end(row, author="olga", at=NOON + DAY)
    entry = AuditEntry.get(AuditEntry.action == "trial.end")
    assert (entry.author, entry.message) == ("olga", "they have seen enough")
    assert ([one["id"] for one in entry.before], entry.after) == ([row.id], None)


def test_what_ended_by_the_clock_cannot_be_ended(trials, account):
    row = trials.start(account, "plus", NOON + DAY, at=NOON, **BILL)
    with pytest.raises(Conflict, match="is over already"):
        trials.end(row, author="olga", at=NOON + DAY)


@pytest.mark.parametrize(
    ("plan", "until", "reason", "field", "sentence"),
    [
        ("plsu", NOON + DAY, "a test", "plan", 'did you mean "plus"?'),
        ("free", NOON + DAY, "a test", "plan", "has the plan free already"),
        ("plus", NOON, "a test", "until", "would be over already"),
        ("plus", None, "a test", "until", "Say until when"),
        ("plus", NOON + DAY, " ", "reason", "Say why"),
    ],
)
def test_what_cannot_be_is_one_sentence_on_its_field(
    trials, account, plan, until, reason, field, sentence
):
    with pytest.raises(BadInput) as refusal:
        trials.start(account, plan, until, reason=reason, author="bill", at=NOON)
    assert sentence in refusal.value.message
    assert refusal.value.fields == {field: refusal.value.message}
    assert not PlanTrial.select().exists()
    assert not of_accounts().exists()
