"""Calls that employees make: outside over a line of their phone's gateway, inside without one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from core.api import (
    Client,
    Direction,
    Hangup,
    Offer,
    Phone,
    Reject,
    Ring,
    RingOutcome,
    Say,
    hookimpl,
)
from core.contract.call import LineKind
from core.contract.errors import NotFound
from core.store.lines import GatewayRow, LineRow
from tests.calls.plugins import Desk, Stager
from tests.calls.test_terms import report, units

CLIENT = "+393470001112"


@pytest.fixture
def company(centralino):
    """Two employees behind one number."""
    made = centralino.company("professional")
    made.people = [made.employee("101"), made.employee("102")]
    return made


@dataclass
class Stored:
    """What the database has of a call."""

    direction: str
    line_id: int | None
    caller: str
    called: str
    employee_id: int | None
    outcome: str | None
    talk_seconds: int


def stored(call):
    row = call.company.kit.app.store.row(
        "SELECT direction, line_id, caller, called, employee_id, outcome, talk_seconds"
        " FROM calls WHERE ref = ?",
        (call.ref,),
    )
    return Stored(*row)


def busy(company):
    return company.kit.app.journal.busy(company.account.id, 0)


def test_an_outside_number_is_rung_over_the_first_line_of_the_gateway(company):
    anna, _ = company.people
    call = company.dial(anna, "347 000 1112")
    assert [leg.target for leg in call.order.legs] == [Phone(CLIENT)]
    assert call.order.call.line.id == company.line.id
    assert busy(company) == {anna.id}
    call.answered()
    call.talked(30)
    assert isinstance(call.step, Hangup)
    assert stored(call) == Stored(
        "outgoing", company.line.id, company.line.number, CLIENT, anna.id, "answered", 30
    )
    assert busy(company) == frozenset()


def test_who_talked_is_the_employee_who_dialled(company):
    anna, _ = company.people
    call = company.dial(anna, CLIENT)
    call.answered()
    call.talked(30)
    (talk,) = company.kit.app.journal.by_id(1).state.talks()
    assert (talk.employee, talk.target) == (anna.id, f"number:{CLIENT}")


@pytest.mark.parametrize(
    ("ring", "tone"), [("busy", True), ("no-answer", False), ("declined", False)]
)
def test_a_number_that_does_not_answer_is_told_by_the_phones_own_tone(company, ring, tone):
    call = company.dial(company.people[0], CLIENT)
    call.no_answer(RingOutcome(ring))
    assert isinstance(call.step, Reject)
    assert call.step.busy is tone
    assert call.outcome == "missed"
    assert busy(company) == frozenset()


def test_an_employee_may_give_up(company):
    call = company.dial(company.people[0], CLIENT)
    call.hang_up()
    call.no_answer(RingOutcome.FAILED, after=1)
    assert call.outcome == "missed"


@pytest.mark.parametrize("dialled", ["+12025550123", "899123456", "12345", "*99", "+390612345678"])
def test_the_guard_looks_at_what_employees_dial(company, dialled):
    call = company.dial(company.people[0], dialled)
    assert isinstance(call.step, Reject)
    assert call.outcome == "rejected"
    assert any(one["stage"] == "guard" for one in call.trace)
    assert busy(company) == frozenset()


def test_the_caps_count_what_employees_dial(company):
    company.account.dial_concurrent = 1
    company.account.save()
    anna, ben = company.people
    company.dial(anna, CLIENT)
    company.kit.clock.forward(seconds=1)
    assert isinstance(company.dial(ben, CLIENT).step, Reject)
    company.kit.clock.forward(seconds=1)
    assert isinstance(company.dial(ben, "112").step, Ring)


def test_help_is_called_at_once_whatever_is_set(company):
    company.employee("112")
    company.profile("recording", record_all=True, consent="opt-in")
    company.line.delete_instance()
    call = company.dial(company.people[0], "112")
    assert [leg.target for leg in call.order.legs] == [Phone("112")]
    assert not call.order.record
    assert call.order.notice == ()


def test_an_extension_needs_no_line(company):
    anna, ben = company.people
    company.line.delete_instance()
    call = company.dial(anna, "102")
    assert call.rings == [f"employee:{ben.id}"]
    assert busy(company) == {anna.id, ben.id}
    call.answered()
    call.talked(12)
    assert isinstance(call.step, Hangup)
    assert stored(call) == Stored("internal", None, "101", "102", anna.id, "answered", 12)


def test_a_colleague_who_is_talking_is_busy(company):
    anna, ben = company.people
    company.dial(ben, CLIENT)
    company.kit.clock.forward(seconds=1)
    call = company.dial(anna, "102")
    assert isinstance(call.step, Reject)
    assert call.step.busy
    assert call.outcome == "missed"


def test_neither_a_rating_nor_the_backup_number_for_own_calls(company):
    company.profile("quality_rating", on=True)
    company.account.backup_number = "+390698765432"
    company.account.save()
    call = company.dial(company.people[0], CLIENT)
    call.no_answer()
    assert isinstance(call.step, Reject)


def test_a_gateway_without_a_line_that_may_dial_out_refuses(company):
    company.line.kind = LineKind.APPLICATION
    company.line.save()
    call = company.dial(company.people[0], CLIENT)
    assert call.outcome == "rejected"
    assert "may dial out" in call.trace[-1]["reason"]


def test_the_first_line_that_may_dial_out_is_taken(company):
    company.line.kind = LineKind.APPLICATION
    company.line.save()
    wanted = LineRow.create(
        account=company.account, gateway=company.gateway, number="+390611111111"
    )
    LineRow.create(account=company.account, gateway=company.gateway, number="+390622222222")
    call = company.dial(company.people[0], CLIENT)
    assert stored(call).line_id == wanted.id


def test_another_accounts_employee_cannot_dial_here(centralino, company):
    other = centralino.company("professional", number="+390688888888")
    with pytest.raises(NotFound):
        other.dial(company.people[0], CLIENT)
    gone = company.people[0]
    gone.delete_instance()
    with pytest.raises(NotFound):
        company.dial(gone, CLIENT)
    assert GatewayRow.select().count() == 2


def test_the_same_dialling_told_twice_is_one_call(company):
    anna, _ = company.people
    call = company.dial(anna, CLIENT)
    call.dial(anna.id, CLIENT)
    assert len(call.orders) == 1


def test_the_client_who_is_called_is_looked_up(install):
    asked = []

    def identify(call):
        asked.append((call.direction, call.client_number))
        return Client("partner", "7", "Rossi")

    kit = install(partner=Stager(identify=identify))
    company = kit.company("full")
    anna = company.employee("101")
    call = company.dial(anna, CLIENT)
    assert asked == [(Direction.OUTGOING, CLIENT)]
    assert call.order.call.client.name == "Rossi"
    kit.clock.forward(seconds=1)
    company.dial(anna, "112")
    assert len(asked) == 1


class Offering(Desk):
    """Its desk has an extension."""

    @hookimpl
    def offer_destinations(self):
        return [Offer("desk:1", "The desk", "300")]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def open_with(request, install):
    """Opens the desk on both databases."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    return lambda **plugins: install(database=url, **plugins)


