"""Every voice menu ends, through the engine: rows that no page would let be saved, any caller."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.api import Gather, Ring, RingOutcome
from core.registry import load
from core.testing import close_kit, open_kit
from plugins.ivr.menus import FAILURES
from plugins.ivr.models import KeyRow, MenuRow
from plugins.ivr.service import MOST_NODES, MOST_VISITS

PLANS = """
schema: 1
plans:
  large:
    title: Large
    features: {ivr: true, ivr.max_depth: unlimited}
"""
KEYS = "1234567890*#"
ACTIONS = ("extension", "message", "repeat", "back", "exit", "number", "voicemail", "queue:1")


@contextmanager
def company():
    """A company whose number goes to menu 1."""
    with TemporaryDirectory() as folder:
        plan_file = Path(folder) / "plans.yaml"
        plan_file.write_text(PLANS)
        registry = load(("extension", "forward", "ivr", "queue", "voicemail"))
        kit = open_kit(Path(folder), registry=registry, plans=plan_file)
        try:
            yield kit.company(plan="large")
        finally:
            close_kit(kit)


@pytest.fixture(scope="module")
def company_of_all():
    with company() as found:
        found.employee("101")
        yield found


def plant(company, random):
    """Up to five menus whose keys and failures lead anywhere, written past all checks."""
    account = company.account
    KeyRow.delete().execute()
    MenuRow.delete().execute()
    count = random.randint(1, 5)

    def anywhere(*more):
        menu = f"ivr:{random.randint(1, count + 1)}"
        return menu if random.random() < 0.6 else random.choice(more)

    for id in range(1, count + 1):
        failures = {}
        for name in FAILURES:
            failures[f"{name}_retries"] = random.randint(0, 9)
            failures[f"{name}_to"] = anywhere("", "voicemail", "queue:1", "nonsense")
        MenuRow.create(
            id=id,
            account=account,
            name=f"Menu {id}",
            prompt="Choose.",
            extensions=random.random() < 0.5,
            **failures,
        )
        for key in random.sample(KEYS, random.randint(0, 8)):
            KeyRow.create(
                account=account,
                menu=id,
                key=key,
                target=anywhere(*ACTIONS, "employee:1"),
                text="+393331111111",
            )
    company.profile("ivr", menu="ivr:1")


def calls(company):
    """A call of its own, at an instant of its own."""
    company.kit.clock.forward(seconds=1)
    return company.call()


def do_something(call, random):
    """What a caller, or whoever is rung, could do after the last order."""
    step = call.step
    if isinstance(step, Gather):
        if random.random() < 0.3:
            call.silence()
        else:
            call.press("".join(random.choices(KEYS, k=random.choice((1, 1, 1, 2, 4)))))
    else:
        outcomes = [one for one in RingOutcome if one is not RingOutcome.ANSWERED]
        call.no_answer(random.choice(outcomes), after=1)


@pytest.mark.slow
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_every_call_ends_whatever_the_rows_say_and_the_caller_does(company_of_all, seed):
    random = Random(seed)
    plant(company_of_all, random)
    call = calls(company_of_all)
    steps = 0
    while isinstance(call.step, Gather | Ring) and call.outcome is None:
        do_something(call, random)
        steps += 1
        assert steps <= MOST_NODES
    told = [one["reason"] for one in call.trace if one["plugin"] == "ivr"]
    for id in range(1, 6):
        entered = sum(one == f"menu Menu {id}" for one in told)
        assert entered <= MOST_VISITS


@pytest.mark.slow
@settings(max_examples=10)
@given(retries=st.integers(0, 9), kind=st.sampled_from(["no_input", "invalid", "no_answer"]))
def test_retries_are_exact(company_of_all, retries, kind):
    account = company_of_all.account
    KeyRow.delete().execute()
    MenuRow.delete().execute()
    parts = {f"{kind}_retries": retries, f"{kind}_to": "voicemail"}
    MenuRow.create(id=1, account=account, name="Menu 1", prompt="Choose.", **parts)
    KeyRow.create(account=account, menu=1, key="1", target="employee:1")
    company_of_all.profile("ivr", menu="ivr:1")
    call = calls(company_of_all)
    for _ in range(retries):
        fail(call, kind)
        assert isinstance(call.step, Gather)
        assert call.step.place == "ivr:1"
    fail(call, kind)
    assert type(call.step).__name__ == "TakeMessage"


def fail(call, kind):
    if kind == "no_input":
        call.silence()
    elif kind == "invalid":
        call.press("9")
    else:
        call.press("1")
        if isinstance(call.step, Ring):
            call.no_answer(RingOutcome.BUSY, after=1)
