"""Ringing one phone and several: who has the call, what of the others, what the caller hears."""

import pytest

from core.api import Result, ResultKind, RingOutcome
from tests.plugins.asterisk.performing.hurried import run
from tests.plugins.asterisk.performing.pbx import CALLER
from tests.plugins.asterisk.performing.stage import TOKEN, Stage, instruct, ring, sound

ANNA, BRUNO = "PJSIP/anna", "PJSIP/bruno"
RINGS = (0.1, "ring")
ANSWERS, TALKS = (3, "answer"), (60.5, "hangup")


def staged(instruction, phones, *happenings, latency=0.001):
    """The stage on which an instruction was performed."""

    async def play():
        return await Stage(instruction, phones=phones, latency=latency).play(*happenings)

    return run(play())


ENDS = [
    ("no answer", [RINGS], RingOutcome.NO_ANSWER),
    ("dead: it does not even ring", [], RingOutcome.FAILED),
    ("busy", [(0.1, (17, 486))], RingOutcome.BUSY),
    ("declined", [RINGS, (2, (21, 603))], RingOutcome.DECLINED),
    ("gives up by itself", [RINGS, (9, (19, 480))], RingOutcome.NO_ANSWER),
    ("the trunk refuses", [(0.1, (34, 503))], RingOutcome.FAILED),
]


@pytest.mark.parametrize(("what", "phone", "outcome"), ENDS)
def test_one_phone_does_not_answer(what, phone, outcome):
    stage = staged(ring(ANNA), {ANNA: phone})
    assert stage.results == [Result(ResultKind.RANG, ring=outcome)]
    assert stage.legs == [(1, "ended", str(outcome))]


def test_a_phone_that_is_not_registered_has_failed_at_once():
    stage = staged(ring("PJSIP/nobody"), {})
    assert stage.results == [Result(ResultKind.RANG, ring=RingOutcome.FAILED)]


def test_a_phone_that_an_earlier_process_has_just_dialled_is_that_phone():
    async def play():
        stage = Stage(ring(ANNA))
        stage.pbx.add(f"{TOKEN}.1", "PJSIP/anna-0000002a", "Ringing")
        return await stage.play(
            (3, "_phone_did", f"{TOKEN}.1", "answer", []), (10.5, "hang_up", f"{TOKEN}.1")
        )

    assert run(play()).results[0].ring is RingOutcome.ANSWERED


def test_a_target_without_an_endpoint_is_not_asked_for():
    stage = staged(ring(""), {})
    assert stage.results == [Result(ResultKind.RANG, ring=RingOutcome.FAILED)]
    assert not stage.pbx.asked("POST channels/create")


def test_the_caller_is_answered_when_the_operator_has_answered():
    stage = staged(ring(ANNA), {ANNA: [RINGS, ANSWERS, TALKS]})
    assert stage.results == [Result(ResultKind.RANG, ring=RingOutcome.ANSWERED, seconds=60)]
    paths = [path for _, path, _ in stage.pbx.requests]
    assert paths[0] == f"channels/{CALLER}/ring"
    assert paths.index("channels/create") < paths.index(f"channels/{CALLER}/answer")
    assert stage.legs == [(1, "answered", None)]


def test_a_phone_sees_who_calls_and_belongs_to_the_call():
    stage = staged(ring(ANNA), {ANNA: [RINGS]})
    (_, _, asked), *_ = stage.pbx.asked("POST channels/create")
    assert asked == {
        "endpoint": ANNA,
        "app": "centralino-1",
        "appArgs": f"leg,{TOKEN},1",
        "channelId": f"{TOKEN}.1",
        "variables": {"CALLERID(all)": "<+390212345>", "CONNECTEDLINE(all,i)": "<+390212345>"},
        "originator": CALLER,
    }
    assert stage.pbx.asked("POST .*/dial") == [
        ("POST", f"channels/{TOKEN}.1/dial", {"timeout": 25})
    ]


