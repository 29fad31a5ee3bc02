"""A caller is asked whether the call may be recorded (Q3), and answers with a key or with none."""

from __future__ import annotations

import pytest

from core.calls.tables import RecordingRow
from tests.live.office import Office
from tests.live.sound import ANNA, CALLER, read
from tests.live.stack import Stack
from tests.live.waiting import until


@pytest.mark.parametrize(
    ("consent", "key", "recorded"),
    [("opt-in", "1", True), ("opt-in", "", False), ("opt-out", "1", False), ("opt-out", "", True)],
)
def test_what_is_recorded_is_what_the_caller_agreed_to(
    stack: Stack, office: Office, consent: str, key: str, recorded: bool
) -> None:
    number = f"+3933310002{consent == 'opt-in':d}{bool(key):d}"
    office.group(office.anna)
    office.profile("recording", record_all=True, consent=consent, key="1", dual_channel=True)
    anna = stack.telephone(office.anna, ANNA)
    caller = stack.caller(office, number)
    caller.dial(office.number)
    until(lambda: caller.heard().loud() > 0.5, "the caller is asked")
    assert not anna.happened("CALL_INCOMING"), "nobody is rung before the answer"
    if key:
        caller.press(key)
    until(lambda: anna.heard().heard(CALLER) > 2, "Anna hears the caller")
    call = stack.installation.call(number)
    stack.check_recording(call, recorded)
    caller.hang_up()
    assert call.ended().outcome == "answered"
    if recorded:
        said_by_caller, said_by_anna = read(call.file())
        assert said_by_caller.heard(CALLER) > 1, said_by_caller.says()
        assert said_by_anna.heard(ANNA) > 1, said_by_anna.says()
    stack.pbx.wait_empty()
    stored = (RecordingRow.call == call.id) & (RecordingRow.status == "stored")
    assert RecordingRow.select().where(stored).count() == recorded
