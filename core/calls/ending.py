"""Ends calls, each with exactly one outcome (R9)."""

from __future__ import annotations

from datetime import datetime

from core.calls.found import Found
from core.contract.call import Outcome

UNDECIDED = ("ring", "message")
"""A step of these kinds may still report a talk or a message after the caller's leg is over."""


def end_call(found: Found, at: datetime, hint: Outcome | None = None, *, by_caller: bool) -> None:
    """Note that the call is over, and its outcome as soon as nothing can change it any more.

    Args:
        found: the call; changed in place.
        at: when it ended; an earlier end stays.
        hint: what the last step says it has become.
        by_caller: whether the caller hung up, and not we.
    """
    found.ended_at = found.ended_at or at
    if found.state.pending not in UNDECIDED and not found.outcome:
        found.outcome = str(outcome_of(found, hint, by_caller=by_caller))


def outcome_of(found: Found, hint: Outcome | None, *, by_caller: bool) -> Outcome:
    """What the call has become: a talk or a message first, then what a step said, then whether
    anyone was offered."""
    state = found.state
    if state.outcome:
        return Outcome(state.outcome)
    if hint is not None:
        return hint
    if state.otherwise:
        return Outcome(state.otherwise)
    offered = state.legs > 0
    return Outcome.ABANDONED if by_caller and not offered else Outcome.MISSED
