"""Reads how ringing a phone ended from the cause that Asterisk gives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.api import RingOutcome

BUSY_CAUSES = (17,)
DECLINED_CAUSES = (21,)
NO_ANSWER_CAUSES = (18, 19)

SAID = {
    486: RingOutcome.BUSY,
    600: RingOutcome.BUSY,
    603: RingOutcome.DECLINED,
    607: RingOutcome.DECLINED,
    480: RingOutcome.NO_ANSWER,
    487: RingOutcome.NO_ANSWER,
}
"""What the phone itself said, where it did."""

REFUSED = (401, 403, 407)
"""A trunk that does not take the call: Asterisk's cause is 21 then too, but nobody declined."""


def outcome_of(event: dict[str, Any], *, rang: bool) -> RingOutcome:
    """How ringing ended.

    Args:
        event: the ``ChannelDestroyed`` of the rung phone.
        rang: whether it was heard to ring.
    """
    said, cause = event.get("tech_cause") or 0, event.get("cause") or 0
    if said in SAID:
        return SAID[said]
    if cause in BUSY_CAUSES:
        return RingOutcome.BUSY
    if cause in DECLINED_CAUSES and said not in REFUSED:
        return RingOutcome.DECLINED
    if cause in NO_ANSWER_CAUSES and rang:
        return RingOutcome.NO_ANSWER
    return RingOutcome.FAILED


def unanswered(rang: bool) -> RingOutcome:
    """How a phone ended whose time was over: one that did not even ring is not there."""
    return RingOutcome.NO_ANSWER if rang else RingOutcome.FAILED


def together(outcomes: Iterable[RingOutcome]) -> RingOutcome:
    """How ringing several phones ended: that of the one that came nearest to an answer."""
    nearest = (RingOutcome.NO_ANSWER, RingOutcome.DECLINED, RingOutcome.BUSY)
    seen = set(outcomes)
    return next((one for one in nearest if one in seen), RingOutcome.FAILED)
