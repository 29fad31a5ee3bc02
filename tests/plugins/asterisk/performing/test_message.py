"""A message: recorded after the prompt, finished by silence, by # or by hanging up."""

import pytest

from core.api import ResultKind
from tests.plugins.asterisk.performing.hurried import run
from tests.plugins.asterisk.performing.pbx import CALLER
from tests.plugins.asterisk.performing.stage import TOKEN, Stage, instruct, sound

NAME = f"centralino/{TOKEN}.1"

MESSAGE = instruct("message", seconds=60, prompts=sound("prompt"))


def staged(*happenings):
    async def play():
        return await Stage(MESSAGE).play(*happenings)

    return run(play())


ENDS = [
    ("says nothing", [(9.5, "finish_recording", NAME, 0)], 0, False),
    ("is silent after some words", [(14.5, "finish_recording", NAME, 5)], 5, False),
    ("talks for ever", [], 60, False),
    ("hangs up after some words", [(14.8, "hang_up", CALLER)], 10, True),
    ("hangs up during the prompt", [(2, "hang_up", CALLER)], 0, True),
    ("hangs up at the beep", [(4.4, "hang_up", CALLER)], 0, True),
]


@pytest.mark.parametrize(("what", "happenings", "seconds", "gone"), ENDS)
def test_a_caller(what, happenings, seconds, gone):
    stage = staged(*happenings)
    last = [result for result in stage.results if result.kind is ResultKind.MESSAGE][-1]
    assert (last.seconds, last.caller_gone) == (seconds, gone)
    assert set(stage.pbx.stored) == ({NAME} if seconds else set())
    assert [news.status for news in stage.news] == (["completed"] if seconds else [])


def test_it_is_told_where_it_lies():
    (news,) = staged((14.5, "finish_recording", NAME, 5)).news
    assert (news.kind, news.ref, news.url) == ("message", NAME, f"pbx/{NAME}")


def test_it_has_an_end_by_silence_by_key_and_by_time():
    stage = staged((14.5, "finish_recording", NAME, 5))
    (_, path, asked), *_ = stage.pbx.asked("POST .*/record")
    assert path == f"channels/{CALLER}/record"
    assert asked == {
        "name": NAME,
        "format": "wav",
        "maxDurationSeconds": 60,
        "maxSilenceSeconds": 5,
        "terminateOn": "#",
        "ifExists": "overwrite",
    }


def test_the_beep_is_ours_and_comes_last():
    """Asterisk's own is in a package that may be missing; without it nothing would be recorded."""
    stage = staged((14.5, "finish_recording", NAME, 5))
    ((_, _, played),) = stage.pbx.asked("POST .*/play/.*")
    assert played["media"] == ["sound:prompt", "sound:beep"]
