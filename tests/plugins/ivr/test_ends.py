"""Every voice menu ends: any menus, even ones that no check would let be saved, any caller."""

import json
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from core.api import Connect, Result, ResultKind, RingOutcome
from plugins.ivr.menus import FAILURES, Action, Failure, Key, Menu
from plugins.ivr.service import MOST_NODES, MOST_VISITS
from tests.plugins.ivr.test_walk import Caller

KEYS = "1234567890*#"
ELSEWHERE = (*map(str, Action), "queue:7", "employee:17", "number", "voicemail")


def random_menus(random: Random) -> dict[int, Menu]:
    """Up to six menus, whose keys and failures lead anywhere: in circles, to what is gone."""
    count = random.randint(1, 6)

    def leads_to() -> str:
        submenu = f"ivr:{random.randint(1, count + 1)}"
        return submenu if random.random() < 0.7 else random.choice(ELSEWHERE)

    def failure() -> Failure:
        to = random.choice(["", "queue:7", f"ivr:{random.randint(1, count + 1)}"])
        return Failure(random.randint(0, 9), "Again.", to)

    return {
        id: Menu(
            id,
            f"Menu {id}",
            "Choose.",
            extensions=random.random() < 0.5,
            keys={key: Key(leads_to(), "Text.") for key in KEYS if random.random() < 0.7},
            **{name: failure() for name in FAILURES},
        )
        for id in range(1, count + 1)
    }


def random_result(random: Random, step: object) -> Result:
    """What a caller or a destination could do after a step."""
    if isinstance(step, Connect):
        return Result(ResultKind.NOT_CONNECTED, ring=random.choice(list(RingOutcome)))
    if random.random() < 0.2:
        return Result(ResultKind.NO_INPUT)
    length = random.choice((1, 1, 1, 2, 4))
    return Result(ResultKind.DIGITS, digits="".join(random.choices(KEYS, k=length)))


@given(random=st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_every_call_leaves_the_menus_whatever_the_caller_does(random):
    seeded = Random(random.randint(0, 2**62))
    caller = Caller(random_menus(seeded), seeded.choice(["unlimited", False, 1, 2, 5]))
    nodes = 0
    for _ in range(2 * MOST_NODES):  # other plugins send the call to the menus again and again
        step = caller.enter(seeded.randint(1, 6))
        while step is not None:
            nodes += 1
            assert step.state == json.loads(json.dumps(step.state))
            assert max(step.facts["visits"].values()) <= MOST_VISITS
            step = caller.then(random_result(seeded, step))
        assert nodes <= MOST_NODES
        assert caller.left
