"""What an employee does with a call from the telephone itself: hold it, hand it over."""

from __future__ import annotations

import pytest

from core.calls.tables import CallRow
from tests.live import sipp
from tests.live.office import Office
from tests.live.phone import Phone
from tests.live.sound import ANNA, BRUNO, CALLER, HOLD, OUTSIDE, PROMPT, write_alaw
from tests.live.stack import Stack
from tests.live.waiting import until


@pytest.fixture
def anna(stack: Stack, office: Office) -> Phone:
    """Anna's telephone, which takes the calls of the number."""
    office.group(office.anna)
    return stack.telephone(office.anna, ANNA)


def talking(stack: Stack, office: Office, anna: Phone, number: str) -> Phone:
    """A caller who talks with Anna."""
    caller = stack.caller(office, number)
    caller.dial(office.number)
    until(lambda: anna.heard().heard(CALLER) > 0.5, "Anna hears the caller")
    return caller


def hear_each_other(bruno: Phone, other: Phone, hertz: int) -> None:
    """Bruno talks with somebody who says this tone."""
    until(lambda: bruno.heard().heard(hertz) > 1, f"Bruno hears {hertz}")
    until(lambda: other.heard().heard(BRUNO) > 1, f"who says {hertz} hears Bruno")


def consult(stack: Stack, anna: Phone, bruno: Phone) -> None:
    """Anna asks Bruno, and hands over to him whom she has talked with."""
    first = anna.call
    anna.dial("102")
    until(lambda: bruno.heard().heard(ANNA) > 1, "Bruno hears Anna")
    anna.hand_over(first, stack.pbx.dialog(anna.call))


def test_hold_and_back(stack: Stack, office: Office) -> None:
    office.group(office.anna)
    tone = write_alaw(stack.folder / "anna.alaw", ANNA, 60)
    anna = stack.scripted(office.anna, sipp.holds(tone))
    caller = stack.caller(office, "+393331000051")
    caller.dial(office.number)
    until(lambda: caller.heard().heard(ANNA) > 1, "the caller hears Anna")
    until(lambda: caller.heard().heard(HOLD) > 2, "the caller hears the music of the hold")
    assert caller.heard().last(1).heard(ANNA) == 0, caller.heard().says()
    before = caller.heard().heard(ANNA)
    until(lambda: caller.heard().heard(ANNA) > before + 1, "the caller hears Anna again")
    assert caller.heard().last(0.5).heard(HOLD) == 0, caller.heard().says()
    caller.hang_up()
    anna.wait()
    assert stack.installation.call("+393331000051").ended().outcome == "answered"


def test_a_number_has_its_own_music_on_hold(stack: Stack, office: Office) -> None:
    """Not its account's (M2), as soon as Asterisk has been told."""
    group = office.group(office.anna)
    office.profile("queue", office.spare, group=f"queue:{group.id}")
    office.profile("melodies", office.spare, hold=office.sound(PROMPT, 5))
    stack.configure("--reload")
    anna = stack.scripted(office.anna, sipp.holds(write_alaw(stack.folder / "anna.alaw", ANNA, 60)))
    caller = stack.caller(office, "+393331000057")
    caller.dial(office.spare.number)
    until(lambda: caller.heard().heard(PROMPT) > 2, "the caller hears the number's own music")
    assert caller.heard().heard(HOLD) == 0, caller.heard().says()
    before = caller.heard().heard(ANNA)
    until(lambda: caller.heard().heard(ANNA) > before + 1, "the caller hears Anna again")
    caller.hang_up()
    anna.wait()


def test_blind_transfer_to_an_extension(stack: Stack, office: Office, anna: Phone) -> None:
    bruno = stack.telephone(office.bruno, BRUNO)
    caller = talking(stack, office, anna, "+393331000052")
    anna.do("transfer", f"sip:102@{stack.pbx.address}")
    anna.wait("CALL_CLOSED")
    hear_each_other(bruno, caller, CALLER)
    bruno.hang_up()
    call = stack.installation.call("+393331000052")
    row = call.ended()
    assert row.outcome == "answered"
    assert [who for who, _ in call.legs()] == [office.anna.id, office.bruno.id]


