"""C1: who a number belongs to."""

import re
from datetime import timedelta

from plugins.crm.matches import _QUERY, find_matches
from plugins.crm.models import CompanyRow, ContactRow, DealRow, LeadRow, PhoneRow
from plugins.crm.service import identify
from tests.support.calls import NOON
from tests.support.tables import Company

NUMBER = "+393331234567"


def contact(home, name, at=NOON, number=NUMBER, **columns):
    row = ContactRow.create(account=home.row, name=name, created_at=at, **columns)
    PhoneRow.create(account=home.row, number=number, contact=row)
    return row


def firm(company, name, at=NOON, number=NUMBER, **columns):
    row = CompanyRow.create(account=company.row, name=name, created_at=at, **columns)
    PhoneRow.create(account=company.row, number=number, company=row)
    return row


def lead(company, at=NOON, **columns):
    values = {"title": "A lead", "number": NUMBER, "created_at": at}
    return LeadRow.create(account=company.row, **{**values, **columns})


def names(company, number=NUMBER, **options):
    return [match.name for match in find_matches(company.row.id, number, **options)]


def test_contacts_come_before_companies_before_leads(company):
    lead(company, NOON + timedelta(days=3), name="Lea")
    firm(company, "Firm", NOON + timedelta(days=2))
    contact(company, "Carlo", NOON + timedelta(days=1))
    assert names(company) == ["Carlo", "Firm", "Lea"]


def test_among_contacts_an_open_deal_counts_before_being_recent(company):
    old = contact(company, "Old", NOON - timedelta(days=9))
    contact(company, "New", NOON)
    newest_but_lost = contact(company, "Newest", NOON + timedelta(days=1))
    DealRow.create(account=company.row, title="D", contact=old, created_at=NOON)
    DealRow.create(
        account=company.row, title="L", contact=newest_but_lost, status="lost", created_at=NOON
    )
    assert names(company) == ["Old", "Newest", "New"]


def test_an_open_deal_of_a_company_counts_for_the_company(company):
    dealing = firm(company, "Dealing", NOON - timedelta(days=9))
    firm(company, "Recent", NOON)
    DealRow.create(account=company.row, title="D", company=dealing, created_at=NOON)
    assert names(company) == ["Dealing", "Recent"]


def test_all_matches_are_counted_also_beyond_the_limit(company):
    for place in range(5):
        contact(company, f"C{place}")
    found = find_matches(company.row.id, NUMBER, limit=2)
    assert [len(found), {match.total for match in found}] == [2, {5}]


def test_a_closed_lead_is_nobody(company):
    lead(company, status="lost")
    assert names(company) == []


def test_a_lead_without_a_name_is_called_by_its_number(company):
    lead(company)
    assert names(company) == [NUMBER]


def test_a_withheld_number_matches_nobody(company):
    lead(company, number="")
    PhoneRow.create(
        account=company.row,
        number="",
        contact=ContactRow.create(account=company.row, name="Blank", created_at=NOON),
    )
    assert names(company, number="") == []
    assert identify(company.call("")) is None


def test_another_account_is_another_world(company):
    contact(company, "Carlo")
    other = Company("Bianchi", "+390687654321")
    assert names(other) == []


def test_the_client_has_the_responsible_employee_and_the_count(company):
    contact(company, "Carlo", responsible=company.anna)
    firm(company, "Firm")
    client = identify(company.call(NUMBER))
    assert (client.name, client.responsible, client.matches) == ("Carlo", company.anna.id, 2)
    assert client.source == "crm"
    assert client.ref.startswith("contact:")


def test_a_contact_without_an_employee_belongs_to_the_companys(company):
    employer = CompanyRow.create(
        account=company.row, name="Firm", responsible=company.bruno, created_at=NOON
    )
    contact(company, "Carlo", company=employer)
    assert identify(company.call(NUMBER)).responsible == company.bruno.id


def test_the_query_of_the_call_path_reads_no_whole_table(store):
    found = store.rows("EXPLAIN QUERY PLAN " + _QUERY, (1, NUMBER) * 3 + (1,))
    plan = "\n".join(row[3] for row in found)
    assert re.findall(r"SCAN [pcold]\b", plan) == []
    assert "crm_leads_open_number (account_id=? AND number=?)" in plan
    assert "phonerow_account_id_number (account_id=? AND number=?)" in plan
