"""Decides what happens next in a call: walks the routing stages, asks plugins, follows their steps.

Pure with respect to the world: it reads the state and the plugins' answers and leaves a changed
state and a ``Move``. Nothing is written and nothing is sent here, so it can be thought through
again (without a plugin that was too slow, or after somebody else changed the call).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.calls.asking import Asker
from core.calls.dialled import Dialling, Move
from core.calls.dialling import Extensions
from core.calls.guard import MAX_RINGS, is_emergency, refusal
from core.calls.state import CORE, State, ring_as_json, ring_from_json
from core.calls.tones import tuned
from core.contract.call import Outcome
from core.contract.events import Result, ResultKind, RingOutcome
from core.contract.steps import (
    Connect,
    Gather,
    Hangup,
    Nowhere,
    Phone,
    Play,
    Reject,
    Ring,
    Step,
    TakeMessage,
    TalkTerms,
    Wait,
)
from core.contract.texts import N_, joined, phrase

MAX_STEPS = 50
"""So many steps one call may send out (R4: 50 nodes), beside waits and what each is followed by."""

MAX_WAITS = 400
"""So often one call may wait: an hour, ten seconds at a time (R6)."""

MAX_TURNS = 200
"""So many decisions one event may take, steps of plugins that lead to no order included."""

BACKUP_SECONDS = 30
"""How long a backup number is rung."""

PENDING = {Gather: "gather", Play: "play", Ring: "ring", Wait: "wait", TakeMessage: "message"}


class Conductor(Dialling):
    """Thinks one event through.

    Args:
        state: of the call; changed in place.
        asker: asks the plugins that act for the call.
        backup: the backup number of the line, else of the account (O5); "" when there is none.
        caps_reached: why no outside number may be dialled now (O8), or "".
        extensions: where short numbers lead.
    """

    def __init__(
        self, state: State, asker: Asker, backup: str, caps_reached: str, extensions: Extensions
    ) -> None:
        self.state = state
        self.asker = asker
        self.backup = backup
        self.caps_reached = caps_reached
        self.extensions = extensions
        self._turns = 0

    # What can happen

    def arrived(self) -> Move:
        """The call has just come in."""
        return self._next_stage()

    def step_ended(self, result: Result) -> Move:
        """The pending step has its result, and the caller is still there."""
        pending, self.state.pending = self.state.pending, ""
        if pending == "consent":
            return self._consented(result)
        if result.kind is ResultKind.RANG and result.ring is RingOutcome.ANSWERED:
            return self._transferred(result) if result.transfer else self._talked()
        if result.kind is ResultKind.MESSAGE and result.seconds:
            self.state.served = True
            self._forget_recall()
        if result.ring is not None:
            self.state.last_ring = str(result.ring)
        return self._continue(result)

    def last_resort(self, why: str) -> Move:
        """No plugin has an answer, or the time is spent: ring the backup number, once (O5)."""
        self.state.frames.clear()
        if self.state.served or self._by_employee:
            self.asker.note("last-resort", CORE, "hang-up", why)
            return self._not_reached()
        if self.state.resorted or not self.backup:
            self.asker.note("last-resort", CORE, "hang-up", why)
            return Move(Hangup())
        self.state.resorted = True
        self.asker.note("last-resort", CORE, "backup-number", why)
        ring = Ring(
            targets=(Phone(self.backup),), seconds=BACKUP_SECONDS, outcome=Outcome.FORWARDED
        )
        self._wait_for(CORE, {})
        return self._ring(ring)

    # How it goes on

    def _next_stage(self) -> Move:
        """Ask the routing stages that were not asked yet, in their order."""
        if self.state.served or self._by_employee:
            return self._not_reached()
        for stage, owner in self.asker.registry.stages:
            place = [stage.position, owner]
            if place <= self.state.stage:
                continue
            self.state.stage = place
            if not self._acts(stage.name, owner):
                continue
            step = self.asker.one(owner, "route_call", Step, stage.name)
            self.asker.note_step(stage.name, owner, step, self._why(step))
            if step is not None:
                return self._take(owner, step)
        return self.last_resort(N_("No plugin has an answer for this call."))

    def _acts(self, stage: str, owner: str) -> bool:
        """Whether the stage's plugin is asked; if not, the trace says why."""
        if owner in self.asker.left_out:
            self.asker.note(stage, owner, "left-out", N_("too slow or repeatedly faulty"))
            return False
        if owner in self.asker.enabled:
            return True
        self.asker.skip(stage, owner)
        return False

    def _take(self, owner: str, step: Step) -> Move:
        """Follow a step that a plugin returned."""
        self._turns += 1
        if step.facts:
            known = self.state.facts.setdefault(owner, {})
            known.update(step.facts)
        if step.otherwise:
            self.state.otherwise = str(step.otherwise)
        if isinstance(step, Reject) and self.state.sent:
            step = Hangup(outcome=step.outcome)  # an answered call cannot be refused any more
        if isinstance(step, (Hangup, Reject)):
            return Move(tuned(self.asker, step))
        if self._too_many(step):
            return self.last_resort(N_("The call was sent round in circles."))
        if isinstance(step, Nowhere):
            return self._continue(Result(ResultKind.NOT_CONNECTED, nowhere=True))
        self._wait_for(owner, dict(step.state))
        if isinstance(step, Connect):
            return self._connect(step)
        if isinstance(step, Ring):
            return self._ring(step)
        return self._send(step)

    def _too_many(self, step: Step) -> bool:
        """Whether the call has gone on for so long that only a circle explains it."""
        if isinstance(step, Wait) and self.state.waits >= MAX_WAITS:
            return True
        steps = self.state.sent - 2 * self.state.waits
        return steps >= MAX_STEPS or self._turns > MAX_TURNS

    def _connect(self, step: Connect) -> Move:
        """Ask the plugin that offers the destination."""
        destination = step.destination
        owner = self.asker.registry.destinations.get(destination.kind, (None, CORE))[1]
        answer = self.asker.one(owner, "connect_call", Step, destination)
        self.asker.note_step(f"connect {destination}", owner, answer, self._why(answer))
        if answer is None:
            return self._continue(Result(ResultKind.NOT_CONNECTED))
        return self._take(owner, answer)

    def _wait_for(self, owner: str, kept: dict[str, Any]) -> None:
        """The next result goes to this plugin, which is told how ringing ended from here on."""
        self.state.frames.append([owner, kept, self.state.rings])

    def _continue(self, result: Result) -> Move:
        """Give a result to the plugin that waits for it; when it is done, to the one below it."""
        while self.state.frames:
            owner, kept, *since = self.state.frames.pop()
            if owner == CORE:
                if "recall" in kept:
                    return self._recall(kept["recall"])
                continue
            if result.kind is ResultKind.NOT_CONNECTED:
                # A call from before frames knew it counts all of its rings.
                result = replace(result, ring=self._last_ring(*since or (0,)))
            step = self.asker.one(owner, "continue_call", Step, result, kept)
            reason = self._why(step) or _told(result)
            self.asker.note_step("continue", owner, step, reason)
            if step is not None:
                return self._take(owner, step)
            result = Result(ResultKind.NOT_CONNECTED)
        return self._next_stage()

    # Ringing and talking

    def _ring(self, ring: Ring) -> Move:
        """Let the guard look at the targets, prepare the talk, ring those that are left."""
        targets = self._allowed(ring)
        if not targets or self.state.rings >= MAX_RINGS + self.state.waits:
            self.state.last_ring = str(RingOutcome.FAILED)
            return self._continue(Result(ResultKind.RANG, ring=RingOutcome.FAILED))
        ring = tuned(self.asker, replace(ring, targets=targets))
        self.state.rings += 1
        terms: tuple = ()
        if self.state.recording is None and not self._emergency(ring):
            offered = self.asker.all("prepare_talk", TalkTerms)
            terms = tuple((owner, tuned(self.asker, one)) for owner, one in offered)
        self.state.ring = ring_as_json(ring)
        return self._send(ring, terms)

    def _allowed(self, ring: Ring) -> tuple:
        kept = []
        for target in ring.targets:
            why_not = refusal(self.asker.call.account, target, self.caps_reached)
            if why_not:
                self.asker.note("guard", CORE, "refused", why_not)
            else:
                kept.append(target)
        return tuple(kept)

    def _emergency(self, ring: Ring) -> bool:
        """Whether help is called: then no plugin is asked for anything before."""
        country = self.asker.call.account.country
        numbers = (one.number for one in ring.targets if isinstance(one, Phone))
        return any(is_emergency(number, country) for number in numbers)

    def _consented(self, result: Result) -> Move:
        """The caller answered the question for consent (Q3); now ring whom the guard still lets."""
        consent = self.state.facts[self.state.consent]["consent"]
        pressed = result.digits == consent["key"]
        agreed = pressed if consent["mode"] == "opt-in" else not pressed
        consent["answer"] = "agreed" if agreed else "refused"
        self.asker.note("consent", CORE, consent["answer"], _told(result))
        self.state.recording = agreed
        return self._ring(ring_from_json(self.state.ring))

    def _talked(self) -> Move:
        """The operator has hung up and the caller is still there."""
        self.state.served = True
        self.state.frames.clear()
        answer = None if self._by_employee else self.asker.first("follow_talk", Step)
        if answer is None:
            return Move(Hangup())
        owner, step = answer
        self.asker.note_step("after the talk", owner, step, step.reason)
        return self._take(owner, step)

    def _send(self, step: Step, terms: tuple = ()) -> Move:
        self.state.pending = PENDING[type(step)]
        self.state.sent += 1
        if isinstance(step, Wait):
            self.state.waits += 1
        if isinstance(step, TakeMessage):
            self.state.recipient = step.recipient
        return Move(tuned(self.asker, step), terms)

    def _last_ring(self, rings: int) -> RingOutcome:
        """How the last ringing ended, if anybody was rung since there were so many."""
        rang = self.state.rings > rings
        return RingOutcome((rang and self.state.last_ring) or RingOutcome.FAILED)

    def _why(self, step: Any) -> str:
        """A step's own reason, and what the plugin noted while it thought."""
        said = [step.reason if step is not None else "", self.asker.noted()]
        return joined((phrase(part) for part in said if part), "; ")


_ENDED = {
    RingOutcome.BUSY: N_("busy"),
    RingOutcome.DECLINED: N_("the call was declined"),
    RingOutcome.NO_ANSWER: N_("no answer"),
    RingOutcome.FAILED: N_("could not be rung"),
}


def _told(result: Result) -> str:
    """The result that a plugin was given, in words for the trace."""
    match result.kind:
        case ResultKind.DIGITS:
            return phrase(N_("pressed %(keys)s"), keys=result.digits)
        case ResultKind.NO_INPUT:
            return N_("no key was pressed")
        case ResultKind.RANG if result.ring in _ENDED:
            return _ENDED[result.ring]
        case ResultKind.NOT_CONNECTED:
            return N_("there is nobody") if result.nowhere else N_("nobody was reached there")
    return str(result.kind)
