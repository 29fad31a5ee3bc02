"""The highest rate at which no call fails, found by doubling and then by halving the gap."""

from __future__ import annotations

from benchmarks.live.sides import Side

FIRST = 25.0
"""Calls per second to begin with."""

MOST = 800.0
"""More is not tried: sipp needs a processor for itself before."""

CLOSE = 1.06
"""The search ends when the rate that fails is so close to the one that holds."""


def highest_rate(side: Side, length: float) -> float:
    """Search; 0 when even the first rate is too high.

    A rate holds when all calls of a block were answered and ended as they should, and sipp kept the
    rate. One that fails is tried once more: a neighbour on the machine fails calls, too.

    Args:
        side: who answers.
        length: how many seconds each rate is called.
    """
    holds, fails = 0.0, FIRST
    while fails <= MOST and _holds(side, fails, length):
        holds, fails = fails, 2 * fails
    if fails > MOST:
        return holds
    while holds and fails / holds > CLOSE:
        between = round((holds * fails) ** 0.5)
        if _holds(side, between, length):
            holds = between
        else:
            fails = between
    return holds


def _holds(side: Side, rate: float, length: float) -> bool:
    for _ in range(2):
        block = side.measure(rate, length).block
        if block.kept and not block.failed:
            return True
    return False
