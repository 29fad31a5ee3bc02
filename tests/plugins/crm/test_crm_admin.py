"""The CRM's pages, by people who are signed in."""

import pytest

from core.api import CallRow, EmployeeRow, LineRow
from plugins.crm.models import CompanyRow, ContactRow, DealRow, LeadRow
from tests.support.calls import NOON
from tests.support.site import open_site

PLANS = """
schema: 1
plans:
  with: {title: With, features: {crm: true}}
  without: {title: Without}
"""
NUMBER = "+393331234567"


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path, ("crm",), PLANS) as site:
        site.rossi = site.account("Rossi", "with")
        site.anna = EmployeeRow.create(account=site.rossi, name="Anna")
        site.dupont = site.account("Dupont", "with")
        yield site


@pytest.fixture
def agent(site):
    return site.sign_in(site.rossi, "agent", site.anna)


@pytest.fixture
def stranger(site):
    return site.sign_in(site.dupont, "admin")


def store_call(site, caller=NUMBER, **columns):
    line = LineRow.get_or_none() or LineRow.create(account=site.rossi, number="+390612345678")
    values = {"started_at": NOON, "state": "{}", "ref": "1", "token": caller, "called": line.number}
    return CallRow.create(account=site.rossi, line=line, caller=caller, **{**values, **columns})


def carlo(site, **columns):
    return ContactRow.create(
        account=site.rossi, name="Carlo", numbers=[NUMBER], created_at=NOON, **columns
    )


HINTS = {
    "crm_contacts": "Add the people who call you",
    "crm_companies": "Add a company",
    "crm_leads": "become leads",
    "crm_deals": "Add a deal",
    "crm/card": "Type a phone number",
}


@pytest.mark.parametrize("role", ["admin", "supervisor", "agent"])
def test_everybody_has_the_pages_and_empty_ones_say_what_to_do_next(site, role):
    browser = site.sign_in(site.rossi, role)
    for page, hint in HINTS.items():
        assert hint in browser.get(f"/{page}/").text


def test_without_the_crm_in_the_plan_there_are_no_pages(site):
    poor = site.sign_in(site.account("Poor", "without"), "admin")
    start = poor.get("/").text
    for page in HINTS:
        assert poor.get(f"/{page}/").status_code == 403
        assert f'href="/{page}/"' not in start


def test_a_contact_is_made_with_numbers_as_people_type_them(site, agent):
    firm = CompanyRow.create(account=site.rossi, name="Firm", created_at=NOON)
    answer = agent.post(
        "/crm_contacts/new/",
        name="Carlo",
        numbers="333 123 4567\r\n+44 20 7946 0000",
        company=firm.id,
        email="",
        responsible=site.anna.id,
    )
    assert answer.status_code == 302
    contact = ContactRow.get()
    assert (contact.account_id, contact.name, contact.company) == (site.rossi.id, "Carlo", firm)
    assert contact.numbers == [NUMBER, "+442079460000"]
    assert (contact.responsible, contact.created_at) == (site.anna, NOON)
    page = agent.get("/crm_contacts/").text
    assert f"{NUMBER}, +442079460000" in page
    assert f"{NUMBER}\n+442079460000" in agent.get(f"/crm_contacts/edit/?id={contact.id}").text


def test_a_wrong_number_is_refused_beside_what_was_typed(agent):
    answer = agent.post("/crm_contacts/new/", name="Carlo", numbers="06 1234 5678\r\nabc", email="")
    assert "“abc” is no complete phone number" in answer.text
    assert "06 1234 5678\r\nabc" in answer.text
    assert ContactRow.select().count() == 0


def test_numbers_are_changed_with_the_contact(site, agent):
    row = carlo(site)
    form = {"name": "Carlo", "numbers": "", "email": "", "responsible": "__None"}
    assert agent.post(f"/crm_contacts/edit/?id={row.id}", **form).status_code == 302
    assert ContactRow.get().numbers == []


def test_only_managers_delete(site, agent):
    row = carlo(site)
    assert agent.post("/crm_contacts/delete/", id=row.id).status_code == 403
    assert agent.get(f"/crm_contacts/delete/?id={row.id}").status_code == 403
    agent.post("/crm_contacts/action/", action="delete", rowid=row.id, confirmed="yes")
    assert ContactRow.select().count() == 1
    admin = site.sign_in(site.rossi, "admin")
    assert admin.post("/crm_contacts/delete/", id=row.id).status_code == 302
    assert ContactRow.select().count() == 0


def test_a_deleted_company_takes_no_contact_and_no_deal_with_it(site):
    firm = CompanyRow.create(account=site.rossi, name="Firm", numbers=["+391"], created_at=NOON)
    carlo(site, company=firm)
    DealRow.create(account=site.rossi, title="D", company=firm, created_at=NOON)
    site.sign_in(site.rossi, "admin").post("/crm_companies/delete/", id=firm.id)
    assert CompanyRow.select().count() == 0
    assert ContactRow.get().company is None
    assert DealRow.get().company is None


