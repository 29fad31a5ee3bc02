"""Overrides: at every instant one value per feature, the one set last for that time (§1)."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.contract.errors import BadInput, Conflict
from core.contract.texts import Phrase
from core.plans.accounts.overrides import Overrides
from core.plans.accounts.trials import Trials
from core.plans.decision import Reason
from core.plans.file.written import Written
from core.plans.tables import PlanOverride
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry
from tests.plans.conftest import NOON, QUOTA, make_account
from tests.plans.test_trials import of_accounts

GROUPS = "queue.max_groups"
PLANS = """schema: 1
plans:
  free:
    title: Free
    features:
      recording: true
      recording.monthly_calls: 100
      queue.max_groups: 0
      ivr.max_depth: 3
  plus:
    title: Plus
    extends: free
    features:
      recording.monthly_calls: unlimited
      ivr: true
"""
DAY = timedelta(days=1)
BILL = {"reason": "agreed on the phone", "author": "bill@example.com"}


@pytest.fixture
def gate(make_gate):
    return make_gate(PLANS)


@pytest.fixture
def overrides(gate):
    return Overrides(gate)


@pytest.fixture
def account(sqlite_store):
    return row_of(make_account(sqlite_store))


def row_of(picture) -> AccountRow:
    return AccountRow.get_by_id(picture.id)


def overrides_of(account) -> list[PlanOverride]:
    """The newest first."""
    return list(PlanOverride.of(account).order_by(PlanOverride.id.desc()))


def asked(gate, account, feature, at=NOON):
    return gate.ask(row_of(account).picture(), feature, at)


def test_an_override_holds_from_now_until_its_end_and_says_who_and_why(gate, overrides, account):
    overrides.set(account, QUOTA, Written(150), at=NOON, until=NOON + 3 * DAY, **BILL)
    for at, value, source in (
        (NOON - DAY, 100, "plan"),
        (NOON, 150, "override"),
        (NOON + 3 * DAY - timedelta(microseconds=1), 150, "override"),
        (NOON + 3 * DAY, 100, "plan"),
    ):
        decision = asked(gate, account, QUOTA, at)
        assert (decision.value, decision.limit, decision.source) == (value, value, source)
    told = asked(gate, account, QUOTA)
    assert told.trace[0] == "override by bill@example.com until 2026-11-25: agreed on the phone"
    assert told.until == NOON + 3 * DAY


def test_an_override_to_come_changes_nothing_yet(gate, overrides, account):
    overrides.set(account, "crm", Written(True), at=NOON, from_at=NOON + DAY, **BILL)
    assert asked(gate, account, "crm").reason is Reason.NOT_IN_PLAN
    assert asked(gate, account, "crm", NOON + DAY).allowed


def test_false_switches_off_what_the_plan_has_with_all_its_parts(gate, overrides, account):
    overrides.set(account, "recording", Written(False), at=NOON, **BILL)
    assert asked(gate, account, "recording").reason is Reason.OVERRIDE_OFF
    assert asked(gate, account, QUOTA).reason is Reason.OVERRIDE_OFF


def test_zero_and_false_differ(gate, overrides, account):
    """The plan says 0 groups: in the plan, none of it. An override to false is not the same."""
    overrides.set(account, GROUPS, Written(False), at=NOON, **BILL)
    assert asked(gate, account, GROUPS).reason is Reason.OVERRIDE_OFF
    with pytest.raises(BadInput, match="The plan says 0 already"):
        overrides.set(account, GROUPS, Written(0), at=NOON + DAY, **BILL)


@pytest.mark.parametrize(
    ("feature", "value", "field", "sentence"),
    [
        (QUOTA, 100, "value", "The plan says 100 already. Pin the override if"),
        ("recording", True, "value", "The plan says yes already."),
        ("crm", False, "value", "The plan does not include it anyway. Pin the override if"),
        ("ivr.max_depth", 3, "value", "does not have Voice menu. Override ivr first."),
        ("ivr.max_depth", False, "value", "The plan does not include it anyway."),
    ],
)
def test_what_changes_nothing_is_refused_on_its_field(
    overrides, account, feature, value, field, sentence
):
    with pytest.raises(BadInput, match=sentence) as refusal:
        overrides.set(account, feature, Written(value), at=NOON, **BILL)
    assert refusal.value.fields == {field: refusal.value.message}
    assert isinstance(refusal.value.message, Phrase), "a page says it in its own language"
    assert not PlanOverride.select().exists()
    assert not of_accounts().exists()


def test_a_pinned_one_may_equal_the_plan_and_outlives_a_change_of_it(gate, overrides, account):
    overrides.set(account, QUOTA, Written(100), at=NOON, pinned=True, **BILL)
    gate.book.path.write_text(PLANS.replace("monthly_calls: 100", "monthly_calls: 10"))
    assert row_of(account).plan == "free"
    assert asked(gate, account, QUOTA).value == 100


def test_only_a_quota_that_is_counted_warns(overrides, account):
    """Other warnings at the same limit are a difference."""
    with pytest.raises(BadInput, match="cannot be granted"):
        overrides.set(account, GROUPS, Written(1, (50,)), at=NOON, **BILL)
    overrides.set(account, QUOTA, Written(100, (50,)), at=NOON, **BILL)
    assert overrides_of(account)[0].warn_at == [50]


def test_the_plugin_may_come_by_another_override(gate, overrides, account):
    overrides.set(account, "ivr", Written(True), at=NOON, **BILL)
    with pytest.raises(BadInput, match="The plan says 3 already"):
        overrides.set(account, "ivr.max_depth", Written(3), at=NOON, **BILL)
    overrides.set(account, "ivr.max_depth", Written(4), at=NOON, **BILL)
    assert asked(gate, account, "ivr.max_depth").value == 4


def test_equal_to_a_trial_is_not_equal_to_the_plan_behind_it(gate, overrides, account):
    """While a trial gives it anyway, an override that outlasts the trial has its effect."""
    Trials(gate.book).start(account, "plus", NOON + 5 * DAY, at=NOON, **BILL)
    unlimited = Written("unlimited")
    with pytest.raises(BadInput, match="The plan says unlimited already"):
        overrides.set(account, QUOTA, unlimited, at=NOON, until=NOON + 5 * DAY, **BILL)
    overrides.set(account, QUOTA, unlimited, at=NOON, **BILL)
    assert asked(gate, account, QUOTA, NOON + 6 * DAY).value == "unlimited"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"from_at": NOON - DAY}, "from"),
        ({"until": NOON}, "until"),
        ({"from_at": NOON + 2 * DAY, "until": NOON + DAY}, "until"),
        ({"reason": "   "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_a_term_or_reason_that_cannot_be_is_one_sentence_on_its_field(
    overrides, account, said, field
):
    with pytest.raises(BadInput) as refusal:
        overrides.set(account, QUOTA, Written(150), at=NOON, **(BILL | said))
    assert refusal.value.fields == {field: refusal.value.message}
    assert not PlanOverride.select().exists()


@pytest.mark.parametrize(
    ("feature", "value"),
    [
        ("nonsense", True),
        ("crm", 5),
        (QUOTA, -1),
        (QUOTA, True),
        ("crm", "unlimited"),
        (QUOTA, 10**9),
    ],
)
def test_what_a_cell_could_not_say_is_refused(overrides, account, feature, value):
    with pytest.raises(BadInput):
        overrides.set(account, feature, Written(value), at=NOON, **BILL)
    assert not PlanOverride.select().exists()


def test_a_new_one_replaces_an_older_one_that_would_not_outlast_it(gate, overrides, account):
    first = overrides.set(account, QUOTA, Written(150), at=NOON, **BILL)
    later = NOON + DAY
    overrides.set(account, QUOTA, Written(200), at=later, **BILL)
    assert asked(gate, account, QUOTA, NOON).value == 150, "the past stays as it was"
    assert asked(gate, account, QUOTA, later).value == 200
    assert PlanOverride.get_by_id(first.id).ended_at == later
    overrides.end(overrides_of(account)[0], author="bill", at=later + DAY)
    assert asked(gate, account, QUOTA, later + DAY).source == "plan"


def test_what_was_agreed_for_longer_holds_again_after_a_shorter_one(gate, overrides, account):
    overrides.set(account, QUOTA, Written(150), at=NOON, **BILL)
    bump = overrides.set(
        account, QUOTA, Written(900), at=NOON, from_at=NOON + DAY, until=NOON + 9 * DAY, **BILL
    )
    values = [asked(gate, account, QUOTA, NOON + days * DAY).value for days in (0, 1, 8, 9)]
    assert values == [150, 900, 900, 150]
    overrides.end(bump, author="bill", at=NOON + 2 * DAY)
    assert asked(gate, account, QUOTA, NOON + 2 * DAY).value == 150


def test_one_that_is_cancelled_before_it_begins_has_replaced_nothing(gate, overrides, account):
    overrides.set(account, QUOTA, Written(150), at=NOON, **BILL)
    planned = overrides.set(account, QUOTA, Written(200), at=NOON, from_at=NOON + 5 * DAY, **BILL)
    overrides.end(planned, author="bill", at=NOON + DAY)
    assert asked(gate, account, QUOTA, NOON + 9 * DAY).value == 150


def test_one_that_began_by_the_clock_takes_with_it_what_it_replaced(gate, overrides, account):
    overrides.set(account, QUOTA, Written(150), at=NOON, **BILL)
    planned = overrides.set(account, QUOTA, Written(200), at=NOON, from_at=NOON + 5 * DAY, **BILL)
    overrides.end(planned, author="bill", at=NOON + 6 * DAY)
    assert asked(gate, account, QUOTA, NOON + 6 * DAY).value == 100


def test_nothing_ends_twice(overrides, account):
    row = overrides.set(account, QUOTA, Written(150), at=NOON, until=NOON + DAY, **BILL)
    with pytest.raises(Conflict, match="is over already"):
        overrides.end(row, author="bill", at=NOON + DAY)
    overrides.end(PlanOverride.get_by_id(row.id), author="bill", at=NOON)
    with pytest.raises(Conflict, match="is over already"):
        overrides.end(row, author="bill", at=NOON)
    assert of_accounts().where(AuditEntry.action == "override.end").count() == 1


def test_each_change_is_one_entry_that_tells_before_and_after(overrides, account):
    first = overrides.set(account, QUOTA, Written(150), at=NOON, **BILL)
    second = overrides.set(account, QUOTA, Written(200), at=NOON + DAY, pinned=True, **BILL)
    overrides.end(second, author="olga", at=NOON + 2 * DAY, message="contract over")
    set_first, replaced, ended = of_accounts().order_by(AuditEntry.id)
    assert (set_first.action, set_first.before) == ("override.set", None)
    assert (set_first.subject, set_first.account_name) == (QUOTA, account.name)
    assert set_first.message == BILL["reason"]
    assert [one["id"] for one in replaced.before] == [first.id]
    assert [(one["value"], one["pinned"]) for one in replaced.after] == [(200, True)]
    assert (ended.action, ended.author, ended.message) == ("override.end", "olga", "contract over")
    assert ([one["id"] for one in ended.before], ended.after) == ([second.id], None)


def test_no_entry_no_override(overrides, account, monkeypatch):
    """Both are one transaction."""

    def fail(*args: Any, **kwargs: Any) -> None:
        raise peewee.OperationalError("disk full")

    overrides.set(account, QUOTA, Written(150), at=NOON, **BILL)
    monkeypatch.setattr("core.plans.accounts.overrides.note", fail)
    with pytest.raises(peewee.OperationalError):
        overrides.set(account, QUOTA, Written(200), at=NOON + DAY, **BILL)
    assert [one.value for one in overrides_of(account)] == [150]
    assert overrides_of(account)[0].ended_at is None


def test_other_accounts_and_features_are_left_alone(gate, overrides, account, sqlite_store):
    other = row_of(make_account(sqlite_store))
    overrides.set(other, QUOTA, Written(7), at=NOON, **BILL)
    overrides.set(account, "crm", Written(True), at=NOON, **BILL)
    row = overrides.set(account, QUOTA, Written(8), at=NOON, **BILL)
    overrides.end(row, author="bill", at=NOON + DAY)
    assert asked(gate, other, QUOTA, NOON + DAY).value == 7
    assert asked(gate, account, "crm", NOON + DAY).allowed


# --- Random overrides against a slow reference ------------------------------------------------

TICK = timedelta(hours=7)
LAST = 12
"""The reference looks at this many ticks."""


@dataclass
class Known:
    """An override as the reference has it, in ticks."""

    value: int
    begin: int
    end: float
    dropped: bool = False

    def holds(self, tick: int) -> bool:
        return not self.dropped and self.begin <= tick < self.end


class Reference:
    """Goes from tick to tick, and at each drops what was replaced: nothing is read from a table."""

    def __init__(self) -> None:
        self.all: list[Known] = []

    def pass_to(self, tick: int) -> None:
        """An override that begins drops the older ones that would not outlast it."""
        for place, one in enumerate(self.all):
            if one.begin == tick and not one.dropped:
                for older in self.all[:place]:
                    older.dropped |= older.end <= one.end

    def value(self, tick: int) -> int | None:
        """The one set last for that time."""
        return next((one.value for one in reversed(self.all) if one.holds(tick)), None)


sets = st.tuples(
    st.just("set"),
    st.integers(0, 5),  # begins so many ticks from now
    st.none() | st.integers(1, 6),  # lasts so many
)
ends = st.tuples(st.just("end"), st.integers(0, 9), st.none())
steps = st.lists(st.tuples(st.integers(0, 2), st.one_of(sets, sets, ends)), max_size=9)


@settings(
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps)
def test_at_every_instant_the_one_holds_that_was_set_last_for_it(
    gate, overrides, sqlite_store, steps
):
    """Whatever is set and ended in whatever order; and what held in the past holds for ever."""
    with sqlite_store.connection():
        account = row_of(make_account(sqlite_store))
        reference, tick, seen = Reference(), 0, {}
        rows: list[PlanOverride] = []
        for wait, (word, number, length) in steps:
            for passed in range(tick + 1, tick + wait + 1):
                seen[passed - 1] = reference.value(passed - 1)
                reference.pass_to(passed)
            tick += wait
            if word == "set":
                value = 1000 + len(rows)
                begin = tick + number
                end = float("inf") if length is None else begin + length
                rows.append(
                    overrides.set(
                        account,
                        QUOTA,
                        Written(value),
                        at=at(tick),
                        from_at=at(begin),
                        until=None if length is None else at(int(end)),
                        **BILL,
                    )
                )
                reference.all.append(Known(value, begin, end))
                reference.pass_to(tick)
            elif rows:
                place = number % len(rows)
                known = reference.all[place]
                over = known.dropped or known.end <= tick
                with suppress(Conflict) if over else nullcontext():
                    overrides.end(rows[place], author="bill", at=at(tick))
                known.dropped = True
            check(gate, account, reference, tick, seen)


def at(tick: int) -> datetime:
    return NOON + tick * TICK


def check(gate: Any, account: AccountRow, reference: Reference, tick: int, seen: dict) -> None:
    """The gate and the tables say what the reference says, now and at every tick to come."""
    ahead = Reference()
    ahead.all = [Known(one.value, one.begin, one.end, one.dropped) for one in reference.all]
    expected = dict(seen)
    for later in range(tick, tick + LAST):
        ahead.pass_to(later)
        expected[later] = ahead.value(later)
    picture = row_of(account).picture()
    for place, value in expected.items():
        held = gate.standing(picture).at(at(place)).overrides
        assert len(held) <= 1
        assert (held[0].value if held else None) == value, (place, tick)
        decision = gate.grants(picture, at(place)).ask(QUOTA)
        assert (decision.value, decision.source) == (
            (100, "plan") if value is None else (value, "override")
        )
