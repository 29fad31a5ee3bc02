"""Hold and wait, first come first served, and overflow, on the live engine (R6, R9)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import api
from core.api import RingOutcome
from core.registry import load
from core.testing import close_kit, open_kit
from plugins.queue.models import GroupRow, MemberRow

PLANS = """
schema: 1
plans:
  small:
    title: Small
    features: {queue.max_groups: unlimited, queue.max_members: unlimited}
  large:
    title: Large
    features:
      queue.ring_all: true
      queue.overflow: true
      queue.max_groups: unlimited
      queue.max_members: unlimited
"""
OUTSIDE = "+390687654321"


@pytest.fixture
def company(tmp_path):
    yield from open_company(tmp_path)


@pytest.fixture
def company_on_postgresql(tmp_path, postgres_url):
    yield from open_company(tmp_path, postgres_url)


def open_company(folder, database=""):
    """A company whose number leads to Sales: Anna and Bruno."""
    plan_file = folder / "plans.yaml"
    plan_file.write_text(PLANS)
    registry = load(("extension", "forward", "queue", "voicemail"))
    kit = open_kit(folder, registry=registry, plans=plan_file, database=database)
    company = kit.company(plan="large")
    company.anna = company.employee("101", name="Anna")
    company.bruno = company.employee("102", name="Bruno")
    company.sales = make_group(company, "Sales", company.anna, company.bruno)
    company.profile("queue", group=f"queue:{company.sales.id}")
    yield company
    close_kit(kit)


@pytest.fixture
def hold(company):
    """Sales holds its callers for two minutes, then hangs up."""
    change(company.sales, no_answer="wait", wait_minutes=2, after_wait="hangup", rings=2)


def make_group(company, name, *members, **columns):
    group = GroupRow.create(account=company.account, name=name, **columns)
    for position, member in enumerate(members):
        who = {"number": member} if isinstance(member, str) else {"employee": member}
        MemberRow.create(account=company.account, group=group, position=position, **who)
    return group


def change(row, **columns):
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()


def keys(*employees):
    return [f"employee:{employee.id}" for employee in employees]


def talking(company, employee, caller):
    """Somebody is on the phone with another client."""
    change(company.sales, strategy="order")
    call = company.call(caller)
    while call.rings != keys(employee):
        call.no_answer(after=0)
    call.answered()
    return call


def waits(call):
    return isinstance(call.step, api.Wait)


# --- Hold and wait ---


def test_a_caller_waits_and_who_becomes_free_is_rung_at_once(company, hold):
    change(company.bruno, available=False)
    busy = talking(company, company.anna, "+393330000001")
    call = company.call("+393330000002")
    assert waits(call)
    assert call.says == ["All our colleagues are talking. Please hold the line."]
    assert call.step.seconds == 10
    call.waited()
    assert waits(call)
    busy.talked(5)
    call.waited(after=5)
    assert call.rings == keys(company.anna)
    call.answered()
    call.talked()
    call.hang_up()
    assert call.outcome == "answered"


def test_the_waiting_ends_and_the_second_rule_follows(company, hold):
    change(company.anna, available=False)
    change(company.bruno, available=False)
    began = company.kit.clock()
    call = company.call()
    while waits(call):
        call.waited(after=call.step.seconds)
    assert company.kit.clock() - began == timedelta(minutes=2)
    assert isinstance(call.step, api.Hangup)
    assert call.outcome == "missed"
    assert "the caller waited 2 min in vain" in str(call.trace)


@pytest.mark.parametrize(("members", "minutes"), [(1, 60), (8, 10)])
def test_the_longest_wait_holds_however_often_members_do_not_answer(company, members, minutes):
    """So many rings as a call without waiting may have are over long before (R6)."""
    more = [company.employee(str(200 + number)) for number in range(members)]
    group = make_group(company, "Deaf", *more, rings=2, no_answer="wait", after_wait="hangup")
    change(group, wait_minutes=minutes)
    company.profile("queue", group=f"queue:{group.id}")
    call, began, rings = company.call(), None, 0
    while not isinstance(call.step, api.Hangup):
        if waits(call):
            began = began or company.kit.clock()
            call.waited(after=call.step.seconds)
        else:
            rings += 1
            call.no_answer(after=call.step.seconds)
    waited = company.kit.clock() - began
    assert (
        timedelta(minutes=minutes) <= waited <= timedelta(minutes=minutes, seconds=group.rings * 5)
    )
    assert rings > 20


def test_a_call_that_rang_too_often_rings_again_after_each_pause(company):
    more = [company.employee(str(200 + number)) for number in range(17)]
    group = make_group(company, "Deaf", *more, no_answer="wait", wait_minutes=5, strategy="order")
    company.profile("queue", group=f"queue:{group.id}")
    call = company.call()
    for _ in range(15):
        call.no_answer()
    assert waits(call)
    assert "Employee 215 (this call has rung too often)" in call.trace[-1]["reason"]
    call.waited()
    assert call.rings == keys(more[15])
    call.no_answer()
    assert waits(call)


def test_nobody_is_rung_any_more_when_the_longest_wait_is_over(company, hold):
    """A whole round of members would make the caller wait for minutes more."""
    change(company.sales, wait_minutes=1)
    call = company.call()
    while not waits(call):
        call.no_answer(after=10)
    while waits(call):
        call.waited(after=call.step.seconds)
    assert isinstance(call.step, api.Hangup)
    assert "Anna (the caller waited long enough)" in call.trace[-1]["reason"]


def test_who_did_not_answer_is_rung_again_after_a_rest(company, hold):
    change(company.bruno, available=False)
    call = company.call()
    assert call.rings == keys(company.anna)
    call.no_answer(after=10)
    pauses = 0
    while waits(call):
        call.waited()
        pauses += 1
    assert pauses == 6
    assert call.rings == keys(company.anna)


def test_nobody_left_who_could_ever_be_rung_does_not_wait(company, hold):
    change(company.bruno, sip="")
    call = company.call()
    call.no_answer(RingOutcome.DECLINED)
    assert isinstance(call.step, api.Hangup)
    assert "it does not wait" in str(call.trace)


def test_a_caller_who_hangs_up_while_waiting_was_missed_or_gave_up(company, hold):
    change(company.bruno, available=False)
    rung = company.call("+393330000001")
    rung.no_answer()
    assert waits(rung)
    rung.hang_up()
    assert rung.outcome == "missed"
    change(company.anna, available=False)
    never = company.call("+393330000002")
    assert waits(never)
    never.hang_up()
    assert never.outcome == "abandoned"


# --- First come, first served ---


def test_a_later_caller_does_not_overtake(company, hold):
    """Two wait; somebody becomes free just before the later one asks."""
    change(company.bruno, available=False)
    busy = talking(company, company.anna, "+393330000001")
    first = company.call("+393330000002")
    company.kit.clock.forward(seconds=3)
    second = company.call("+393330000003")
    assert waits(first)
    assert waits(second)
    busy.talked(1)
    busy.hang_up()
    second.waited(after=2)
    assert waits(second)
    assert "Anna (kept for a caller who waits longer)" in str(second.trace)
    first.waited(after=1)
    assert first.rings == keys(company.anna)
    second.waited(after=4)
    assert waits(second)


@pytest.mark.postgres
def test_a_later_caller_does_not_overtake_on_postgresql(company_on_postgresql):
    company = company_on_postgresql
    change(company.sales, no_answer="wait")
    change(company.anna, available=False)
    change(company.bruno, available=False)
    first, second = company.call("+393330000001"), company.call("+393330000002")
    change(company.anna, available=True)
    second.waited()
    assert waits(second)
    first.waited(after=0)
    assert first.rings == keys(company.anna)


def test_a_new_caller_does_not_overtake_either(company, hold):
    change(company.bruno, available=False)
    busy = talking(company, company.anna, "+393330000001")
    first = company.call("+393330000002")
    busy.talked(1)
    busy.hang_up()
    second = company.call("+393330000003")
    assert waits(second)
    first.waited(after=5)
    assert first.rings == keys(company.anna)


def test_two_free_for_two_who_wait(company, hold):
    change(company.anna, available=False)
    change(company.bruno, available=False)
    first, second = company.call("+393330000001"), company.call("+393330000002")
    change(company.anna, available=True)
    change(company.bruno, available=True)
    second.waited()
    first.waited(after=0)
    assert {*first.rings, *second.rings} == {*keys(company.anna), *keys(company.bruno)}


def test_who_cannot_help_the_first_caller_serves_the_next(company, hold):
    """Anna refused the first caller, who waits for Bruno: Anna is not kept for them."""
    change(company.bruno, available=False)
    first = company.call("+393330000001")
    first.no_answer(RingOutcome.DECLINED)
    assert waits(first)
    assert company.call("+393330000002").rings == keys(company.anna)


def test_a_caller_who_is_gone_keeps_nobody(company, hold):
    """The provider never told us that the first caller hung up."""
    change(company.anna, available=False)
    change(company.bruno, available=False)
    first = company.call("+393330000001")
    assert waits(first)
    change(company.anna, available=True)
    company.kit.clock.forward(seconds=31)
    assert company.call("+393330000002").rings == keys(company.anna)


def test_callers_of_another_group_are_not_in_the_way(company, hold):
    change(company.anna, available=False)
    change(company.bruno, available=False)
    assert waits(company.call("+393330000001"))
    other = make_group(company, "Support", company.anna, no_answer="wait")
    company.profile("queue", group=f"queue:{other.id}")
    change(company.anna, available=True)
    assert company.call("+393330000002").rings == keys(company.anna)


def test_ring_all_for_the_first_who_waits(company, hold):
    change(company.sales, strategy="all")
    change(company.anna, available=False)
    change(company.bruno, available=False)
    first, second = company.call("+393330000001"), company.call("+393330000002")
    change(company.anna, available=True)
    change(company.bruno, available=True)
    second.waited()
    assert waits(second)
    first.waited(after=0)
    assert first.rings == keys(company.anna, company.bruno)


# --- Overflow ---


def test_another_group_takes_over(company):
    support = make_group(company, "Support", OUTSIDE)
    change(company.sales, no_answer="queue", no_answer_group=support)
    call = company.call()
    call.no_answer()
    call.no_answer()
    assert call.rings == [f"number:{OUTSIDE}"]
    call.no_answer()
    assert call.step.recipient == f"queue:{support.id}"


def test_a_stored_circle_of_overflows_ends(company):
    support = make_group(company, "Support", no_answer="queue", no_answer_group=company.sales)
    change(company.sales, no_answer="queue", no_answer_group=support)
    change(company.anna, available=False)
    change(company.bruno, available=False)
    call = company.call()
    assert call.step.recipient == f"queue:{support.id}"
    assert "the call was in group Sales already: voicemail instead" in str(call.trace)


def test_overflow_outside_the_plan_is_voicemail_and_says_so(company):
    support = make_group(company, "Support", OUTSIDE)
    change(company.sales, no_answer="queue", no_answer_group=support)
    change(company.account, plan="small")
    change(company.anna, available=False)
    change(company.bruno, available=False)
    call = company.call()
    assert call.step.recipient == f"queue:{company.sales.id}"
    assert "the plan has no overflow to another group: voicemail instead" in str(call.trace)
    refused = [one for one in call.trace if one.get("feature") == "queue.overflow"]
    assert [one["reason"] for one in refused] == ["not-in-plan"]


def test_waiting_then_another_group(company, hold):
    support = make_group(company, "Support", OUTSIDE)
    change(company.sales, after_wait="queue", no_answer_group=support, wait_minutes=1)
    change(company.anna, available=False)
    change(company.bruno, available=False)
    call = company.call()
    while waits(call):
        call.waited()
    assert call.rings == [f"number:{OUTSIDE}"]


# --- Who rejected (mikopbx/Core#1043) ---


def test_who_rejected_is_not_rung_again_in_another_group(company):
    """mikopbx/Core#1043: a rejected call rings again."""
    support = make_group(company, "Support", company.anna, company.bruno, strategy="order")
    change(company.sales, strategy="order", no_answer="queue", no_answer_group=support)
    call = company.call()
    call.no_answer(RingOutcome.DECLINED)
    call.no_answer()
    assert call.rings == keys(company.bruno)
    assert "Anna (refused this call)" in str(call.trace)


