"""Calendars as Google, Outlook and Nextcloud write them, and such as nobody should."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from plugins.workhours.days import AllDay, Event
from plugins.workhours.importing import Unreadable, expand

ROME = ZoneInfo("Europe/Rome")
TODAY = date(2026, 11, 23)
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n"


def ics(name):
    return (Path(__file__).parent / "ics" / f"{name}.ics").read_bytes()


def calendar(*lines):
    """A calendar with one event of these lines."""
    event = ["BEGIN:VEVENT", "UID:1", "SUMMARY:E", *lines, "END:VEVENT"]
    return (HEAD + "\r\n".join(event) + "\r\nEND:VCALENDAR\r\n").encode()


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def read(text, today=TODAY, zone=ROME):
    return expand(text, zone, today)


def test_google_writes_all_day_dates_and_excludes_two_at_once():
    """FreePBX/issue-tracker#682 (recurring events match) and #836 (several dates in one EXDATE)."""
    assert read(ics("google")) == [
        Event(utc("2026-11-30T13:00"), utc("2026-11-30T15:00"), "Training"),
        Event(utc("2026-12-21T13:00"), utc("2026-12-21T15:00"), "Training"),
        AllDay(date(2026, 12, 24), date(2027, 1, 6), "Christmas break"),
    ]


def test_outlook_names_zones_its_own_way_and_moves_one_of_a_row():
    found = read(ics("outlook"))
    moved = Event(utc("2027-04-09T12:00"), utc("2027-04-09T14:00"), "Inventory (moved)")
    assert moved in found
    assert [one.start for one in found] == [
        utc("2027-02-05T13:00"),
        utc("2027-03-05T13:00"),
        utc("2027-04-09T12:00"),
        utc("2027-05-07T12:00"),  # 14:00 in the summer of that zone
        utc("2027-06-04T12:00"),
        utc("2027-07-02T12:00"),
    ]


def test_nextcloud_writes_durations_rules_without_end_and_cancelled_ones():
    """FreePBX/issue-tracker#580: an event without DTEND lasts a day."""
    found = read(ics("nextcloud"))
    meetings = [one.start for one in found if one.name == "Betriebsversammlung, alle"]
    assert meetings == [utc("2027-03-22T13:00"), utc("2027-03-29T12:00"), utc("2027-04-05T12:00")]
    assert {one.end - one.start for one in found if one.name.startswith("Betriebs")} == {
        timedelta(minutes=90)
    }
    assert AllDay(date(2027, 2, 10), date(2027, 2, 10), "Only the day it starts") in found
    assert "Called off" not in {one.name for one in found}
    birthdays = [one.first for one in found if one.name == "Birthday of the firm"]
    assert birthdays == [date(year, 3, 1) for year in (2027, 2028, 2029)]


def test_a_time_without_a_zone_is_on_the_accounts_clock():
    for zone, start in ((ROME, "2027-01-15T09:00"), (ZoneInfo("UTC"), "2027-01-15T10:00")):
        found = [
            one for one in read(ics("nextcloud"), zone=zone) if one.name == "On no zone's clock"
        ]
        assert [one.start for one in found] == [utc(start)]


def test_all_day_dates_are_local_wherever_the_number_is():
    text = calendar("DTSTART;VALUE=DATE:20270105", "DTEND;VALUE=DATE:20270107")
    for zone in ("Pacific/Auckland", "Pacific/Honolulu"):
        found = read(text, zone=ZoneInfo(zone))
        assert found == [AllDay(date(2027, 1, 5), date(2027, 1, 6), "E")]


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (["DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=3"], [1, 2, 3]),
        (["DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;UNTIL=20261204;INTERVAL=2"], [1, 3]),
        (["DTSTART;VALUE=DATE:20261201", "RDATE;VALUE=DATE:20261205,20261209"], [1, 5, 9]),
        (
            [
                "DTSTART;VALUE=DATE:20261201",
                "RRULE:FREQ=DAILY;COUNT=4",
                "EXDATE;VALUE=DATE:20261202",
                "EXDATE;VALUE=DATE:20261203",
            ],
            [1, 4],
        ),
        (["DTSTART;VALUE=DATE:20261225", "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2"], [25, 29]),
    ],
)
def test_rules_and_their_exceptions(lines, days):
    found = [one for one in read(calendar(*lines)) if one.first >= date(2026, 12, 1)]
    assert [one.first.day for one in found] == days


def test_what_began_before_and_still_runs_counts():
    text = calendar("DTSTART;VALUE=DATE:20260901", "DTEND;VALUE=DATE:20270301")
    assert read(text) == [AllDay(date(2026, 9, 1), date(2027, 2, 28), "E")]


def test_events_without_length_are_nothing():
    assert read(calendar("DTSTART:20261201T100000Z", "DTEND:20261201T100000Z")) == []


def test_a_daily_rule_without_end_is_expanded_three_years_ahead():
    found = read(calendar("DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=DAILY"))
    assert 1000 < len(found) < 1200
    assert found[-1].first > TODAY + timedelta(days=1090)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"", "no-calendar"),
        (b"<!doctype html><html>Sign in</html>", "no-calendar"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:cut sh", "no-calendar"),
        (b"\xff\xfe\x00\x01" * 1000, "no-calendar"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:BEGIN:VCALENDAR\r\nEND:VCARD\r\n", "no-calendar"),
        (calendar("DTSTART:20261201T000000Z", "RRULE:FREQ=MINUTELY"), "too-many"),
        (calendar("DTSTART:19700101T000000Z", "RRULE:FREQ=SECONDLY"), "too-much"),
        (
            calendar("DTSTART:20260101T000000Z", "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"),
            "too-much",
        ),
    ],
)
def test_what_is_no_calendar_or_too_much_of_one(text, fault):
    with pytest.raises(Unreadable) as refused:
        read(text)
    assert refused.value.fault == fault


def test_a_billion_events_are_refused_within_seconds():
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART:20261124T000000Z\r\nDTEND:20261124T000001Z\r\n"
        "RRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\n"
        for n in range(50)
    )
    with pytest.raises(Unreadable) as refused:
        read((HEAD + events + "END:VCALENDAR\r\n").encode())
    assert refused.value.fault in ("too-many", "too-much")
