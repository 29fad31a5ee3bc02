"""Whatever happens, in whatever order: the call ends, and nothing of it is left at Asterisk."""

import asyncio
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.api import RingOutcome
from tests.plugins.asterisk.performing.hurried import run
from tests.plugins.asterisk.performing.pbx import CALLER
from tests.plugins.asterisk.performing.stage import TOKEN, Stage, instruct, ring, sound

ENDPOINTS = ("PJSIP/employee-17", "PJSIP/0612345@trunk-1", "PJSIP/employee-18", "")

seconds = st.one_of(
    st.sampled_from([0.0, 0.001, 0.002, 0.003, 0.004, 0.005, 1.0, 5.0]),
    st.floats(0, 30).map(lambda value: round(value, 3)),
)
endings = st.sampled_from([(17, 486), (21, 603), (19, 480), (34, 503), "hangup"])
doings = st.sampled_from(["ring", "answer", "1", "2"]) | endings
phone = st.lists(st.tuples(seconds, doings), max_size=5)

prompts = st.sampled_from(["", "short", "prompt", "music"]).map(
    lambda name: sound(name) if name else ()
)
rings = st.builds(
    ring,
    st.sampled_from(ENDPOINTS),
    st.sampled_from(ENDPOINTS),
    confirm=st.booleans(),
    record=st.booleans(),
    dual=st.booleans(),
    music=prompts,
    notice=prompts,
    seconds=st.sampled_from([5, 20]),
)
others = st.one_of(
    st.builds(instruct, st.just("play"), prompts=prompts),
    st.builds(instruct, st.just("wait"), prompts=prompts, seconds=st.just(5)),
    st.builds(instruct, st.just("message"), prompts=prompts, seconds=st.just(10)),
    st.builds(
        instruct,
        st.just("gather"),
        prompts=prompts,
        digits=st.just(2),
        first_seconds=st.just(5),
        between_seconds=st.just(2),
        finish_key=st.just("#"),
    ),
)

BLIND = {"requested_destination": {"destination": "102"}}

happenings = st.tuples(
    seconds,
    st.sampled_from(
        [
            ("hang_up", CALLER),
            ("press", "1"),
            ("press", "#"),
            ("hang_up", f"{TOKEN}.1"),
            ("transfer", f"{TOKEN}.1", BLIND),
            ("transfer", CALLER, BLIND),
            ("finish", f"{TOKEN}.1.0", "failed"),
        ]
    ),
)


def numbered(lines):
    """Each ring has its own legs: the engine never gives a number twice."""
    legs = 0
    for line in lines:
        numbers = range(legs + 1, legs + 1 + len(line.legs))
        legs += len(line.legs)
        yield replace(
            line,
            legs=tuple(
                replace(leg, number=number) for leg, number in zip(line.legs, numbers, strict=True)
            ),
        )


@settings(max_examples=300, deadline=None)
@given(
    lines=st.lists(rings | others, min_size=1, max_size=4),
    phones=st.fixed_dictionaries({}, optional=dict.fromkeys(ENDPOINTS[:3], phone)),
    happened=st.lists(happenings, max_size=4),
    kills=st.lists(seconds, max_size=2),
    latency=st.sampled_from([0.0, 0.001, 0.02]),
    delay=st.sampled_from([0.0, 0.002, 0.5]),
)
def test_nothing_is_left(lines, phones, happened, kills, latency, delay):
    async def play():
        stage = Stage(*numbered(lines), phones=phones, latency=latency, delay=delay)
        for after, (what, *words) in happened:
            stage.pbx.later(after, getattr(stage.pbx, what), *words)
        task = stage.begin()
        for alive in kills:
            await asyncio.sleep(alive)
            if task.done():
                break
            await stage.kill(task, dead=0.6)
            task = stage.begin(resumed=True)
        await asyncio.wait_for(task, 24 * 3600)  # several talks of four hours
        await asyncio.sleep(40)
        stage.check_clean()
        return stage

    stage = run(play())
    steps = [event.step for event in stage.told if event.key.startswith("step-")]
    assert steps == list(range(1, len(steps) + 1))
    for result in stage.results:
        assert result.seconds == 0 or result.ring in (None, RingOutcome.ANSWERED)