def test_the_first_of_several_has_the_call_and_the_others_ring_no_more():
    phones = {ANNA: [RINGS, (5, "answer")], BRUNO: [RINGS, ANSWERS, TALKS]}
    stage = staged(ring(ANNA, BRUNO), phones)
    assert stage.results[0].ring is RingOutcome.ANSWERED
    assert stage.legs == [(2, "answered", None), (1, "ended", "no-answer")]


def test_of_two_who_answer_in_the_same_instant_one_has_the_call():
    phones = {ANNA: [RINGS, ANSWERS, TALKS], BRUNO: [RINGS, ANSWERS, TALKS]}
    stage = staged(ring(ANNA, BRUNO), phones)
    assert stage.results[0].ring is RingOutcome.ANSWERED
    assert stage.legs == [(1, "answered", None), (2, "ended", "no-answer")]


def test_a_phone_that_answers_while_its_time_runs_out_does_not_talk_to_nobody():
    """The request to stop it is under way for a tenth of a second."""
    phones = {ANNA: [RINGS, (19.98, "answer"), TALKS]}
    stage = staged(ring(ANNA), phones, latency=0.1)
    assert stage.results == [Result(ResultKind.RANG, ring=RingOutcome.NO_ANSWER)]


def test_while_one_has_refused_the_other_goes_on_ringing():
    phones = {ANNA: [(0.1, (17, 486))], BRUNO: [RINGS, ANSWERS, TALKS]}
    stage = staged(ring(ANNA, BRUNO), phones)
    assert stage.legs == [(1, "ended", "busy"), (2, "answered", None)]
    assert stage.results[0].ring is RingOutcome.ANSWERED


def test_when_all_have_refused_nobody_waits_for_the_end_of_the_time():
    phones = {ANNA: [(1, (17, 486))], BRUNO: [(2, (21, 603))]}
    stage = staged(ring(ANNA, BRUNO, seconds=600), phones)
    assert stage.results == [Result(ResultKind.RANG, ring=RingOutcome.DECLINED)]
    assert (stage.told[2].at - stage.told[0].at).total_seconds() == pytest.approx(1, abs=0.1)


def test_a_caller_who_hangs_up_stops_the_ringing():
    stage = staged(ring(ANNA, BRUNO), {ANNA: [RINGS], BRUNO: [RINGS]}, (5, "hang_up", CALLER))
    assert stage.results == [Result(ResultKind.RANG, ring=RingOutcome.NO_ANSWER, caller_gone=True)]


def test_a_caller_who_hangs_up_as_the_phone_answers_was_not_answered():
    """The caller's end was told before they could be answered."""
    phones = {ANNA: [RINGS, ANSWERS, TALKS]}
    stage = staged(ring(ANNA), phones, (3.35, "hang_up", CALLER), latency=0.1)
    assert stage.results == [Result(ResultKind.RANG, ring=RingOutcome.NO_ANSWER, caller_gone=True)]


def test_a_phone_that_answers_and_a_caller_who_has_hung_up_just_after_have_talked_no_second():
    phones = {ANNA: [RINGS, ANSWERS, TALKS]}
    stage = staged(ring(ANNA), phones, (3.2, "hang_up", CALLER))
    assert stage.results == [
        Result(ResultKind.RANG, ring=RingOutcome.ANSWERED, seconds=0, caller_gone=True)
    ]


# Press 1

SAID = 4
"""Seconds of the sentence that asks for the 1."""

PRESSES = [
    ("1 during the sentence", [(1, "1"), TALKS], RingOutcome.ANSWERED),
    ("1 after the sentence", [(SAID + 7, "1"), TALKS], RingOutcome.ANSWERED),
    ("another key", [(1, "2")], RingOutcome.DECLINED),
    ("a voicemail box", [], RingOutcome.NO_ANSWER),
    ("hangs up", [(2, "hangup")], RingOutcome.NO_ANSWER),
]


