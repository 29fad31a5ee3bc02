"""What a caller's provider is told when we end the call."""

import pytest

from tests.plugins.asterisk.performing.hurried import run
from tests.plugins.asterisk.performing.pbx import CALLER
from tests.plugins.asterisk.performing.stage import Stage, instruct, ring, sound

ENDS = [
    ("busy", [instruct("reject", busy=True)], 17, False),
    ("refused", [instruct("reject")], 21, False),
    ("nobody answered", [ring("PJSIP/nobody"), instruct("hangup")], 19, False),
    ("told something", [instruct("hangup", prompts=sound("prompt"))], 16, True),
    ("has heard something", [instruct("play", prompts=sound("short"))], 16, True),
]


@pytest.mark.parametrize(("what", "lines", "cause", "answered"), ENDS)
def test_a_caller_is(what, lines, cause, answered):
    async def play():
        return await Stage(*lines).play()

    stage = run(play())
    (ended,) = stage.pbx.asked(f"DELETE channels/{CALLER}")
    assert ended[2] == {"reason_code": cause}
    assert bool(stage.pbx.asked(f"POST channels/{CALLER}/answer")) == answered


def test_a_caller_who_was_given_to_the_dialplan_is_left_there():
    async def play():
        stage = Stage(instruct("play", prompts=sound("short")))

        async def nobody_knows(event):
            if event.key == "step-1":
                stage.pbx.later(0.01, stage.pbx.hang_up, CALLER)
            return None

        stage.deliver = nobody_knows
        await stage.begin()
        return stage

    assert not run(play()).pbx.asked(f"DELETE channels/{CALLER}")


def test_a_caller_about_whom_nobody_says_anything_is_hung_up():
    async def play():
        stage = Stage(instruct("play", prompts=sound("short")))

        async def nobody_knows(event):
            return None

        stage.deliver = nobody_knows
        await stage.begin()
        return stage

    stage = run(play())
    assert stage.pbx.asked(f"DELETE channels/{CALLER}")
    assert stage.pbx.channels == {}