def test_an_outgoing_call_is_recorded_on_the_plugins_terms(open_with):
    kit = open_with(desk=Desk(terms={"notice": (Say("Recorded."),)}))
    company = kit.company("full")
    call = company.dial(company.employee("101"), CLIENT)
    assert (call.order.record, call.says) == (True, ["Recorded."])
    call.answered()
    call.talked(30)
    report(kit, call)
    assert units(kit) == ((0, 1), ["started"])


def test_who_is_called_cannot_be_asked_for_consent(open_with):
    kit = open_with(desk=Desk(terms={"notice": (Say("Agree?"),), "consent": "opt-in"}))
    company = kit.company("full")
    call = company.dial(company.employee("101"), CLIENT)
    assert isinstance(call.step, Ring)
    assert not call.order.record
    assert units(kit)[1] == []


def test_an_own_call_is_sent_on_by_who_dialled_it(open_with):
    kit = open_with(desk=Offering())
    company = kit.company("full")
    anna = company.employee("101")
    call = company.dial(anna, CLIENT)
    call.answered()
    call.transferred("300", seconds=30, by_caller=True)
    assert call.rings == ["sip:desk@pbx.example"]
    assert busy(company) == frozenset()
    call.no_answer()
    assert call.rings == [f"employee:{anna.id}"]
    call.answered()
    call.talked(10)
    assert isinstance(call.step, Hangup)
    assert stored(call).outcome == "answered"
    assert stored(call).talk_seconds == 40


def test_an_own_call_is_handed_over_by_who_dialled_it(open_with):
    kit = open_with(desk=Desk())
    company = kit.company("full")
    anna, ben = company.employee("101"), company.employee("102")
    call = company.dial(anna, CLIENT)
    call.answered()
    call.handed_over(ben.id, after=20, by_caller=True)
    assert busy(company) == {ben.id}
    call.talked(50)
    talks = kit.app.journal.by_id(1).state.talks()
    assert [(talk.employee, talk.seconds) for talk in talks] == [(anna.id, 20), (ben.id, 30)]
    assert stored(call).employee_id == anna.id
