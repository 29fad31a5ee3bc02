"""Calls that leave the company: forwarded, dialled by employees; and calls between employees."""

from __future__ import annotations

import pytest

from tests.live import sipp
from tests.live.office import Office
from tests.live.sound import ANNA, BRUNO, CALLER, OUTSIDE
from tests.live.stack import Stack
from tests.live.waiting import until

MOBILE = "+393487770001"


@pytest.mark.parametrize("shown", ["rented", "caller"])
def test_a_forwarded_call_shows_the_right_number(stack: Stack, office: Office, shown: str) -> None:
    number = {"rented": "+393331000041", "caller": "+393331000042"}[shown]
    office.menu(OUTSIDE, seconds=10, _1=f"number:{MOBILE}")
    office.profile("forward", show_caller=shown == "caller")
    outside = stack.scripted_outside(office, sipp.answers())
    caller = stack.caller(office, number)
    caller.dial(office.number)
    until(lambda: caller.heard().heard(OUTSIDE) > 0.3, "the caller hears the menu")
    caller.press("1")
    until(lambda: outside.header("From"), "the mobile is called")
    expected = {"rented": office.number, "caller": number}[shown]
    assert f"sip:{expected}@" in outside.header("From")
    assert f"sip:{MOBILE}@" in outside.messages()
    until(lambda: stack.installation.call(number).row.answered_at, "the mobile answers")
    caller.hang_up()
    outside.wait()
    assert stack.installation.call(number).ended().outcome == "forwarded"


def test_an_employee_calls_the_outside(stack: Stack, office: Office) -> None:
    anna = stack.telephone(office.anna, ANNA)
    outside = stack.outside(office, MOBILE)
    anna.dial("0039" + MOBILE.removeprefix("+39"))
    peer = outside.wait("CALL_ESTABLISHED")["peeruri"]
    assert f"sip:{office.number}@" in peer, "the company's number is shown"
    until(lambda: outside.heard().heard(ANNA) > 1.5, "the outside hears Anna")
    until(lambda: anna.heard().heard(OUTSIDE) > 1.5, "Anna hears the outside")
    outside.hang_up()
    anna.wait("CALL_CLOSED")
    row = stack.installation.latest(office.account).ended()
    assert (row.direction, row.called, row.outcome) == ("outgoing", MOBILE, "answered")
    assert row.employee_id == office.anna.id
    assert 1 <= row.talk_seconds <= (row.ended_at - row.started_at).total_seconds()


def test_an_outside_number_that_is_busy(stack: Stack, office: Office) -> None:
    anna = stack.telephone(office.anna, ANNA)
    outside = stack.scripted_outside(office, sipp.refuses("486 Busy Here"))
    anna.dial(MOBILE)
    outside.wait()
    assert anna.wait("CALL_CLOSED")["param"].startswith("486")
    assert not anna.happened("CALL_ESTABLISHED")
    row = stack.installation.latest(office.account).ended()
    assert (row.direction, row.outcome) == ("outgoing", "missed")


def test_a_call_between_two_employees(stack: Stack, office: Office) -> None:
    anna = stack.telephone(office.anna, ANNA)
    bruno = stack.telephone(office.bruno, BRUNO)
    anna.dial("102")
    until(lambda: bruno.heard().heard(ANNA) > 1, "Bruno hears Anna")
    until(lambda: anna.heard().heard(BRUNO) > 1, "Anna hears Bruno")
    anna.hang_up()
    bruno.wait("CALL_CLOSED")
    row = stack.installation.latest(office.account).ended()
    assert (row.direction, row.outcome) == ("internal", "answered")


def test_an_employees_call_to_a_forbidden_number_is_refused(stack: Stack, office: Office) -> None:
    anna = stack.telephone(office.anna, ANNA)
    anna.dial("+882349999999")
    anna.wait("CALL_CLOSED")
    assert not anna.happened("CALL_ESTABLISHED")


def test_everybody_hears_only_their_own_call(stack: Stack, office: Office) -> None:
    """Two talks at once in one company: nobody hears the other pair."""
    office.group(office.anna)
    anna, bruno = stack.telephone(office.anna, ANNA), stack.telephone(office.bruno, BRUNO)
    caller = stack.caller(office, "+393331000043")
    outside = stack.outside(office, MOBILE)
    caller.dial(office.number)
    bruno.dial(MOBILE)
    until(lambda: outside.heard().heard(BRUNO) > 1.5, "the outside hears Bruno")
    until(lambda: anna.heard().heard(CALLER) > 1.5, "Anna hears the caller")
    for phone, other in ((anna, BRUNO), (anna, OUTSIDE), (outside, CALLER), (outside, ANNA)):
        assert phone.heard().heard(other, 0.1) == 0, phone.heard().says()
    caller.hang_up()
    bruno.hang_up()
    assert stack.installation.call("+393331000043").ended().outcome == "answered"
