"""Has the plugins think an event through: under a deadline, again without the one too slow.

No lock is held meanwhile. When the time for an answer is spent, the last resort answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from time import monotonic, sleep
from typing import Any

from core.calls.asking import Asker
from core.calls.breaker import Breaker
from core.calls.conductor import Conductor, Move
from core.calls.found import Found
from core.calls.guard import is_emergency
from core.calls.journal import Journal
from core.calls.runner import Runner
from core.contract.call import Call, Client
from core.contract.errors import Conflict
from core.contract.events import CallArrived, CallDialled, Result, StepEnded
from core.contract.steps import Step, TalkTerms
from core.contract.texts import N_
from core.plans.gate import Gate, Grants
from core.registry import Registry

IDENTIFY_SECONDS = 0.8
"""How long the caller may be looked up before the call is routed without (C1)."""

ATTACH_ATTEMPTS = 20
"""How often attaching a late identification is tried while the call moves on."""

ATTACH_PAUSE = 0.25
"""Seconds between two attempts while the call is still being routed, and not stored yet."""


@dataclass(slots=True)
class Draft:
    """What an event leads to, before it is written: a step, and who was asked for it."""

    step: Step
    terms: tuple[tuple[str, TalkTerms], ...] = ()
    asker: Asker | None = None


@dataclass(slots=True)
class Attempt:
    """What one try at an event leaves to the next.

    Args:
        deadline: on the monotonic clock, when the last resort answers.
        caps_reached: why no outside number may be dialled (O8), or "".
        slow: the plugins that were too slow for this event.
        lookup: the asker of the caller's identification, with its trace; None: not looked up.
        client: who was found.
    """

    deadline: float
    caps_reached: str = ""
    slow: frozenset[str] = frozenset()
    lookup: Asker | None = None
    client: dict[str, Any] | None = None


class Thinker:
    """Asks plugins about events.

    Args:
        registry, gate: who can be asked, and who may.
        journal: where calls are read.
        runner: threads to think in.
    """

    def __init__(self, registry: Registry, gate: Gate, journal: Journal, runner: Runner) -> None:
        self.registry = registry
        self.gate = gate
        self.breaker = Breaker()
        self._journal = journal
        self._runner = runner

    def grants(self, found: Found) -> Grants:
        """What the call's plan includes: of the revision and plan the call started with (P)."""
        setup = self._journal.line_setup(found.account, found.line.id)
        return self._grants(found, setup.off)

    def _grants(self, found: Found, off: frozenset[str]) -> Grants:
        state = found.state
        return self.gate.grants(
            found.account, found.started_at, off, state.revision or None, state.plan or None
        )

    def asker(self, found: Found, call: Call, slow: frozenset[str] = frozenset()) -> Asker:
        """Asks the plugins that act for this call."""
        setup = self._journal.line_setup(found.account, found.line.id)
        left_out = self.breaker.left_out(call.at)
        return Asker(
            self.registry,
            self.grants(found),
            setup,
            left_out | slow if slow else left_out,
            call,
            (lambda: self._grants(found, setup.account_off)) if self._journal.live else None,
        )

    def arrival(self, event: CallArrived | CallDialled, found: Found, attempt: Attempt) -> Draft:
        """Who is it, and where does the routing, or what was dialled, lead?

        Raises:
            TooSlow: a plugin used up its time; try again without it.
        """
        grants = self.grants(found)
        found.state.revision, found.state.plan = grants.revision, grants.plan
        if attempt.lookup is None:
            self._look_up(event, found, attempt)
        found.state.client = attempt.client
        begin = Conductor.dialled if found.dialled else Conductor.arrived
        return self._think(event.at, found, begin, attempt)

    def result(self, event: StepEnded, found: Found, result: Result, attempt: Attempt) -> Draft:
        """How does the call go on after a step's result?

        Raises:
            TooSlow: a plugin used up its time; try again without it.
        """
        return self._think(event.at, found, lambda conductor: conductor.step_ended(result), attempt)

    def _look_up(self, event: CallArrived | CallDialled, found: Found, attempt: Attempt) -> None:
        """Ask who is outside; an answer that comes too late is attached to the stored call."""
        call = found.call(event.at)
        asker = attempt.lookup = self.asker(found, call)
        known = self.registry.implementations("identify_caller", asker.enabled)
        if not known or not call.client_number or is_emergency(call.called, call.account.country):
            return

        def attach(answer: tuple[str, Client] | None) -> None:
            if answer is not None:
                self._attach(event, asdict(answer[1]))

        answer = self._runner.run(
            lambda: asker.first("identify_caller", Client),
            asker,
            monotonic() + IDENTIFY_SECONDS,
            IDENTIFY_SECONDS,
            attach,
        )
        attempt.client = asdict(answer[1]) if answer else None

    def _attach(self, event: CallArrived | CallDialled, client: dict[str, Any]) -> None:
        for _ in range(ATTACH_ATTEMPTS):
            found = self._journal.find(event)
            if not found.id:
                sleep(ATTACH_PAUSE)
                continue
            if found.state.client:
                return
            found.state.client = client
            try:
                with self._journal.transaction():
                    self._journal.save_call(found)
                return
            except Conflict:
                continue

    def _think(
        self, at: datetime, found: Found, think: Callable[[Conductor], Move], attempt: Attempt
    ) -> Draft:
        busy = self._journal.busy(found.account.id, found.id)
        waiting = partial(self._journal.waiting_calls, found.account.id, found.id)
        asker = self.asker(found, found.call(at, busy, waiting), attempt.slow)
        if attempt.lookup is not None:
            asker.trace += attempt.lookup.trace
            asker.faults += attempt.lookup.faults
        for plugin in sorted(attempt.slow):
            asker.fault(plugin, "answer", "too slow: left out of this answer")
        conductor = Conductor(
            found.state, asker, found.backup, attempt.caps_reached, self._journal.extensions
        )
        if monotonic() >= attempt.deadline:
            move = conductor.last_resort(N_("The plugins used up the time for an answer."))
        else:
            move = self._runner.run(lambda: think(conductor), asker, attempt.deadline)
        return Draft(move.step, move.terms, asker)
