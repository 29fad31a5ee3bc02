"""What the working day leaves to the database, on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from plugins.workhours.presence.absence import at_work
from plugins.workhours.presence.changing import Action, Change, change
from plugins.workhours.presence.models import TABLES, SpanRow
from plugins.workhours.presence.overview import days
from tests.support.calls import NOON
from tests.support.tables import Company, tables

AT_ONCE = 8


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request, tmp_path):
    postgres = request.param == "postgres"
    url = request.getfixturevalue("postgres_url") if postgres else f"sqlite:///{tmp_path}/day.db"
    with tables(url, TABLES) as store:
        yield store


def test_many_clicks_at_once_make_one_day(store):
    company = Company()
    account, start = company.account, Barrier(AT_ONCE)

    def click(place):
        action = Action.START if place % 2 else Action.END
        with store.connection():
            start.wait(10)
            change(account, company.anna, Change(action), NOON)
            change(account, company.anna, Change(Action.START), NOON)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(click, range(AT_ONCE)))
    rows = list(SpanRow.of(account).order_by(SpanRow.number))
    assert [one.number for one in rows] == list(range(1, len(rows) + 1))
    assert [one.ended_at is None for one in rows] == [False] * (len(rows) - 1) + [True]
    assert at_work(account.id, NOON) == {company.anna.id: ("work", "")}


def test_who_works_ends_by_the_clock(store):
    company = Company()
    change(company.account, company.anna, Change(Action.START), NOON)
    change(company.account, company.anna, Change(Action.PAUSE, "lunch"), NOON + timedelta(hours=1))
    later = NOON + timedelta(hours=2)
    assert at_work(company.account.id, later) == {company.anna.id: ("break", "lunch")}
    (day,) = days(company.account, [company.anna], later)
    assert day.today == (timedelta(hours=1), timedelta(hours=1))
    assert at_work(company.account.id, NOON + timedelta(hours=12)) == {}
