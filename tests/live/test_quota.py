"""The hundred-and-first recording of a month on the plan ``free`` (Q4): the call goes on without
recording and without notice."""

from __future__ import annotations

import pytest

from tests.live.office import Office
from tests.live.sound import ANNA, CALLER, NOTICE
from tests.live.stack import Stack
from tests.live.waiting import until

UNIT = "recording.monthly_calls"


@pytest.mark.parametrize(("used", "recorded"), [(99, True), (100, False)])
def test_the_last_unit_and_the_one_after_it(
    stack: Stack, free_office: Office, used: int, recorded: bool
) -> None:
    office, number = free_office, f"+39333100{used:04d}"
    stack.installation.use_units(office.account, UNIT, used)
    office.group(office.anna)
    office.tones(notice=NOTICE)
    office.profile("recording", record_all=True, consent="notice")
    anna = stack.telephone(office.anna, ANNA)
    caller = stack.caller(office, number)
    caller.dial(office.number)
    until(lambda: anna.heard().heard(CALLER) > 2, "Anna hears the caller")
    assert (caller.heard().heard(NOTICE) > 0.5) is recorded, caller.heard().says()
    call = stack.installation.call(number)
    stack.check_recording(call, recorded)
    caller.hang_up()
    assert call.ended().outcome == "answered"
    if recorded:
        assert call.file().stat().st_size > 16_000
    assert stack.installation.units_left(office.account, UNIT) == 0
