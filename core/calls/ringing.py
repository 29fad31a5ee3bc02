"""Says who answered: one phone of several, with or without the 1 pressed, or the voicemail (R6)."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta

from core.calls.found import Found
from core.calls.state import State, ring_from_json
from core.contract.call import Talk
from core.contract.events import (
    LegChanged,
    RecordingChanged,
    Result,
    ResultKind,
    RingOutcome,
    StepEnded,
)
from core.contract.steps import Phone, Ring, Target
from core.store.directory import employees

REFUSED = (RingOutcome.DECLINED, RingOutcome.BUSY)
"""Many phones report a pressed "decline" as busy, so that both count as a refusal (R6)."""


def note_leg(found: Found, event: LegChanged) -> bool:
    """Remember the first phone that has the call (it answered, and 1 was pressed where asked), and
    those that refused it; returns whether the call has changed."""
    state = found.state
    if event.leg not in state.ringing or state.ring is None:
        return False
    target = ring_from_json(state.ring).targets[state.ringing.index(event.leg)]
    if event.ring in REFUSED:
        _note_refusal(state, target)
        return True
    has_it = event.status == ("accepted" if _confirms(target) else "answered")
    if not has_it or state.accepted or state.pending != "ring":
        return False
    state.accepted, found.answered_at = event.leg, event.at
    return True


def missing_result(found: Found) -> None:
    """Nobody told how the ringing ended: a phone that has the call has answered it (R9). Without
    the end of the caller's leg, nobody knows for how long."""
    if found.state.pending != "ring" or not found.state.accepted:
        return
    unknown = Result(ResultKind.RANG, ring=RingOutcome.FAILED)
    ended = found.ended_at or found.answered_at
    ring_result(found, StepEnded(0, found.token, found.state.number, unknown, ended))


def note_message(state: State, event: RecordingChanged) -> bool:
    """A message that is there was left, even if the step's own result never comes (R9); returns
    whether the state has changed."""
    there = event.kind == "message" and event.status == "completed" and event.seconds > 0
    if not there or state.pending != "message":
        return False
    state.outcome = state.outcome or "voicemail"
    return True


def ring_result(found: Found, event: StepEnded) -> Result:
    """The step's result with our own knowledge: a voicemail box that picked up the mobile, but
    pressed nothing, has not answered. An answer leaves the talk in the state."""
    state, result = found.state, event.result
    if state.pending == "message" and result.seconds:
        state.outcome = state.outcome or "voicemail"
    if result.kind is not ResultKind.RANG:
        return result
    ring = ring_from_json(state.ring)
    if result.ring in REFUSED and len(ring.targets) == 1:
        _note_refusal(state, ring.targets[0])
    if result.ring is RingOutcome.FAILED and state.accepted:
        # Nobody knows how the ringing ended, but a phone has the call.
        seconds = (event.at - found.answered_at) // timedelta(seconds=1)
        result = replace(result, ring=RingOutcome.ANSWERED, seconds=max(0, seconds))
    if result.ring is not RingOutcome.ANSWERED:
        return result
    target = _who(state, ring)
    if target is None and all(_confirms(one) for one in ring.targets):
        return replace(result, ring=RingOutcome.NO_ANSWER)
    _note_talk(found, event.at, result, ring, target)
    return result


def _who(state: State, ring: Ring) -> Target | None:
    """The target that has the call, as far as it is known."""
    if state.accepted in state.ringing:
        return ring.targets[state.ringing.index(state.accepted)]
    only = ring.targets[0]
    return only if len(ring.targets) == 1 and not _confirms(only) else None


def _note_talk(
    found: Found, at: datetime, result: Result, ring: Ring, target: Target | None
) -> None:
    seconds = result.seconds
    employee = target.employee if target else None
    if employee not in employees(found.account):
        employee = None  # deleted while they were rung
    talk = Talk(employee, target.key if target else "", seconds, bool(found.state.recording))
    found.state.talk = asdict(talk)
    found.state.outcome = str(ring.outcome)
    found.employee = employee
    found.talk_seconds = seconds
    found.answered_at = at - timedelta(seconds=seconds)


def _note_refusal(state: State, target: Target) -> None:
    if target.key not in state.refused:
        state.refused.append(target.key)


def _confirms(target: Target) -> bool:
    return isinstance(target, Phone) and target.confirm
