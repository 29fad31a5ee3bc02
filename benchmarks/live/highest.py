"""The highest rate at which no call fails: doubled until calls fail, then the gap is halved."""

from __future__ import annotations

import requests

from benchmarks.live.sides import Side

FIRST = 20.0
"""Calls per second to begin with."""

LEAST = 1.0
"""Less is not tried."""

MOST = 640.0
"""More is not tried: sipp needs a processor for itself before."""

CLOSE = 1.12
"""The search ends when the rate that fails is so close to the one that holds."""

SECONDS = 8.0
"""How long each rate is called: long enough for those to fail who are a quarter too slow."""


def highest_rate(side: Side) -> float:
    """Search; 0 when no rate holds.

    A rate holds when all calls of a block were answered and ended as they should, each that must
    be recorded is, and sipp kept the rate. One that fails is tried once more: a neighbour on the
    machine fails calls, too. One at which Asterisk dies fails; Asterisk is started again.

    Args:
        side: who answers.
    """
    holds, fails = _bounds(side)
    while fails / max(holds, LEAST) > CLOSE:
        between = round((max(holds, LEAST) * fails) ** 0.5, 1)
        if _holds(side, between):
            holds = between
        else:
            fails = between
    return holds


def _bounds(side: Side) -> tuple[float, float]:
    """A rate that holds, 0 for none, and one that does not, or is more than we try."""
    holds, rate = 0.0, FIRST
    while rate <= MOST and _holds(side, rate):
        holds, rate = rate, 2 * rate
    return (holds, holds * CLOSE) if rate > MOST else (holds, rate)


def _holds(side: Side, rate: float) -> bool:
    return any(_tried(side, rate) for _ in range(2))


def _tried(side: Side, rate: float) -> bool:
    """Call at a rate once, and have everything quiet again."""
    before = side.records() if side.records else 0
    block = side.caller.call(rate, SECONDS)
    try:
        side.clear()
    except requests.ConnectionError:
        print(f"  {side.name}: Asterisk died at {rate:g} calls/s", flush=True)
        side.restart()
        return False
    return block.kept and not block.failed and side.recorded(block.calls, before)
