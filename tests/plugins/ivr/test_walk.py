"""One call in the menus: which key leads where, and what follows each way to fail."""

from collections.abc import Mapping
from typing import Any

import pytest

from core.api import Connect, Destination, Gather, Result, ResultKind, RingOutcome, Say
from plugins.ivr.menus import Failure, Key, Menu
from plugins.ivr.service import Tally, Walk
from tests.support.calls import make_call

MAIN, SALES, OFFERS = 1, 2, 3

MENUS = {
    MAIN: Menu(
        MAIN,
        "Main",
        "Main prompt.",
        language="it",
        extensions=True,
        keys={
            "1": Key("ivr:2"),
            "2": Key("queue:7"),
            "3": Key("message", "We are open all day."),
            "4": Key("number", "+393331111111"),
            "5": Key("voicemail:employee:17"),
            "6": Key("extension", "Which extension?"),
            "7": Key("extension"),
            "8": Key("ivr:99"),
            "9": Key("repeat"),
            "0": Key("exit"),
            "#": Key("employee:17"),
            "*": Key("back"),
        },
        no_input=Failure(2, "No key.", ""),
        invalid=Failure(1, "Wrong key.", "queue:9"),
        no_answer=Failure(0, "Nobody there.", "voicemail"),
    ),
    SALES: Menu(
        SALES,
        "Sales",
        "Sales prompt.",
        first_seconds=8,
        between_seconds=3,
        keys={"1": Key("ivr:3"), "*": Key("back"), "#": Key("exit")},
        no_input=Failure(0, "", "ivr:3"),
        invalid=Failure(0, "", "ivr:2"),
        no_answer=Failure(1, "Nobody in sales.", "queue:9"),
    ),
    OFFERS: Menu(OFFERS, "Offers", "Offers prompt.", keys={"*": Key("back")}),
}

NO_INPUT = Result(ResultKind.NO_INPUT)
NOBODY = Result(ResultKind.NOT_CONNECTED, ring=RingOutcome.NO_ANSWER)
NOT_RUNG = Result(ResultKind.NOT_CONNECTED, ring=RingOutcome.FAILED)
NOWHERE = Result(ResultKind.NOT_CONNECTED, ring=RingOutcome.FAILED, nowhere=True)


def keys(digits: str) -> Result:
    return Result(ResultKind.DIGITS, digits=digits)


class Caller:
    """Drives one call, giving each step's state back with its result, as the engine does."""

    def __init__(self, known: Mapping[int, Menu] = MENUS, levels: Any = "unlimited") -> None:
        self.known = known
        self.facts: dict[str, Any] = {}
        self.call = make_call(plan={"ivr.max_depth": levels})
        self.step: Any = None

    def enter(self, menu: int = MAIN) -> Any:
        return self._took(Walk(self.call, self.known, Tally.read(self.facts)).enter(menu))

    def then(self, result: Result) -> Any:
        tally = Tally.read(self.step.state)
        return self._took(Walk(self.call, self.known, tally).go_on(result, self.step.state))

    @property
    def left(self) -> str:
        """Why the call left the menus."""
        assert self.step is None
        return self.call.notes[-1]

    def _took(self, step: Any) -> Any:
        self.step = step
        if step is not None:
            self.facts |= step.facts
        return step


@pytest.fixture
def caller():
    caller = Caller()
    caller.enter()
    return caller


def test_a_menu_is_spoken_and_waits_for_its_keys():
    step = Caller().enter(SALES)
    assert isinstance(step, Gather)
    assert step.prompts == (Say("Sales prompt."),)
    assert (step.digits, step.first_seconds, step.between_seconds) == (1, 8, 3)
    assert step.finish_key == ""  # so that # is a key like any other
    assert step.reason == "menu Sales"


def test_the_timers_are_five_and_two_seconds_unless_set():
    step = Caller().enter(OFFERS)
    assert (step.first_seconds, step.between_seconds) == (5, 2)


def test_prompts_are_spoken_in_the_menus_language(caller):
    assert caller.step.prompts == (Say("Main prompt.", "it"),)


def test_a_menu_with_extensions_collects_four_digits(caller):
    assert caller.step.digits == 4
    assert caller.step.finish_key == ""  # the menu has a key #
    without_hash = {MAIN: Menu(MAIN, "Main", "Hello.", extensions=True)}
    assert Caller(without_hash).enter().finish_key == "#"


@pytest.mark.parametrize(
    ("pressed", "destination"),
    [
        ("2", Destination("queue", "7")),
        ("4", Destination("number", "+393331111111")),
        ("5", Destination("voicemail", "employee:17")),
        ("#", Destination("employee", "17")),
        ("22", Destination("extension", "22")),
        ("117", Destination("extension", "117")),
        ("117#", Destination("extension", "117")),
    ],
)
def test_a_key_connects_and_longer_digits_are_an_extension(caller, pressed, destination):
    step = caller.then(keys(pressed))
    assert isinstance(step, Connect)
    assert step.destination == destination


def test_a_key_leads_to_the_menu_below_and_star_back():
    caller = Caller()
    caller.enter()
    assert caller.then(keys("1")).reason == "menu Sales"
    assert caller.then(keys("1")).reason == "menu Offers"
    assert caller.then(keys("*")).reason == "menu Sales"
    assert caller.then(keys("*")).reason == "menu Main"


def test_a_message_comes_before_the_menus_prompt(caller):
    step = caller.then(keys("3"))
    assert step.prompts == (Say("We are open all day.", "it"), Say("Main prompt.", "it"))


