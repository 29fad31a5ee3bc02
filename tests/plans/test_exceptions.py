"""What an account has of its own: overrides and trials, at the gate (plans.md §1, §3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import peewee
import pytest

from core.contract.call import Account
from core.contract.features import Feature, FeatureKind
from core.plans.decision import Decision, Reason
from core.plans.gate import Gate
from core.plans.tables import PlanOverride, PlanTrial
from core.plans.why import why
from core.store.accounts import AccountRow
from tests.plans.conftest import FEATURES, NOON, QUOTA, book_of, catalogue_of, make_account

PLANS = """schema: 1
plans:
  free:
    title: Free
    features:
      recording: true
      recording.monthly_calls: 2
      ivr: false
      ivr.max_depth: 3
      desk.support: mail
  plus:
    title: Plus
    extends: free
    features:
      ivr: true
      recording.monthly_calls: unlimited
"""
EXTRA = (
    Feature("desk.support", "Support", FeatureKind.CHOICE, choices=("mail", "phone")),
    Feature("desk.texts", "Texts", FeatureKind.METERED),
)
TICK = timedelta(microseconds=1)
BEGIN = NOON - timedelta(days=1)
FEBRUARY = datetime(2027, 1, 31, 23, tzinfo=UTC)
"""Its first instant in Rome: what holds until 31 January ends here."""


@pytest.fixture
def gate(make_gate) -> Gate:
    return make_gate(PLANS, catalogue_of(*FEATURES, *EXTRA, acme="ImportError: no acme"))


@pytest.fixture
def account(sqlite_store) -> Account:
    return make_account(sqlite_store)


def override(account: Account, feature: str, value: Any, **columns: Any) -> Account:
    """Enter an override; the account as the next event finds it."""
    about = {"reason": "Contract 17", "author": "anna@example.com", "from_at": BEGIN}
    PlanOverride.create(
        account=account.id, feature=feature, value=value, created_at=BEGIN, **{**about, **columns}
    )
    return AccountRow.get_by_id(account.id).picture()


def trial(account: Account, plan: str = "plus", **columns: Any) -> Account:
    """Enter a trial; the account as the next event finds it."""
    about = {"reason": "To try menus", "author": "ugo@example.com", "until": FEBRUARY}
    PlanTrial.create(
        account=account.id, plan=plan, from_at=BEGIN, created_at=BEGIN, **{**about, **columns}
    )
    return AccountRow.get_by_id(account.id).picture()


def asked(gate: Gate, account: Account, feature: str, at: datetime = NOON, **more: Any) -> Decision:
    return gate.grants(account, at, **more).ask(feature)


# --- Overrides --------------------------------------------------------------------------------


def test_an_override_gives_what_the_plan_does_not(gate, account):
    decision = asked(gate, override(account, "ivr", True), "ivr")
    assert (decision.allowed, decision.reason, decision.value) == (True, Reason.OK, True)
    assert (decision.source, decision.until, decision.revision) == ("override", None, "1")
    assert decision.sentence == "Voice menu is included (override by anna@example.com)."
    assert decision.trace == (
        "override by anna@example.com: Contract 17",
        "plan Free (plans.yaml:8, revision 1) says ivr: false",
    )


def test_an_override_of_a_plugin_makes_it_act_and_its_parts_follow_the_plan(gate, account):
    grants = gate.grants(override(account, "ivr", True), NOON)
    assert "ivr" in grants.plugins
    assert (grants.ask("ivr.max_depth").value, grants.ask("ivr.max_depth").source) == (3, "plan")


def test_an_override_takes_a_plugin_away_with_all_its_parts(gate, account):
    grants = gate.grants(override(account, "recording", False), NOON)
    assert "recording" not in grants.plugins
    whole, part = grants.ask("recording"), grants.ask(QUOTA)
    for decision in (whole, part):
        assert (decision.allowed, decision.reason) == (False, Reason.OVERRIDE_OFF)
        assert (decision.value, decision.limit, decision.source) == (None, None, "override")
    assert whole.sentence == (
        "Recording was switched off for this account (override by anna@example.com)."
    )
    assert part.sentence == (
        "Recorded calls per month was switched off for this account (override by anna@example.com);"
        " it needs Recording."
    )
    assert part.trace == (
        "override by anna@example.com: Contract 17",
        "plan Free (plans.yaml:6, revision 1) says recording: true",
    )


def test_an_override_of_a_part_needs_its_plugin(gate, account):
    account = override(account, "ivr.max_depth", 5)
    decision = asked(gate, account, "ivr.max_depth")
    assert (decision.allowed, decision.reason, decision.source) == (
        False, Reason.NOT_IN_PLAN, "plan",
    )  # fmt: skip
    assert decision.sentence.endswith("it needs Voice menu, plan Plus has it.")
    both = override(account, "ivr", True)
    assert (asked(gate, both, "ivr.max_depth").value, asked(gate, both, "ivr").value) == (5, True)


def test_a_part_that_is_given_does_not_outlive_its_plugin(gate, account):
    account = override(override(account, QUOTA, 9), "recording", False)
    assert asked(gate, account, QUOTA).reason is Reason.OVERRIDE_OFF


@pytest.mark.parametrize(
    ("feature", "value", "allowed", "reason"),
    [
        ("ivr", True, True, Reason.OK),
        ("crm", False, False, Reason.OVERRIDE_OFF),
        ("queue.max_groups", 7, True, Reason.OK),
        ("queue.max_groups", 0, True, Reason.OK),
        ("queue.max_groups", "unlimited", True, Reason.UNLIMITED),
        ("queue.max_groups", False, False, Reason.OVERRIDE_OFF),
        ("desk.support", "phone", True, Reason.OK),
        ("desk.texts", True, True, Reason.OK),
        (QUOTA, 0, False, Reason.QUOTA_EXHAUSTED),
        (QUOTA, 5, True, Reason.OK),
        (QUOTA, "unlimited", True, Reason.UNLIMITED),
        (QUOTA, False, False, Reason.OVERRIDE_OFF),
    ],
)
def test_every_kind_of_value(gate, account, feature, value, allowed, reason):
    decision = asked(gate, override(account, feature, value), feature)
    assert (decision.allowed, decision.reason, decision.source) == (allowed, reason, "override")
    assert decision.value == (None if value is False else value)
    counted = feature == QUOTA and type(value) is int
    assert decision.limit == (value if counted else None)


def test_zero_and_off_differ_in_an_override(gate, account):
    none = asked(gate, override(account, QUOTA, 0), QUOTA)
    off = asked(gate, override(account, QUOTA, False), QUOTA)
    assert none.sentence == (
        "Recorded calls per month: in the plan with 0 units, so there is none to take "
        "(override by anna@example.com)."
    )
    assert off.sentence == (
        "Recorded calls per month was switched off for this account (override by anna@example.com)."
    )


@pytest.mark.parametrize(
    ("percents", "warned"), [([50], [50]), ([], []), (None, [80, 100]), ([25, 75], [25, 75])]
)
def test_a_quota_warns_as_its_override_says(gate, account, percents, warned):
    account = override(account, QUOTA, 4, warn_at=percents)
    decision = asked(gate, account, QUOTA)
    for call in range(5):
        with gate.quota.store.connection(), gate.quota.store.transaction():
            taken = gate.quota.take(account, decision, QUOTA, call, NOON).allowed
        assert taken is (call < 4)
    rows = gate.quota.store.rows("SELECT percent, limit_then FROM quota_warnings ORDER BY 1")
    assert rows == [(percent, 4) for percent in warned]


def test_an_override_holds_where_the_plan_is_gone(gate, account):
    account = replace(override(account, "ivr", True), plan="gold")
    decision = asked(gate, account, "ivr")
    assert (decision.allowed, decision.source) == (True, "override")
    assert decision.trace[1] == 'the account\'s plan "gold" is gone from plans.yaml'
    for feature in ("recording", "ivr.max_depth"):
        assert asked(gate, account, feature).reason is Reason.NOT_IN_PLAN


def test_what_is_overridden_can_be_switched_off(gate, account):
    account = override(account, "ivr", True)
    grants = gate.grants(account, NOON, frozenset({"ivr"}))
    assert "ivr" not in grants.plugins
    assert grants.ask("ivr").sentence == (
        "Voice menu is in the plan, but its plugin is switched off for this account or number "
        "(override by anna@example.com)."
    )
    assert grants.ask("ivr").reason is grants.ask("ivr.max_depth").reason is Reason.PLUGIN_OFF
    refused = override(account, "recording", False)
    assert asked(gate, refused, "recording", off=frozenset({"recording"})).reason is (
        Reason.OVERRIDE_OFF
    )


def test_an_override_does_not_give_what_is_not_installed(gate, account):
    account = override(override(account, "acme.gold", True), "gone.thing", True)
    assert asked(gate, account, "acme.gold").reason is Reason.PLUGIN_MISSING
    assert asked(gate, account, "gone.thing").reason is Reason.UNKNOWN_FEATURE
    assert not {"acme", "gone"} & gate.grants(account, NOON).plugins


def test_of_two_overrides_of_a_feature_the_younger_holds(gate, account):
    account = override(account, "queue.max_groups", 5, until=NOON + TICK)
    account = override(account, "queue.max_groups", 9, until=NOON)
    assert asked(gate, account, "queue.max_groups", NOON - TICK).value == 9
    assert asked(gate, account, "queue.max_groups", NOON).value == 5
    assert asked(gate, account, "queue.max_groups", NOON + TICK).value is None


def test_overrides_are_of_one_account(gate, account, sqlite_store):
    override(account, "ivr", True)
    assert not asked(gate, make_account(sqlite_store), "ivr").allowed


# --- When they hold ---------------------------------------------------------------------------

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("columns", "first", "last"),
    [
        ({"from_at": NOON}, NOON, None),
        ({"from_at": NOON, "until": FEBRUARY}, NOON, FEBRUARY),
        ({"from_at": NOON, "ended_at": NOON + HOUR}, NOON, NOON + HOUR),
        ({"from_at": NOON, "until": FEBRUARY, "ended_at": NOON + HOUR}, NOON, NOON + HOUR),
        ({"from_at": NOON, "until": NOON + HOUR, "ended_at": FEBRUARY}, NOON, NOON + HOUR),
    ],
)
@pytest.mark.parametrize("make", [override, trial])
def test_they_hold_from_their_first_instant_until_before_their_last(
    gate, account, make, columns, first, last
):
    if make is trial:
        columns, last = {"until": FEBRUARY, **columns}, last or FEBRUARY
    account = make(account, "ivr", True, **columns) if make is override else _tried(
        account, columns
    )  # fmt: skip
    assert not asked(gate, account, "ivr", first - TICK).allowed
    assert asked(gate, account, "ivr", first).allowed
    assert asked(gate, account, "ivr", first).until == last
    if last is not None:
        assert asked(gate, account, "ivr", last - TICK).allowed
        assert not asked(gate, account, "ivr", last).allowed


def _tried(account: Account, columns: dict[str, Any]) -> Account:
    begin = columns.pop("from_at")
    account = trial(account, **columns)
    row = PlanTrial.of(account).get()
    row.from_at = begin
    row.save()
    return AccountRow.get_by_id(account.id).picture()


@pytest.mark.parametrize("make", [override, trial])
def test_what_was_ended_before_it_began_never_holds(gate, account, make):
    account = make(account, *(("ivr", True) if make is override else ()), ended_at=BEGIN)
    for at in (BEGIN - TICK, BEGIN, BEGIN + TICK, NOON):
        decision = asked(gate, account, "ivr", at)
        assert (decision.allowed, decision.reason) == (False, Reason.NOT_IN_PLAN)


@pytest.mark.parametrize(
    "zone",
    ["Europe/Rome", "Pacific/Auckland", "Pacific/Honolulu", "America/St_Johns",
     "Pacific/Kiritimati", "Pacific/Apia"],
)  # fmt: skip
def test_days_are_named_on_the_accounts_own_clock(gate, sqlite_store, zone):
    midnight = datetime(2027, 2, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    account = override(make_account(sqlite_store, timezone=zone), "ivr", True, until=midnight)
    decision = asked(gate, account, "ivr")
    assert decision.until == midnight
    words = "override by anna@example.com until 2027-01-31"
    assert decision.sentence == f"Voice menu is included ({words})."
    assert decision.trace[0] == f"{words}: Contract 17"


def test_a_day_is_named_anew_when_the_account_moves(gate, account):
    account = override(account, "ivr", True, until=FEBRUARY)
    assert "until 2027-01-31)" in asked(gate, account, "ivr").sentence
    row = AccountRow.get_by_id(account.id)
    row.timezone = "Pacific/Auckland"
    row.save()
    assert "until 2027-02-01)" in asked(gate, row.get_by_id(row.id).picture(), "ivr").sentence


# --- Trials -----------------------------------------------------------------------------------


def test_a_trial_gives_another_plan(gate, account):
    account = trial(account)
    grants = gate.grants(account, NOON)
    assert grants.plan == "plus"
    assert "ivr" in grants.plugins
    decision = grants.ask("ivr")
    assert (decision.allowed, decision.source, decision.until) == (True, "trial", FEBRUARY)
    place = "trial of plan Plus until 2027-01-31, plans.yaml:15, revision 1"
    assert decision.sentence == f"Voice menu is included ({place})."
    assert decision.trace == (
        "trial of plan Plus by ugo@example.com until 2027-01-31: To try menus",
        "plan Plus (plans.yaml:15, revision 1) says ivr: true",
    )
    assert grants.ask("recording").source == "trial"  # inherited, but through the trial


def test_a_trial_does_not_give_what_its_plan_does_not_have(gate, account):
    decision = asked(gate, trial(account), "crm")
    assert (decision.allowed, decision.reason, decision.source) == (
        False, Reason.NOT_IN_PLAN, "trial",
    )  # fmt: skip
    assert decision.sentence == (
        "CRM is not in the plan (trial of plan Plus until 2027-01-31, plans.yaml:11, revision 1)."
    )


def test_a_quota_on_trial_is_the_trials_and_continues_the_count(gate, account):
    free = asked(gate, account, QUOTA)
    account = trial(account, ended_at=NOON)
    for call in range(4):
        at = NOON - HOUR if call < 3 else NOON
        with gate.quota.store.connection(), gate.quota.store.transaction():
            decision = gate.quota.take(account, asked(gate, account, QUOTA, at), QUOTA, call, at)
        assert decision.allowed is (call < 3)
    assert (free.limit, decision.held, decision.reason) == (2, 3, Reason.QUOTA_HELD)


def test_a_trial_that_has_ended_says_so(gate, account):
    account = trial(account, until=NOON)
    decision = asked(gate, account, "ivr")
    assert (decision.allowed, decision.reason, decision.source) == (
        False, Reason.TRIAL_ENDED, "trial",
    )  # fmt: skip
    assert decision.until is None
    assert decision.sentence == (
        "The trial that included Voice menu has ended (plan Free, plans.yaml:8, revision 1); "
        "plan Plus has it."
    )
    assert decision.trace == (
        "trial of plan Plus by ugo@example.com until 2026-11-22: To try menus",
        "plan Free (plans.yaml:8, revision 1) says ivr: false",
        "without it: The call goes to the next routing step.",
    )
    part = asked(gate, account, "ivr.max_depth")
    assert (part.reason, part.hint) == (Reason.TRIAL_ENDED, "it needs Voice menu, plan Plus has it")


def test_what_the_trial_did_not_have_is_just_not_in_the_plan(gate, account):
    account = trial(account, until=NOON)
    assert asked(gate, account, "crm").reason is Reason.NOT_IN_PLAN
    assert (asked(gate, account, "recording").source, gate.grants(account, NOON).plan) == (
        "plan", "free",
    )  # fmt: skip


def test_of_a_plan_that_is_gone_nobody_can_say_what_its_trial_included(gate, account):
    ended = trial(account, "gold", until=NOON)
    assert asked(gate, ended, "ivr").reason is Reason.NOT_IN_PLAN
    assert asked(gate, ended, "recording").allowed


def test_a_trial_of_a_plan_that_is_gone_includes_nothing(gate, account):
    account = trial(account, "gold")
    decision = asked(gate, account, "recording")
    assert (decision.allowed, decision.reason) == (False, Reason.NOT_IN_PLAN)
    gone = 'the plan "gold" of the account\'s trial is gone from plans.yaml'
    assert decision.sentence == (
        f"Recording is not in the plan (revision 1); {gone}, so nothing is included."
    )
    assert decision.trace == (
        "trial of plan gold by ugo@example.com until 2027-01-31: To try menus",
        gone,
        "without it: Calls are not recorded.",
    )


def test_a_trial_holds_where_the_own_plan_is_gone(gate, account):
    account = replace(trial(account, ended_at=NOON), plan="silver")
    assert asked(gate, account, "ivr", NOON - TICK).allowed
    decision = asked(gate, account, "ivr")
    assert (decision.allowed, decision.reason) == (False, Reason.TRIAL_ENDED)
    assert decision.hint == (
        'the account\'s plan "silver" is gone from plans.yaml, so nothing is included'
    )


def test_the_trial_that_ended_last_is_named(gate, account):
    account = trial(trial(account, until=NOON - HOUR, reason="Second"), reason="Fair", until=NOON)
    assert "Fair" in asked(gate, account, "ivr").trace[0]
    running = trial(account, reason="Third")
    assert "Third" in asked(gate, running, "ivr").trace[0]


def test_an_override_is_stronger_than_a_trial(gate, account):
    account = trial(override(account, "ivr.max_depth", 1))
    decision = asked(gate, account, "ivr.max_depth")
    assert (decision.value, decision.source, decision.until) == (1, "override", None)
    assert decision.trace == (
        "override by anna@example.com: Contract 17",
        "trial of plan Plus by ugo@example.com until 2027-01-31: To try menus",
        "plan Plus (plans.yaml:9, revision 1) says ivr.max_depth: 3, inherited from Free",
    )
    after = asked(gate, account, "ivr.max_depth", FEBRUARY)
    assert (after.allowed, after.reason) == (False, Reason.TRIAL_ENDED)  # its plugin went


def test_a_preview_of_another_plan_is_no_trial(gate, account):
    account = trial(override(account, QUOTA, 7))
    free = gate.grants(account, NOON, plan="free")
    assert (free.ask("ivr").reason, free.ask("ivr").source) == (Reason.NOT_IN_PLAN, "plan")
    assert free.ask(QUOTA).value == 7
    planned = gate.planned(account, NOON)
    assert (planned.plan, planned.ask(QUOTA).value) == ("plus", "unlimited")


# --- Every door -------------------------------------------------------------------------------


def test_the_full_answer_counts_against_the_override(gate, account):
    account = override(account, QUOTA, 5, until=FEBRUARY)
    decision = gate.ask(account, QUOTA, NOON)
    assert (decision.limit, decision.used, decision.remaining, decision.until) == (
        5, 0, 5, FEBRUARY,
    )  # fmt: skip
    assert decision.as_json()["until"] == "2027-01-31T23:00:00+00:00"
    assert why(gate, account, QUOTA, NOON).splitlines() == [
        "Recorded calls per month: 0 of 5 used, 5 left, counted until 2026-12-01 00:00 Europe/Rome "
        "(override by anna@example.com until 2027-01-31).",
        "recording.monthly_calls for Company 1: yes (ok)",
        "  override by anna@example.com until 2027-01-31: Contract 17",
        "  plan Free (plans.yaml:7, revision 1) says recording.monthly_calls: 2",
    ]


def test_the_same_question_gets_the_same_object(gate, account):
    account = trial(override(account, "crm", True, until=FEBRUARY))
    grants = gate.grants(account, NOON)
    assert gate.grants(account, NOON + HOUR) is grants
    assert gate.grants(account, FEBRUARY) is not grants
    assert grants.ask("crm") is grants.ask("crm")


def test_the_database_that_does_not_answer_is_an_answer(gate, account, monkeypatch):
    account = override(account, "ivr", True)
    monkeypatch.setattr("core.plans.gate.read_standing", _broken)
    decision = gate.ask(account, "ivr", NOON)
    assert (decision.allowed, decision.reason) == (False, Reason.STORE_UNAVAILABLE)
    assert decision.sentence == (
        "Voice menu cannot be looked up now, because the database does not answer."
    )


def _broken(*_: Any) -> None:
    raise peewee.OperationalError("disk I/O error")


def test_another_process_sees_it_at_the_next_event(gate, account, sqlite_store, tmp_path):
    """Each process has a gate and a memory of its own; the account's version is what they share."""
    book = book_of(tmp_path / "plans.yaml", sqlite_store, gate.catalogue)
    other = Gate(sqlite_store, gate.catalogue, book)
    assert not asked(other, account, "ivr").allowed
    after = override(account, "ivr", True)
    assert after.version > account.version
    assert not asked(other, account, "ivr").allowed  # an event that had begun before
    assert asked(other, after, "ivr").allowed
    row = PlanOverride.of(account).get()
    row.ended_at = NOON
    row.save()
    ended = AccountRow.get_by_id(account.id).picture()
    assert not asked(other, ended, "ivr").allowed
    assert asked(other, ended, "ivr", NOON - TICK).allowed


def test_an_account_saved_from_an_old_page_does_not_take_its_version_back(account):
    """Else a process that remembers an earlier state under that version would believe it again."""
    page = AccountRow.get_by_id(account.id)
    for groups in range(3):
        after = override(account, "queue.max_groups", groups)
    page.country = "CH"
    page.save()
    saved = AccountRow.get_by_id(account.id)
    assert (saved.country, saved.version) == ("CH", after.version + 1)
