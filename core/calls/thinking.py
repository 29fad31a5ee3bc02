"""Has the plugins think an event through: under a deadline, again without the one too slow.

No lock is held meanwhile. When the time for an answer is spent, the last resort answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from core.calls.asking import Asker
from core.calls.breaker import Breaker
from core.calls.conductor import Conductor, Move
from core.calls.journal import Found, Journal
from core.calls.runner import Runner, TooSlow
from core.calls.state import State
from core.contract.call import Call, Client
from core.contract.errors import Conflict
from core.contract.events import CallArrived, Result, StepEnded
from core.contract.steps import Step, TalkTerms
from core.plans.gate import Gate, Grants
from core.registry import Registry

IDENTIFY_SECONDS = 0.8
"""How long the caller may be looked up before the call is routed without (C1)."""

ATTACH_ATTEMPTS = 20
"""How often attaching a late identification is tried while the call moves on."""


@dataclass(slots=True)
class Draft:
    """What an event leads to, before it is written: a step, and who was asked for it."""

    step: Step
    terms: tuple[tuple[str, TalkTerms], ...] = ()
    asker: Asker | None = None

    def call(self, found: Found, at: datetime) -> Call:
        """The call as the gateway is shown it."""
        return found.call(at)


@dataclass(slots=True)
class _Troubles:
    """The plugins that were too slow for this event."""

    slow: frozenset[str] = frozenset()

    def note(self, asker: Asker) -> None:
        for plugin in sorted(self.slow):
            asker.fault(plugin, "answer", "too slow: left out of this answer")


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
        state = found.state
        return self.gate.grants(
            found.account, setup.off, state.revision or None, state.plan or None
        )

    def asker(self, found: Found, call: Call, slow: frozenset[str] = frozenset()) -> Asker:
        """Asks the plugins that act for this call."""
        setup = self._journal.line_setup(found.account, found.line.id)
        left_out = self.breaker.left_out(call.at)
        return Asker(
            self.registry,
            self.grants(found),
            setup.stored,
            left_out | slow if slow else left_out,
            call,
        )

    def arrival(
        self, event: CallArrived, found: Found, deadline: float, caps_reached: str
    ) -> Draft:
        """Who is it, and where does the routing lead?"""
        grants = self.grants(found)
        found.state.revision, found.state.plan = grants.revision, grants.plan
        troubles = _Troubles()
        self._identify(event, found, troubles)
        return self._think(event.at, found, Conductor.arrived, deadline, caps_reached, troubles)

    def result(
        self,
        event: StepEnded,
        found: Found,
        result: Result,
        deadline: float,
        caps_reached: str,
    ) -> Draft:
        """How does the call go on after a step's result?"""

        def step_ended(conductor: Conductor) -> Move:
            return conductor.step_ended(result)

        return self._think(event.at, found, step_ended, deadline, caps_reached, _Troubles())

    def _identify(self, event: CallArrived, found: Found, troubles: _Troubles) -> None:
        """Ask who the caller is; an answer that comes too late is attached to the stored call."""
        call = found.call(event.at)
        asker = self.asker(found, call)
        if call.anonymous or not self.registry.implementations("identify_caller", asker.enabled):
            return

        def attach(answer: tuple[str, Client] | None) -> None:
            if answer is not None:
                self._attach(event, asdict(answer[1]))

        try:
            answer = self._runner.run(
                lambda: asker.first("identify_caller", Client),
                asker,
                monotonic() + IDENTIFY_SECONDS,
                IDENTIFY_SECONDS,
                attach,
            )
        except TooSlow as too_slow:
            troubles.slow |= {too_slow.plugin}
            return
        found.state.client = asdict(answer[1]) if answer else None

    def _attach(self, event: CallArrived, client: dict[str, Any]) -> None:
        for _ in range(ATTACH_ATTEMPTS):
            found = self._journal.find(event)
            if not found.id or found.state.client:
                return
            found.state.client = client
            try:
                with self._journal.transaction():
                    self._journal.save_call(found)
                return
            except Conflict:
                continue

    def _think(
        self,
        at: datetime,
        found: Found,
        think: Callable[[Conductor], Move],
        deadline: float,
        caps_reached: str,
        troubles: _Troubles,
    ) -> Draft:
        before = found.state.as_text()
        busy = self._journal.busy(found.account.id, found.id)
        while True:
            asker = self.asker(found, found.call(at, busy), troubles.slow)
            conductor = Conductor(found.state, asker, found.backup, caps_reached)
            troubles.note(asker)
            try:
                move = self._run(conductor, think, deadline)
            except TooSlow as too_slow:
                troubles.slow |= {too_slow.plugin}
                found.state = State.from_text(before)
                continue
            return Draft(move.step, move.terms, asker)

    def _run(
        self, conductor: Conductor, think: Callable[[Conductor], Move], deadline: float
    ) -> Move:
        if monotonic() >= deadline:
            return conductor.last_resort("The plugins used up the time for an answer.")
        return self._runner.run(lambda: think(conductor), conductor.asker, deadline)
