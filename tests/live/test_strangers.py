"""What a hostile caller or a careless account can write reaches no dialplan and nobody's phone."""

from __future__ import annotations

import pytest

from tests.live import sipp
from tests.live.office import Office
from tests.live.sound import ANNA, BRUNO, PROMPT
from tests.live.stack import Stack
from tests.live.waiting import until

AT = "@[local_ip]:[local_port]>"


@pytest.mark.parametrize(
    "caller",
    [
        f'"Anna, \\"the boss\\"; ${{SHELL(id)}}" <sip:+393331000091{AT}',
        f'"Анна 🙂" <sip:+393331000091{AT}',
        f"<sip:anna.bianchi{AT}",
        f"<sip:{'9' * 60}{AT}",
        f"<sip:$%7BEXTEN%7D{AT}",
    ],
)
def test_whatever_a_caller_is_called_the_call_is_taken(
    stack: Stack, office: Office, caller: str
) -> None:
    office.menu(PROMPT)
    before = stack.installation.count(office.account)
    calls = sipp.calls(office.number, caller, milliseconds=300)
    stack.scripted_caller(office, calls).wait()
    until(lambda: stack.installation.count(office.account) == before + 1, "one record")
    row = stack.installation.latest(office.account).ended()
    assert row.caller in ("", "+393331000091")


@pytest.mark.parametrize("to", ["102,evil", "102&103", "$%7BEXTEN%7D", "x" * 200])
def test_whatever_stands_in_the_to_header_the_call_is_taken(
    stack: Stack, office: Office, to: str
) -> None:
    office.menu(PROMPT)
    calls = sipp.calls(office.number, "+393331000092", to=to, milliseconds=300)
    stack.scripted_caller(office, calls).wait()
    assert stack.installation.call("+393331000092").ended().outcome == "abandoned"


def test_nobody_reaches_another_companys_phone(
    stack: Stack, office: Office, free_office: Office
) -> None:
    """An employee whose SIP address is somebody else's phone; and a call to their extension."""
    theirs = stack.telephone(free_office.anna, ANNA, answers=False)
    bruno = stack.telephone(office.bruno, BRUNO)
    own, office.carla.sip = office.carla.sip, free_office.anna.sip
    office.carla.save()
    group = office.group(office.carla, office.bruno)
    caller = stack.caller(office, "+393331000093")
    caller.dial(office.number)
    until(lambda: caller.heard().heard(BRUNO) > 0.5, "the caller hears Bruno")
    bruno.dial(f"employee-{free_office.anna.id}")
    caller.hang_up()
    stack.installation.call("+393331000093").ended()
    until(lambda: len(bruno.happened("CALL_CLOSED")) == 2, "both calls of Bruno's are over")
    assert not theirs.happened("CALL_INCOMING")
    office.carla.sip = own
    office.carla.save()
    group.delete_instance(recursive=True)


def test_who_is_no_provider_and_no_phone_gets_nowhere(stack: Stack, office: Office) -> None:
    before = stack.installation.count(office.account)
    stranger = stack.stranger(sipp.is_refused(office.number, 401, "+393331000094"))
    stranger.wait()
    assert stack.installation.count(office.account) == before
