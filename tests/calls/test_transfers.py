"""Transfers from an employee's phone: blind ones with their recall, and talks handed over."""

from __future__ import annotations

import pytest

from core.api import Hangup, Phone, RingOutcome, TakeMessage
from plugins.queue.models import GroupRow


@pytest.fixture
def company(centralino):
    """Two employees and a number that rings the first."""
    made = centralino.company("professional")
    made.people = [made.employee("101"), made.employee("102")]
    made.profile("extension", greeting=True, dial_extension=True)
    for name in ("recording", "quality_rating", "workhours"):
        made.profile(name, on=False)
    return made


@pytest.fixture
def call(company):
    """A caller who talks to 101."""
    made = company.call()
    made.press("101")
    made.answered()
    return made


def column(call, names):
    return call.company.kit.app.store.row(f"SELECT {names} FROM calls WHERE ref = ?", (call.ref,))


def open_legs(call):
    return call.company.kit.app.store.row(
        "SELECT count(*) FROM call_legs l JOIN calls c ON c.id = l.call_id"
        " WHERE c.ref = ? AND l.ended_at IS NULL",
        (call.ref,),
    )[0]


def talks(call):
    found = call.company.kit.app.journal.by_id(column(call, "id")[0])
    return [(talk.employee, talk.seconds) for talk in found.state.talks()]


def key(employee):
    return f"employee:{employee.id}"


def test_a_blind_transfer_rings_the_extension_and_both_talks_are_kept(company, call):
    anna, ben = company.people
    call.transferred("102", seconds=30)
    assert call.rings == [key(ben)]
    call.answered()
    call.talked(20)
    assert isinstance(call.step, Hangup)
    assert call.outcome == "answered"
    assert talks(call) == [(anna.id, 30), (ben.id, 20)]
    assert column(call, "employee_id, talk_seconds") == (ben.id, 50)
    assert open_legs(call) == 0


def test_the_one_who_transferred_is_free_meanwhile(company, call):
    anna, _ = company.people
    assert company.kit.app.journal.busy(company.account.id, 0) == {anna.id}
    call.transferred("102")
    assert anna.id not in company.kit.app.journal.busy(company.account.id, 0)


def test_nobody_there_rings_the_one_who_transferred_once(company, call):
    anna, _ = company.people
    call.transferred("102")
    call.no_answer()
    assert call.rings == [key(anna)]
    call.no_answer()
    assert isinstance(call.step, Hangup)
    assert call.outcome == "answered"
    assert {one["stage"] for one in call.trace} >= {"transfer", "recall"}


def test_who_takes_the_call_back_may_transfer_it_again(company, call):
    anna, ben = company.people
    call.transferred("102")
    call.no_answer()
    call.answered()
    call.transferred("102")
    assert call.rings == [key(ben)]
    call.no_answer()
    assert call.rings == [key(anna)]


def test_an_unknown_extension_comes_back_at_once(company, call):
    call.transferred("999")
    assert call.rings == [key(company.people[0])]


def test_a_number_outside_is_rung_and_the_call_stays_answered(company, call):
    call.transferred("347 000 1112")
    (leg,) = call.order.legs
    assert leg.target == Phone("+393470001112")
    call.answered()
    call.talked(20)
    assert call.outcome == "answered"
    assert column(call, "talk_seconds") == (80,)


def test_the_guard_looks_at_transfers(company, call):
    call.transferred("+12025550123")
    assert call.rings == [key(company.people[0])]
    assert any(one["stage"] == "guard" for one in call.trace)


def test_help_is_reached_by_a_transfer_whatever_extension_has_its_number(company, call):
    company.employee("112")
    call.transferred("112")
    assert [leg.target for leg in call.order.legs] == [Phone("112")]


def test_a_message_left_there_is_no_reason_to_ring_back(company, call):
    columns = {"name": "Sales", "extension": "300", "no_answer": "voicemail"}
    GroupRow.create(account=company.account, **columns)
    call.transferred("300")
    assert isinstance(call.step, TakeMessage)
    call.left_message(8)
    assert isinstance(call.step, Hangup)
    assert call.outcome == "answered"


def test_calls_that_are_sent_round_in_circles_end(company, call):
    for _ in range(30):
        call.transferred("102" if len(talks(call)) % 2 else "101", seconds=1)
        if isinstance(call.step, Hangup):
            break
        call.answered()
    assert isinstance(call.step, Hangup)
    assert call.outcome == "answered"
    assert open_legs(call) == 0


def test_the_caller_may_hang_up_while_the_transfer_rings(company, call):
    call.transferred("102")
    call.hang_up()
    call.no_answer(RingOutcome.FAILED)
    assert call.outcome == "answered"
    assert open_legs(call) == 0


def test_an_attended_transfer_hands_the_talk_over(company, call):
    anna, ben = company.people
    busy = company.kit.app.journal.busy
    call.handed_over(ben.id, after=40)
    assert busy(company.account.id, 0) == {ben.id}
    call.handed_over(number="+393470001112", after=20)
    assert busy(company.account.id, 0) == frozenset()
    call.talked(0)
    assert talks(call) == [(anna.id, 40), (ben.id, 20), (None, 0)]
    assert open_legs(call) == 0


def test_the_seconds_of_a_talk_that_was_handed_over_are_not_counted_twice(company, call):
    anna, ben = company.people
    call.handed_over(ben.id, after=40)
    call.transferred("101", seconds=60)
    assert talks(call) == [(anna.id, 40), (ben.id, 20)]
    call.no_answer()
    assert call.rings == [key(ben)]


def test_a_hand_over_that_is_told_twice_or_too_late_changes_nothing(company, call):
    _, ben = company.people
    call.handed_over(ben.id, after=40)
    call.handed_over(ben.id, after=0)
    assert len(talks(call)) == 1
    ring = call.order
    call.talked(60)
    before = talks(call)
    call.orders.append(ring)
    call.handed_over(ben.id, after=5)
    assert talks(call) == before


def test_the_caller_hangs_up_and_nobody_tells_how_the_talk_went(company, call):
    anna, ben = company.people
    call.handed_over(ben.id, after=40)
    company.kit.clock.forward(seconds=20)
    call.hang_up()
    company.kit.jobs(seconds=60)
    assert talks(call) == [(anna.id, 40), (ben.id, 20)]
    assert call.outcome == "answered"
    assert open_legs(call) == 0
