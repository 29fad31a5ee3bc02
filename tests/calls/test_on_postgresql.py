"""The same engine on PostgreSQL: a call from end to end, and events that come at the same time."""

from __future__ import annotations

import threading

import pytest

from core.api import Say
from core.contract.events import CallArrived
from core.contract.steps import Ring
from tests.calls.plugins import Desk, phone
from tests.calls.test_terms import report, units

pytestmark = pytest.mark.postgres

SENDERS = 12


def test_a_call_from_end_to_end(install, postgres_url):
    desk = Desk(terms={"notice": (Say("Recorded."),), "consent": "opt-in"})
    kit = install(database=postgres_url, desk=desk)
    call = kit.company("full").call()
    call.press("1")
    assert isinstance(call.step, Ring)
    call.answered()
    call.talked(40)
    report(kit, call)
    call.hang_up()
    assert call.outcome == "answered"
    assert units(kit) == ((0, 1), ["started"])
    kit.jobs(seconds=1)
    assert [outcome for _, outcome in desk.told] == ["answered"]


def test_an_arrival_that_comes_twelve_times_at_once_is_one_call(install, postgres_url):
    kit = install(database=postgres_url, desk=Desk(terms={}))
    company = kit.company("full")
    gateway, number = company.gateway.id, company.line.number
    event = CallArrived(gateway, "CA1", number, "+393331234567", kit.clock())
    bodies, faults = deliver_at_once(kit, [event] * SENDERS)
    assert faults == []
    assert len(set(bodies)) == 1
    assert kit.app.store.row("SELECT count(*) FROM calls") == (1,)
    assert units(kit) == ((0, 1), ["started"])


def test_calls_that_come_at_once_take_no_unit_too_many(install, postgres_url):
    kit = install(database=postgres_url, desk=Desk(terms={}))
    company = kit.company("full")
    gateway, number = company.gateway.id, company.line.number
    events = [
        CallArrived(gateway, f"CA{n}", number, "+393331234567", kit.clock()) for n in range(SENDERS)
    ]
    bodies, faults = deliver_at_once(kit, events)
    assert faults == []
    assert bodies.count("recorded") == 3
    assert units(kit) == ((0, 3), ["started"] * 3)


def test_calls_that_come_at_once_dial_no_number_too_many(install, postgres_url):
    kit = install(database=postgres_url, desk=Desk(phone("+390699999999")))
    company = kit.company("full", dial_concurrent=2)
    gateway, number = company.gateway.id, company.line.number
    events = [
        CallArrived(gateway, f"CA{n}", number, "+393331234567", kit.clock()) for n in range(SENDERS)
    ]
    _, faults = deliver_at_once(kit, events)
    assert faults == []
    assert kit.app.store.row("SELECT count(*) FROM call_legs") == (2,)


def deliver_at_once(kit, events):
    """Deliver each event in a thread of its own, all at the same moment."""
    bodies, faults = [], []
    ready = threading.Barrier(len(events))

    def deliver(event):
        with kit.app.store.connection():
            ready.wait()
            try:
                answer = kit.app.engine.deliver(
                    event, lambda order: "recorded" if order.record else "not recorded"
                )
                bodies.append(answer.body)
            except Exception as fault:
                faults.append(fault)

    threads = [threading.Thread(target=deliver, args=(event,)) for event in events]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return bodies, faults
