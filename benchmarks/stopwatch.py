"""Times what takes microseconds of one thread, by its processor time, which leaves out as far as
possible what others do on the machine."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import thread_time

SECONDS = 0.05
"""How long one measurement takes, about."""


def microseconds(
    work: Callable[[], object], answers: int = 1, turns: int = 0
) -> Callable[[], float]:
    """Prepare a measurement of ``work``; each call of the result measures it once.

    Args:
        work: what is repeated; run once before anything is measured.
        answers: how many answers one run of it gives.
        turns: how many runs are one measurement; 0: as many as fit.

    Returns:
        A function that returns the microseconds per answer.
    """
    work()
    turns = turns or max(1, round(SECONDS / _seconds(work, range(3)) * 3))

    def measure() -> float:
        return 1e6 * _seconds(work, range(turns)) / turns / answers

    return measure


def _seconds(work: Callable[[], object], turns: range) -> float:
    gc.collect()
    gc.disable()
    try:
        start = thread_time()
        for _ in turns:
            work()
        return max(thread_time() - start, 1e-9)
    finally:
        gc.enable()