def test_a_second_open_lead_of_a_number_is_refused_by_name(site, agent):
    form = {"title": "Kitchen", "name": "", "number": "333 123 4567", "status": "open"}
    assert agent.post("/crm_leads/new/", **form, responsible="__None").status_code == 302
    again = agent.post("/crm_leads/new/", **form, responsible="__None")
    assert f"{NUMBER} has an open lead already: Kitchen." in again.text
    closed = agent.post("/crm_leads/new/", **{**form, "status": "lost"}, responsible="__None")
    assert closed.status_code == 302
    assert LeadRow.select().count() == 2


def test_a_deal_has_an_amount_in_cents(site, agent):
    form = {"title": "D", "amount": "1234.56", "currency": "eur", "status": "open"}
    row = carlo(site)
    assert agent.post("/crm_deals/new/", **form, contact=row.id).status_code == 302
    deal = DealRow.get()
    assert (deal.amount_cents, deal.currency, deal.contact) == (123_456, "EUR", row)
    page = agent.get("/crm_deals/").text
    assert "1,234.56" in page
    assert "Carlo" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Choose the contact or the company of this deal."),
        ({"contact": "carlo", "currency": "€"}, "“€” is no currency; write three letters"),
        ({"contact": "carlo", "amount": "-1"}, "Enter an amount of 0 or more."),
        ({"contact": "carlo", "amount": "much"}, "Not a valid decimal value"),
    ],
)
def test_a_deal_that_cannot_be_is_refused(site, agent, changes, sentence):
    form = {"title": "D", "amount": "1", "currency": "EUR", "status": "open", **changes}
    if "contact" in form:
        form["contact"] = carlo(site).id
    assert sentence in agent.post("/crm_deals/new/", **form).text
    assert DealRow.select().count() == 0


def test_the_card_of_a_call_shows_who_it_is(site, agent):
    row = carlo(site, responsible=site.anna)
    DealRow.create(
        account=site.rossi, title="Kitchen", contact=row, amount_cents=5000, created_at=NOON
    )
    call = store_call(site, outcome="missed")
    page = agent.get(f"/crm/card/{call.id}").text
    for text in ("Carlo", "contact", "Anna", "Kitchen", "€50.00", "missed"):
        assert text in page
    assert f"/crm_contacts/edit/?id={row.id}" in page


def test_the_card_of_a_stranger_offers_a_lead_that_belongs_to_who_takes_it(site, agent):
    call = store_call(site, outcome="missed")
    assert "Create a lead" in agent.get(f"/crm/card/{call.id}").text
    answer = agent.post(f"/crm/card/{call.id}/lead")
    lead = LeadRow.get()
    assert answer.location == f"/crm_leads/edit/?id={lead.id}"
    assert (lead.title, lead.number) == (f"Missed call from {NUMBER}", NUMBER)
    assert (lead.call, lead.responsible, lead.account_id) == (call, site.anna, site.rossi.id)
    again = agent.post(f"/crm/card/{call.id}/lead")
    assert again.location == f"/crm/card/{call.id}"
    assert LeadRow.select().count() == 1


def test_a_withheld_number_becomes_no_lead(site, agent):
    call = store_call(site, caller="")
    assert "The caller withheld the number." in agent.get(f"/crm/card/{call.id}").text
    assert agent.post(f"/crm/card/{call.id}/lead").status_code == 422
    assert LeadRow.select().count() == 0


def test_a_client_is_found_by_a_typed_number(site, agent):
    carlo(site)
    assert "Carlo" in agent.get("/crm/card/?number=333+123+4567").text
    unknown = agent.get("/crm/card/?number=06+9999+9999").text
    assert "is not in the CRM" in unknown
    assert "New contact" in unknown
    assert "“abc” is no complete phone number" in agent.get("/crm/card/?number=abc").text


def test_another_account_sees_and_changes_nothing(site, stranger):
    row, call = carlo(site), store_call(site)
    lead = LeadRow.create(account=site.rossi, title="L", number="+391", created_at=NOON)
    assert stranger.get(f"/crm/card/{call.id}").status_code == 404
    assert stranger.post(f"/crm/card/{call.id}/lead").status_code == 404
    assert stranger.get(f"/crm_contacts/edit/?id={row.id}").status_code == 404
    assert stranger.post("/crm_leads/delete/", id=lead.id).status_code in (302, 404)
    assert "Carlo" not in stranger.get("/crm/card/?number=%2B393331234567").text
    assert LeadRow.select().count() == 1
    form = {"title": "D", "amount": "1", "currency": "EUR", "status": "open"}
    stranger.post("/crm_deals/new/", **form, contact=row.id)
    assert DealRow.select().count() == 0
