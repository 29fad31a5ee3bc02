"""Whom a call rings, and how each way of not answering is told."""

from __future__ import annotations

import pytest

from tests.live import sipp
from tests.live.office import Office
from tests.live.sound import ANNA, BRUNO, CALLER, HOLD, OUTSIDE
from tests.live.stack import Stack
from tests.live.waiting import until


def test_all_phones_ring_and_the_first_to_answer_has_the_call(stack: Stack, office: Office) -> None:
    office.group(office.anna, office.bruno, strategy="all")
    office.tones(seconds=4, ringback=HOLD)
    anna = stack.telephone(office.anna, ANNA, answers=False)
    bruno = stack.telephone(office.bruno, BRUNO, answers=False)
    caller = stack.caller(office, "+393331000021")
    caller.dial(office.number)
    anna.wait("CALL_INCOMING")
    bruno.wait("CALL_INCOMING")
    until(lambda: caller.heard().heard(HOLD) > 1, "the caller hears how it rings")
    assert not caller.happened("CALL_ESTABLISHED"), "nobody has answered"
    bruno.do("accept")
    caller.wait("CALL_ESTABLISHED")
    anna.wait("CALL_CLOSED")
    until(lambda: bruno.heard().heard(CALLER) > 1, "Bruno hears the caller")
    caller.hang_up()
    call = stack.installation.call("+393331000021")
    row = call.ended()
    assert (row.outcome, row.employee_id) == ("answered", office.bruno.id)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("486 Busy Here", "busy"),
        ("603 Decline", "declined"),
        ("480 Temporarily Unavailable", "no-answer"),
        ("500 Server Internal Error", "failed"),
    ],
)
def test_who_refuses_is_told_apart_and_the_next_is_rung(
    stack: Stack, office: Office, status: str, told: str
) -> None:
    office.group(office.anna, office.bruno)
    number = f"+393331001{status[:3]}"
    stack.scripted(office.anna, sipp.refuses(status))
    stack.telephone(office.bruno, BRUNO)
    caller = stack.caller(office, number)
    caller.dial(office.number)
    until(lambda: caller.heard().heard(BRUNO) > 0.5, "the caller hears Bruno")
    caller.hang_up()
    call = stack.installation.call(number)
    assert call.ended().employee_id == office.bruno.id
    assert call.legs()[0] == (office.anna.id, told)


def test_nobody_answers_and_nobody_is_registered(stack: Stack, office: Office) -> None:
    office.group(office.anna, office.bruno)
    anna = stack.scripted(office.anna, sipp.is_silent())
    caller = stack.caller(office, "+393331000023")
    caller.dial(office.number)
    anna.wait()
    call = stack.installation.call("+393331000023")
    assert call.ended().outcome == "missed"
    assert call.legs() == [(office.anna.id, "no-answer"), (office.bruno.id, "failed")]
    caller.wait("CALL_CLOSED")


def test_the_desk_first_then_the_mobile_which_must_press_1(stack: Stack, office: Office) -> None:
    office.anna.mobile = "+393481112233"
    office.anna.save()
    office.profile("extension", seconds=5, no_answer="phone", greeting=True, dial_extension=True)
    desk = stack.telephone(office.anna, ANNA, answers=False)
    mobile = stack.outside(office, "+393481112233")
    caller = stack.caller(office, "+393331000024")
    caller.dial(office.number)
    until(lambda: caller.heard().loud() > 0.3, "the caller hears the greeting")
    for key in "101":
        caller.press(key)
    desk.wait("CALL_INCOMING")
    desk.wait("CALL_CLOSED")
    mobile.wait("CALL_ESTABLISHED")
    until(lambda: mobile.heard().seconds > 2, "the mobile hears the question")
    assert mobile.heard().heard(CALLER, 0.9) == 0, "not connected before 1 is pressed"
    mobile.press("1")
    until(lambda: mobile.heard().heard(CALLER) > 1, "the mobile hears the caller")
    until(lambda: caller.heard().heard(OUTSIDE) > 1, "the caller hears the mobile")
    mobile.hang_up()
    call = stack.installation.call("+393331000024")
    row = call.ended()
    assert (row.outcome, row.employee_id) == ("answered", office.anna.id)
    assert [ring for _, ring in call.legs()] == ["no-answer", "answered"]
    office.anna.mobile = ""
    office.anna.save()


def test_a_mobile_that_does_not_press_1_has_not_answered(stack: Stack, office: Office) -> None:
    office.group("+393481112244", no_answer="hangup")
    mobile = stack.outside(office, "+393481112244")
    caller = stack.caller(office, "+393331000025")
    caller.dial(office.number)
    mobile.wait("CALL_ESTABLISHED")
    mobile.wait("CALL_CLOSED")
    caller.wait("CALL_CLOSED")
    call = stack.installation.call("+393331000025")
    assert call.ended().outcome == "missed"
    assert not caller.happened("CALL_ESTABLISHED")


def test_the_caller_gives_up_and_the_phone_stops_ringing(stack: Stack, office: Office) -> None:
    office.group(office.anna, rings=4)
    anna = stack.telephone(office.anna, ANNA, answers=False)
    caller = stack.caller(office, "+393331000026")
    caller.dial(office.number)
    anna.wait("CALL_INCOMING")
    caller.hang_up()
    anna.wait("CALL_CLOSED")
    call = stack.installation.call("+393331000026")
    assert call.ended().outcome == "missed"
