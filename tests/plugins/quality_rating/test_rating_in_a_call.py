"""The rating in calls that go through the engine."""

import pytest

from core.api import Hangup
from plugins.crm.models import ContactRow
from plugins.melodies.texts import TEXTS
from plugins.quality_rating.models import RatingRow

QUESTION, THANKS = TEXTS["en"]["rating"], TEXTS["en"]["thanks"]


@pytest.fixture
def company(centralino):
    company = centralino.company(plan="basic")
    company.anna = company.employee("101")
    ContactRow.create(
        account=company.account,
        name="Carlo",
        numbers=["+393331234567"],
        responsible=company.anna,
        created_at=centralino.clock(),
    )
    company.profile("quality_rating")
    return company


def talk(company, seconds=60, **end):
    call = company.call()
    call.answered()
    call.talked(seconds, **end)
    return call


def ratings(company):
    company.kit.jobs(5)
    return [(row.rating, row.employee_id) for row in RatingRow.select()]


def test_the_rating_of_the_last_employee_is_kept(company):
    call = talk(company)
    assert call.says == [QUESTION]
    call.press("4")
    assert isinstance(call.step, Hangup)
    assert call.says == [THANKS]
    call.hang_up()
    assert ratings(company) == [(4, company.anna.id)]
    assert call.outcome == "answered"


def test_a_wrong_key_and_silence_are_no_rating(company):
    call = talk(company)
    call.press("9")
    assert call.says == [QUESTION]
    call.silence()
    assert isinstance(call.step, Hangup)
    call.hang_up()
    assert ratings(company) == [(None, company.anna.id)]


def test_hanging_up_at_the_question_is_no_rating(company):
    call = talk(company)
    call.hang_up()
    assert ratings(company) == [(None, company.anna.id)]


def test_who_was_asked_is_not_asked_again_the_same_day(company):
    talk(company).hang_up()
    company.kit.jobs(5)
    again = talk(company)
    assert isinstance(again.step, Hangup)
    again.hang_up()
    company.kit.clock.forward(days=1)
    assert talk(company).says == [QUESTION]


def test_a_short_talk_is_not_rated(company):
    call = talk(company, seconds=9)
    assert isinstance(call.step, Hangup)
    call.hang_up()
    assert ratings(company) == []


def test_without_it_in_the_plan_nobody_is_asked(company):
    company.account.plan = "free"
    company.account.save()
    assert isinstance(talk(company).step, Hangup)
