"""Compares two things that were measured in turns, and says whether the goal is met.

Two numbers taken at different times on a shared machine differ by up to a half for no reason.
So every comparison here is made of rounds; each round measures both sides one right after the
other, and only the ratio of a round counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Ratio:
    """One comparison.

    Args:
        name: what is compared with what.
        ours, theirs: measurements, one per round, in ``unit``.
        unit: ``req/s``, ``µs`` and the like.
        goal: the ratio to reach; None: shown for comparison only.
        at_least: whether larger is better.
    """

    name: str
    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    unit: str
    goal: float | None = None
    at_least: bool = True

    @property
    def rounds(self) -> list[float]:
        """The ratio of each round."""
        return [mine / other for mine, other in zip(self.ours, self.theirs, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return median(self.rounds)

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None when there is none."""
        if self.goal is None:
            return None
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal

    def line(self) -> str:
        """The comparison in one line: medians, the ratio with its range, the verdict."""
        verdict = {True: "met", False: "FALLS SHORT", None: ""}[self.met]
        wanted = "" if self.goal is None else f"goal {'≥' if self.at_least else '≤'} {self.goal:g}"
        low, high = min(self.rounds), max(self.rounds)
        return (
            f"  {self.name:<46} {_number(median(self.ours)):>8} : {_number(median(self.theirs)):<8}"
            f" {self.unit:<6} ratio {self.ratio:6.2f} [{low:.2f}–{high:.2f}]"
            f"  {wanted:<11} {verdict}".rstrip()
        )

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "name": self.name,
            "ours": self.ours,
            "theirs": self.theirs,
            "unit": self.unit,
            "ratio": self.ratio,
            "lowest": min(self.rounds),
            "highest": max(self.rounds),
            "goal": self.goal,
            "at_least": self.at_least,
            "met": self.met,
        }


def in_turns(rounds: int, *measures: Callable[[], float]) -> list[tuple[float, ...]]:
    """Measure several things in turns; every other round backwards, so that none is always the
    first after the other.

    Args:
        rounds: how often.
        measures: each measures one thing once and returns the number.

    Returns:
        For each of them its numbers, one per round.
    """
    numbers: list[list[float]] = [[] for _ in measures]
    for turn in range(rounds):
        order = list(enumerate(measures))
        for place, measure in order if turn % 2 == 0 else reversed(order):
            numbers[place].append(measure())
    return [tuple(one) for one in numbers]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
