"""The demo company's clients."""

from datetime import timedelta

from plugins.crm.demo import fill
from plugins.crm.matches import find_matches
from plugins.crm.models import CompanyRow, ContactRow, DealRow, LeadRow
from tests.support.calls import NOON

NUMBERS = [f"+39333000{place:04}" for place in range(10)]


def past_calls(company):
    for place, number in enumerate(NUMBERS):
        for day in range(place, 12):
            company.call_row(number, started_at=NOON + timedelta(days=day), outcome="missed")


def picture(company):
    contacts = ContactRow.of(company.row).order_by(ContactRow.id)
    leads = LeadRow.of(company.row).order_by(LeadRow.id)
    return (
        [(row.name, row.email, [phone.number for phone in row.phones]) for row in contacts],
        [(row.title, row.status) for row in leads],
    )


def test_frequent_callers_are_contacts_and_the_others_leads(company):
    past_calls(company)
    fill(company.account)
    assert find_matches(company.row.id, NUMBERS[0])[0].kind == "contact"
    assert find_matches(company.row.id, NUMBERS[5])[0].kind == "lead"
    assert CompanyRow.of(company.row).count() == 5
    assert DealRow.of(company.row).where(DealRow.status == "open").count() == 4


def test_the_names_of_the_calls_are_the_names_of_the_contacts(company):
    company.call_row(NUMBERS[0])
    company.call_row(NUMBERS[1], client_name="Zoe Bellini")
    fill(company.account)
    assert find_matches(company.row.id, NUMBERS[1])[0].name == "Zoe Bellini"
    assert find_matches(company.row.id, NUMBERS[0])[0].kind == "lead"


def test_the_same_calls_give_the_same_clients(company):
    past_calls(company)
    fill(company.account)
    first = picture(company)
    for table in (DealRow, ContactRow, LeadRow, CompanyRow):
        table.delete().execute()
    fill(company.account)
    assert picture(company) == first


def test_without_calls_nothing_is_made_up(company):
    fill(company.account)
    assert ContactRow.of(company.row).count() == 0
