"""Calls at the same rates to all three sides, in blocks that take turns; and the highest rates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.live.highest import highest_rate
from benchmarks.live.sides import Measured, Side, Sides
from benchmarks.ratio import Ratio

SLOWER = 1.2
"""So many times the script's time to 200 OK is the gateway's goal."""

RATE = 0.8
"""And so much of the script's highest rate."""

WARM_SECONDS = 4

NOISY = 0.1
"""Above this share of the processors used by others the comparison is called noisy."""


@dataclass
class Results:
    """What was measured of each side, one entry per round."""

    measured: dict[str, list[Measured]] = field(default_factory=dict)

    def add(self, side: Side, one: Measured) -> None:
        """One block more."""
        self.measured.setdefault(side.name, []).append(one)

    def ratio(
        self,
        name: str,
        ours: Side,
        theirs: Side,
        value: Callable[[Measured], float],
        unit: str = "ms",
        goal: float | None = None,
    ) -> Ratio:
        """Two sides by one number, block by block."""
        mine, others = (
            tuple(value(one) for one in self.measured[side.name]) for side in (ours, theirs)
        )
        return Ratio(f"{name}, {ours.name} : {theirs.name}", mine, others, unit, goal, False)

    def told(self) -> str:
        """Failed calls, calls that sipp placed too late, and noise, in one line."""
        blocks = [one for each in self.measured.values() for one in each]
        failed = {
            name: sum(one.block.failed for one in each) for name, each in self.measured.items()
        }
        calls = sum(one.block.calls for one in blocks)
        lost = ", ".join(f"{number} of {name}" for name, number in failed.items() if number)
        late = sum(not one.block.kept for one in blocks)
        slow = f"; sipp did not keep the rate in {late} blocks" if late else ""
        noise = _noise([one.others for one in blocks])
        return f"  {calls} calls, failed: {lost or 'none'}{slow}; {noise}"


def at_rate(sides: Sides, rate: float, length: float, rounds: int) -> list[Ratio]:
    """Measure the time from INVITE to 200 OK at one rate.

    Args:
        rate: calls per second.
        length: seconds of a block.
        rounds: blocks of each side; one more of each warms up.
    """
    for side in sides.shuffled():
        if not side.measure(rate, WARM_SECONDS).block.answered:
            raise RuntimeError(f"{side.name} answers no call")
    results = Results()
    for _ in range(rounds):
        for side in sides.shuffled():
            results.add(side, side.measure(rate, length))
    print(results.told(), flush=True)
    ours, script, native = sides.gateway, sides.script, sides.native
    return [
        results.ratio("median", ours, script, lambda one: one.block.median, goal=SLOWER),
        results.ratio("p99", ours, script, lambda one: one.block.p99, goal=SLOWER),
        results.ratio("median", script, native, lambda one: one.block.median),
        results.ratio("p99", script, native, lambda one: one.block.p99),
        results.ratio("median", ours, native, lambda one: one.block.median),
        results.ratio("p99", ours, native, lambda one: one.block.p99),
        results.ratio("Asterisk's CPU a call", ours, script, lambda one: one.asterisk),
        results.ratio("Python's CPU a call", ours, script, lambda one: one.python),
    ]


def highest(sides: Sides, rounds: int) -> list[Ratio]:
    """Measure the highest rate at which no call fails.

    Args:
        rounds: searches of each side.
    """
    found: dict[str, list[float]] = {side.name: [] for side in sides.all}
    for _ in range(rounds):
        for side in sides.shuffled():
            rate = highest_rate(side)
            print(f"  {side.name}: {rate:g} calls/s", flush=True)
            if not rate:
                raise RuntimeError(f"{side.name} holds no rate at all: the machine is too busy")
            found[side.name].append(rate)
    ours, script, native = (
        found[side.name] for side in (sides.gateway, sides.script, sides.native)
    )
    return [
        _rates("gateway : script", ours, script, RATE),
        _rates("script : native", script, native),
        _rates("gateway : native", ours, native),
    ]


def _rates(
    name: str, ours: Sequence[float], theirs: Sequence[float], goal: float | None = None
) -> Ratio:
    return Ratio(f"highest rate, {name}", tuple(ours), tuple(theirs), "call/s", goal)


def _noise(shares: Sequence[float]) -> str:
    middle, most = sorted(shares)[len(shares) // 2], max(shares)
    word = " (NOISY: believe no small difference)" if middle > NOISY else ""
    return f"others used {middle:.0%} of the processors, {most:.0%} at most{word}"
