"""The whole review of a change, first pages: seconds, beside the goal and beside the least that any
review must ask the database, how many accounts each plan has.

Half of all accounts gain, lose, or are above a lowered limit; that is more than a real change does.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from benchmarks.installation import installed
from benchmarks.ratio import Ratio, in_turns
from benchmarks.review.filling import ACCOUNTS, AT, fill
from benchmarks.review.matrices import before_and_after, install
from core.plans.impact.impact import impact

GOAL_SECONDS = 2.0
LEAST = "SELECT plan, count(*) FROM accounts GROUP BY plan"

PLANS = "schema: 1\nplans:\n  free:\n    title: Free\n    features: {}\n"
"""In force while the review asks about two other matrices."""


def run(folder: Path, rounds: int) -> list[Ratio]:
    """Measure.

    Args:
        folder: an empty one; the database takes a quarter of a gigabyte of it.
        rounds: how often both are measured.
    """
    registry = install()
    before, after = before_and_after(registry)
    with installed(folder, PLANS, registry) as centralino:
        store = centralino.store
        fill(store, registry)

        def review() -> None:
            told = impact(store, registry, before, after, AT)
            if told.affected != ACCOUNTS or not (told.over.total and told.shielding.total):
                raise RuntimeError("the review does not tell what it should")

        review()
        whole, least = in_turns(rounds, _seconds(review), _seconds(lambda: store.rows(LEAST)))
    goal = (GOAL_SECONDS,) * rounds
    return [
        Ratio("the whole review : 2 s", whole, goal, "s", 1, at_least=False),
        Ratio("the whole review : count accounts by plan", whole, least, "s"),
    ]


def _seconds(work: Callable[[], object]) -> Callable[[], float]:
    def measure() -> float:
        gc.collect()
        start = perf_counter()
        work()
        return perf_counter() - start

    return measure
