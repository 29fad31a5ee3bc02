"""What the CRM leaves to the database, on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from core.api import Outcome
from plugins.crm.leads import create_lead, note_end
from plugins.crm.matches import find_matches
from plugins.crm.models import TABLES, CompanyRow, ContactRow, DealRow, LeadRow
from tests.support.calls import NOON
from tests.support.tables import tables

NUMBER = "+393331234567"
AT_ONCE = 8


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request, tmp_path):
    postgres = request.param == "postgres"
    url = request.getfixturevalue("postgres_url") if postgres else f"sqlite:///{tmp_path}/crm.db"
    with tables(url, TABLES) as store:
        yield store


def test_many_calls_at_once_make_one_lead(company, store):
    start = Barrier(AT_ONCE)

    def create(place):
        with store.connection():
            start.wait(10)
            with store.transaction():
                return create_lead(company.row.id, NUMBER, f"Call {place}", NOON)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = [lead for lead in pool.map(create, range(AT_ONCE)) if lead]
    assert len(made) == 1
    assert [lead.id for lead in LeadRow.of(company.row)] == [made[0].id]


def test_a_second_lead_leaves_the_transaction_usable(company, settings):
    note_end(company.call(outcome=Outcome.MISSED), settings())
    with LeadRow._meta.database.atomic():
        assert create_lead(company.row.id, NUMBER, "Again", NOON) is None
        note_end(company.call(outcome=Outcome.ANSWERED), settings())
    assert [lead.title for lead in LeadRow.of(company.row)] == [f"Answered call from {NUMBER}"]


def test_matches_are_found_and_counted(company):
    mine = {"account": company.row, "created_at": NOON, "numbers": [NUMBER]}
    firm = CompanyRow.create(name="Firm", responsible=company.bruno, **mine)
    ContactRow.create(name="New", **mine)
    old = ContactRow.create(name="Old", company=firm, **mine)
    DealRow.create(account=company.row, title="D", contact=old, created_at=NOON)
    create_lead(company.row.id, NUMBER, "L", NOON)
    found = find_matches(company.row.id, NUMBER)
    assert [(one.name, one.open_deal, one.total) for one in found] == [
        ("Old", True, 4),
        ("New", False, 4),
        ("Firm", False, 4),
        (NUMBER, False, 4),
    ]
    assert found[0].responsible == company.bruno.id
