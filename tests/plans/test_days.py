"""Days as people type them, on the account's own calendar: around every kind of clock change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.contract.errors import BadInput
from core.plans.accounts.days import begin_of, end_of, read_day
from core.plans.origins import last_day

ZONES = (
    "Europe/Rome",
    "Pacific/Auckland",
    "Pacific/Honolulu",
    "America/Havana",  # one day begins at 1:00, another has midnight twice
    "Asia/Beirut",
    "America/St_Johns",
    "Australia/Lord_Howe",
)


@pytest.mark.parametrize("zone", ZONES)
def test_days_follow_each_other_without_gap_and_begin_on_their_own_date(zone):
    zone, day = ZoneInfo(zone), date(2026, 1, 1)
    while day.year == 2026:
        begin, end = begin_of(day, zone), end_of(day, zone)
        assert begin.astimezone(zone).date() == day
        assert (begin - timedelta(microseconds=1)).astimezone(zone).date() < day
        assert end == begin_of(day + timedelta(days=1), zone)
        assert last_day(end, zone) == day.isoformat(), "what people typed is what they read"
        day += timedelta(days=1)


def test_the_same_day_is_another_instant_elsewhere():
    day = date(2027, 1, 31)
    assert end_of(day, ZoneInfo("Pacific/Auckland")) == datetime(2027, 1, 31, 11, tzinfo=UTC)
    assert end_of(day, ZoneInfo("Pacific/Honolulu")) == datetime(2027, 2, 1, 10, tzinfo=UTC)


def test_a_day_is_read_with_spaces_around_it():
    assert read_day(" 2027-01-31 ") == date(2027, 1, 31)


@pytest.mark.parametrize(
    "typed", ["tomorrow", "31.1.2027", "2027-02-30", "0001-01-01", "9999-12-31", "", "２"]
)
def test_what_is_no_day_is_named(typed):
    with pytest.raises(BadInput) as refusal:
        read_day(typed, "until")
    assert refusal.value.fields == {"until": refusal.value.message}
    assert f"“{typed}”" in refusal.value.message
