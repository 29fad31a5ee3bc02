"""What the block list asks of the database, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import peewee
import pytest

from core.api import Outcome
from plugins.blocklist.automatic import note_call
from plugins.blocklist.lookup import find_entry
from plugins.blocklist.models import TABLES, EntryRow
from plugins.blocklist.service import count_hit
from tests.support.calls import NOON, make_call
from tests.support.tables import Company, tables

CALLER = "+393331234567"
RULES = SimpleNamespace(automatic=True, calls=2, minutes=10, hours=1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def company(request, tmp_path):
    postgres = request.param == "postgres"
    url = request.getfixturevalue("postgres_url") if postgres else f"sqlite:///{tmp_path}/list.db"
    with tables(url, TABLES):
        yield Company()


def ended(company, **changes):
    return make_call(account=company.account, line=company.line, caller=CALLER, **changes)


def test_an_entry_is_found_counted_and_ends(company):
    row = EntryRow.create(account=company.row, pattern="+39333*", created_at=NOON,
                          until=NOON + timedelta(hours=1))  # fmt: skip
    line = company.line_row.id
    assert find_entry(company.row.id, line, CALLER, NOON).id == row.id
    assert find_entry(company.row.id, line, CALLER, row.until) is None
    assert find_entry(company.row.id, line, "", NOON) is None
    count_hit(ended(company, facts={"blocklist": {"entry": row.id}}))
    assert EntryRow.get_by_id(row.id).hits == 1


def test_the_same_entry_twice_is_refused(company):
    EntryRow.create(account=company.row, pattern=CALLER, created_at=NOON)
    with pytest.raises(peewee.IntegrityError), EntryRow._meta.database.atomic():
        EntryRow.create(account=company.row, pattern=CALLER, created_at=NOON)
    EntryRow.create(account=company.row, line=company.line_row, pattern=CALLER, created_at=NOON)


def test_too_many_calls_make_an_entry_that_ends(company):
    for minute in range(2):
        at = NOON + timedelta(minutes=minute)
        note_call(ended(company, started_at=at, outcome=Outcome.CLOSED), RULES)
    (row,) = EntryRow.select()
    assert (row.automatic, row.until) == (True, NOON + timedelta(hours=1, minutes=1))
