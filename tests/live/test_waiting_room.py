"""A caller who waits for somebody who talks, hears music, and is picked up."""

from __future__ import annotations

from tests.live.office import Office
from tests.live.sound import ANNA, CALLER, HOLD
from tests.live.stack import Stack
from tests.live.waiting import until


def test_waiting_with_music_until_somebody_is_free(stack: Stack, office: Office) -> None:
    office.group(office.anna, no_answer="wait")
    office.tones(seconds=4, waiting=HOLD)
    anna = stack.telephone(office.anna, ANNA)
    first = stack.caller(office, "+393331000061")
    second = stack.caller(office, "+393331000062", place=1)
    first.dial(office.number)
    until(lambda: anna.heard().heard(CALLER) > 0.5, "Anna talks with the first")
    second.dial(office.number)
    until(lambda: second.heard().heard(HOLD) > 6, "the second hears the music again and again")
    first.hang_up()
    anna.wait("CALL_CLOSED")
    until(lambda: second.heard().heard(ANNA) > 1, "the second hears Anna")
    second.hang_up()
    assert stack.installation.call("+393331000061").ended().outcome == "answered"
    row = stack.installation.call("+393331000062").ended()
    assert (row.outcome, row.employee_id) == ("answered", office.anna.id)


def test_a_caller_who_waits_can_leave(stack: Stack, office: Office) -> None:
    office.group(office.anna, no_answer="wait")
    office.tones(seconds=4, waiting=HOLD)
    caller = stack.caller(office, "+393331000063")
    caller.dial(office.number)
    until(lambda: caller.heard().heard(HOLD) > 1, "the caller hears the music")
    caller.hang_up()
    row = stack.installation.call("+393331000063").ended()
    assert row.outcome in ("missed", "abandoned")