@pytest.mark.parametrize(
    ("pressed", "question"), [("6", "Which extension?"), ("7", "Please dial the extension.")]
)
def test_a_key_asks_for_an_extension(caller, pressed, question):
    step = caller.then(keys(pressed))
    assert (step.prompts[0].text, step.digits, step.finish_key) == (question, 4, "#")
    assert caller.then(keys("2")).destination == Destination("extension", "2")  # no key 2 here


def test_silence_after_that_question_is_a_failure_of_the_menu(caller):
    caller.then(keys("6"))
    assert caller.then(NO_INPUT).prompts[0].text == "No key."


def test_exit_leaves_the_menus(caller):
    caller.then(keys("0"))
    assert caller.left == "the menus are left: the caller left the menu"


def test_back_at_the_top_leaves_the_menus(caller):
    caller.then(keys("*"))
    assert caller.left == "the menus are left: there is no menu to go back to"


def test_a_deleted_submenu_leaves_the_menus(caller):
    caller.then(keys("8"))
    assert caller.left == "the menus are left: there is no such menu"


def test_with_two_retries_the_third_silence_takes_the_destination(caller):
    for _ in range(2):
        assert caller.then(NO_INPUT).prompts == (Say("No key.", "it"), Say("Main prompt.", "it"))
    caller.then(NO_INPUT)
    assert caller.left == "the menus are left: no key pressed in menu Main, failure 3"


def test_with_one_retry_the_second_wrong_key_takes_the_destination():
    menus = {MAIN: Menu(MAIN, "Main", "Hello.", invalid=Failure(1, "Wrong key.", "queue:9"))}
    caller = Caller(menus)
    caller.enter()
    assert caller.then(keys("5")).prompts == (Say("Wrong key."), Say("Hello."))
    assert caller.then(keys("5")).destination == Destination("queue", "9")
    assert caller.then(NOBODY) is None
    assert caller.left == "the menus are left: nobody was reached"


def test_each_way_to_fail_has_a_counter_of_its_own(caller):
    caller.then(NO_INPUT)
    caller.then(keys("**"))
    caller.then(NO_INPUT)
    assert caller.step.state["fails"] == {"no_input": 2, "invalid": 1}
    assert caller.then(keys("**")).destination == Destination("queue", "9")


def test_a_destination_that_does_not_answer_has_its_own_rule():
    caller = Caller()
    caller.enter()
    caller.then(keys("2"))
    assert caller.then(NOBODY).destination == Destination("voicemail")
    in_sales = Caller({SALES: Menu(SALES, "S", "Hi.", keys={"1": Key("queue:1")},
                                   no_answer=Failure(1, "Nobody.", "queue:9"))})  # fmt: skip
    in_sales.enter(SALES)
    in_sales.then(keys("1"))
    assert in_sales.then(NOBODY).prompts == (Say("Nobody."), Say("Hi."))
    in_sales.then(keys("1"))
    assert in_sales.then(NOBODY).destination == Destination("queue", "9")


def test_a_failure_can_lead_to_another_menu():
    caller = Caller()
    caller.enter(SALES)
    assert caller.then(NO_INPUT).reason == "menu Offers"


def test_an_extension_that_leads_nowhere_is_a_wrong_key(caller):
    caller.then(keys("118"))
    assert caller.then(NOWHERE).prompts[0] == Say("Wrong key.", "it")


@pytest.mark.parametrize("result", [NOBODY, NOT_RUNG])
def test_an_extension_that_is_there_did_not_answer(caller, result):
    caller.then(keys("117"))
    assert caller.then(result).destination == Destination("voicemail")


def test_visiting_a_menu_again_counts_failures_anew(caller):
    caller.then(NO_INPUT)
    caller.then(keys("9"))
    assert caller.step.state["fails"] == {}


def test_a_menu_is_visited_ten_times_and_no_more(caller):
    for _ in range(9):
        assert caller.then(keys("9")) is not None
    caller.then(keys("9"))
    assert caller.left == "the menus are left: menu Main was visited 10 times"


def test_visits_are_counted_through_the_whole_call(caller):
    for _ in range(4):
        caller.then(keys("9"))
    caller.then(keys("0"))
    for _ in range(5):
        assert caller.enter() is not None
    assert caller.enter() is None


def test_a_call_passes_fifty_nodes_and_no_more():
    menu = Menu(MAIN, "Main", "Hello.", keys={}, no_input=Failure(99, "Again."))
    caller = Caller({MAIN: menu})
    steps = [caller.enter(), *(caller.then(NO_INPUT) for _ in range(50))]
    assert [step is None for step in steps] == [False] * 50 + [True]
    assert caller.left == "the menus are left: the call passed 50 nodes"


@pytest.mark.parametrize(
    ("levels", "reached"),
    [("unlimited", 3), (3, 3), (2, 2), (1, 1), (False, 1), (0, 0)],
)
def test_menus_deeper_than_the_plan_are_left_out(levels, reached):
    caller = Caller(levels=levels)
    steps = [caller.enter()]
    while steps[-1] is not None:
        steps.append(caller.then(keys("1")) if len(steps) < 3 else None)
    assert len(steps) - 1 == reached
    if reached < 3:
        assert caller.left.endswith("is deeper than the plan allows")


def test_the_plan_is_asked_for_each_menu():
    asked = []
    call = make_call(ask=lambda feature: asked.append(feature) or _unlimited())
    Walk(call, MENUS, Tally.read({})).enter(MAIN)
    assert asked == ["ivr.max_depth"]


def _unlimited() -> Any:
    return make_call(plan={"x": "unlimited"}).ask("x")


def test_a_menu_that_is_deleted_meanwhile_is_left(caller):
    caller.known = {}
    caller.then(keys("1"))
    assert caller.left == "the menus are left: the menu does not exist any more"
