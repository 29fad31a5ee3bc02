"""The gate: one answer for every door, with its reason and its explanation (plans.md §3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import peewee
import pytest

from core.contract.errors import BadInput, StoreUnavailable
from core.plans.catalogue import require_known
from core.plans.decision import Decision, Reason
from core.plans.gate import Gate
from core.plans.why import why
from tests.plans.conftest import NOON, QUOTA, catalogue_of, make_account

PLANS = """schema: 1
plans:
  free:
    title: Free
    features:
      recording: true
      recording.monthly_calls: 2
      queue.max_groups: 0
      ivr: false
      ivr.max_depth: 3
      acme.gold: true
  plus:
    title: Plus
    extends: free
    features:
      recording.monthly_calls: unlimited
      queue.max_groups: unlimited
      ivr: true
"""


@pytest.fixture
def gate(make_gate) -> Gate:
    return make_gate(PLANS)


@pytest.fixture
def account(sqlite_store):
    return make_account(sqlite_store)


def take(gate: Gate, account, call_id: int) -> Decision:
    decision = gate.grants(account, NOON).ask(QUOTA)
    with gate.quota.store.connection(), gate.quota.store.transaction():
        return gate.quota.take(account, decision, QUOTA, call_id, NOON)


def test_a_feature_in_the_plan(gate, account):
    decision = gate.grants(account, NOON).ask("recording")
    assert (decision.allowed, decision.reason, decision.value) == (True, Reason.OK, True)
    assert (decision.source, decision.revision) == ("plan", "1")
    assert decision.sentence == "Recording is included (plan Free, plans.yaml:6, revision 1)."
    assert decision.trace == ("plan Free (plans.yaml:6, revision 1) says recording: true",)


def test_an_inherited_cell_names_its_own_line_and_plan(gate, account):
    decision = gate.grants(account, NOON, plan="plus").ask("recording")
    assert decision.sentence == "Recording is included (plan Plus, plans.yaml:6, revision 1)."
    assert decision.trace == (
        "plan Plus (plans.yaml:6, revision 1) says recording: true, inherited from Free",
    )


def test_a_feature_that_no_cell_names_is_off_by_default(gate, account):
    decision = gate.grants(account, NOON).ask("crm")
    assert (decision.allowed, decision.reason) == (False, Reason.NOT_IN_PLAN)
    assert (decision.source, decision.value) == ("default", None)
    assert decision.sentence == "CRM is not in the plan (plan Free, plans.yaml:3, revision 1)."


def test_false_and_zero_differ(gate, account):
    grants = gate.grants(account, NOON)
    off, none = grants.ask("ivr"), grants.ask("queue.max_groups")
    assert (off.allowed, off.reason, off.source) == (False, Reason.NOT_IN_PLAN, "plan")
    assert off.sentence == (
        "Voice menu is not in the plan (plan Free, plans.yaml:9, revision 1); plan Plus has it."
    )
    assert off.trace[1] == "without it: The call goes to the next routing step."
    assert (none.allowed, none.reason, none.value) == (True, Reason.OK, 0)
    assert (none.at_least(0), none.at_least(1), off.at_least(0)) == (True, False, False)
    assert none.sentence == "Groups: 0 (plan Free, plans.yaml:8, revision 1)."


def test_a_number_without_limit_is_at_least_anything(gate, account):
    decision = gate.grants(account, NOON, plan="plus").ask("queue.max_groups")
    assert (decision.reason, decision.value) == (Reason.UNLIMITED, "unlimited")
    assert decision.at_least(10**9)
    assert not gate.grants(account, NOON).ask("recording").at_least(1)


def test_a_part_is_not_in_the_plan_without_its_plugin(gate, account):
    decision = gate.grants(account, NOON).ask("ivr.max_depth")
    assert (decision.allowed, decision.reason) == (False, Reason.NOT_IN_PLAN)
    assert decision.sentence == (
        "Depth of menus is not in the plan (plan Free, plans.yaml:9, revision 1); "
        "it needs Voice menu, plan Plus has it."
    )
    assert gate.grants(account, NOON, plan="plus").ask("ivr.max_depth").value == 3


def test_a_switched_off_plugin_is_off_with_all_its_parts(gate, account):
    grants = gate.grants(account, NOON, off=frozenset({"recording", "ivr", "queue"}))
    for key in ("recording", "recording.monthly_calls", "queue.max_groups"):
        assert (grants.ask(key).allowed, grants.ask(key).reason) == (False, Reason.PLUGIN_OFF)
    assert grants.ask("recording").sentence == (
        "Recording is in the plan, but its plugin is switched off for this account or number "
        "(plan Free, plans.yaml:6, revision 1)."
    )
    assert grants.ask("ivr").reason is Reason.NOT_IN_PLAN  # the plan speaks first
    assert not {"recording", "ivr", "queue"} & grants.plugins


def test_the_plugins_that_act(gate, account):
    in_every_plan = {"queue", "extension", "voicemail", "forward", "twiml"}
    assert gate.grants(account, NOON).plugins == in_every_plan | {"recording"}
    assert gate.grants(account, NOON, plan="plus").plugins == in_every_plan | {"recording", "ivr"}


def test_a_plugin_that_is_not_optional_cannot_be_switched_off(gate, account):
    assert "twiml" in gate.grants(account, NOON, off=frozenset({"twiml"})).plugins


def test_a_broken_plugin_is_missing(gate, account):
    decision = gate.grants(account, NOON).ask("acme.gold")
    assert (decision.allowed, decision.reason) == (False, Reason.PLUGIN_MISSING)
    assert decision.sentence == (
        "acme.gold is missing, because its plugin did not load; ImportError: no module named acme."
    )


def test_an_unknown_feature_says_so(gate, account):
    decision = gate.grants(account, NOON).ask("recordng")
    assert (decision.allowed, decision.reason) == (False, Reason.UNKNOWN_FEATURE)
    assert decision.sentence == (
        'No installed plugin declares "recordng"; did you mean "recording"?'
    )
    assert gate.ask(account, "zzz", NOON).sentence == 'No installed plugin declares "zzz".'


def test_a_plan_that_is_gone_includes_nothing(gate, account):
    grants = gate.grants(replace(account, plan="gold"), NOON)
    decision = grants.ask("recording")
    assert (decision.allowed, decision.reason) == (False, Reason.NOT_IN_PLAN)
    assert decision.sentence == (
        "Recording is not in the plan (revision 1); "
        'the account\'s plan "gold" is gone from plans.yaml, so nothing is included.'
    )
    assert grants.plugins == {"queue", "extension", "voicemail", "forward", "twiml"}
    assert not any(grants.ask(key).allowed for key in gate.catalogue.features)


def test_the_same_question_gets_the_same_object(gate, account):
    off = frozenset({"crm"})
    assert gate.grants(account, NOON, off) is gate.grants(account, NOON, frozenset({"crm"}))
    assert gate.grants(account, NOON, off) is not gate.grants(account, NOON)
    assert gate.grants(account, NOON, revision=1) is gate.grants(account, NOON)


def test_what_is_remembered_is_bounded(gate, account, monkeypatch):
    monkeypatch.setattr("core.plans.gate.REMEMBERED_GRANTS", 2)
    first = gate.grants(account, NOON)
    gate.grants(account, NOON, plan="plus")
    gate.grants(account, NOON, plan="gold")
    assert gate.grants(account, NOON) is not first


def test_an_unknown_revision_falls_back_to_the_one_in_force(gate, account):
    assert gate.grants(account, NOON, revision=99).ask("recording").revision == "1"


# --- With the count ---------------------------------------------------------------------------


def test_the_full_answer_of_a_quota_counts(gate, account):
    static = gate.grants(account, NOON).ask(QUOTA)
    assert (static.allowed, static.limit, static.value, static.used) == (True, 2, 2, None)
    take(gate, account, 1)
    decision = gate.ask(account, QUOTA, NOON)
    assert (decision.allowed, decision.used, decision.held, decision.remaining) == (True, 0, 1, 1)
    assert decision.sentence == (
        "Recorded calls per month: 0 of 2 used, 1 held by running calls, 1 left, "
        "counted until 2026-12-01 00:00 Europe/Rome (plan Free, plans.yaml:7, revision 1)."
    )


def test_exhausted_and_held_are_told_apart(gate, account):
    take(gate, account, 1)
    gate.quota.start(account, QUOTA, 1, NOON)
    gate.quota.commit(account, QUOTA, 1, NOON)
    take(gate, account, 2)
    held = gate.ask(account, QUOTA, NOON)
    assert (held.allowed, held.reason) == (False, Reason.QUOTA_HELD)
    assert held.sentence == (
        "Recorded calls per month: none left now, 1 of 2 used, 1 held by running calls, 0 left, "
        "counted until 2026-12-01 00:00 Europe/Rome; held units may come back, so try again "
        "(plan Free, plans.yaml:7, revision 1)."
    )
    gate.quota.start(account, QUOTA, 2, NOON)
    gate.quota.commit(account, QUOTA, 2, NOON)
    used = gate.ask(account, QUOTA, NOON)
    assert (used.allowed, used.reason) == (False, Reason.QUOTA_EXHAUSTED)
    assert used.sentence == (
        "Recorded calls per month: none left, 2 of 2 used, 0 left, "
        "counted until 2026-12-01 00:00 Europe/Rome (plan Free, plans.yaml:7, revision 1)."
    )


def test_an_unlimited_quota_counts_without_a_limit(gate, account):
    upgraded = replace(account, plan="plus")
    take(gate, upgraded, 1)
    decision = gate.ask(upgraded, QUOTA, NOON)
    assert (decision.allowed, decision.reason, decision.held) == (True, Reason.UNLIMITED, 1)
    assert decision.sentence == (
        "Recorded calls per month: 0 used, 1 held by running calls, unlimited, "
        "counted until 2026-12-01 00:00 Europe/Rome (plan Plus, plans.yaml:16, revision 1)."
    )


def test_a_quota_of_zero_is_in_the_plan_with_none_left(make_gate, account):
    gate = make_gate(PLANS.replace("monthly_calls: 2", "monthly_calls: 0"))
    for decision in (gate.grants(account, NOON).ask(QUOTA), gate.ask(account, QUOTA, NOON)):
        assert (decision.allowed, decision.reason) == (False, Reason.QUOTA_EXHAUSTED)
        assert decision.sentence == (
            "Recorded calls per month: in the plan with 0 units, so there is none to take "
            "(plan Free, plans.yaml:7, revision 1)."
        )


def test_what_is_not_counted_needs_no_database(gate, account, monkeypatch):
    monkeypatch.setattr(gate.quota, "count", lambda *_: pytest.fail("asked the database"))
    assert gate.ask(account, "recording", NOON) is gate.grants(account, NOON).ask("recording")
    assert gate.ask(account, "crm", NOON).reason is Reason.NOT_IN_PLAN


@pytest.mark.parametrize(
    "trouble", [StoreUnavailable("gone"), peewee.OperationalError("gone"), peewee.InterfaceError()]
)
def test_database_trouble_is_an_answer(gate, account, monkeypatch, trouble):
    def fail(*_):
        raise trouble

    monkeypatch.setattr(gate.quota, "count", fail)
    decision = gate.ask(account, QUOTA, NOON)
    assert (decision.allowed, decision.reason) == (False, Reason.STORE_UNAVAILABLE)
    assert decision.sentence == (
        "Recorded calls per month cannot be counted now, because the database does not answer "
        "(plan Free, plans.yaml:7, revision 1)."
    )


def test_a_decision_as_json(gate, account):
    assert gate.ask(account, QUOTA, NOON).as_json() == {
        "feature": QUOTA,
        "allowed": True,
        "reason": "ok",
        "value": 2,
        "limit": 2,
        "used": 0,
        "held": 0,
        "remaining": 2,
        "resets_at": "2026-12-01T00:00:00+01:00",
        "source": "plan",
        "until": None,
        "revision": "1",
        "sentence": "Recorded calls per month: 0 of 2 used, 2 left, counted until "
        "2026-12-01 00:00 Europe/Rome (plan Free, plans.yaml:7, revision 1).",
        "trace": ["plan Free (plans.yaml:7, revision 1) says recording.monthly_calls: 2"],
    }
    assert gate.ask(account, "crm", NOON).as_json()["resets_at"] is None


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_its_words(reason):
    decision = Decision(
        "crm", False, reason, limit=3, used=3, resets_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert "crm" in decision.sentence
    assert decision.sentence.endswith(".")


def test_why_tells_the_sentence_and_how_it_came_about(gate, account):
    text = why(gate, account, "ivr", NOON)
    assert text.splitlines() == [
        gate.grants(account, NOON).ask("ivr").sentence,
        "ivr for Company 1: no (not-in-plan)",
        "  plan Free (plans.yaml:9, revision 1) says ivr: false",
        "  without it: The call goes to the next routing step.",
    ]


def test_code_may_only_ask_for_declared_features():
    catalogue = catalogue_of(*[], acme="broken")
    require_known(catalogue_of(*[]), *[])
    require_known(catalogue, "acme.gold")
    with pytest.raises(BadInput, match='declares the feature "crm"'):
        require_known(catalogue, "crm")
