"""When a scenario's call comes: a date, or a moment that comes again and does not age (S3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calls.moment import DAYS, moment
from core.contract.errors import BadInput

ROME = ZoneInfo("Europe/Rome")
SUNDAY_NINE_PM = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
"""21:00 in Rome."""


def local(text, now=SUNDAY_NINE_PM, zone=ROME):
    return moment(text, zone, now).astimezone(zone).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("text", "comes"),
    [
        ("sunday 22:00", "2026-11-22 22:00"),  # today: it is still to come
        ("sunday 20:00", "2026-11-29 20:00"),  # today's is over
        ("next Sunday 22:00", "2026-11-22 22:00"),
        ("monday 9:05", "2026-11-23 09:05"),
        ("Saturday 10:00", "2026-11-28 10:00"),
        ("workday 10:00", "2026-11-23 10:00"),
        ("today 10:00", "2026-11-22 10:00"),
        ("tomorrow 10:00", "2026-11-23 10:00"),
        ("12-25 12:00", "2026-12-25 12:00"),
        ("11-22 22:00", "2026-11-22 22:00"),
        ("11-22 20:00", "2027-11-22 20:00"),
        ("02-29 12:00", "2028-02-29 12:00"),
        ("2026-11-22T22:00", "2026-11-22 22:00"),
        ("2020-01-01 08:00", "2020-01-01 08:00"),
        ("", "2026-11-22 21:00"),
    ],
)
def test_a_moment(text, comes):
    assert local(text) == comes


def test_on_a_friday_evening_the_next_working_day_is_monday():
    friday = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
    assert local("workday 10:00", friday) == "2026-11-30 10:00"
    assert local("workday 20:00", friday) == "2026-11-27 20:00"


def test_an_instant_with_its_zone_is_that_instant():
    assert moment("2026-11-22T22:00+00:00", ROME, SUNDAY_NINE_PM).astimezone(UTC).hour == 22


@pytest.mark.parametrize(
    "text",
    ["noon", "sunday", "someday 10:00", "sunday 25:00", "monday 10:60", "13-01 10:00",
     "02-30 10:00", "yesterday", "2026-11-31T10:00", "now", "9999-12-31T23:59", "0001-01-01T00:00"],
)  # fmt: skip
def test_what_is_no_moment(text):
    with pytest.raises(BadInput, match=f"“{text}” is no local time; write 2026-11-22T22:00, or"):
        moment(text, ROME, SUNDAY_NINE_PM)


@given(
    now=st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    day=st.sampled_from(DAYS),
    hour=st.integers(0, 23),
    zone=st.sampled_from([ROME, ZoneInfo("Pacific/Auckland"), ZoneInfo("America/St_Johns")]),
)
def test_a_day_of_the_week_is_always_within_the_coming_week(now, day, hour, zone):
    found = moment(f"{day} {hour}:30", zone, now)
    assert now <= found <= now + timedelta(days=7, hours=2)
    assert found.weekday() == DAYS.index(day)
    assert (found.hour, found.minute) == (hour, 30)
