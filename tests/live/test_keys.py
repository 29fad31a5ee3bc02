"""Keys: they stop a prompt, and both timers run as the menu says (R4)."""

from __future__ import annotations

from tests.live.office import Office
from tests.live.phone import Phone
from tests.live.sound import ANNA, PROMPT
from tests.live.stack import Stack
from tests.live.waiting import until


def test_a_key_stops_the_prompt(stack: Stack, office: Office) -> None:
    office.menu(PROMPT, seconds=20, _1=f"employee:{office.anna.id}")
    anna = stack.telephone(office.anna, ANNA)
    caller = stack.caller(office, "+393331000011")
    caller.dial(office.number)
    until(lambda: caller.heard().heard(PROMPT) > 1, "the caller hears the menu")
    caller.press("1")
    until(lambda: caller.heard().heard(ANNA) > 0.5, "the caller hears Anna")
    assert caller.heard().heard(PROMPT) < 15, "the prompt of 20 seconds was stopped"
    anna.hang_up()
    caller.wait("CALL_CLOSED")


def test_the_first_key_is_waited_for_from_the_end_of_the_prompt(
    stack: Stack, office: Office
) -> None:
    menu = office.menu(PROMPT, seconds=2, _1=f"employee:{office.anna.id}")
    menu.first_seconds, menu.no_input_to = 8, f"employee:{office.bruno.id}"
    menu.save()
    bruno = stack.telephone(office.bruno, ANNA, answers=False)
    caller = stack.caller(office, "+393331000012")
    caller.dial(office.number)
    bruno.wait("CALL_INCOMING")
    call = stack.installation.call("+393331000012")
    times = call.times()
    waited = (times["step-1"] - times["arrived"]).total_seconds()
    assert waited > 9.5, "the prompt, then the timer: not the five seconds of other menus"
    caller.hang_up()
    assert call.ended().outcome in ("missed", "abandoned")


def test_keys_after_each_other_and_a_pause_that_ends_them(stack: Stack, office: Office) -> None:
    """Extensions of four keys at most are dialled with three; the pause says that it was all."""
    office.profile("extension", greeting=True, dial_extension=True)
    office.tones(seconds=6, greeting=PROMPT)
    anna = stack.telephone(office.anna, ANNA)
    caller = stack.caller(office, "+393331000013")
    caller.dial(office.number)
    until(lambda: caller.heard().heard(PROMPT) > 0.5, "the caller hears the greeting")
    press(caller, "101")
    until(lambda: caller.heard().heard(ANNA) > 0.5, "the caller hears Anna")
    call = stack.installation.call("+393331000013")
    assert call.legs() == [(office.anna.id, None)]
    anna.hang_up()
    assert call.ended().employee_id == office.anna.id


def press(phone: Phone, keys: str) -> None:
    """Keys one after the other, as fingers do it."""
    for key in keys:
        phone.press(key)
