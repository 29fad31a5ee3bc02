"""A call in a group, on real tables: who is rung, in which order, and the no-answer rule (R6)."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from core import api
from core.api import Result, ResultKind, RingOutcome
from core.calls.tables import OfferRow
from plugins.queue import plugin, service
from plugins.queue.models import TABLES, GroupRow, MemberRow
from tests.support.calls import NOON, make_call
from tests.support.tables import Company, tables

PLAN = {"queue.ring_all": True, "queue.max_groups": "unlimited", "queue.max_members": "unlimited"}
OUTSIDE = "+393401112233"
NONE = SimpleNamespace(group="")


@pytest.fixture
def company(tmp_path):
    with tables(f"sqlite:///{tmp_path}/db.sqlite", TABLES):
        made = Company()
        made.carla = api.EmployeeRow.create(account=made.row, name="Carla", sip="c@pbx.example")
        yield made


@pytest.fixture
def sales(company):
    """Group Sales: Anna, Bruno, then an outside number."""
    return make_group(company, "Sales", [company.anna, company.bruno, OUTSIDE], extension="200")


def make_group(company, name, members, **columns):
    group = GroupRow.create(account=company.row, name=name, **columns)
    for position, member in enumerate(members):
        who = {"number": member} if isinstance(member, str) else {"employee": member}
        MemberRow.create(account=company.row, group=group, position=position, **who)
    return group


def change(row, **columns):
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()


def call_of(company, plan=PLAN, **changes):
    return make_call(plan=plan, account=company.account, line=company.line, **changes)


def enter(call, group):
    return plugin.connect_call(call, api.Destination("queue", str(group.id)), NONE)


def after(call, step, ring=RingOutcome.NO_ANSWER):
    """The next step, with the facts that the engine keeps for the call."""
    call.facts.setdefault("queue", {}).update(step.facts)
    return plugin.continue_call(call, Result(ResultKind.RANG, ring=ring), step.state)


def all_rung(call, step, ring=RingOutcome.NO_ANSWER):
    """Everybody rung until the group gives up, one list of keys per step; and its last step."""
    rung = []
    while isinstance(step, api.Ring):
        rung.append([target.key for target in step.targets])
        step = after(call, step, ring)
    return rung, step


def keys(*members):
    return [[f"number:{one}" if isinstance(one, str) else f"employee:{one.id}"] for one in members]


def offered(company, key, minutes_ago, talked_until=None):
    OfferRow.create(
        account=company.row,
        target=key,
        offered_at=NOON - timedelta(minutes=minutes_ago),
        talked_until=talked_until,
    )


# --- Strategies ---


def test_strict_order(company, sales):
    change(sales, strategy="order", rings=3)
    call = call_of(company)
    step = enter(call, sales)
    assert step.seconds == 15
    rung, _ = all_rung(call, step)
    assert rung == keys(company.anna, company.bruno, OUTSIDE)


def test_an_outside_member_must_press_1(company, sales):
    change(sales, strategy="order")
    call = call_of(company, busy=frozenset({company.anna.id, company.bruno.id}))
    assert enter(call, sales).targets == (api.Phone(OUTSIDE, confirm=True),)


def test_evenly_rings_who_has_waited_longest(company, sales):
    offered(company, f"employee:{company.anna.id}", minutes_ago=5)
    offered(company, f"number:{OUTSIDE}", minutes_ago=10)
    call = call_of(company)
    rung, _ = all_rung(call, enter(call, sales))
    assert rung == keys(company.bruno, OUTSIDE, company.anna)


def test_editing_a_group_keeps_its_fairness(company, sales):
    offered(company, f"employee:{company.anna.id}", minutes_ago=5)
    offered(company, f"employee:{company.bruno.id}", minutes_ago=1)
    sales.delete_instance()
    again = make_group(company, "Sales", [company.bruno, company.anna])
    call = call_of(company)
    assert all_rung(call, enter(call, again))[0] == keys(company.anna, company.bruno)


def test_ring_all_rings_everybody_once(company, sales):
    change(sales, strategy="all", rounds=3)
    call = call_of(company)
    rung, _ = all_rung(call, enter(call, sales))
    assert [sorted(step) for step in rung] == [
        sorted(key for (key,) in keys(company.anna, company.bruno, OUTSIDE))
    ]


def test_ring_all_rings_ten_at_a_time(company):
    numbers = [f"+3934011122{number:02}" for number in range(12)]
    group = make_group(company, "Large", numbers, strategy="all")
    call = call_of(company)
    rung, _ = all_rung(call, enter(call, group))
    assert [len(step) for step in rung] == [10, 2]


def test_ring_all_outside_the_plan_is_evenly(company, sales):
    change(sales, strategy="all")
    call = call_of(company, {**PLAN, "queue.ring_all": False})
    rung, _ = all_rung(call, enter(call, sales))
    assert rung == keys(company.anna, company.bruno, OUTSIDE)


# --- Who is skipped ---


def test_skips_who_is_off_busy_or_without_a_phone(company, sales):
    change(company.anna, available=False)
    change(company.bruno, sip="")
    MemberRow.create(account=company.row, group=sales, position=9, employee=company.carla)
    call = call_of(company, busy=frozenset({company.carla.id}))
    step = enter(call, sales)
    assert [target.key for target in step.targets] == [f"number:{OUTSIDE}"]
    assert step.reason == (
        f"group Sales, evenly: rings {OUTSIDE};"
        " skipped: Anna (not available), Bruno (no phone), Carla (busy)"
    )


def test_skips_who_is_wrapping_up(company, sales):
    change(sales, strategy="order", wrap_up_seconds=30)
    until = NOON - timedelta(seconds=29)
    offered(company, f"employee:{company.anna.id}", minutes_ago=3, talked_until=until)
    assert "Anna (wrapping up)" in enter(call_of(company), sales).reason
    later = call_of(company, at=NOON + timedelta(seconds=1))
    assert enter(later, sales).targets[0].key == f"employee:{company.anna.id}"


def test_all_skipped_is_the_no_answer_rule(company):
    change(company.anna, available=False)
    group = make_group(company, "Alone", [company.anna], rounds=5)
    call = call_of(company)
    step = enter(call, group)
    assert step.destination == api.Destination("voicemail", f"queue:{group.id}")
    assert call.notes == ["group Alone: nobody is left to ring; skipped: Anna (not available)"]


def test_an_empty_group_is_the_no_answer_rule(company):
    step = enter(call_of(company), make_group(company, "Empty", []))
    assert step.destination.kind == "voicemail"


# --- Rounds and refusals ---


def test_everybody_once_per_round(company, sales):
    change(sales, strategy="order", rounds=2)
    call = call_of(company)
    rung, _ = all_rung(call, enter(call, sales))
    assert rung == keys(company.anna, company.bruno, OUTSIDE) * 2


def test_who_refused_is_not_rung_again_for_this_call(company, sales):
    change(sales, strategy="order", rounds=3)
    call = call_of(company, refused=frozenset({f"employee:{company.anna.id}"}))
    rung, _ = all_rung(call, enter(call, sales))
    assert rung == keys(company.bruno, OUTSIDE) * 3


def test_a_call_that_keeps_coming_back_is_not_rung_for_ever(company, sales):
    call = call_of(company)
    rung = []
    for _ in range(20):
        more, last = all_rung(call, enter(call, sales))
        call.facts["queue"].update(last.facts)
        rung += more
    assert len(rung) == service.MAX_RINGS


def test_a_group_deleted_while_ringing_is_done(company, sales):
    call = call_of(company)
    step = enter(call, sales)
    sales.delete_instance()
    call = call_of(company)
    assert after(call, step) is None
    assert call.notes == ["the group was deleted meanwhile"]


# --- The no-answer rule ---


def nobody_answers(company, group, **columns):
    change(group, **columns)
    call = call_of(company, busy=frozenset({company.anna.id}))
    return call, all_rung(call, enter(call, group))[1]


def test_no_answer_voicemail(company, sales):
    call, step = nobody_answers(company, sales)
    assert step.destination == api.Destination("voicemail", f"queue:{sales.id}")
    gone = Result(ResultKind.NOT_CONNECTED, ring=RingOutcome.FAILED)
    assert plugin.continue_call(call, gone, step.state) is None


def test_no_answer_employee_s_phone(company, sales):
    _, step = nobody_answers(company, sales, no_answer="phone", no_answer_employee=company.carla)
    assert step.destination == api.Destination("phone", str(company.carla.id))


def test_no_answer_number(company, sales):
    _, step = nobody_answers(company, sales, no_answer="number", no_answer_number="+390687654321")
    assert step.destination == api.Destination("number", "+390687654321")


def test_no_answer_hang_up_leaves_the_outcome_to_what_has_happened(company, sales):
    _, step = nobody_answers(company, sales, no_answer="hangup")
    assert isinstance(step, api.Hangup)
    assert step.outcome is None


def test_no_answer_continue_goes_on(company, sales):
    _, step = nobody_answers(company, sales, no_answer="continue")
    assert step is None


@pytest.mark.parametrize("rule", ["phone", "number", "queue"])
def test_a_rule_that_lost_its_target_is_voicemail(company, sales, rule):
    _, step = nobody_answers(company, sales, no_answer=rule)
    assert step.destination == api.Destination("voicemail", f"queue:{sales.id}")


# --- The plan ---


def test_members_beyond_the_plan_are_kept_but_not_rung(company, sales):
    call = call_of(company, {**PLAN, "queue.max_members": 2})
    rung, _ = all_rung(call, enter(call, sales))
    assert rung == keys(company.anna, company.bruno)
    assert MemberRow.of(company.row).count() == 3


def test_the_oldest_group_takes_the_calls_of_groups_beyond_the_plan(company, sales):
    second = make_group(company, "Support", [company.carla])
    call = call_of(company, {**PLAN, "queue.max_groups": 1})
    assert enter(call, second).targets[0].key == f"employee:{company.anna.id}"
    assert "Sales takes the call" in call.notes[0]
    assert enter(call_of(company), second).targets[0].key == f"employee:{company.carla.id}"


@pytest.mark.parametrize("grant", [False, 0])
def test_no_group_in_the_plan_goes_on(company, sales, grant):
    assert enter(call_of(company, {**PLAN, "queue.max_groups": grant}), sales) is None


# --- Doors ---


def test_the_number_s_own_group(company, sales):
    chosen = SimpleNamespace(group=f"queue:{sales.id}")
    assert isinstance(plugin.route_call(call_of(company), chosen), api.Ring)


@pytest.mark.parametrize(
    ("chosen", "note"),
    [("", "no group is chosen"), ("queue:999", "the chosen group was deleted")],
)
def test_no_group_falls_through_and_says_so(company, chosen, note):
    call = call_of(company)
    assert plugin.route_call(call, SimpleNamespace(group=chosen)) is None
    assert call.notes == [note]


def test_a_group_by_its_extension(company, sales):
    call = call_of(company)
    assert isinstance(
        plugin.connect_call(call, api.Destination("queue-extension", "200"), NONE), api.Ring
    )
    for unknown in ("201", ""):
        destination = api.Destination("queue-extension", unknown)
        step = plugin.connect_call(call_of(company), destination, NONE)
        assert step == api.Nowhere(reason=f"no group has extension {unknown}")


def test_the_number_s_own_group_whichever_that_is(company, sales):
    """A menu that many numbers share sends its callers back to each one's own group."""
    own, chosen = api.Destination("queue"), SimpleNamespace(group=f"queue:{sales.id}")
    assert isinstance(plugin.connect_call(call_of(company), own, chosen), api.Ring)
    assert plugin.connect_call(call_of(company), own, NONE) is None


def test_another_account_s_group_is_not_found(company, sales):
    other = Company("Bianchi", "+390299999999")
    call = call_of(other)
    assert enter(call, sales) is None
    step = plugin.connect_call(call, api.Destination("queue-extension", "200"), NONE)
    assert step == api.Nowhere(reason="no group has extension 200")
    assert plugin.offer_destinations(other.account) == []
