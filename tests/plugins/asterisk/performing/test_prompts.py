"""What a caller hears, and the keys they press meanwhile."""

import asyncio

import pytest

from core.api import Result, ResultKind
from plugins.asterisk.media import Clip
from plugins.asterisk.performing.waiting import over_and_over
from tests.plugins.asterisk.performing.hurried import run
from tests.plugins.asterisk.performing.pbx import CALLER, EPOCH
from tests.plugins.asterisk.performing.stage import Stage, instruct, ring, sound


def gather(**more):
    """Ask for keys, with the timers of R4."""
    said = {
        "prompts": sound("prompt"),
        "digits": 1,
        "first_seconds": 5,
        "between_seconds": 2,
        "finish_key": "#",
    }
    return instruct("gather", **(said | more))


def staged(instruction, *happenings):
    """How an instruction ended, after how many seconds."""

    async def play():
        stage = await Stage(instruction).play(*happenings)
        step = next(event for event in stage.told if event.key == "step-1")
        return step.result, (step.at - EPOCH).total_seconds(), stage

    return run(play())


KEYS = [
    ({}, [], "", 9.0),
    ({}, [(1, "5")], "5", 1.0),
    ({}, [(8.9, "5")], "5", 8.9),
    ({}, [(9.1, "5")], "", 9.0),
    ({"digits": 4}, [(1, "1"), (2, "2")], "12", 4.0),
    ({"digits": 4}, [(1, "1"), (2.9, "2"), (4.8, "3"), (6.7, "4")], "1234", 6.7),
    ({"digits": 4}, [(1, "1"), (3.1, "2")], "1", 3.0),
    ({"digits": 4}, [(5, "1"), (6, "#")], "1", 6.0),
    ({"digits": 1}, [(1, "#")], "", 1.0),
    ({"digits": 2, "finish_key": ""}, [(1, "#"), (2, "*")], "#*", 2.0),
    ({"prompts": ()}, [], "", 5.0),
]
"""How it is asked, what is pressed when, what is understood, and when."""


@pytest.mark.parametrize("gone", [False, True])
def test_a_caller_whose_answer_was_asked_for_already_is_answered_once(gone):
    async def play():
        stage = Stage(gather())
        if gone:
            stage.pbx.hang_up(CALLER)
        request = stage.ask("POST", f"channels/{CALLER}/answer")
        stage.pbx.later(1, stage.pbx.press, "5")
        await stage.begin(answering=asyncio.ensure_future(request))
        stage.pbx.hang_up(CALLER)
        return stage

    stage = run(play())
    assert len(stage.pbx.asked(".*/answer")) == 1
    assert [result.digits for result in stage.results] == ([] if gone else ["5"])
    assert bool(stage.pbx.asked(".*/play/.*")) is not gone


@pytest.mark.parametrize(("asked", "pressed", "digits", "seconds"), KEYS)
def test_keys_and_both_timers(asked, pressed, digits, seconds):
    keys = [(after, "press", key) for after, key in pressed]
    result, at, _ = staged(gather(**asked), *keys)
    kind = ResultKind.DIGITS if digits else ResultKind.NO_INPUT
    assert result == Result(kind, digits=digits)
    assert at == pytest.approx(seconds, abs=0.05)


def test_a_key_stops_the_prompt():
    _, _, stage = staged(gather(digits=4), (1, "press", "1"), (2, "press", "2"))
    assert stage.pbx.asked("DELETE playbacks/.*") == [("DELETE", "playbacks/tOkEn_-123.1.0", {})]


def test_a_prompt_that_ended_just_before_it_was_stopped_is_no_fault():
    """It ends while the request to stop it is under way."""
    result, _, stage = staged(gather(digits=1), (3.9995, "press", "7"))
    assert result.digits == "7"
    assert len(stage.pbx.asked("DELETE playbacks/.*")) == 1


def test_a_prompt_that_cannot_be_played_does_not_keep_the_caller():
    result, at, _ = staged(gather(), (0.5, "finish", "tOkEn_-123.1.0", "failed"), (5, "press", "3"))
    assert (result.digits, round(at)) == ("3", 5)


