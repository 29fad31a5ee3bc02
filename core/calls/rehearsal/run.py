"""What one run of a scenario came to, and what of it an admin cares about (S3)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.store.scenarios import ScenarioRow

SLOW = "too slow"
"""How the engine's note on a plugin that used up its time begins."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run.

    Args:
        outcome: what the call became; "" when it could not be made.
        ends: where it ended, as a destination's text: ``employee:17``, ``number:+39…``,
            ``voicemail:queue:3``; "" where it ended nowhere in particular.
        steps, trace, usage: as the simulator gives them.
        faults: [plugin, sentence] of plugins that failed on the way.
        problem: why the call could not be made, such as a number without a gateway.
    """

    outcome: str = ""
    ends: str = ""
    steps: list[dict[str, Any]] = field(default_factory=list)
    trace: list[dict[str, Any]] = field(default_factory=list)
    usage: dict[str, int] = field(default_factory=dict)
    faults: list[list[str]] = field(default_factory=list)
    problem: str = ""

    @property
    def essence(self) -> list[Any]:
        """What makes two runs differ for an admin: the outcome, the end, and each thing that
        happens on the way: who is rung, what is said or played, where a message goes, whether it is
        recorded. Not when, how long and how often: a longer ring is no other outcome."""
        steps = dict.fromkeys(essence_of(one) for one in self.steps)
        return [self.problem, self.outcome, self.ends, list(steps)]

    @property
    def slow(self) -> list[str]:
        """The plugins that were left out because they were too slow."""
        return sorted({plugin for plugin, why in self.faults if why.startswith(SLOW)})

    def as_json(self) -> dict[str, Any]:
        """Plain data for programs."""
        return {
            "outcome": self.outcome,
            "ends": self.ends,
            "steps": self.steps,
            "trace": self.trace,
            "usage": self.usage,
            "problem": self.problem,
        }

    def in_words(self) -> str:
        """In a few words: ``answered (employee:17)``."""
        return self.problem or (f"{self.outcome} ({self.ends})" if self.ends else self.outcome)

    def meets(self, outcome: str, ends: str) -> bool:
        """Whether it is what was expected; "" is anything."""
        if self.problem:
            return False
        return outcome in ("", self.outcome) and ends in ("", self.ends)


@dataclass(frozen=True, slots=True)
class Difference:
    """A scenario that would come out differently, side by side: ``before`` on the configuration as
    it is, ``after`` on the changed one."""

    scenario: ScenarioRow
    before: Run
    after: Run

    def in_words(self) -> str:
        """In one line: which scenario, what came of it and what would."""
        row = self.scenario
        return f"{row.line.number} {row.name}: {self.before.in_words()} → {self.after.in_words()}"

    def as_json(self) -> dict[str, Any]:
        """Plain data for programs."""
        row = self.scenario
        return {
            "scenario": row.id,
            "name": row.name,
            "number": row.line.number,
            "expected": {"outcome": row.outcome, "ends": row.ends},
            "before": self.before.as_json(),
            "after": self.after.as_json(),
        }


def essence_of(step: Mapping[str, Any]) -> str:
    """What of one step makes it another one for an admin."""
    told = ("step", "says", "music", "plays", "rings", "for", "recorded")
    return json.dumps({key: step[key] for key in told if key in step})


def digest(differences: list[Difference]) -> str:
    """A short text that is another one when any of the differences is."""
    told = [[one.scenario.id, one.before.essence, one.after.essence] for one in differences]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def run_of(result: Mapping[str, Any]) -> Run:
    """A run from what the simulator gives."""
    names = ("outcome", "ends", "steps", "trace", "usage", "faults")
    return Run(**{name: result[name] for name in names})
