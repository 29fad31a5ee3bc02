"""Starting, pausing and ending a day: spans never overlap, whatever is pressed when, and whoever
presses at the same time."""

from __future__ import annotations

import threading
from datetime import timedelta
from itertools import pairwise

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.api import BadInput, Conflict
from plugins.workhours.presence import changing
from plugins.workhours.presence.absence import at_work
from plugins.workhours.presence.changing import Action, Change, change, save_rules
from plugins.workhours.presence.days import Rules
from plugins.workhours.presence.models import Doing, SpanRow
from plugins.workhours.presence.overview import days, ended_by, spans_of

START, PAUSE, RESUME, END = Action


@pytest.fixture
def company(centralino):
    return centralino.company()


@pytest.fixture
def anna(company):
    return company.employee("101", name="Anna")


def press(company, employee, action, **told):
    return change(company.account.picture(), employee, Change(action, **told), company.kit.clock())


def spans(company):
    return [(one.doing, one.reason) for one in SpanRow.of(company.account).order_by(SpanRow.number)]


def test_a_day_from_start_to_end(company, anna):
    clock = company.kit.clock
    press(company, anna, START)
    clock.forward(hours=3)
    press(company, anna, PAUSE, reason="lunch")
    clock.forward(hours=1)
    press(company, anna, RESUME)
    clock.forward(hours=4)
    assert press(company, anna, END) is None
    assert spans(company) == [("work", ""), ("break", "lunch"), ("work", "")]
    (day,) = days(company.account.picture(), [anna], clock())
    assert day.state == "off"
    assert day.today == (timedelta(hours=7), timedelta(hours=1))


def test_pressing_twice_changes_nothing(company, anna):
    first = press(company, anna, START)
    company.kit.clock.forward(minutes=1)
    assert press(company, anna, START).id == first.id
    press(company, anna, PAUSE, reason="lunch")
    company.kit.clock.forward(minutes=1)
    press(company, anna, PAUSE, reason="lunch")
    assert spans(company) == [("work", ""), ("break", "lunch")]
    press(company, anna, END)
    press(company, anna, END)
    assert len(spans(company)) == 2


def test_a_break_for_another_reason_is_another_break(company, anna):
    press(company, anna, START)
    press(company, anna, PAUSE, reason="lunch")
    press(company, anna, PAUSE, reason="meeting")
    assert spans(company)[1:] == [("break", "lunch"), ("break", "meeting")]


@pytest.mark.parametrize("action", [PAUSE, RESUME])
def test_a_day_that_has_not_started_cannot_be_paused(company, anna, action):
    with pytest.raises(BadInput, match="start it first"):
        press(company, anna, action)
    assert spans(company) == []


def test_texts_that_are_too_long_are_refused_with_what_was_typed(company, anna):
    press(company, anna, START)
    with pytest.raises(BadInput, match="“a reason that nobody…” is too long"):
        press(company, anna, PAUSE, reason="a reason that nobody would read " * 3)


def test_a_day_that_nobody_ended_ends_by_the_clock_without_any_job(company, anna):
    account, clock = company.account.picture(), company.kit.clock
    save_rules(account, Rules(on=True, ends_at=18 * 60))
    began = press(company, anna, START)
    clock.forward(hours=8)
    assert at_work(account.id, clock()) == {}
    with pytest.raises(BadInput):
        press(company, anna, RESUME)
    clock.forward(hours=14)
    press(company, anna, START)
    first, second = SpanRow.of(account).order_by(SpanRow.number)
    assert first.ended_at == began.until == clock() - timedelta(hours=14)
    assert ended_by(first, clock()) == "clock"
    assert second.until > clock()


def test_new_rules_do_not_rewrite_the_past(company, anna):
    account, clock = company.account.picture(), company.kit.clock
    press(company, anna, START)
    clock.forward(days=1)
    save_rules(account, Rules(hours=24))
    (span,) = spans_of(account, clock() - timedelta(days=2), clock())
    assert span.end(clock()) == span.started_at + timedelta(hours=12)


