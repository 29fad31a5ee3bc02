"""Q6: ratings in a call's details, in the statistics, and in the demo."""

from datetime import timedelta

import pytest

from core.api import Outcome
from plugins.quality_rating.demo import fill
from plugins.quality_rating.models import RatingRow
from plugins.quality_rating.panel import panels
from plugins.quality_rating.statistics import Rated, per_employee, together
from tests.support.calls import NOON
from tests.support.tables import Company

MONTH = NOON - timedelta(days=30)


def rate(company, employee, rating, at=NOON - timedelta(days=1)):
    call = company.call_row()
    return RatingRow.create(
        account=company.row, call=call, employee=employee, caller="+391", at=at, rating=rating
    )


def statistics(company):
    return per_employee(company.account, MONTH, NOON)


def test_questions_without_a_rating_do_not_lower_the_average(company):
    for rating in (5, None, 4, None):
        rate(company, company.anna, rating)
    assert statistics(company) == [Rated("Anna", asked=4, count=2, total=9)]
    assert statistics(company)[0].average == 4.5


def test_nobody_rated_is_no_average(company):
    rate(company, company.anna, None)
    assert statistics(company)[0].average is None


def test_the_best_come_first_and_a_deleted_employee_has_no_name(company):
    rate(company, company.anna, 3)
    rate(company, company.bruno, 5)
    rate(company, None, 1)
    assert [one.employee for one in statistics(company)] == ["Bruno", "Anna", ""]
    assert together(statistics(company)) == Rated("", asked=3, count=3, total=9)


@pytest.mark.parametrize(
    ("at", "counts"),
    [(MONTH, True), (MONTH - timedelta(seconds=1), False), (NOON, False)],
)
def test_the_period_is_half_open(company, at, counts):
    rate(company, company.anna, 5, at)
    assert bool(statistics(company)) is counts


def test_another_accounts_ratings_do_not_count(company):
    other = Company("Bianchi", "+390687654321")
    rate(other, other.anna, 1)
    assert statistics(company) == []
    assert together([]).average is None


@pytest.mark.parametrize(("rating", "shown"), [(4, "4 of 5"), (None, "asked, not given")])
def test_the_call_shows_its_rating(company, rating, shown):
    call = company.call()
    RatingRow.create(
        account=company.row,
        call=call.id,
        employee=company.anna,
        caller="",
        at=NOON,
        rating=rating,
    )
    (panel,) = panels(call)
    assert panel.rows == (("Rating", shown), ("Employee", "Anna"))


def test_a_call_without_the_question_shows_nothing(company):
    assert panels(company.call()) == []


def test_the_demo_rates_answered_talks_once_a_day_and_caller(company):
    talked = {"outcome": Outcome.ANSWERED, "talk_seconds": 60, "employee": company.anna}
    for day in range(16):
        for minute in range(2):
            at = NOON - timedelta(days=day, minutes=minute)
            company.call_row(started_at=at, **talked)
    company.call_row(started_at=NOON, outcome=Outcome.MISSED)
    company.call_row("+392", started_at=NOON, **{**talked, "talk_seconds": 5})
    company.call_row("+393", started_at=NOON, **{**talked, "employee": None})
    fill(company.account)
    first = [row.rating for row in RatingRow.of(company.row).order_by(RatingRow.at)]
    assert len(first) == 16
    assert {1, 5, None} <= set(first)
    RatingRow.delete().execute()
    fill(company.account)
    assert [row.rating for row in RatingRow.of(company.row).order_by(RatingRow.at)] == first