def test_blind_transfer_to_an_outside_number(stack: Stack, office: Office, anna: Phone) -> None:
    outside = stack.outside(office, "+393487770002")
    caller = talking(stack, office, anna, "+393331000053")
    anna.do("transfer", f"sip:+393487770002@{stack.pbx.address}")
    anna.wait("CALL_CLOSED")
    until(lambda: outside.heard().heard(CALLER) > 1, "the outside hears the caller")
    until(lambda: caller.heard().heard(OUTSIDE) > 1, "the caller hears the outside")
    caller.hang_up()
    outside.wait("CALL_CLOSED")
    assert stack.installation.call("+393331000053").ended().outcome == "answered"


def test_blind_transfer_to_nobody_comes_back(stack: Stack, office: Office, anna: Phone) -> None:
    caller = talking(stack, office, anna, "+393331000054")
    anna.do("transfer", f"sip:103@{stack.pbx.address}")
    anna.wait("CALL_CLOSED")
    anna.wait("CALL_ESTABLISHED")
    until(lambda: anna.heard().heard(CALLER) > 1, "Anna hears the caller again")
    caller.hang_up()
    call = stack.installation.call("+393331000054")
    assert call.ended().outcome == "answered"
    anna.wait("CALL_CLOSED")


def test_attended_transfer(stack: Stack, office: Office, anna: Phone) -> None:
    bruno = stack.telephone(office.bruno, BRUNO)
    caller = talking(stack, office, anna, "+393331000055")
    consult(stack, anna, bruno)
    hear_each_other(bruno, caller, CALLER)
    until(lambda: len(anna.happened("CALL_CLOSED")) == 2, "both calls of Anna's are over")
    caller.hang_up()
    bruno.wait("CALL_CLOSED")
    call = stack.installation.call("+393331000055")
    row = call.ended()
    assert (row.outcome, row.employee_id) == ("answered", office.bruno.id)
    stack.pbx.wait_empty()


MOBILE = "+393487770004"


def talking_outside(stack: Stack, office: Office) -> tuple[Phone, Phone]:
    """Anna, who has called somebody outside, and whom she talks with."""
    anna, outside = stack.telephone(office.anna, ANNA), stack.outside(office, MOBILE)
    anna.dial(MOBILE)
    until(lambda: outside.heard().heard(ANNA) > 0.5, "the outside hears Anna")
    return anna, outside


def test_who_has_called_out_hands_the_other_over_blind(stack: Stack, office: Office) -> None:
    bruno = stack.telephone(office.bruno, BRUNO)
    anna, outside = talking_outside(stack, office)
    anna.do("transfer", f"sip:102@{stack.pbx.address}")
    anna.wait("CALL_CLOSED")
    hear_each_other(bruno, outside, OUTSIDE)
    bruno.hang_up()
    outside.wait("CALL_CLOSED")
    call = stack.installation.latest(office.account)
    row = call.ended()
    assert (row.direction, row.called, row.outcome) == ("outgoing", MOBILE, "answered")
    assert call.legs()[-1][0] == office.bruno.id
    stack.pbx.wait_empty()


def test_who_has_called_out_asks_a_colleague_and_hands_the_other_over(
    stack: Stack, office: Office
) -> None:
    bruno = stack.telephone(office.bruno, BRUNO)
    anna, outside = talking_outside(stack, office)
    consult(stack, anna, bruno)
    hear_each_other(bruno, outside, OUTSIDE)
    until(lambda: len(anna.happened("CALL_CLOSED")) == 2, "both calls of Anna's are over")
    outside.hang_up()
    bruno.wait("CALL_CLOSED")
    stack.pbx.wait_empty()
    rows = CallRow.select().where(CallRow.account == office.account, CallRow.called == MOBILE)
    outgoing = rows.order_by(CallRow.id.desc()).get()
    assert (outgoing.direction, outgoing.outcome) == ("outgoing", "answered")
    assert outgoing.ended_at
