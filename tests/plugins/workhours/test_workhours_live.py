"""Closed numbers on the live engine: what the call has become, and what the trace says."""

from datetime import UTC, datetime

import pytest

from core.registry import load
from core.testing import close_kit, open_kit
from plugins.workhours.models import HoursRow, ScheduleRow

PLANS = """
schema: 1
plans:
  free:
    title: Free
    features: {workhours: true}
  none:
    title: None
    features: {}
"""
SUNDAY_NIGHT = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
CLOSED = "closed: Sunday is not a working day, Europe/Rome"


@pytest.fixture
def company(tmp_path):
    plan_file = tmp_path / "plans.yaml"
    plan_file.write_text(PLANS)
    registry = load(("forward", "voicemail", "workhours"))
    kit = open_kit(tmp_path, registry=registry, plans=plan_file)
    company = kit.company(plan="free")
    company.row = ScheduleRow.create(account=company.account, name="Office")
    HoursRow.create(account=company.account, schedule=company.row, weekday=0, start=540, end=1080)
    kit.clock.now = SUNDAY_NIGHT
    yield company
    close_kit(kit)


@pytest.fixture
def call(company):
    """A call to the number with these settings."""

    def arrive(**settings):
        company.profile("workhours", schedule=f"schedule:{company.row.id}", **settings)
        return company.call()

    return arrive


def stage(call):
    ((result, reason),) = [
        (entry["result"], entry["reason"])
        for entry in call.trace
        if entry["stage"] == "working-hours"
    ]
    return result, reason


def test_a_message_is_taken_as_the_voicemail_takes_it(company, call):
    company.profile("voicemail", prompt="Speak now.", thanks="We call you back.", max_seconds=30)
    live = call(recipient="voicemail:employee:17")
    assert live.says == ["Thank you for calling. We are closed at the moment."]
    assert stage(live) == ("play", CLOSED)
    live.played()
    assert live.says == ["Speak now."]
    assert (live.step.recipient, live.step.max_seconds) == ("employee:17", 30)
    live.left_message(12)
    assert live.says == ["We call you back."]
    assert live.outcome == "voicemail"


def test_a_prompt_for_the_hours_outside_takes_the_place_of_the_voicemails(company, call):
    company.profile("voicemail", prompt="Speak now.")
    live = call(message_prompt="We are back on Monday: speak now.")
    assert live.says[-1] == "We are back on Monday: speak now."
    live.left_message(12)
    assert live.says == ["Thank you for your message. Goodbye."]
    assert live.outcome == "voicemail"


@pytest.mark.parametrize("prompt", ["", "We are back on Monday: speak now."])
def test_a_caller_who_says_nothing_heard_that_it_is_closed(call, prompt):
    live = call(message_prompt=prompt)
    if not prompt:
        live.played()
    live.left_message(0)
    assert live.outcome == "closed"


def test_so_did_a_caller_who_hangs_up_before_the_tone(call):
    live = call()
    live.hang_up()
    assert live.outcome == "closed"


@pytest.mark.parametrize("outside", ["hang-up", "reject"])
def test_hung_up_or_rejected_is_closed(call, outside):
    live = call(outside=outside)
    assert stage(live)[1] == CLOSED
    assert live.outcome == "closed"


def test_forwarded_and_not_answered_is_missed(call):
    live = call(outside="forward", number="+393331111111")
    assert live.rings == ["number:+393331111111"]
    live.no_answer()
    assert live.says == ["Thank you for calling. We are closed at the moment."]
    assert live.outcome == "missed"


def test_forwarded_and_answered_is_forwarded(call):
    live = call(outside="forward", number="+393331111111")
    live.answered()
    live.talked()
    assert live.outcome == "forwarded"


def test_in_the_hours_the_call_goes_on(company, call):
    company.kit.clock.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert stage(call()) == ("nothing", "open: Monday 09:00-18:00, Europe/Rome")


def test_the_numbers_own_zone_counts(company, call):
    company.kit.clock.now = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    company.line.timezone = "Asia/Tokyo"
    company.line.save()
    assert "Monday 08:30 is outside 09:00-18:00, Asia/Tokyo" in stage(call())[1]


def test_without_the_plan_a_number_is_always_open(company, call):
    company.account.plan = "none"
    company.account.save()
    assert stage(call())[0] == "skipped"
