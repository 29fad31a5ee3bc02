"""A scripted caller: carries a dry run from its arrival to its end, on a clock of its own (S3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.calls.engine import Engine
from core.calls.memory import MemoryJournal
from core.calls.moment import moment
from core.calls.order import Leg, Order
from core.calls.scenario import ring_outcome
from core.calls.telling import end_of, in_words, step_told
from core.contract.call import LineKind
from core.contract.errors import BadInput, NotFound
from core.contract.events import CallArrived, CallEnded, LegChanged, Result, ResultKind, StepEnded
from core.contract.steps import Gather, Hangup, Phone, Play, Reject, Ring, TakeMessage, Wait
from core.contract.texts import N_, phrase
from core.store.directory import employees
from core.store.lines import LineRow

SPEAKING_SECONDS = 3
"""A prompt takes about so long."""

PATIENCE_SECONDS = 300
"""So long a caller waits whose script is over; then they hang up."""

GONE = {Ring: ResultKind.RANG, TakeMessage: ResultKind.MESSAGE}
"""The steps of which a gateway tells how they ended also after the caller has gone."""


@dataclass(slots=True)
class Script:
    """One scripted call: answers each order as the scenario says.

    Args:
        engine: one that stores nothing and rings nobody.
        journal: what the engine writes into.
        scenario: as ``core.calls.scenario.read_scenario`` answers it; its actions are used up.
        line: the number called.
        now: the instant from which a time such as "sunday 22:00" is counted.
    """

    engine: Engine
    journal: MemoryJournal
    scenario: dict[str, Any]
    line: LineRow
    now: datetime
    order: Order | None = None
    steps: list[dict[str, Any]] = field(default_factory=list)
    at: datetime | None = None
    patience: int = PATIENCE_SECONDS

    def play(self) -> dict[str, Any]:
        """The whole call, from its arrival to its end.

        Returns:
            ``outcome``, ``ends``, ``steps``, ``trace`` and ``faults``, see ``Simulator.simulate``.

        Raises:
            BadInput: the time cannot be understood, or the number has no gateway.
        """
        call = self.scenario["call"]
        zone = self.line.zone
        self.at = moment(call["at"], zone, self.now)
        sip_to = call["sip_to"] if self.line.kind == LineKind.SIP_PBX else ""
        arrived = CallArrived(
            self.line.gateway_id, "dry-run", self.line.number, call["from_"], self.at, sip_to
        )
        try:
            self.engine.deliver(arrived, self._hear)
        except NotFound:
            words = N_("%(number)s has no gateway yet.")
            raise BadInput(phrase(words, number=self.line.number)) from None
        while not isinstance(self.order.step, (Hangup, Reject)):
            result = self._react(self.order)
            if result is None:
                self._hang_up()
                break
            self._deliver(result)
        found = self.journal.find(arrived)
        return {
            "outcome": found.outcome,
            "ends": end_of(found),
            "steps": self.steps,
            "trace": self.journal.trace,
            "faults": [[plugin, sentence] for plugin, _, sentence, _ in self.journal.faults],
        }

    def _hear(self, order: Order) -> str:
        """The gateway of a dry run: note the step."""
        self.order = order
        self.steps.append(step_told(order, self.at))
        return "heard"

    def _deliver(self, result: Result) -> None:
        self.steps[-1]["result"] = in_words(result)
        order = self.order
        self.engine.deliver(
            StepEnded(self.line.gateway_id, order.token, order.number, result, self.at), self._hear
        )

    def _hang_up(self) -> None:
        """Whoever hangs up while phones ring, or before a message, has reached nobody."""
        self.steps[-1]["result"] = "the caller hangs up"
        order, kind = self.order, GONE.get(type(self.order.step))
        if kind:
            gone = Result(kind, ring=ring_outcome("no-answer"), caller_gone=True)
            ended = StepEnded(self.line.gateway_id, order.token, order.number, gone, self.at)
            self.engine.deliver(ended, lambda order: "")
        self.engine.deliver(CallEnded(self.line.gateway_id, "dry-run", self.at), self._hear)

    # What the caller does

    def _react(self, order: Order) -> Result | None:
        """The result of a step; None when the caller hangs up instead."""
        match order.step:
            case Gather():
                return self._gather(order.step)
            case Ring():
                return self._ring(order)
            case TakeMessage():
                return self._message()
            case Wait():
                return self._waited(order.step)
            case Play():
                return self._pass(SPEAKING_SECONDS, Result(ResultKind.PLAYED))

    def _gather(self, step: Gather) -> Result | None:
        action = self._next("press", "wait", "hangup")
        if "hangup" in action:
            return None
        if "press" in action:
            return self._pass(SPEAKING_SECONDS, _gathered(action["press"], step))
        if "wait" in action:
            self._wait_less(action["wait"], step.first_seconds)
        return self._pass(step.first_seconds, Result(ResultKind.NO_INPUT))

    def _waited(self, step: Wait) -> Result | None:
        action = self._next("wait", "hangup")
        if "hangup" in action:
            return None
        if "wait" in action:
            self._wait_less(action["wait"], step.seconds)
        elif not self.scenario["caller"]:
            self.patience -= step.seconds
            if self.patience < 0:
                return None
        return self._pass(step.seconds, Result(ResultKind.WAITED))

    def _message(self) -> Result | None:
        action = self._next("say", "wait", "hangup")
        if "hangup" in action:
            return None
        seconds = action.get("say", 0)
        return self._pass(seconds, Result(ResultKind.MESSAGE, seconds=seconds))

    def _ring(self, order: Order) -> Result | None:
        step: Ring = order.step
        words = [(leg, self._does(leg)) for leg in order.legs]
        answering = next((leg for leg, word in words if word == "answer"), None)
        seconds = 5 if answering else step.seconds
        waits = self._next("wait", "hangup")
        if "hangup" in waits:
            return None
        if "wait" in waits:
            self._wait_less(waits["wait"], seconds)
            if waits["wait"] < seconds and self._peek("hangup"):
                self._forward(waits["wait"])
                return None
        self._forward(seconds)
        if answering is None:
            ring = ring_outcome(words[0][1]) if words else ring_outcome("failed")
            return Result(ResultKind.RANG, ring=ring)
        return self._talk(order, answering)

    def _talk(self, order: Order, leg: Leg) -> Result:
        confirms = isinstance(leg.target, Phone) and leg.target.confirm
        status = "accepted" if confirms else "answered"
        changed = LegChanged(self.line.gateway_id, order.token, leg.number, status, self.at)
        self.engine.deliver(changed, self._hear)
        seconds = self.scenario["talk_seconds"]
        gone = self._peek("hangup")
        answered = ring_outcome("answer")
        talked = Result(ResultKind.RANG, ring=answered, seconds=seconds, caller_gone=gone)
        return self._pass(seconds, talked)

    def _does(self, leg: Leg) -> str:
        """What the party behind a leg does: by its extension, else by its number or address."""
        target = leg.target
        if target.employee:
            employee = employees(self.order.call.account).get(target.employee)
            if employee and employee.extension in self.scenario["employees"]:
                return self.scenario["employees"][employee.extension]
        address = target.number if isinstance(target, Phone) else target.address
        return self.scenario["numbers"].get(address, "answer")

    # The script and the clock

    def _next(self, *kinds: str) -> dict[str, Any]:
        """Take the next action if it is of one of these kinds."""
        script = self.scenario["caller"]
        if script and next(iter(script[0])) in kinds:
            return script.pop(0)
        return {}

    def _peek(self, kind: str) -> bool:
        script = self.scenario["caller"]
        return bool(script) and kind in script[0]

    def _wait_less(self, waits: int, seconds: int) -> None:
        """The rest of a wait that is longer than this step."""
        if waits > seconds:
            self.scenario["caller"].insert(0, {"wait": waits - seconds})

    def _forward(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)

    def _pass(self, seconds: int, result: Result) -> Result:
        self._forward(seconds)
        return result


def _gathered(pressed: str, step: Gather) -> Result:
    """What a gateway makes of the keys: those before the one that ends the input, and not more than
    the step takes."""
    keys = pressed.partition(step.finish_key)[0] if step.finish_key else pressed
    if not keys:
        return Result(ResultKind.NO_INPUT)
    return Result(ResultKind.DIGITS, digits=keys[: step.digits])
