"""The highest rate at which no call fails: steps of a half up, then the gap is halved."""

from __future__ import annotations

from benchmarks.live.sides import Side

FIRST = 24.0
"""Calls per second to begin with."""

LEAST = 1.0
"""Less is not tried."""

MOST = 800.0
"""More is not tried: sipp needs a processor for itself before."""

CLOSE = 1.06
"""The search ends when the rate that fails is so close to the one that holds."""


def highest_rate(side: Side, length: float) -> float:
    """Search; 0 when no rate holds.

    A rate holds when all calls of a block were answered and ended as they should, and sipp kept the
    rate. One that fails is tried once more: a neighbour on the machine fails calls, too.

    Args:
        side: who answers.
        length: how many seconds each rate is called.
    """
    holds, fails = _bounds(side, length)
    while fails / max(holds, LEAST) > CLOSE:
        between = round((max(holds, LEAST) * fails) ** 0.5, 1)
        if _holds(side, between, length):
            holds = between
        else:
            fails = between
    return holds


def _bounds(side: Side, length: float) -> tuple[float, float]:
    """A rate that holds, 0 for none, and one that does not, or is more than we try."""
    holds, rate = 0.0, FIRST
    while rate <= MOST and _holds(side, rate, length):
        holds, rate = rate, 1.5 * rate
    return (holds, holds * CLOSE) if rate > MOST else (holds, rate)


def _holds(side: Side, rate: float, length: float) -> bool:
    for _ in range(2):
        block = side.measure(rate, length).block
        if block.kept and not block.failed:
            return True
    return False
