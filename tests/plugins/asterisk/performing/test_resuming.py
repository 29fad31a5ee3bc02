"""The process is killed and started again in the middle of a call: the call goes on."""

import asyncio

import pytest

from core.api import Result, ResultKind, RingOutcome
from tests.plugins.asterisk.performing.hurried import run
from tests.plugins.asterisk.performing.pbx import CALLER
from tests.plugins.asterisk.performing.stage import TOKEN, Stage, instruct, ring, sound

ANNA, BRUNO = "PJSIP/anna", "PJSIP/bruno"
TALKS = [(0, "ring"), (3, "answer"), (60.5, "hangup")]
LEG = f"{TOKEN}.1"


async def killed(stage, *, after, dead=0.5):
    """Kill the process and start another one; returns when the call is over."""
    task = stage.begin()
    await asyncio.sleep(after)
    await stage.kill(task, dead)
    await asyncio.wait_for(stage.begin(resumed=True), 3600)
    await asyncio.sleep(1)
    stage.check_clean()
    return stage


def resumed(*lines, after, phones=None, happenings=(), dead=0.5):
    """The stage of a call whose process is killed so many seconds after its begin."""

    async def play():
        stage = Stage(*lines, phones=phones)
        for seconds, what, *words in happenings:
            stage.pbx.later(seconds, getattr(stage.pbx, what), *words)
        return await killed(stage, after=after, dead=dead)

    return run(play())


def answered(seconds, **more):
    return Result(ResultKind.RANG, ring=RingOutcome.ANSWERED, seconds=seconds, **more)


def test_a_prompt_begins_anew_and_is_not_heard_twice_at_once():
    stage = resumed(instruct("play", prompts=sound("prompt")), after=2)
    assert stage.results == [Result(ResultKind.PLAYED)]
    playings = stage.pbx.asked("(POST .*/play/.*|DELETE playbacks/.*)")
    assert [method for method, _, _ in playings] == ["POST", "DELETE", "POST"]


def test_phones_that_ring_go_on_ringing():
    stage = resumed(ring(ANNA), after=1, phones={ANNA: TALKS})
    assert stage.results == [answered(60)]
    assert len(stage.pbx.asked("POST channels/create")) == 1


def test_a_phone_that_says_nothing_until_it_answers_is_not_dialled_twice():
    """As behind a provider that sends its own sound: its channel is down for as long."""
    silent = [(8, "answer"), (60.5, "hangup")]
    stage = resumed(ring(ANNA), after=2, phones={ANNA: silent})
    assert stage.results == [answered(60)]
    assert len(stage.pbx.asked("POST .*/dial")) == 1


def test_a_phone_that_was_made_and_not_yet_dialled_is_rung():
    async def play():
        stage = Stage(ring(ANNA), phones={ANNA: TALKS})
        task = stage.begin()
        while LEG not in stage.pbx.channels:
            await asyncio.sleep(0.0001)
        await stage.kill(task, dead=0.5)
        assert not stage.pbx.asked("POST .*/dial")
        await asyncio.wait_for(stage.begin(resumed=True), 3600)
        stage.check_clean()
        return stage

    stage = run(play())
    assert stage.results == [answered(60)]
    assert len(stage.pbx.asked("POST channels/create")) == 1


def test_a_phone_that_was_answered_meanwhile_has_the_call():
    stage = resumed(ring(ANNA), after=2, dead=5, phones={ANNA: TALKS})
    assert stage.results[0].ring is RingOutcome.ANSWERED
    assert stage.legs == [(1, "answered", None)]


def test_a_phone_that_was_answered_meanwhile_is_let_go_when_the_caller_left_too():
    stage = resumed(
        ring(ANNA), after=2, dead=5, phones={ANNA: TALKS}, happenings=[(5, "hang_up", CALLER)]
    )
    assert stage.results == [Result(ResultKind.RANG, ring=RingOutcome.NO_ANSWER, caller_gone=True)]


def test_who_was_asked_for_the_1_meanwhile_is_asked_again():
    phone = [(0, "ring"), (3, "answer"), (9, "1"), (60, "hangup")]
    stage = resumed(ring(ANNA, confirm=True), after=4, phones={ANNA: phone})
    assert stage.results[0].ring is RingOutcome.ANSWERED
    assert stage.legs == [(1, "answered", None), (1, "accepted", None)]


def test_a_conversation_is_not_interrupted():
    stage = resumed(ring(ANNA, record=True, dual=True), after=30, phones={ANNA: TALKS})
    assert stage.results == [answered(60)]
    assert [news.status for news in stage.news] == ["in-progress", "completed"]
    assert stage.news[1].seconds == 60
    assert len(stage.pbx.asked("POST bridges/.*/addChannel")) == 2


def test_an_operator_who_hung_up_meanwhile_has_talked():
    stage = resumed(
        ring(ANNA, record=True),
        instruct("wait", seconds=5),
        after=30,
        dead=60,
        phones={ANNA: TALKS},
    )
    assert stage.results[0].ring is RingOutcome.ANSWERED
    assert stage.results[1] == Result(ResultKind.WAITED)
    assert stage.news[-1].status == "completed"


def test_a_caller_who_hung_up_meanwhile_has_talked_and_the_operator_is_let_go():
    stage = resumed(
        ring(ANNA, record=True),
        after=30,
        dead=20,
        phones={ANNA: TALKS},
        happenings=[(40, "hang_up", CALLER)],
    )
    assert stage.results[0].caller_gone
    assert stage.results[0].ring is RingOutcome.ANSWERED
    assert stage.news[-1].status == "completed"


def test_who_stayed_after_the_callers_own_transfer_is_found_again():
    """An employee had dialled, and has transferred whom they called: their own channel is gone."""
    blind = {"requested_destination": {"destination": "102"}}
    stage = resumed(
        ring(ANNA),
        instruct("wait", seconds=20),
        after=20,
        phones={ANNA: TALKS[:2]},
        happenings=[(12.5, "transfer", CALLER, blind), (30, "hang_up", LEG)],
    )
    assert stage.results == [
        answered(9, transfer="102", by_caller=True),
    ]
    assert stage.told[-1].key == "ended"


def test_a_message_goes_on():
    message = instruct("message", seconds=60, prompts=sound("prompt"))
    stage = resumed(message, after=20)
    assert [result.seconds for result in stage.results] == [60]
    assert len(stage.pbx.asked("POST .*/record")) == 1


@pytest.mark.parametrize("who_ends", ["hang_up", "finish_recording"])
def test_a_message_that_was_finished_meanwhile_is_kept(who_ends):
    name = CALLER if who_ends == "hang_up" else f"centralino/{TOKEN}.1"
    stage = resumed(
        instruct("message", seconds=60), after=10, dead=10, happenings=[(15, who_ends, name)]
    )
    assert stage.results[0].seconds
    assert [news.status for news in stage.news] == ["completed"]


def test_when_all_phones_have_ended_meanwhile_they_are_rung_once_more():
    """Nobody knows whether they were rung at all."""
    stage = resumed(ring(ANNA), after=1, dead=5, phones={ANNA: [(0, "ring"), (3, (17, 486))]})
    assert stage.results == [Result(ResultKind.RANG, ring=RingOutcome.BUSY)]
    assert len(stage.pbx.asked("POST channels/create")) == 2