def test_what_somebody_else_did_is_kept_with_name_and_reason(company, anna):
    press(company, anna, START, by="Sara", note="forgot to press")
    company.kit.clock.forward(hours=1)
    press(company, anna, END, by="Sara", note="went home ill")
    (row,) = SpanRow.of(company.account)
    assert (row.by, row.note) == ("Sara", "forgot to press")
    assert (row.ended_by, row.ended_note) == ("Sara", "went home ill")


def test_the_database_refuses_two_open_spans_and_two_with_one_number(company, anna):
    row = press(company, anna, START)
    values = {**row.__data__, "id": None}
    with pytest.raises(peewee.IntegrityError):
        SpanRow.create(**{**values, "number": 2})
    with pytest.raises(peewee.IntegrityError):
        SpanRow.create(**{**values, "ended_at": company.kit.clock()})


def test_a_deleted_employees_history_stays(company, anna):
    press(company, anna, START)
    anna.delete_instance()
    (row,) = SpanRow.of(company.account)
    assert (row.employee_id, row.name) == (None, "Anna")


def test_clicks_at_the_same_moment_make_one_span(company, anna):
    store, account, at = company.kit.app.store, company.account.picture(), company.kit.clock()
    ready, faults = threading.Barrier(6), []

    def click():
        with store.connection():
            ready.wait()
            try:
                change(account, anna, Change(START), at)
                change(account, anna, Change(PAUSE, "lunch"), at)
            except Exception as error:
                faults.append(error)

    threads = [threading.Thread(target=click) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []
    check_no_overlap(list(SpanRow.of(company.account).order_by(SpanRow.number)))
    assert SpanRow.of(company.account).where(SpanRow.ended_at.is_null()).count() == 1


def test_somebody_faster_is_noticed_and_the_change_is_tried_again(company, anna, monkeypatch):
    press(company, anna, START)
    stale, tries = changing.last_span(company.account.id, anna.id), []

    def last(account, employee):
        tries.append(employee)
        return stale if len(tries) == 1 else last_span(account, employee)

    last_span = changing.last_span
    press(company, anna, END)
    monkeypatch.setattr(changing, "last_span", last)
    assert press(company, anna, END) is None
    assert len(tries) == 2
    monkeypatch.setattr(changing, "last_span", lambda account, employee: stale)
    with pytest.raises(Conflict):
        press(company, anna, END)


PRESSED = st.lists(
    st.tuples(
        st.sampled_from(list(Action)),
        st.sampled_from(["", "lunch"]),
        st.integers(-2, 20 * 60),  # minutes since the one before; clocks of machines differ
    ),
    max_size=12,
)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(pressed=PRESSED)
def test_spans_never_overlap_and_who_works_is_who_a_slow_reference_says(company, anna, pressed):
    account, at = company.account.picture(), company.kit.clock()
    SpanRow.delete().execute()
    state, until, latest = None, at, at
    for action, reason, minutes in pressed:
        at = max(latest, at + timedelta(minutes=minutes))
        latest = at
        if state is not None and at >= until:
            state = None
        try:
            change(account, anna, Change(action, reason), at)
        except BadInput:
            assert state is None
            assert action in (PAUSE, RESUME)
            continue
        if action is END:
            state = None
        elif state is None:
            state, until = (Doing.WORK, ""), at + timedelta(hours=12)
        else:
            state = (Doing.BREAK, reason) if action is PAUSE else (Doing.WORK, "")
        if state is not None and at >= until:
            state = None
        assert at_work(account.id, at) == ({anna.id: state} if state else {})
        check_no_overlap(list(SpanRow.of(account).order_by(SpanRow.number)))


def check_no_overlap(rows):
    assert [one.number for one in rows] == list(range(1, len(rows) + 1))
    for earlier, later in pairwise(rows):
        assert earlier.started_at <= earlier.ended_at <= min(later.started_at, earlier.until)
    assert all(one.ended_at is not None for one in rows[:-1])
