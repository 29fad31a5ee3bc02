"""The whole review of a change, first pages: seconds, beside the goal and beside the least that any
review must ask the database, how many accounts each plan has.

Every account gains and loses, and 48,000 times one is above a lowered limit: harsher than a real
change. The processor's time leaves out the disk and what others do on the machine.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

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
        measures = (_Seconds(review), _Seconds(lambda: store.rows(LEAST)))
        whole, least = in_turns(rounds, *measures)
    goal, processor = (GOAL_SECONDS,) * rounds, tuple(measures[0].processor)
    return [
        Ratio("the whole review, by the clock : 2 s", whole, goal, "s", 1, at_least=False),
        Ratio("the whole review, by the processor : 2 s", processor, goal, "s", 1, at_least=False),
        Ratio("the whole review : count accounts by plan", whole, least, "s"),
    ]


class _Seconds:
    """Measures some work: answers the clock's seconds, notes the processor's."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.work = work
        self.processor: list[float] = []

    def __call__(self) -> float:
        gc.collect()
        clock, processor = perf_counter(), process_time()
        self.work()
        self.processor.append(process_time() - processor)
        return perf_counter() - clock
