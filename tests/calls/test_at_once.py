"""Two calls think at the same moment: nobody is rung by both (R7)."""

import threading

import pytest

from core.api import Reject, Ring, employees, hookimpl, ring_target, why_unavailable
from core.contract.events import CallArrived
from tests.calls.plugins import Desk
from tests.calls.test_on_postgresql import deliver_at_once

CALLS = 4
WAIT_SECONDS = 30
"""So long the first of them may wait for the last."""


class FirstFree(Desk):
    """Rings the first employee who can be rung. The first thoughts of all calls end together."""

    def __init__(self):
        super().__init__()
        self.thought = threading.Barrier(CALLS)
        self.seen = set()

    @hookimpl
    def route_call(self, call):
        free = [one for one in employees(call.account).values() if not why_unavailable(call, one)]
        if call.caller not in self.seen:
            self.seen.add(call.caller)
            self.thought.wait(WAIT_SECONDS)
        return Ring((ring_target(free[0]),), 20) if free else Reject(busy=True)


DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.mark.parametrize("database", DATABASES)
def test_nobody_is_rung_by_two_calls(install, request, database):
    url = request.getfixturevalue("postgres_url") if database == "postgres" else None
    databases = {"database": url} if url else {}
    kit = install(**databases, desk=FirstFree())
    company = kit.company("full")
    for extension in range(101, 100 + CALLS):
        company.employee(str(extension))
    events = [
        CallArrived(
            company.gateway.id, f"CA{n}", company.line.number, f"+39333123456{n}", kit.clock()
        )
        for n in range(CALLS)
    ]
    _, faults = deliver_at_once(kit, events)
    assert faults == []
    rung = [row[0] for row in kit.app.store.rows("SELECT employee FROM call_legs")]
    assert len(rung) == len(set(rung)) == CALLS - 1
