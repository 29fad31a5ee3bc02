"""What happens to a call outside working hours."""

from datetime import UTC, datetime

import pytest

from core.api import (
    Connect,
    Destination,
    Hangup,
    Outcome,
    Play,
    Reject,
    Result,
    ResultKind,
    RingOutcome,
    Say,
    TakeMessage,
    Tone,
)
from plugins.workhours import plugin
from plugins.workhours.schemas import CLOSED_PROMPT, THANKS

SUNDAY_NIGHT = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CHRISTMAS = datetime(2026, 12, 25, 9, 0, tzinfo=UTC)
ST_STEPHEN = datetime(2026, 12, 26, 9, 0, tzinfo=UTC)
CLOSED_ON_SUNDAY = "closed: Sunday is not a working day, Europe/Rome"

PLAYED = Result(ResultKind.PLAYED)


@pytest.fixture
def route(company, settings):
    """The answer to a call at an instant, with these settings."""

    def answer(at, **changes):
        call = company.call(at=at)
        step = plugin.route_call(call, settings(**changes))
        return step, call.notes

    return answer


def nobody(ring):
    return Result(ResultKind.NOT_CONNECTED, ring=ring)


def test_an_open_number_lets_the_call_pass_and_says_why(route):
    assert route(MONDAY) == (None, ["open: Monday 09:00-18:00, Europe/Rome"])


def test_a_number_without_schedule_is_always_open(route):
    assert route(SUNDAY_NIGHT, schedule="") == (None, [])


def test_a_deleted_schedule_does_not_close_the_number(route):
    assert route(SUNDAY_NIGHT, schedule="schedule:99") == (
        None,
        ["open: schedule:99 does not exist any more"],
    )


def test_another_accounts_schedule_is_not_found(company, settings, schedule):
    other = type(company)("Bianchi", "+390687654321")
    call = other.call(at=SUNDAY_NIGHT)
    assert plugin.route_call(call, settings()) is None
    assert call.notes == [f"open: schedule:{schedule.id} does not exist any more"]


def test_the_trace_says_why_it_is_closed_and_when_it_opens(route):
    step, _ = route(SUNDAY_NIGHT)
    assert step.reason == CLOSED_ON_SUNDAY
    assert step.facts == {"why": CLOSED_ON_SUNDAY, "opens": "2026-11-23T08:00:00+00:00"}


@pytest.mark.parametrize(
    ("at", "prompt"),
    [
        (SUNDAY_NIGHT, CLOSED_PROMPT),
        (CHRISTMAS, "Merry Christmas."),
        (ST_STEPHEN, "Holiday."),
    ],
)
def test_a_holidays_own_prompt_takes_the_place_of_the_numbers(route, at, prompt):
    said = Tone("outside-hours", prompt) if prompt == CLOSED_PROMPT else Say(prompt)
    goodbye, _ = route(at, outside="hang-up")
    assert goodbye.prompts == (said,)
    message, _ = route(at)
    assert message.prompts == (said,)
    own, _ = route(at, message_prompt="Leave a message, please.")
    assert own.prompts == (said, Say("Leave a message, please."))


def test_hanging_up_makes_the_outcome_closed(route):
    step, _ = route(SUNDAY_NIGHT, outside="hang-up")
    assert isinstance(step, Hangup)
    assert step.outcome is Outcome.CLOSED


def test_rejecting_says_nothing(route):
    step, _ = route(CHRISTMAS, outside="reject")
    assert isinstance(step, Reject)
    assert step.outcome is Outcome.CLOSED


@pytest.mark.parametrize(
    ("chosen", "recipient"),
    [("", ""), ("voicemail", ""), ("voicemail:employee:17", "employee:17")],
)
def test_voicemail_is_for_the_chosen_recipient(route, chosen, recipient):
    step, _ = route(SUNDAY_NIGHT, recipient=chosen)
    assert step.otherwise is Outcome.CLOSED
    assert plugin.continue_call(PLAYED, step.state).destination == Destination(
        "voicemail", recipient
    )


@pytest.mark.parametrize(
    ("chosen", "recipient", "place"),
    [("", "", "voicemail"), ("voicemail:employee:17", "employee:17", "voicemail:employee:17")],
)
def test_a_message_with_its_own_prompt_is_taken_here(route, chosen, recipient, place):
    step, _ = route(SUNDAY_NIGHT, recipient=chosen, message_prompt="Leave a message, please.")
    assert isinstance(step, TakeMessage)
    assert (step.recipient, step.place, step.otherwise) == (recipient, place, Outcome.CLOSED)


@pytest.mark.parametrize(("seconds", "thanks"), [(0, ()), (12, (Tone("message-thanks", THANKS),))])
def test_after_a_message_there_is_thanks_and_the_call_is_over(seconds, thanks):
    step = plugin.continue_call(Result(ResultKind.MESSAGE, seconds=seconds), {})
    assert step == Hangup(thanks, Outcome.CLOSED, reason=f"a message of {seconds} s")


@pytest.mark.parametrize(
    ("outside", "field", "value", "to"),
    [
        ("forward", "number", "+393331111111", Destination("number", "+393331111111")),
        ("destination", "destination", "queue:3", Destination("queue", "3")),
    ],
)
def test_a_forwarded_call_rings_at_once(route, outside, field, value, to):
    step, _ = route(SUNDAY_NIGHT, outside=outside, **{field: value})
    assert isinstance(step, Connect)
    assert step.destination == to
    assert step.otherwise is None


def test_on_a_holiday_its_prompt_comes_before_the_forwarding(route):
    step, _ = route(CHRISTMAS, outside="forward", number="+393331111111")
    assert isinstance(step, Play)
    assert step.prompts == (Say("Merry Christmas."),)
    following = plugin.continue_call(PLAYED, step.state)
    assert following.destination == Destination("number", "+393331111111")
    ended = plugin.continue_call(nobody(RingOutcome.NO_ANSWER), following.state)
    assert ended.prompts == ()


@pytest.mark.parametrize(
    ("ring", "outcome"),
    [
        (RingOutcome.NO_ANSWER, None),
        (RingOutcome.BUSY, None),
        (RingOutcome.FAILED, Outcome.CLOSED),
        (None, Outcome.CLOSED),
    ],
)
def test_nobody_reached_hears_that_it_is_closed(route, ring, outcome):
    step, _ = route(SUNDAY_NIGHT, outside="forward", number="+393331111111")
    ended = plugin.continue_call(nobody(ring), step.state)
    assert ended.prompts == (Tone("outside-hours", CLOSED_PROMPT),)
    assert ended.outcome is outcome
