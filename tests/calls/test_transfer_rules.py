"""Whatever happens, in whatever order: a call ends with one outcome, and no leg is left open."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.api import Hangup, NotFound, Reject, Ring, RingOutcome
from core.contract.events import LegChanged
from core.store.database import read_instant
from core.store.people import EmployeeRow

TO = ("101", "102", "999", "112", "347 000 1112", "+12025550123", "", "#9")
SECONDS = st.integers(0, 90)

HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.just("answered"), st.integers(0, 2)),
        st.tuples(st.just("no_answer"), st.sampled_from(list(RingOutcome)[1:])),
        st.tuples(st.just("transferred"), st.sampled_from(TO), SECONDS, st.booleans()),
        st.tuples(
            st.just("handed_over"), st.sampled_from((1, 2, 77, None)), SECONDS, st.booleans()
        ),
        st.tuples(st.just("talked"), SECONDS),
        st.tuples(st.just("caller_gone"), SECONDS),
        st.tuples(st.just("hang_up")),
        st.tuples(st.just("stale_leg")),
        st.tuples(st.just("jobs"), SECONDS),
    ),
    max_size=25,
)


def happen(call, kind, *what):
    """One thing that a gateway reports; what is not possible at this step is not reported."""
    kit = call.company.kit
    if kind == "hang_up":
        return call.hang_up()
    if kind == "jobs":
        return kit.jobs(seconds=what[0])
    if not isinstance(call.step, Ring):
        return None if isinstance(call.step, (Hangup, Reject)) else call.silence()
    if kind == "answered":
        legs = call.order.legs
        return call.answered(leg=legs[what[0] % len(legs)].number)
    if kind == "no_answer":
        return call.no_answer(what[0])
    if kind == "transferred":
        return call.transferred(what[0], seconds=what[1], by_caller=what[2])
    if kind == "handed_over":
        number = "+393470001113" if what[0] is None else ""
        return call.handed_over(what[0], number, after=what[1], by_caller=what[2])
    if kind == "stale_leg":
        gateway = call.company.gateway.id
        event = LegChanged(gateway, call.order.token, 1, "ended", kit.clock(), RingOutcome.BUSY)
        return kit.app.engine.deliver(event, str)
    return call.talked(what[0], caller_gone=kind == "caller_gone")


def end(call):
    """The caller's leg is over in any case, and nobody tells more than that."""
    call.hang_up()
    call.company.kit.jobs(seconds=60)


def check(call, events):
    store = call.company.kit.app.store
    id, outcome, started, ended, seconds = store.row(
        "SELECT id, outcome, started_at, ended_at, talk_seconds FROM calls WHERE ref = ?",
        (call.ref,),
    )
    state = call.company.kit.app.journal.by_id(id).state
    open_legs = store.row(
        "SELECT count(*) FROM call_legs WHERE call_id = ? AND ended_at IS NULL", (id,)
    )
    assert outcome, events
    assert ended, events
    assert open_legs == (0,), events
    talks = state.talks()
    now = call.company.kit.clock()
    assert seconds <= (now - read_instant(started)).total_seconds(), events
    assert seconds == sum(talk.seconds for talk in talks)
    assert min((talk.seconds for talk in talks), default=0) >= 0
    if talks:
        assert outcome == "answered", events
    told = store.row(
        "SELECT count(*) FROM calls WHERE account_id = ? AND outcome IS NULL",
        (call.company.account.id,),
    )
    assert told == (0,)


@pytest.fixture
def company(centralino):
    made = centralino.company("professional", dial_concurrent=1000, dial_daily=100_000)
    made.employee("101")
    made.employee("102")
    made.profile("extension", greeting=True, dial_extension=True)
    for name in ("quality_rating", "workhours"):
        made.profile(name, on=False)
    return made


SETTINGS = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def run(call, events):
    for kind, *what in events:
        call.company.kit.clock.forward(seconds=1)
        try:
            happen(call, kind, *what)
        except NotFound:
            assert isinstance(call.step, (Hangup, Reject)) or kind == "hang_up"
    end(call)
    check(call, events)


@SETTINGS
@given(events=HAPPENINGS)
def test_an_incoming_call_ends_whatever_happens(company, events):
    company.kit.clock.forward(seconds=1)
    call = company.call()
    call.press("101")
    run(call, events)


@SETTINGS
@given(events=HAPPENINGS, dialled=st.sampled_from(TO))
def test_a_dialled_call_ends_whatever_happens(company, events, dialled):
    company.kit.clock.forward(seconds=1)
    call = company.dial(EmployeeRow.get(EmployeeRow.extension == "102"), dialled)
    run(call, events)