@pytest.mark.parametrize(("resumed", "kind"), [(False, "digits"), (True, "no-input")])
def test_a_key_pressed_before_the_first_step_answers_it(resumed, kind):
    """Who was answered early may press it at once. To a call that is found again it may have been
    pressed for the step before."""

    async def play():
        stage = Stage(gather(prompts=()))
        call = stage.begin(resumed=resumed)
        stage.pbx.press("5")
        await call
        return stage.results

    assert [str(result.kind) for result in run(play())] == [kind]


def test_keys_pressed_before_are_no_answer_to_the_question():
    async def play():
        stage = Stage(instruct("play", prompts=sound("prompt")), gather(prompts=()))
        await stage.play((2, "press", "9"), (3.9, "press", "8"))
        return stage.results

    assert [result.kind for result in run(play())] == [ResultKind.PLAYED, ResultKind.NO_INPUT]


def test_a_played_prompt_is_heard_to_its_end_by_an_answered_caller():
    result, at, stage = staged(instruct("play", prompts=sound("prompt")))
    assert result == Result(ResultKind.PLAYED)
    assert at == pytest.approx(4, abs=0.05)
    assert [path for _, path, _ in stage.pbx.requests[:2]] == [
        f"channels/{CALLER}/answer",
        f"channels/{CALLER}/play/tOkEn_-123.1.0",
    ]


STEPS = [
    gather(),
    instruct("wait", seconds=9, prompts=sound("music")),
]


@pytest.mark.parametrize("instruction", STEPS)
def test_a_caller_who_hangs_up_ends_the_call(instruction):
    """The step's end needs no telling of its own."""

    async def play():
        return await Stage(instruction).play((2, "hang_up", CALLER))

    (ended,) = run(play()).told
    assert ended.key == "ended"
    assert (ended.at - EPOCH).total_seconds() == pytest.approx(2, abs=0.05)


HANGS_UP = [(2, [True]), (4.2, [False, True])]
"""During the prompt, whose end is told before that of the channel; and while the engine thinks."""


@pytest.mark.parametrize(("after", "gone"), HANGS_UP)
def test_nobody_is_rung_for_a_caller_who_has_just_hung_up(after, gone):
    async def play():
        lines = [instruct("play", prompts=sound("prompt")), ring("PJSIP/anna")]
        stage = Stage(*lines, phones={"PJSIP/anna": [(0.1, "ring")]}, delay=0.5)
        return await stage.play((after, "hang_up", CALLER))

    stage = run(play())
    assert [result.caller_gone for result in stage.results] == gone
    assert not stage.pbx.asked("POST channels/create")


@pytest.mark.parametrize("name", ["short", "prompt", "music", ""])
def test_a_wait_lasts_as_long_as_it_says(name):
    prompts = sound(name) if name else ()
    result, at, _ = staged(instruct("wait", seconds=10, prompts=prompts))
    assert result == Result(ResultKind.WAITED)
    assert at == pytest.approx(10, abs=0.05)


def test_a_wait_goes_on_where_the_melody_was():
    _, _, stage = staged(instruct("wait", seconds=10, heard=70, prompts=sound("music")))
    played = stage.pbx.asked("POST .*/play/.*")[0][2]
    assert played["offsetms"] == 10_000
    assert played["media"] == ["sound:music"]


A, B = Clip("sound:a", 4), Clip("sound:b", 2)

ROUNDS = [
    ([], 10, 0, []),
    ([A], 10, 0, ["a", "a", "a"]),
    ([A, B], 10, 0, ["a", "b", "a", "b"]),
    ([A, B], 3, 5, ["b", "a", "b"]),
    ([A], 4, 0, ["a"]),
]


@pytest.mark.parametrize(("clips", "seconds", "heard", "played"), ROUNDS)
def test_rounds_fill_the_time(clips, seconds, heard, played):
    filled = over_and_over(clips, seconds, heard)
    assert [clip.uri.removeprefix("sound:") for clip in filled] == played
