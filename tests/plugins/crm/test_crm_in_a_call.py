"""The CRM in calls that go through the engine."""

import pytest

from core.api import TakeMessage
from plugins.crm.models import ContactRow, LeadRow

NUMBER = "+393331234567"


@pytest.fixture
def company(centralino):
    company = centralino.company(plan="free")
    company.anna = company.employee("101")
    return company


def know(company, **columns):
    return ContactRow.create(
        account=company.account,
        name="Carlo",
        numbers=[NUMBER],
        created_at=company.kit.clock(),
        **columns,
    )


def test_a_client_reaches_their_own_employee_first(company):
    know(company, responsible=company.anna)
    call = company.call(NUMBER)
    assert call.rings == [f"employee:{company.anna.id}"]
    assert "Employee 101 is responsible for Carlo" in [entry["reason"] for entry in call.trace]


def test_who_does_not_answer_has_a_voicemail(company):
    know(company, responsible=company.anna)
    company.profile("crm", no_answer="voicemail")
    call = company.call(NUMBER)
    call.no_answer()
    assert isinstance(call.step, TakeMessage)
    assert call.step.recipient == f"employee:{company.anna.id}"


def test_a_client_of_nobody_goes_on_and_the_trace_says_why(company):
    know(company)
    call = company.call(NUMBER)
    assert "Carlo has no responsible employee" in [entry["reason"] for entry in call.trace]


def test_a_stranger_who_hangs_up_is_a_lead_once(company):
    for _ in range(2):
        company.call(NUMBER).hang_up()
        company.kit.jobs(5)
    (lead,) = LeadRow.select()
    assert lead.number == NUMBER
    assert lead.title.endswith(f"call from {NUMBER}")
    assert company.call(NUMBER).trace[0]["stage"]
    assert LeadRow.select().count() == 1


def test_an_account_without_the_crm_knows_nobody(company):
    know(company, responsible=company.anna)
    company.profile("crm", on=False)
    call = company.call(NUMBER)
    call.hang_up()
    company.kit.jobs(5)
    assert f"employee:{company.anna.id}" not in call.rings
    assert LeadRow.select().count() == 0
