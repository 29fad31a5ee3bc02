"""Questions about everybody of a large installation, beside two dictionaries that know the answers.

The dictionaries are the least that can answer at all: ``PLANS[plan][feature]``, and the account's
overrides before it. They know no instant and no reason, and somebody has filled them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from benchmarks.gate.people import ACCOUNTS, AT, FEATURES, MATRIX, Desk, People, fill, plan_file
from benchmarks.installation import installed
from benchmarks.ratio import Ratio, in_turns
from benchmarks.stopwatch import microseconds
from core.contract.call import Account
from core.plans.gate import Gate
from core.registry import load

GOAL_MICROSECONDS = 2.0

Question = tuple[Account, str]
Work = tuple[Callable[[], None], int]
"""What is measured, and how many answers one run of it gives."""


def run(folder: Path, rounds: int) -> list[Ratio]:
    """Measure.

    Args:
        folder: an empty one.
        rounds: how often everybody is measured.
    """
    plugins = {name: Desk(name, features) for name, features in FEATURES.items()}
    with installed(folder, plan_file(), load(names=(), extra=plugins)) as centralino:
        people = fill(centralino.store)
        questions = _questions(people)
        gate = centralino.gate
        forgetful = Gate(centralino.store, gate.catalogue, gate.book)
        check(gate, people, questions["all"])
        works = _works(gate, questions)
        works["cold"] = _cold(forgetful, questions["all"][: ACCOUNTS // 10])
        works["dictionaries"] = _dictionaries(people, questions["all"])
        measures = [microseconds(work, answers, turns=1) for work, answers in works.values()]
        taken = dict(zip(works, in_turns(rounds, *measures), strict=True))
    return list(_ratios(taken, rounds))


def _questions(people: People) -> dict[str, list[Question]]:
    """One about each account, in no order: about all, about those with and without exceptions."""
    random, keys = Random(3), [key for features in FEATURES.values() for key in features]
    everybody = [(one, random.choice(keys)) for one in people.accounts]
    random.shuffle(everybody)
    special = {*people.overrides, *people.trials}
    plain = [one for one in everybody if one[0].id not in special]
    return {
        "all": everybody,
        "plain": plain,
        "special": [one for one in everybody if one[0].id in special],
    }


def _works(gate: Gate, questions: dict[str, list[Question]]) -> dict[str, Work]:
    def asking(asked: list[Question]) -> Callable[[], None]:
        def ask() -> None:
            for account, feature in asked:
                gate.grants(account, AT).ask(feature)

        return ask

    def explaining() -> None:
        for account, feature in questions["all"]:
            _ = gate.grants(account, AT).ask(feature).sentence

    works = {name: (asking(asked), len(asked)) for name, asked in questions.items()}
    return {"sentence": (explaining, len(questions["all"])), **works}


def _cold(gate: Gate, questions: list[Question]) -> Work:
    """Nothing is remembered of an account: the database is read, its grants are worked out."""

    def ask() -> None:
        gate.standing.forget()
        for account, feature in questions:
            gate.grants(account, AT).ask(feature)

    return ask, len(questions)


def _dictionaries(people: People, questions: list[Question]) -> Work:
    overrides = people.overrides

    def look_up() -> None:
        for account, feature in questions:
            own = overrides.get(account.id)
            if own is None or feature not in own:
                _ = MATRIX[account.plan].get(feature)

    return look_up, len(questions)


def check(gate: Gate, people: People, questions: list[Question]) -> None:
    """Both sides must say the same, or the comparison means nothing.

    Raises:
        RuntimeError: they do not.
    """
    for account, feature in questions:
        plan = people.trials.get(account.id, account.plan)
        expected = people.overrides.get(account.id, {}).get(feature, MATRIX[plan].get(feature))
        found = gate.grants(account, AT).ask(feature).value
        if found != expected:
            raise RuntimeError(f"{feature} of {account.name}: {found!r} is not {expected!r}")


def _ratios(taken: dict[str, tuple[float, ...]], rounds: int) -> Iterator[Ratio]:
    goal = (GOAL_MICROSECONDS,) * rounds
    per_second = {name: tuple(1e6 / one for one in numbers) for name, numbers in taken.items()}
    bare = per_second["dictionaries"]
    yield Ratio("questions/s, of everybody : two dictionaries", per_second["all"], bare, "/s")
    yield Ratio("… nothing remembered : two dictionaries", per_second["cold"], bare, "/s")
    yield Ratio(
        "a question, account without exceptions : 2 µs", taken["plain"], goal, "µs", 1, False
    )
    yield Ratio("… with overrides or on trial : 2 µs", taken["special"], goal, "µs")
    yield Ratio("… of everybody, with its sentence : 2 µs", taken["sentence"], goal, "µs")
