"""Microseconds per answer, with its explanation: the sentence that every door shows.

The explanation is ``Grants.ask(feature).sentence``. ``Gate.grants(account)``, once per event of a
call, is in a line of its own. The libraries that explain less are not asked for more.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.gate.libraries import LIBRARIES, RIGHT
from benchmarks.gate.questions import CHOICE, NUMBER, PLAN, PLANS, SWITCH, Desk
from benchmarks.installation import SINCE, installed, make_account
from benchmarks.ratio import Ratio, in_turns
from benchmarks.stopwatch import microseconds
from core.plans.gate import Gate
from core.registry import load
from core.store.accounts import AccountRow

GOAL_MICROSECONDS = 2.0
QUESTIONS = 3


def run(folder: Path, rounds: int) -> list[Ratio]:
    """Measure.

    Args:
        folder: an empty one.
        rounds: how often everybody is measured.
    """
    with installed(folder, PLANS, load(names=(), extra={"desk": Desk()})) as centralino:
        account = make_account(1, PLAN)
        works = _ours(centralino.gate, account)
        works |= {name: make(folder) for name, make in LIBRARIES.items()}
        measures = [microseconds(work, QUESTIONS) for work in works.values()]
        taken = dict(zip(works, in_turns(rounds, *measures), strict=True))
    explained = taken["explained"]
    goal = (GOAL_MICROSECONDS,) * rounds
    against = [
        Ratio(f"an answer with its sentence : {name}", explained, taken[name], "µs", 1, False)
        for name in LIBRARIES
    ]
    return [
        Ratio("an answer with its sentence : 2 µs", explained, goal, "µs", 1, False),
        *against,
        Ratio(
            "the account's grants, an answer, its sentence", taken["whole"], goal, "µs", 1, False
        ),
        Ratio("an answer alone", taken["bare"], goal, "µs", 1, False),
    ]


def _ours(gate: Gate, row: AccountRow) -> dict[str, Callable[[], object]]:
    account = AccountRow.get_by_id(row.id).picture()
    grants = gate.grants(account, SINCE)
    if tuple(grants.ask(key).value for key in (SWITCH, NUMBER, CHOICE)) != RIGHT:
        raise RuntimeError("the gate does not grant what the plan says")

    def bare() -> None:
        grants.ask(SWITCH)
        grants.ask(NUMBER)
        grants.ask(CHOICE)

    def explained() -> tuple[str, str, str]:
        return (
            grants.ask(SWITCH).sentence,
            grants.ask(NUMBER).sentence,
            grants.ask(CHOICE).sentence,
        )

    def whole() -> tuple[str, str, str]:
        return (
            gate.grants(account, SINCE).ask(SWITCH).sentence,
            gate.grants(account, SINCE).ask(NUMBER).sentence,
            gate.grants(account, SINCE).ask(CHOICE).sentence,
        )

    return {"bare": bare, "explained": explained, "whole": whole}
