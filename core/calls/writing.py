"""Writes what an event led to, in one short transaction: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from core.calls.ending import end_call
from core.calls.found import Found
from core.calls.journal import Journal
from core.calls.ledger import Ledger
from core.calls.order import Leg, Order
from core.calls.ringing import began
from core.calls.terms import compose
from core.calls.thinking import Draft, Thinker
from core.contract.events import (
    CallArrived,
    CallDialled,
    CallEnded,
    LegChanged,
    RecordingChanged,
    Result,
    RingOutcome,
    StepEnded,
    TalkHandedOver,
)
from core.contract.steps import Hangup, Reject, Target, employee_key
from core.store.directory import employees

Render = Callable[[Order], str]


class Writer:
    """The transactions of the engine, one kind per event."""

    def __init__(self, journal: Journal, ledger: Ledger, thinker: Thinker) -> None:
        self._journal = journal
        self._ledger = ledger
        self._thinker = thinker

    def step(
        self,
        event: CallArrived | CallDialled | StepEnded,
        found: Found,
        draft: Draft,
        render: Render,
        result: Result | None = None,
    ) -> str:
        """Store an event that a step answers; returns the gateway's answer."""
        with self._journal.transaction():
            if not found.id:
                self._add_call(event, found)
            if result is not None and result.ring is not None:
                self._end_ringing(found, result, event.at)
            if found.state.pending:
                found.state.number += 1
            order = compose(found, draft, self._journal, self._ledger, event.at)
            if isinstance(order.step, (Hangup, Reject)):
                end_call(found, event.at, order.step.outcome, by_caller=False)
            body = render(order)
            self._close(found, event.at)
            self._journal.save_call(found)
            asker = draft.asker
            self._journal.add_event(found, event, body, asker.trace if asker else [])
            if asker and asker.faults:
                self._add_faults(found, asker.faults, event.at)
        return body

    def _add_call(self, event: CallArrived | CallDialled, found: Found) -> None:
        found.id = self._journal.add_call(found, event.gateway_id)
        if found.dialled:
            dialler = employees(found.account)[found.employee]
            self._journal.add_dialler(found, dialler.sip, event.at)

    def handed(self, event: TalkHandedOver, found: Found, taken: tuple[Target, int] | None) -> str:
        """Store that somebody else has the talk. ``taken``: who, and the leg that is over; None:
        the talk is over, or nobody knows them."""
        with self._journal.transaction():
            if taken is not None:
                target, over = taken
                answered = str(RingOutcome.ANSWERED)
                self._journal.leg_changed(found, over, None, event.at, answered)
                leg = Leg(found.state.legs, target)
                self._journal.add_legs(found, (leg,), event.at)
                self._journal.leg_changed(found, leg.number, event.at, None, answered)
                self._talked(found, event.at)
                self._journal.save_call(found)
            self._journal.add_event(found, event, "", [])
        return ""

    def leg(self, event: LegChanged, found: Found, *, moved: bool) -> str:
        """Store news of one phone. ``moved``: the call's state has changed with it."""
        answered = event.at if event.status in ("answered", "accepted") else None
        ended = event.at if event.status == "ended" else None
        with self._journal.transaction():
            ring = str(event.ring) if event.ring else None
            self._journal.leg_changed(found, event.leg, answered, ended, ring)
            if moved:
                self._journal.save_call(found)
            self._journal.add_event(found, event, "", [])
        return ""

    def end(self, event: CallEnded, found: Found) -> str:
        """Store that the caller's leg is over."""
        with self._journal.transaction():
            answered = found.state.accepted
            ring = RingOutcome.ANSWERED if answered else RingOutcome.NO_ANSWER
            self._end_legs(found, ring, event.at)
            self._close(found, event.at)
            self._journal.save_call(found)
            self._journal.add_event(found, event, "", [])
        return ""

    def recording(self, event: RecordingChanged, found: Found, *, moved: bool) -> str:
        """Store news of a recording; a talk that surely has no sound gives its unit back (Q4).
        Before a talk the unit stays: the next phone that is rung may answer. ``moved``: the call's
        state has changed with it."""
        state = found.state
        with self._journal.transaction():
            self._journal.announce_recording(found, event)
            lost = event.status in ("absent", "failed")
            over = state.talk and state.pending != "ring"
            if lost and event.kind == "conversation" and state.unit and over:
                self._release_unheard(found, event.at)
            if moved:
                self._journal.save_call(found)
            self._journal.add_event(found, event, "", [])
        return ""

    def _release_unheard(self, found: Found, at: datetime) -> None:
        """A transferred call has a recording of each talk; one that is there keeps the unit."""
        if not self._journal.has_recording(found):
            self._ledger.release(found, found.state.unit, at)

    def _end_ringing(self, found: Found, result: Result, at: datetime) -> None:
        """The phones are free again; the one that dialled only when the call is over, or its
        employee has handed it to somebody else."""
        self._end_legs(found, result.ring, at, first=1 if found.state.dialler else 0)
        if result.ring is RingOutcome.ANSWERED:
            self._talked(found, at)

    def _talked(self, found: Found, at: datetime) -> None:
        talk = found.state.last_talk()
        talker = employee_key(talk.employee) if talk.employee else talk.target
        if talker:
            self._journal.talked(found, talker, at)

    def _end_legs(self, found: Found, ring: RingOutcome, at: datetime, first: int = 0) -> None:
        if found.state.accepted and ring is RingOutcome.ANSWERED:
            self._journal.leg_changed(
                found, found.state.accepted, began(found), at, str(RingOutcome.ANSWERED)
            )
            ring = RingOutcome.NO_ANSWER  # the other phones only rang
        self._journal.end_legs(found, at, str(ring), first)

    def _close(self, found: Found, at: datetime) -> None:
        """When the outcome has just become final: settle the unit, queue the notices."""
        if found.final or not found.outcome:
            return
        state = found.state
        talked = state.talk is not None
        if state.unit and not (talked and state.recording):
            self._ledger.release(found, state.unit, at)
            state.unit = ""
        enabled = self._thinker.grants(found).plugins
        if found.dialled:
            self._journal.end_legs(found, at, str(RingOutcome.ANSWERED))
        notified = self._thinker.registry.implementations("call_ended", enabled)
        self._journal.add_notices(found, "call_ended", [name for name, _ in notified], at)

    def _add_faults(self, found: Found, faults: list[tuple[str, str, str]], at: datetime) -> None:
        breaker = self._thinker.breaker
        rows = [(*fault, breaker.fault(fault[0], at)) for fault in faults]
        self._journal.add_faults(found, rows, at)
