"""Q6: who is asked for a rating, and what becomes of the answer."""

from datetime import timedelta

import pytest

from core.api import EmployeeRow, Gather, Hangup, Result, ResultKind, Say, Talk
from plugins.quality_rating import schemas
from plugins.quality_rating.models import RatingRow
from plugins.quality_rating.service import ask, go_on, keep
from tests.support.calls import NOON
from tests.support.tables import Company

SILENCE = Result(ResultKind.NO_INPUT)


def pressed(digits):
    return Result(ResultKind.DIGITS, digits=digits)


@pytest.fixture
def talk(company):
    return Talk(company.anna.id, f"employee:{company.anna.id}", 60, False)


def asked_before(company, at, caller="+393331234567"):
    call = company.call_row(caller)
    RatingRow.create(account=company.row, call=call, caller=caller, at=at)


def test_the_caller_is_asked_for_one_key_within_five_seconds(company, talk, settings):
    assert ask(company.call(), talk, settings(question="1 to 5?")) == Gather(
        prompts=(Say("1 to 5?"),),
        digits=1,
        first_seconds=5,
        finish_key="",
        state={"last": False},
        facts={"asked": True},
    )


@pytest.mark.parametrize(("seconds", "is_asked"), [(9, False), (10, True)])
def test_not_after_a_short_talk(company, settings, seconds, is_asked):
    talk = Talk(company.anna.id, "x", seconds, False)
    call = company.call()
    assert bool(ask(call, talk, settings())) is is_asked
    assert call.notes == [] if is_asked else ["no rating asked: the talk was shorter than 10 s"]


def test_how_short_is_a_setting(company, settings):
    talk = Talk(company.anna.id, "x", 0, False)
    assert ask(company.call(), talk, settings(min_talk_seconds=0))


def test_not_after_a_talk_with_an_outside_number(company, settings):
    assert ask(company.call(), Talk(None, "number:+49301", 60, False), settings()) is None


@pytest.mark.parametrize("caller", ["+390612345678", "+393330000001", "+390600000002"])
def test_not_after_an_internal_call(company, talk, settings, caller):
    EmployeeRow.update(mobile="+393330000001", other_number="+390600000002").where(
        EmployeeRow.id == company.bruno.id
    ).execute()
    assert ask(company.call(caller), talk, settings()) is None


@pytest.mark.parametrize(
    ("before", "days", "is_asked"),
    [
        (timedelta(hours=23, minutes=59), 1, False),
        (timedelta(days=1), 1, True),
        (timedelta(days=6), 7, False),
        (timedelta(minutes=1), 0, True),
    ],
)
def test_not_the_same_caller_again_within_the_days(company, talk, settings, before, days, is_asked):
    asked_before(company, NOON - before)
    assert bool(ask(company.call(), talk, settings(repeat_days=days))) is is_asked


def test_another_caller_and_another_account_do_not_count(company, talk, settings):
    asked_before(company, NOON, "+393339999999")
    asked_before(Company("Bianchi", "+390687654321"), NOON)
    assert ask(company.call(), talk, settings())


def test_withheld_numbers_are_asked_every_time(company, talk, settings):
    asked_before(company, NOON, "")
    assert ask(company.call(""), talk, settings())


@pytest.mark.parametrize("key", "12345")
@pytest.mark.parametrize("last", [False, True])
def test_a_rating_is_thanked_for(settings, key, last):
    step = go_on(pressed(key), {"last": last}, settings(thanks="Thanks!"))
    assert (step.prompts, step.facts) == ((Say("Thanks!"),), {"rating": int(key)})
    assert step.outcome is None


def test_without_texts_the_prompts_are_the_numbers_melodies(company, talk, settings):
    chosen = settings(thanks="  ")
    first = ask(company.call(), talk, chosen)
    second = go_on(pressed("9"), first.state, chosen)
    thanks = go_on(pressed("5"), second.state, chosen)
    said = [step.prompts[0] for step in (first, second, thanks)]
    assert [(tone.name, tone.text) for tone in said] == [
        ("rating", schemas.QUESTION),
        ("rating", schemas.AGAIN),
        ("thanks", schemas.THANKS),
    ]


@pytest.mark.parametrize("result", [SILENCE, *map(pressed, ["0", "6", "9", "*", "#", ""])])
def test_there_is_one_second_question_and_then_no_rating(company, talk, settings, result):
    first = ask(company.call(), talk, settings())
    second = go_on(result, first.state, settings(again="Again?"))
    assert second.prompts == (Say("Again?"),)
    end = go_on(result, second.state, settings())
    assert isinstance(end, Hangup)
    assert (end.prompts, dict(end.facts)) == ((), {})


@pytest.mark.parametrize(("facts", "rating"), [({"rating": 4}, 4), ({}, None)])
def test_the_answer_is_kept_with_the_last_employee(company, facts, rating):
    talk = Talk(company.bruno.id, "x", 30, False)
    call = company.call(talk=talk, facts={"quality_rating": {"asked": True, **facts}})
    keep(call)
    (row,) = RatingRow.of(company.row)
    assert (row.rating, row.employee, row.caller, row.at) == (
        rating,
        company.bruno,
        "+393331234567",
        NOON,
    )


@pytest.mark.parametrize("facts", [{}, {"quality_rating": {}}, {"ivr": {"asked": True}}])
def test_a_call_without_the_question_leaves_nothing(company, facts):
    keep(company.call(facts=facts))
    assert RatingRow.of(company.row).count() == 0


def test_an_employee_who_was_deleted_meanwhile_has_no_rating(company):
    talk = Talk(999, "x", 30, False)
    keep(company.call(talk=talk, facts={"quality_rating": {"asked": True, "rating": 5}}))
    (row,) = RatingRow.of(company.row)
    assert (row.rating, row.employee) == (5, None)