def test_who_rejected_is_not_rung_again_by_the_no_answer_rule(company):
    """mikopbx/Core#1043, for "own phones" and for a given number that is theirs."""
    change(company.bruno, available=False)
    change(company.anna, mobile="+393401112233")
    for rule in (
        {"no_answer": "phone", "no_answer_employee": company.anna},
        {"no_answer": "number", "no_answer_number": "+393401112233"},
    ):
        change(company.sales, **rule)
        call = company.call()
        call.no_answer(RingOutcome.DECLINED)
        assert call.step.recipient == f"queue:{company.sales.id}"
        assert "refused this call: voicemail instead" in str(call.trace)
        company.kit.clock.forward(seconds=60)


def test_who_rejected_is_not_rung_again_while_the_caller_waits(company, hold):
    """mikopbx/Core#1043, with hold and wait: the rest after which others are rung again."""
    change(company.sales, strategy="order", wait_minutes=5)
    call = company.call()
    call.no_answer(RingOutcome.DECLINED)
    for _ in range(3):
        assert call.rings == keys(company.bruno)
        call.no_answer()
        while waits(call):
            call.waited()


def test_all_rejected_is_the_no_answer_rule(company):
    change(company.sales, rounds=5)
    call = company.call()
    call.no_answer(RingOutcome.DECLINED)
    call.no_answer(RingOutcome.BUSY)
    assert isinstance(call.step, api.TakeMessage)
