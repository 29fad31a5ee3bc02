"""How ringing ended: what was measured at the real Asterisk, line by line."""

import pytest

from core.api import RingOutcome
from plugins.asterisk.performing.outcome import outcome_of, together

BUSY, DECLINED = RingOutcome.BUSY, RingOutcome.DECLINED
NO_ANSWER, FAILED = RingOutcome.NO_ANSWER, RingOutcome.FAILED

TABLE = [
    ("busy", 17, 486, False, BUSY),
    ("busy everywhere", 17, 600, False, BUSY),
    ("busy, of another technology", 17, None, False, BUSY),
    ("declined", 21, 603, True, DECLINED),
    ("declined, no word of SIP", 21, None, True, DECLINED),
    ("not disturbed", 19, 480, False, NO_ANSWER),
    ("rang and gave up", 19, 480, True, NO_ANSWER),
    ("rang, then no word any more", 18, 408, True, NO_ANSWER),
    ("no word at all", 18, 408, False, FAILED),
    ("no such number", 1, 404, False, FAILED),
    ("the trunk wants a password", 21, 401, False, FAILED),
    ("the trunk forbids it", 21, 403, False, FAILED),
    ("the trunk is full", 34, 503, False, FAILED),
    ("no word why", 0, None, True, FAILED),
]


@pytest.mark.parametrize(("what", "cause", "said", "rang", "outcome"), TABLE)
def test_a_leg_ends(what, cause, said, rang, outcome):
    event = {"type": "ChannelDestroyed", "cause": cause}
    if said:
        event["tech_cause"] = said
    assert outcome_of(event, rang=rang) is outcome


TOGETHER = [
    ([NO_ANSWER, DECLINED, BUSY, FAILED], NO_ANSWER),
    ([FAILED, BUSY, DECLINED], DECLINED),
    ([BUSY, FAILED], BUSY),
    ([FAILED, FAILED], FAILED),
    ([], FAILED),
]


@pytest.mark.parametrize(("legs", "ring"), TOGETHER)
def test_several_legs_end_as_the_one_that_came_nearest(legs, ring):
    assert together(legs) is ring
