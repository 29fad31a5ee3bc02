"""The working day on plain data: when it ends by itself, and how long was worked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.workhours.presence.days import (
    Rules,
    day_began,
    latest_end,
    midnight,
    monday,
    why_absent,
    worked,
)
from plugins.workhours.presence.models import Doing

ROME = ZoneInfo("Europe/Rome")
ZONES = ("Europe/Rome", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu")
AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)  # Monday, ten in Rome


@dataclass(frozen=True)
class Stretch:
    """A span without a table."""

    number: int
    doing: Doing
    started_at: datetime
    ended_at: datetime | None = None
    until: datetime = AT + timedelta(days=1)

    def lasts(self, at):
        return self.ended_at is None and at < self.until

    def end(self, at):
        return min(self.ended_at or at, self.until)


def hour(number):
    return AT + timedelta(hours=number)


@pytest.mark.parametrize(
    ("start", "rules", "ends"),
    [
        (AT, Rules(hours=8), hour(8)),
        (AT, Rules(ends_at=19 * 60 + 30), hour(9.5)),
        (AT, Rules(ends_at=19 * 60 + 30, hours=4), hour(4)),
        (hour(10), Rules(ends_at=19 * 60, hours=24), hour(33)),  # began at eight in the evening
        (hour(10), Rules(ends_at=19 * 60), hour(22)),
        (hour(9), Rules(ends_at=19 * 60, hours=24), hour(33)),  # at that very minute
    ],
)
def test_a_day_that_nobody_ends_ends_by_itself(start, rules, ends):
    assert latest_end(start, rules, ROME) == ends


def test_an_hour_that_the_clock_skips_is_the_first_after_it():
    start = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
    ends = latest_end(start, Rules(ends_at=2 * 60 + 30), ROME)
    assert ends.astimezone(ROME).isoformat() == "2026-03-29T03:30:00+02:00"


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.one_of(st.none(), st.integers(0, 24 * 60 - 1)),
    st.integers(1, 24),
    st.sampled_from(ZONES),
)
def test_every_day_ends_later_than_it_begins_and_within_its_longest_length(
    start, minutes, hours, zone
):
    ends = latest_end(start, Rules(ends_at=minutes, hours=hours), ZoneInfo(zone))
    assert start < ends <= start + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("doing", "reason", "why"),
    [
        (None, "", "not started"),
        (Doing.WORK, "", ""),
        (Doing.BREAK, "", "on a break"),
        (Doing.BREAK, "lunch", "on a break: lunch"),
    ],
)
def test_why_somebody_is_absent(doing, reason, why):
    assert why_absent(doing, reason) == why


DAY = [
    Stretch(1, Doing.WORK, hour(-2), hour(0)),
    Stretch(2, Doing.BREAK, hour(0), hour(1)),
    Stretch(3, Doing.WORK, hour(1)),
]


def test_times_are_summed_within_the_stretch_that_is_asked():
    assert worked(DAY, hour(-24), hour(24), hour(3)) == (timedelta(hours=4), timedelta(hours=1))
    assert worked(DAY, hour(-1), hour(0.5), hour(3)) == (timedelta(hours=1), timedelta(hours=0.5))
    assert worked([], hour(-24), hour(24), hour(3)) == (timedelta(), timedelta())


def test_what_nobody_ended_counts_until_it_ends_by_itself():
    long_ago = [Stretch(1, Doing.WORK, hour(-40), until=hour(-28))]
    assert worked(long_ago, hour(-48), hour(0), hour(0)).work == timedelta(hours=12)
    assert day_began(long_ago, hour(0)) is None


def test_a_day_began_with_the_first_span_without_a_gap():
    yesterday = Stretch(0, Doing.WORK, hour(-20), hour(-12))
    assert day_began([yesterday, *DAY], hour(3)) == hour(-2)
    assert day_began(DAY[:2], hour(3)) is None
    assert day_began([], hour(3)) is None


def test_days_and_weeks_begin_on_the_accounts_clock():
    assert midnight(AT, ROME) == datetime(2026, 11, 15, 23, 0, tzinfo=UTC)
    assert monday(hour(24 * 6), ROME) == datetime(2026, 11, 15, 23, 0, tzinfo=UTC)
    sunday_night = datetime(2026, 11, 22, 22, 59, tzinfo=UTC)
    assert monday(sunday_night, ROME) == datetime(2026, 11, 15, 23, 0, tzinfo=UTC)
