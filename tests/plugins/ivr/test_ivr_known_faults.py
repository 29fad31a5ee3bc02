"""What users of other systems reported of their voice menus, and must not happen here (R4)."""

import pytest

from core.api import Connect, Destination, Gather, Result, ResultKind, RingOutcome, Say
from plugins.ivr.menus import Failure, Key, Menu
from tests.plugins.ivr.test_walk import Caller, keys

SILENCE = Result(ResultKind.NO_INPUT)
NOBODY = Result(ResultKind.NOT_CONNECTED, ring=RingOutcome.NO_ANSWER)


def one_menu(**parts):
    caller = Caller({1: Menu(1, "Main", "Main.", **parts)})
    caller.enter(1)
    return caller


@pytest.mark.parametrize("extensions", [False, True])
@pytest.mark.parametrize("retries", [0, 1, 3, 9])
def test_wrong_keys_end_in_the_destination_without_any_confirming_key(extensions, retries):
    """fusionpbx/fusionpbx#1402: with extensions allowed, wrong keys without # never led to the
    exit, and the menu went on without end."""
    menu = one_menu(extensions=extensions, keys={"1": Key("exit")},
                    invalid=Failure(retries, "Wrong.", "voicemail"))  # fmt: skip
    for _ in range(retries):
        assert isinstance(menu.then(keys("*")), Gather)
    assert menu.then(keys("*")).destination == Destination("voicemail")


def test_pressing_nothing_pressing_wrong_and_nobody_there_are_three_things():
    """irontec/ivozprovider#275: silence took the route of a wrong key, and the route "no answer"
    meant something else than anybody thought."""
    parts = {
        "keys": {"1": Key("employee:17")},
        "no_input": Failure(0, "", "queue:1"),
        "invalid": Failure(0, "", "queue:2"),
        "no_answer": Failure(0, "", "queue:3"),
    }
    assert one_menu(**parts).then(SILENCE).destination == Destination("queue", "1")
    assert one_menu(**parts).then(keys("9")).destination == Destination("queue", "2")
    caller = one_menu(**parts)
    assert isinstance(caller.then(keys("1")), Connect)
    assert caller.then(NOBODY).destination == Destination("queue", "3")


def test_each_of_the_three_has_its_own_counter_and_retry_prompt():
    """irontec/ivozprovider#275; fusionpbx/fusionpbx#515: the limit of one counted for another."""
    failures = {
        name: Failure(2, f"{name}!", "voicemail") for name in ("no_input", "invalid", "no_answer")
    }
    caller = one_menu(keys={"1": Key("employee:17")}, **failures)
    for _ in range(2):
        assert caller.then(SILENCE).prompts[0] == Say("no_input!")
        assert caller.then(keys("9")).prompts[0] == Say("invalid!")
        caller.then(keys("1"))
        assert caller.then(NOBODY).prompts[0] == Say("no_answer!")
    assert caller.then(SILENCE).destination == Destination("voicemail")


def test_an_exact_key_wins_over_the_extension_with_the_same_digits():
    """fusionpbx/fusionpbx#1990: where extensions can be dialled, a key of the menu was first taken
    for an extension that nobody has, and announced as wrong."""
    caller = one_menu(extensions=True, keys={"7": Key("queue:7"), "1": Key("exit")})
    assert caller.then(keys("7")).destination == Destination("queue", "7")
    caller = one_menu(extensions=True, keys={"7": Key("queue:7")})
    assert caller.then(keys("701")).destination == Destination("extension", "701")


def test_a_condition_that_leads_to_itself_ends():
    """FreePBX/issue-tracker#79: a destination that is the thing itself took the line out of
    service. The page refuses it; a row that says so all the same ends by the limit of visits."""
    caller = one_menu(no_input=Failure(0, "", "ivr:1"))
    for _ in range(9):
        assert isinstance(caller.then(SILENCE), Gather)
    assert caller.then(SILENCE) is None
    assert "was visited 10 times" in caller.left
