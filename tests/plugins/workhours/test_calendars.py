"""Calendars of a schedule: imported, refreshed, kept when the next copy is bad, with their age."""

import io
from datetime import timedelta
from pathlib import Path

import pytest

from plugins.workhours import calendar_view, calendars
from plugins.workhours.calendars import HOUR, WEEK, refresh_next
from plugins.workhours.fetching import Fetched
from plugins.workhours.importing import Unreadable
from plugins.workhours.models import CalendarRow, CopyRow, EntryRow, ScheduleRow
from plugins.workhours.schedules import schedules
from plugins.workhours.standing import of_schedule
from tests.support.calls import NOON
from tests.support.site import open_site

PLANS = "schema: 1\nplans:\n  free:\n    title: Free\n    features: {workhours: true}\n"
URL = "https://calendar.example.com/closed.ics"
GOOGLE = (Path(__file__).parent / "ics" / "google.ics").read_bytes()
MEETING = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
BEGIN:VEVENT
UID:1
SUMMARY:Meeting
DTSTART:20261120T120000Z
DTEND:20261120T130000Z
END:VEVENT
END:VCALENDAR
"""


class Server:
    """Stands where the web is: answers what the test says, and counts."""

    def __init__(self):
        self.answer, self.asked = Fetched(GOOGLE, '"v1"', "Mon"), []

    def __call__(self, url, etag="", modified=""):
        self.asked.append((url, etag, modified))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def server(monkeypatch):
    server = Server()
    monkeypatch.setattr(calendars, "fetch", server)
    monkeypatch.setattr(calendar_view, "fetch", server)
    return server


@pytest.fixture
def site(tmp_path, server):
    with open_site(tmp_path, ("forward", "voicemail", "workhours"), PLANS) as site:
        site.rossi = site.account("Rossi", "free")
        site.admin = site.sign_in(site.rossi, "admin")
        hours = {f"day_{day}": "09:00-18:00" for day in range(7)}
        site.admin.post("/workhours_schedules/new/", name="Office", country="", **hours)
        site.office = ScheduleRow.get()
        yield site


def add(site, **typed):
    form = {"schedule": site.office.id, "name": "Closed", "opens": "", "url": URL}
    return site.admin.post("/workhours_calendars/new/", **{**form, **typed})


def file(text, name="closed.ics"):
    return (io.BytesIO(text), name)


def account(site):
    return type(site.rossi).get_by_id(site.rossi.id).picture()


def page(site):
    return site.admin.get(f"/workhours_schedules/details/?id={site.office.id}").text


def test_a_calendar_at_an_address_closes_the_schedule(site, server):
    server.answer = Fetched(MEETING)
    assert add(site).status_code == 302
    standing = of_schedule(account(site), f"schedule:{site.office.id}")
    found = standing.opening(NOON + timedelta(hours=1))
    assert (found.open, found.why) == (False, 'closed: calendar entry "Meeting", Europe/Rome')
    assert standing.next_change(NOON) == NOON + timedelta(hours=1)
    assert found.until == NOON + timedelta(hours=2)
    assert "Meeting" in page(site)


def test_a_calendar_can_open_instead(site, server):
    server.answer = Fetched(GOOGLE)
    add(site, opens="1")
    standing = of_schedule(account(site), f"schedule:{site.office.id}")
    night = NOON.replace(year=2026, month=12, day=25, hour=2)
    assert standing.opening(night).open
    assert "its entries open" in page(site)


def test_a_file_is_read_and_can_be_replaced(site, server):
    answer = add(site, url="", file=file(GOOGLE))
    assert answer.status_code == 302
    assert EntryRow.select().count() == 3
    assert server.asked == []
    row = CalendarRow.get()
    form = {"schedule": site.office.id, "name": "Closed", "opens": "", "url": ""}
    address = f"/workhours_calendars/edit/?id={row.id}"
    assert site.admin.post(address, **{**form, "name": "Renamed"}).status_code == 302
    assert EntryRow.select().count() == 3
    site.admin.post(address, **form, file=file(MEETING))
    assert [entry.name for entry in EntryRow.select()] == ["Meeting"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"url": ""}, "Give the address of a calendar, or choose its file."),
        ({"url": "", "file": (io.BytesIO(b""), "empty.ics")}, "The file is empty"),
        ({"url": "calendar"}, "This is no address"),
        ({"url": URL, "file": (io.BytesIO(GOOGLE), "a.ics")}, "not both"),
        ({"url": "", "file": (io.BytesIO(b"%PDF-1.7"), "a.ics")}, "What came is no calendar"),
    ],
)
def test_what_is_no_calendar_is_not_saved(site, typed, sentence):
    answer = add(site, **typed)
    assert answer.status_code == 200
    assert sentence in answer.text
    assert CalendarRow.select().count() == 0


def test_a_hundred_megabytes_are_turned_away_at_the_door(site):
    announced = {"CONTENT_LENGTH": "100000000"}
    answer = site.admin.client.post("/workhours_calendars/new/", environ_overrides=announced)
    assert answer.status_code == 413
    assert CalendarRow.select().count() == 0


@pytest.mark.parametrize("fault", ["unreachable", "no-calendar", "status", "too-large"])
def test_the_last_good_copy_is_kept_and_the_page_says_since_when(site, server, fault):
    add(site)
    version = account(site).version
    server.answer = Unreadable(fault, "503")
    refresh_next(NOON + HOUR)
    refresh_next(NOON + 3 * HOUR)
    row = CalendarRow.get()
    assert (row.fault, row.fault_since, row.fetched_at) == (fault, NOON + HOUR, NOON)
    assert EntryRow.select().count() == 3
    assert account(site).version == version
    assert "This copy is old. Since 13:00 there is no newer one" in page(site)
    server.answer = Fetched(MEETING)
    refresh_next(NOON + 5 * HOUR)
    assert CalendarRow.get().fault == ""
    assert [entry.name for entry in EntryRow.select()] == ["Meeting"]
    assert "This copy is old" not in page(site)


def test_what_came_may_be_no_calendar_any_more(site, server):
    add(site)
    server.answer = Fetched(b"<html>Please sign in</html>")
    refresh_next(NOON + HOUR)
    assert CalendarRow.get().fault == "no-calendar"
    assert CopyRow.get().text == GOOGLE.decode()


def test_it_is_asked_every_hour_with_its_marks_and_costs_nothing_when_it_is_the_same(site, server):
    add(site)
    refresh_next(NOON + HOUR - timedelta(seconds=1))
    assert server.asked == [(URL, "", "")]
    version, server.answer = account(site).version, None
    refresh_next(NOON + HOUR)
    refresh_next(NOON + HOUR)
    assert server.asked[1:] == [(URL, '"v1"', "Mon")]
    assert account(site).version == version
    server.answer = Fetched(GOOGLE)
    refresh_next(NOON + 2 * HOUR)
    assert account(site).version == version


def test_rules_without_end_go_on_when_weeks_have_passed(site, server):
    rule = MEETING.replace(b"DTEND:20261120T130000Z", b"DURATION:PT1H\nRRULE:FREQ=WEEKLY")
    add(site, url="", file=file(rule))

    def last():
        return max(entry.start for entry in EntryRow.select())

    before = last()
    refresh_next(NOON + WEEK)
    assert last() == before + WEEK
    assert server.asked == []


def test_one_is_taken_at_a_turn_the_longest_waiting_first(site, server):
    add(site)
    add(site, name="Second", url="https://calendar.example.com/second.ics")
    CalendarRow.update(due_at=NOON - HOUR).where(CalendarRow.name == "Second").execute()
    server.asked.clear()
    refresh_next(NOON + HOUR)
    assert [url for url, _, _ in server.asked] == ["https://calendar.example.com/second.ics"]
    refresh_next(NOON + HOUR)
    assert len(server.asked) == 2


def test_an_admin_reads_it_again_at_once(site, server):
    add(site)
    row = CalendarRow.get()
    server.answer = Unreadable("status", "404")
    answer = site.admin.post("/workhours_calendars/refresh/", id=row.id)
    assert "status 404" in site.admin.get(answer.location).text
    server.answer = Fetched(MEETING)
    answer = site.admin.post("/workhours_calendars/refresh/", id=row.id)
    assert "is up to date" in site.admin.get(answer.location).text
    supervisor = site.sign_in(site.rossi, "supervisor")
    assert supervisor.post("/workhours_calendars/refresh/", id=row.id).status_code == 403
    other = site.sign_in(site.account("Bianchi", "free"), "admin")
    assert other.post("/workhours_calendars/refresh/", id=row.id).status_code == 404


def test_an_own_date_wins_over_a_calendar_and_that_over_the_week(site, server):
    server.answer = Fetched(GOOGLE)
    add(site)
    form = {"schedule": site.office.id, "name": "Open day", "date": "2026-12-28"}
    form |= {"hours": "10-12", "outside": "", "destination": "", "prompt": ""}
    site.admin.post("/workhours_dates/new/?kind=date", **form)
    (schedule,) = schedules(account(site)).values()
    days = [NOON.date().replace(month=12, day=day) for day in (23, 24, 28, 29)]
    assert [bool(schedule.hours_on(day)) for day in days] == [True, False, True, False]


def test_a_calendar_that_ends_soon_is_warned_of(site, server):
    server.answer = Fetched(MEETING)
    add(site)
    assert "The calendar “Closed” ends on Fri 20 Nov 2026" in page(site)
    server.answer = Fetched(MEETING.replace(b"20261120", b"20250101"))
    refresh_next(NOON + HOUR)
    assert "has no dates ahead" in page(site)


def test_each_calendar_is_told_of_with_its_own_schedule(site, server):
    site.admin.post("/workhours_schedules/new/", name="Shop", country="", day_0="09:00-18:00")
    shop = ScheduleRow.get(ScheduleRow.name == "Shop")
    server.answer = Fetched(MEETING)
    add(site, schedule=shop.id, name="Soon")
    server.answer = Fetched(MEETING.replace(b"20261120", b"20271120"))
    add(site, name="Far")
    start = site.admin.get("/").text
    assert "Schedule Shop: The calendar “Soon” ends on Fri 20 Nov 2026" in start
    assert "Schedule Office" not in start
    assert "“Far”" not in start


def test_going_back_from_the_question_shows_the_calendar_as_it_was_typed(site):
    shown = add(site, name="Typed", rehearsal="back")
    assert shown.status_code == 200
    assert "Nothing is saved yet." in shown.text
    assert 'value="Typed"' in shown.text
    assert CalendarRow.select().count() == 0


@pytest.mark.parametrize(("age", "told"), [(HOUR, False), (24 * HOUR, True)])
def test_the_start_page_tells_of_a_calendar_that_cannot_be_read_for_a_day(site, server, age, told):
    server.answer = Fetched(GOOGLE)
    add(site)
    server.answer = Unreadable("status", "404")
    refresh_next(NOON + HOUR)
    CalendarRow.update(fault_since=NOON - age).execute()
    start = site.admin.get("/").text
    assert (
        "Schedule Office: The calendar “Closed” cannot be read since Thu 19 Nov 2026" in start
    ) is told
    assert ("with status 404" in start) is told


def test_deleting_a_schedule_takes_its_calendars_with_it(site):
    add(site)
    site.admin.post("/workhours_schedules/delete/", id=site.office.id)
    assert [one.select().count() for one in (CalendarRow, CopyRow, EntryRow)] == [0, 0, 0]
