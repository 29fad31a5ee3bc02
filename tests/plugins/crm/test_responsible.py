"""R5: a known client is offered first to the employee they belong to."""

import pytest

from core.api import Client, Destination, Result, ResultKind, RingOutcome
from plugins.crm.service import after_responsible, offer_to_responsible

NOBODY_THERE = Result(ResultKind.NOT_CONNECTED, ring=RingOutcome.NO_ANSWER)


@pytest.fixture
def call(company):
    return company.call(client=Client("partner", "7", "Carlo", company.anna.id))


def test_the_client_is_offered_to_the_employee(call, company, settings):
    step = offer_to_responsible(call, settings())
    assert step.destination == Destination("employee", str(company.anna.id))
    assert step.facts == {"offered_to": company.anna.id}
    assert step.reason == "Anna is responsible for Carlo"


def test_nothing_is_offered_when_it_is_switched_off(call, settings):
    assert offer_to_responsible(call, settings(offer_to_responsible=False)) is None


def test_an_unknown_caller_belongs_to_nobody(company, settings):
    assert offer_to_responsible(company.call(), settings()) is None


@pytest.mark.parametrize(
    ("employee", "note"),
    [
        (None, "Carlo has no responsible employee"),
        (999, "the employee responsible for Carlo does not exist any more"),
    ],
)
def test_a_client_of_nobody_goes_on_and_the_trace_says_so(company, settings, employee, note):
    call = company.call(client=Client("crm", "contact:1", "Carlo", employee))
    assert offer_to_responsible(call, settings()) is None
    assert call.notes == [note]


@pytest.mark.parametrize(
    ("rule", "destination"),
    [("phone", "phone:{id}"), ("voicemail", "voicemail:employee:{id}")],
)
def test_no_answer_goes_where_the_rule_says_and_then_on(call, settings, company, rule, destination):
    first = offer_to_responsible(call, settings())
    then = after_responsible(call, NOBODY_THERE, first.state, settings(no_answer=rule))
    assert str(then.destination) == destination.format(id=company.anna.id)
    assert after_responsible(call, NOBODY_THERE, then.state, settings(no_answer=rule)) is None


def test_no_answer_goes_back_to_the_queue(call, settings):
    first = offer_to_responsible(call, settings())
    assert after_responsible(call, NOBODY_THERE, first.state, settings(no_answer="queue")) is None
