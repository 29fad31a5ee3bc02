"""Calls that meet nobody: voicemail, closed hours, refusals, and what the caller is told in SIP."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from plugins.blocklist.models import EntryRow, Gets
from plugins.workhours.models import ScheduleRow
from tests.live import sipp
from tests.live.office import Office
from tests.live.sound import CALLER, PROMPT, SECOND_PROMPT, read
from tests.live.stack import Stack
from tests.live.waiting import until


def test_nobody_answers_and_a_message_is_left(stack: Stack, office: Office) -> None:
    office.group(office.anna, no_answer="voicemail")
    office.tones(voicemail=PROMPT)
    caller = stack.caller(office, "+393331000031")
    caller.dial(office.number)
    until(lambda: caller.heard().heard(PROMPT) > 1, "the caller hears the voicemail's prompt")
    call = stack.installation.call("+393331000031")
    until(lambda: stack.pbx.recorded(call.row.token) > 4, "the caller speaks")
    caller.hang_up()
    assert call.ended().outcome == "voicemail"
    message = call.recording()
    assert (message.kind, message.channels) == ("message", 1)
    (said,) = read(call.file())
    assert said.heard(CALLER, 0.9) > 2, said.says()
    assert said.heard(PROMPT) == 0, "the prompt is no part of the message"
    stack.pbx.wait_empty()


@pytest.fixture
def closed(office: Office) -> ScheduleRow:
    """A schedule that never opens."""
    row, _ = ScheduleRow.get_or_create(account=office.account, name="Never")
    return row


def test_closed_hours_are_told_and_the_call_ends(
    stack: Stack, office: Office, closed: ScheduleRow
) -> None:
    office.profile("workhours", schedule=f"schedule:{closed.id}", outside="hang-up")
    office.tones(outside_hours=SECOND_PROMPT)
    caller = stack.caller(office, "+393331000032")
    caller.dial(office.number)
    caller.wait("CALL_ESTABLISHED")
    caller.wait("CALL_CLOSED")
    assert caller.heard().heard(SECOND_PROMPT) > 0.7, caller.heard().says()
    assert stack.installation.call("+393331000032").ended().outcome == "closed"


def test_closed_hours_can_refuse_before_answering(
    stack: Stack, office: Office, closed: ScheduleRow
) -> None:
    office.profile("workhours", schedule=f"schedule:{closed.id}", outside="reject")
    caller = stack.caller(office, "+393331000033")
    caller.dial(office.number)
    assert caller.wait("CALL_CLOSED")["param"].startswith("403")
    assert not caller.happened("CALL_ESTABLISHED")
    assert stack.installation.call("+393331000033").ended().outcome == "closed"


@pytest.mark.parametrize(("gets", "status"), [(Gets.REJECT, 403), (Gets.BUSY, 486)])
def test_who_is_blocked_is_told_so_in_sip(
    stack: Stack, office: Office, gets: Gets, status: int
) -> None:
    number = f"+393331000{status}"
    entry = EntryRow.create(
        account=office.account, pattern=number, gets=gets, created_at=datetime.now(UTC)
    )
    caller = stack.scripted_caller(office, sipp.is_refused(office.number, status, number))
    caller.wait()
    entry.delete_instance()
    assert stack.installation.call(number).ended().outcome == "rejected"


def test_a_number_that_is_nobodys_is_not_in_service(stack: Stack, office: Office) -> None:
    caller = stack.scripted_caller(office, sipp.is_refused("+390699999999", 404, "+393331000034"))
    caller.wait()


def test_a_withheld_number_arrives_as_none(stack: Stack, office: Office) -> None:
    before = {call.id for call in stack.installation.calls("")}
    office.menu(PROMPT)
    caller = stack.scripted_caller(office, sipp.calls(office.number, "", milliseconds=500))
    caller.wait()
    until(lambda: {call.id for call in stack.installation.calls("")} - before, "a call without")


def test_the_number_in_the_to_header_chooses_the_employee(stack: Stack, office: Office) -> None:
    office.profile("extension", line=office.pbx_line, sip_to=True)
    bruno = stack.scripted(office.bruno, sipp.answers())
    scenario = sipp.calls(office.pbx_line.number, "+393331000035", to="102", milliseconds=1500)
    caller = stack.scripted_caller(office, scenario)
    caller.wait()
    bruno.wait()
    call = stack.installation.call("+393331000035")
    row = call.ended()
    assert (row.outcome, row.employee_id) == ("answered", office.bruno.id)
