"""Nuisance callers outside working hours block themselves, for a while, and never a client (R8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.api import Client, LineRow, Outcome
from plugins.blocklist.automatic import forget_caller, note_call
from plugins.blocklist.lookup import find_entry
from plugins.blocklist.models import AttemptRow, EntryRow, Gets
from plugins.crm.models import ContactRow
from plugins.workhours.models import HoursRow, ScheduleRow
from tests.plugins.blocklist.conftest import CALLER
from tests.support.calls import make_call, make_line

SUNDAY = datetime(2026, 11, 15, 21, 0, tzinfo=UTC)
RULES = SimpleNamespace(automatic=True, calls=3, minutes=10, hours=24)


@pytest.fixture
def night(company):
    """A company whose number is open on Mondays only; it is Sunday night."""
    schedule = ScheduleRow.create(account=company.account, name="Office")
    HoursRow.create(account=company.account, schedule=schedule, weekday=0, start=540, end=1080)
    company.profile("workhours", schedule=f"schedule:{schedule.id}", outside="hang-up")
    company.profile("blocklist", automatic=True)
    company.kit.clock.now = SUNDAY
    return company


def ring(company, caller=CALLER, minutes=1):
    company.kit.clock.forward(minutes=minutes)
    call = company.call(caller)
    if call.step.word == "play":  # that it is closed; then voicemail follows
        call.played()
        call.left_message(5)
    elif call.outcome is None:
        call.hang_up()
    company.kit.jobs(1)
    return call


def outcomes(company, times, **told):
    return [ring(company, **told).outcome for _ in range(times)]


def test_the_call_after_too_many_is_blocked_until_the_hours_are_over(night):
    assert outcomes(night, 5) == ["closed", "closed", "closed", "rejected", "rejected"]
    (entry,) = EntryRow.select()
    assert (entry.automatic, entry.line_id, entry.gets) == (True, night.line.id, Gets.REJECT)
    assert entry.reason == "too many calls outside working hours"
    night.kit.clock.now = entry.until
    assert night.call(CALLER).outcome != "rejected"


@pytest.mark.parametrize(
    ("outside", "outcome"), [("voicemail", "voicemail"), ("hang-up", "closed")]
)
def test_it_does_not_matter_what_closed_callers_hear(night, outside, outcome):
    schedule = ScheduleRow.get()
    night.profile("workhours", schedule=f"schedule:{schedule.id}", outside=outside)
    assert outcomes(night, 4) == [outcome] * 3 + ["rejected"]


def test_calls_that_are_further_apart_do_not_count(night):
    assert "rejected" not in outcomes(night, 6, minutes=6)


def test_in_working_hours_nobody_is_counted(night):
    night.kit.clock.now = SUNDAY + timedelta(hours=12)  # Monday morning
    assert "rejected" not in outcomes(night, 6)
    assert AttemptRow.select().count() == 0


def test_it_is_off_by_default(night):
    night.profile("blocklist")
    assert "rejected" not in outcomes(night, 6)


def test_a_known_client_is_never_blocked(night):
    ContactRow.create(account=night.account, name="Verdi", numbers=[CALLER],
                      created_at=SUNDAY)  # fmt: skip
    assert "rejected" not in outcomes(night, 6)
    assert EntryRow.select().count() == 0


def test_who_becomes_a_client_is_let_through_at_once(night):
    assert outcomes(night, 4)[-1] == "rejected"
    ContactRow.create(account=night.account, name="Verdi", numbers=[CALLER],
                      created_at=SUNDAY)  # fmt: skip
    assert ring(night).outcome == "closed"


def test_withheld_callers_employees_and_own_numbers_are_never_counted(night):
    LineRow.create(account=night.account, gateway=night.gateway, number="+390699999999")
    for caller in ("", "+393471111111", "+390699999999"):
        assert "rejected" not in outcomes(night, 5, caller=caller)


def test_an_entry_that_was_deleted_starts_from_zero(night):
    assert outcomes(night, 4)[-1] == "rejected"
    (entry,) = EntryRow.select()
    entry.delete_instance()
    forget_caller(entry)
    assert ring(night).outcome == "closed"


def test_who_is_let_through_by_an_exception_is_not_blocked(night):
    EntryRow.create(account=night.account, pattern=CALLER, gets=Gets.ALLOW, created_at=SUNDAY)
    assert "rejected" not in outcomes(night, 5)


def test_old_attempts_are_forgotten(night):
    ring(night)
    ring(night, "+393330000000", minutes=60 * 25)
    assert [one.caller for one in AttemptRow.select()] == ["+393330000000"]


CALLS = st.lists(
    st.tuples(
        st.integers(0, 15),  # minutes since the last one
        st.sampled_from([CALLER, "+393339999999", ""]),
        st.booleans(),  # a known client
        st.sampled_from([Outcome.CLOSED, Outcome.VOICEMAIL, Outcome.ANSWERED, Outcome.REJECTED]),
        st.booleans(),  # outside working hours
    ),
    max_size=15,
)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(CALLS, st.integers(2, 4), st.integers(1, 12))
def test_automatic_entries_always_end_and_never_hold_for_a_client(company, calls, most, hours):
    rules = SimpleNamespace(automatic=True, calls=most, minutes=10, hours=hours)
    account, at = company.account.picture(), SUNDAY
    EntryRow.delete().execute()
    AttemptRow.delete().execute()
    counted = []
    for minutes, caller, known, outcome, outside in calls:
        at += timedelta(minutes=minutes)
        client = Client("partner", "7", "Carlo") if known else None
        call = make_call(
            account=account, line=make_line(id=company.line.id), caller=caller, client=client,
            outcome=outcome, started_at=at, at=at,
            facts={"hours": {"opens": None}} if outside else {},
        )  # fmt: skip
        note_call(call, rules)
        refused = outcome is Outcome.REJECTED
        if caller and not known and not refused and (outside or outcome is Outcome.CLOSED):
            counted.append((caller, at))
        entries = list(EntryRow.select())
        assert all(one.automatic and one.until is not None for one in entries)
        assert all(one.until <= at + timedelta(hours=hours) for one in entries)
        assert find_entry(account.id, company.line.id, caller, at, known_client=True) is None
        near = [one for one in counted if one[0] == caller and one[1] > at - timedelta(minutes=10)]
        if caller and len(near) < most and not any(one.pattern == caller for one in entries):
            assert find_entry(account.id, company.line.id, caller, at) is None
        if near and counted[-1:] == [(caller, at)] and len(near) >= most:
            assert find_entry(account.id, company.line.id, caller, at) is not None
