"""The account's own calendar month: every instant is in exactly one (plans.md §6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.plans.periods import month_of, period_after

TICK = timedelta(microseconds=1)
ZONES = sorted(zone for zone in available_timezones() if not zone.startswith(("right", "posix")))

zones = st.sampled_from(ZONES).map(ZoneInfo)
instants = st.datetimes(datetime(1900, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(instants, zones)
@example(utc("2009-11-01T02:30"), ZoneInfo("America/St_Johns"))
@example(utc("2011-12-30T10:00"), ZoneInfo("Pacific/Apia"))
@example(utc("1969-09-30T13:00"), ZoneInfo("Pacific/Kwajalein"))
def test_months_contain_their_instant_and_follow_each_other_without_gap_or_overlap(at, zone):
    start, end = month_of(at, zone)
    assert start <= at < end
    assert start.tzinfo is UTC
    assert month_of(start, zone) == month_of(end - TICK, zone) == (start, end)
    assert month_of(end, zone)[0] == end
    assert month_of(start - TICK, zone)[1] == start


@given(instants, zones)
def test_a_month_begins_when_the_wall_clock_first_shows_it(at, zone):
    start, _ = month_of(at, zone)
    local = start.astimezone(zone).replace(tzinfo=None)
    just_before = (start - TICK).astimezone(zone).replace(tzinfo=None)
    first = (local + timedelta(days=1)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    assert just_before < first <= local
    assert (local.day, local.month) == (first.day, first.month)


@given(instants, zones, zones)
def test_after_a_change_of_zone_periods_still_follow_each_other(at, old, new):
    end = month_of(at, old)[1]
    seen = []
    for day in range(0, 70, 3):
        period = period_after(end, end + timedelta(days=day), new)
        if not seen or seen[-1] != period:
            seen.append(period)
        if day < 25:
            assert period[0] == end
    assert timedelta(days=25) < seen[0][1] - seen[0][0] < timedelta(days=34)
    assert seen[0][1] == seen[1][0]
    assert seen[1] == month_of(seen[1][0], new)


@given(instants, zones)
def test_without_a_change_of_zone_the_period_is_the_month(at, zone):
    start, end = month_of(at, zone)
    assert period_after(None, at, zone) == (start, end)
    assert period_after(start, at, zone) == (start, end)
    assert period_after(start - timedelta(days=200), at, zone) == (start, end)


@pytest.mark.parametrize(
    ("zone", "at", "start", "end"),
    [
        # The clock showed November, then October again: the repeated hour belongs to November.
        ("America/St_Johns", "2009-11-01T02:29:59", "2009-10-01T02:30", "2009-11-01T02:30"),
        ("America/St_Johns", "2009-11-01T02:30:59", "2009-11-01T02:30", "2009-12-01T03:30"),
        ("America/St_Johns", "2009-11-01T03:00:00", "2009-11-01T02:30", "2009-12-01T03:30"),
        # No 30 December 2011 in Samoa, no 21 August 1993 on Kwajalein, no last day of 1994 on
        # Kiritimati.
        ("Pacific/Apia", "2011-12-30T10:00:00", "2011-12-01T10:00", "2011-12-31T10:00"),
        ("Pacific/Apia", "2011-12-31T10:00:00", "2011-12-31T10:00", "2012-01-31T10:00"),
        ("Pacific/Kwajalein", "1993-08-21T12:00:00", "1993-08-01T12:00", "1993-08-31T12:00"),
        ("Pacific/Kiritimati", "1994-12-31T10:00:00", "1994-12-31T10:00", "1995-01-31T10:00"),
        # Kwajalein lived 30 September 1969 twice.
        ("Pacific/Kwajalein", "1969-09-30T13:00:00", "1969-08-31T13:00", "1969-10-01T12:00"),
        ("Europe/Rome", "2026-03-31T22:30:00", "2026-03-31T22:00", "2026-04-30T22:00"),
        ("Europe/Rome", "2026-10-31T23:00:00", "2026-10-31T23:00", "2026-11-30T23:00"),
    ],
)  # fmt: skip
def test_known_months(zone, at, start, end):
    assert month_of(utc(at), ZoneInfo(zone)) == (utc(start), utc(end))


def test_any_instant_with_a_zone_is_taken():
    at = datetime(2026, 12, 1, 0, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert month_of(at, ZoneInfo("Asia/Tokyo"))[0] == utc("2026-11-30T15:00")
    assert month_of(at, ZoneInfo("Europe/Rome"))[1] == utc("2026-11-30T23:00")
