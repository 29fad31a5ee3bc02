"""Whose a missed call is, on plain data (R9)."""

from __future__ import annotations

import pytest

from core.calls.missed import owners
from core.calls.state import State

ROUTING = ("hours", "extension", "crm", "queue")


def client(responsible):
    return {"source": "crm", "ref": "contact:1", "name": "Verdi", "responsible": responsible,
            "matches": 1}  # fmt: skip


DIALLED = {"extension": {"owner": "employee:3"}}
IN_A_GROUP = {"queue": {"owner": "queue:2", "rings": 1}}


@pytest.mark.parametrize(
    ("state", "rung", "expected"),
    [
        (State(), None, []),
        (State(), 4, ["employee:4"]),
        (State(facts=DIALLED), 3, ["employee:3", "employee:3"]),
        (State(facts=DIALLED | IN_A_GROUP), 3, ["queue:2", "employee:3", "employee:3"]),
        (State(client=client(7), facts=IN_A_GROUP), 4, ["employee:7", "queue:2", "employee:4"]),
        (State(client=client(None), facts=IN_A_GROUP), None, ["queue:2"]),
        (State(facts={"queue": {"owner": ""}, "gone": {"owner": "door:1"}}), None, []),
    ],
)
def test_the_responsible_then_for_whom_it_rang_last_then_the_first_who_was_rung(
    state, rung, expected
):
    assert [str(one) for one in owners("missed", state, ROUTING, rung)] == expected


@pytest.mark.parametrize("outcome", ["answered", "voicemail", "abandoned", "closed", None])
def test_only_a_missed_call_belongs_to_somebody(outcome):
    """FreePBX/issue-tracker#734: what somebody answered, nobody has missed."""
    state = State(client=client(7), facts=IN_A_GROUP)
    assert list(owners(outcome, state, ROUTING, 4)) == []
