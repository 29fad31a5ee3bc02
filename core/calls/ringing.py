"""Says who answered: one phone of several, with or without the 1 pressed, or the voicemail (R6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from core.calls.found import Found
from core.calls.state import State, ring_from_json
from core.contract.call import Direction, Talk
from core.contract.events import (
    LegChanged,
    RecordingChanged,
    Result,
    ResultKind,
    RingOutcome,
    StepEnded,
    TalkHandedOver,
)
from core.contract.steps import Phone, Ring, Sip, Target
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
    state.accepted = event.leg
    _note_begin(found, event.at)
    return True


def _note_begin(found: Found, at: datetime) -> None:
    """A talk begins; the call was answered with the first one."""
    if found.state.talk:
        found.state.began = at.isoformat()
    else:
        found.answered_at = at


def began(found: Found) -> datetime | None:
    """When the talk that is on now began."""
    known = found.state.began
    return datetime.fromisoformat(known) if known else found.answered_at


def missing_result(found: Found) -> None:
    """Nobody told how the ringing ended: a phone that has the call has answered it (R9). Without
    the end of the caller's leg, nobody knows for how long."""
    if found.state.pending != "ring" or not found.state.accepted:
        return
    unknown = Result(ResultKind.RANG, ring=RingOutcome.FAILED)
    ended = found.ended_at or began(found)
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
        seconds = _seconds(began(found), event.at)
        result = replace(result, ring=RingOutcome.ANSWERED, seconds=seconds)
    if result.ring is not RingOutcome.ANSWERED:
        return result
    target = _who(state, ring)
    taken = bool(state.handed)
    if target is None and not taken and all(_confirms(one) for one in ring.targets):
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
    """The talk is over; what others talked before they handed it over was noted then."""
    state = found.state
    _note_begin(found, at - timedelta(seconds=result.seconds))
    before = state.handed[2] if state.handed else 0
    _add_talk(found, target, max(0, result.seconds - before))
    state.outcome = state.outcome or str(ring.outcome)
    state.handed = []


def _add_talk(found: Found, target: Target | None, seconds: int) -> None:
    """Note who talked, as far as it is known: of a number that an employee dialled, that one."""
    state = found.state
    employee, key = (target.employee, target.key) if target else (None, "")
    if state.handed:
        employee, key, _ = state.handed
    elif state.dialler and found.direction is Direction.OUTGOING:
        employee = state.dialler
    if employee not in employees(found.account):
        employee = None  # deleted while they were rung
    state.add_talk(Talk(employee, key, seconds, bool(state.recording)))
    found.talk_seconds = sum(talk.seconds for talk in state.talks())
    if not found.dialled:
        found.employee = employee


def hand_over(found: Found, event: TalkHandedOver) -> tuple[Target, int] | None:
    """Somebody else takes over the talk that is on.

    Returns:
        Who, and the number of the leg that is over; None when no such talk is on any more, or
        nobody knows who took over.
    """
    state = found.state
    target = _taker(found, event)
    if state.pending != "ring" or event.step != state.number or target is None:
        return None
    ring = ring_from_json(state.ring)
    begin = began(found) if state.accepted else None
    if begin is None:  # the answer itself was not told
        begin = event.at
        _note_begin(found, begin)
    so_far = _seconds(begin, event.at)
    before = state.handed[2] if state.handed else 0
    state.began = begin.isoformat()
    _add_talk(found, _who(state, ring), max(0, so_far - before))
    state.outcome = state.outcome or str(ring.outcome)
    state.handed = [target.employee, target.key, so_far]
    state.legs += 1
    if event.by_caller:
        state.dialler, over = 0, 0
        state.accepted = state.accepted or state.ringing[0]
    else:
        over, state.accepted = state.accepted or state.ringing[0], state.legs
    return target, over


def _taker(found: Found, event: TalkHandedOver) -> Target | None:
    """Who took over; an employee may have answered anywhere, and is no call to the outside."""
    if event.number:
        return Phone(event.number)
    employee = employees(found.account).get(event.employee)
    return Sip(employee.sip, employee.id) if employee else None


def _seconds(begin: datetime, end: datetime) -> int:
    return max(0, (end - begin) // timedelta(seconds=1))


def _note_refusal(state: State, target: Target) -> None:
    if target.key not in state.refused:
        state.refused.append(target.key)


def _confirms(target: Target) -> bool:
    return isinstance(target, Phone) and target.confirm