@pytest.mark.parametrize(("what", "then", "outcome"), PRESSES)
def test_who_must_press_1(what, then, outcome):
    stage = staged(ring(ANNA, confirm=True), {ANNA: [RINGS, ANSWERS, *then]})
    assert stage.results[0].ring is outcome
    accepted = outcome is RingOutcome.ANSWERED
    after = (1, "accepted", None) if accepted else (1, "ended", str(outcome))
    assert stage.legs == [(1, "answered", None), after]


def test_thinking_about_the_1_may_last_longer_than_the_ringing():
    phone = [RINGS, (19, "answer"), (SAID + 6, "1"), TALKS]
    stage = staged(ring(ANNA, confirm=True), {ANNA: phone})
    assert stage.results[0].ring is RingOutcome.ANSWERED


def test_thinking_about_the_1_has_an_end():
    stage = staged(ring(ANNA, confirm=True, seconds=600), {ANNA: [RINGS, ANSWERS]})
    answered, ended = stage.told[0], stage.told[1]
    assert (ended.at - answered.at).total_seconds() == pytest.approx(SAID + 8, abs=0.1)


def test_the_caller_is_not_answered_by_a_voicemail_box():
    stage = staged(ring(ANNA, confirm=True), {ANNA: [RINGS, ANSWERS]})
    assert not stage.pbx.asked(f"POST channels/{CALLER}/answer")


# What the caller hears

ALREADY = instruct("play", prompts=sound("short"))


def test_music_is_heard_before_the_answer_and_not_after():
    phones = {ANNA: [RINGS, ANSWERS, TALKS]}
    stage = staged(ring(ANNA, music=sound("music"), seconds=70), phones)
    (_, path, played), *_ = stage.pbx.asked("POST .*/play/.*")
    assert path == f"channels/{CALLER}/play/{TOKEN}.1.0"
    assert played["media"] == ["sound:music"] * 3
    assert len(stage.pbx.asked("DELETE playbacks/.*")) == 1
    assert not stage.pbx.asked(".*/ring")


def test_an_answered_caller_hears_ringing_until_somebody_answers():
    async def play():
        phones = {ANNA: [RINGS, ANSWERS, TALKS]}
        return await Stage(ALREADY, ring(ANNA), phones=phones).play()

    asked = run(play()).pbx.asked("(POST|DELETE) .*/ring")
    assert [method for method, _, _ in asked] == ["POST", "DELETE"]


def test_the_notice_is_heard_before_anybody_is_rung():
    phones = {ANNA: [RINGS, ANSWERS, TALKS]}
    stage = staged(ring(ANNA, notice=sound("prompt")), phones)
    paths = [path for _, path, _ in stage.pbx.requests]
    assert paths.index(f"channels/{CALLER}/play/{TOKEN}.1.0") < paths.index("channels/create")
    assert stage.results[0].seconds == 60


def test_the_notice_of_a_dialled_call_is_for_who_answers():
    """Q3: the employee has dialled and knows; before the two talk, the other one is told."""
    phones = {ANNA: [RINGS, ANSWERS, TALKS]}
    stage = staged(ring(ANNA, notice=sound("prompt"), dialled=True), phones)
    (told,) = [path for _, path, _ in stage.pbx.asked("POST .*/play/.*")]
    assert told == f"channels/{TOKEN}.1/play/{TOKEN}.1.1"
    paths = [path for _, path, _ in stage.pbx.requests]
    assert paths.index("channels/create") < paths.index(told) < paths.index("bridges")


@pytest.mark.parametrize("who", [CALLER, f"{TOKEN}.1"])
def test_somebody_hangs_up_during_the_notice_of_a_dialled_call(who):
    instruction = ring(ANNA, notice=sound("prompt"), dialled=True)
    stage = staged(instruction, {ANNA: [RINGS, ANSWERS]}, (4.5, "hang_up", who))
    assert stage.left == []
    (result,) = stage.results
    assert result.seconds == 0
    assert result.caller_gone == (who == CALLER)
