"""C1: the card of a call."""

from datetime import timedelta

import pytest

from core.api import Client, Outcome
from plugins.crm.card import LAST_CALLS, build, panels
from plugins.crm.leads import note_end
from plugins.crm.models import ContactRow, DealRow, PhoneRow
from tests.support.calls import NOON
from tests.support.tables import Company

NUMBER, OTHER = "+393331234567", "+390655555555"


@pytest.fixture
def carlo(company):
    row = ContactRow.create(
        account=company.row, name="Carlo", responsible=company.anna, created_at=NOON
    )
    for number in (NUMBER, OTHER):
        PhoneRow.create(account=company.row, number=number, contact=row)
    return row


def test_the_card_has_open_deals_only_newest_first(company, carlo):
    for days, title, status in ((1, "Old", "open"), (2, "Lost", "lost"), (3, "New", "open")):
        DealRow.create(
            account=company.row,
            title=title,
            status=status,
            contact=carlo,
            created_at=NOON + timedelta(days=days),
        )
    assert [deal.title for deal in build(company.account, NUMBER).deals] == ["New", "Old"]


def test_the_card_has_the_last_calls_from_all_numbers_of_the_client(company, carlo):
    for hours in range(LAST_CALLS):
        company.call_row(NUMBER, started_at=NOON + timedelta(hours=hours))
    newest = company.call_row(OTHER, started_at=NOON + timedelta(days=1))
    company.call_row("+39999", started_at=NOON + timedelta(days=2))
    calls = build(company.account, NUMBER).calls
    assert len(calls) == LAST_CALLS
    assert calls[0] == newest


def test_the_card_of_a_stranger_has_their_calls(company):
    call = company.call_row(NUMBER)
    card = build(company.account, NUMBER)
    assert (card.matches, card.total, card.deals, card.calls) == ([], 0, [], [call])


def test_the_card_of_a_withheld_number_is_empty(company):
    company.call_row("")
    assert build(company.account, "").calls == []


def test_the_card_shows_nothing_of_another_account(company, carlo):
    company.call_row(NUMBER)
    DealRow.create(account=company.row, title="D", contact=carlo, created_at=NOON)
    card = build(Company("Bianchi", "+390687654321").account, NUMBER)
    assert (card.matches, card.deals, card.calls) == ([], [], [])


def test_the_panel_tells_who_it_is(company, carlo, settings):
    (panel,) = panels(company.call(NUMBER), settings())
    assert panel.rows == (("Client", "Carlo (contact)"), ("Responsible", "Anna"))


def test_the_panel_counts_several_matches(company, carlo, settings):
    twin = ContactRow.create(account=company.row, name="Carla", created_at=NOON)
    PhoneRow.create(account=company.row, number=NUMBER, contact=twin)
    (panel,) = panels(company.call(NUMBER), settings())
    assert ("Matches", "2 have this number") in panel.rows


@pytest.mark.parametrize(("mode", "offers"), [("offered", True), ("automatic", False)])
def test_a_stranger_is_offered_as_a_lead(company, settings, mode, offers):
    (panel,) = panels(company.call(NUMBER), settings(leads=mode))
    assert panel.rows == (("Client", "+393331234567 is not in the CRM."),)
    assert panel.values["offers_lead"] is offers


def test_an_exception_is_not_offered_as_a_lead(company, settings):
    wanted = settings(leads="offered", lead_exceptions="+39*")
    (panel,) = panels(company.call(NUMBER), wanted)
    assert panel.values["offers_lead"] is False


def test_the_panel_of_a_withheld_number_offers_nothing(company, settings):
    (panel,) = panels(company.call(""), settings(leads="offered"))
    assert panel.rows == (("Client", "The caller withheld the number."),)
    assert panel.values["offers_lead"] is False


def test_the_panel_shows_the_new_lead(company, settings):
    call = company.call(NUMBER, outcome=Outcome.MISSED)
    note_end(call, settings())
    (panel,) = panels(call, settings())
    assert panel.rows[0] == ("Client", "+393331234567 (lead)")


def test_a_client_of_another_plugin_is_not_ours_to_describe(company, settings):
    call = company.call(NUMBER, client=Client("partner", "7", "Carla"))
    assert panels(call, settings()) == []
