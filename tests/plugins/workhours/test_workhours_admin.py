"""The pages on which schedules are made, by a signed-in admin. The clock stands at Friday noon."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup

from core.api import LineRow, save_profile
from plugins.workhours.coming import coming
from plugins.workhours.hours import read_hours
from plugins.workhours.models import HolidayRow, HoursRow, Kind, ScheduleRow
from plugins.workhours.schedules import schedules
from plugins.workhours.standing import of_schedule
from tests.support.calls import NOON
from tests.support.site import open_site

PLANS = """
schema: 1
plans:
  free:
    title: Free
    features: {workhours: true}
  none:
    title: None
    features: {}
"""
OFFICE = "09:00-13:00, 14:00-18:00"
FORM = {"country": "IT", "subdivision": "", "holiday_prompt": "", "pasted": ""}
FORM |= {f"day_{day}": OFFICE if day < 5 else "" for day in range(7)}
DATE = {"name": "Stocktaking", "hours": "", "outside": "", "destination": "", "prompt": ""}


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path, ("forward", "voicemail", "workhours"), PLANS) as site:
        site.rossi = site.account("Rossi", "free")
        yield site


@pytest.fixture
def admin(site):
    return site.sign_in(site.rossi, "admin")


def create(admin, **changes):
    return admin.post("/workhours_schedules/new/", **{**FORM, "name": "Office", **changes})


def made(site):
    ((_, schedule),) = schedules(fresh(site)).items()
    return schedule


def fresh(site):
    return type(site.rossi).get_by_id(site.rossi.id).picture()


def page_of(admin, row):
    return admin.get(f"/workhours_schedules/details/?id={row.id}").text


@pytest.fixture
def office(site, admin):
    create(admin)
    return ScheduleRow.get()


def add(admin, office, kind="date", **changes):
    """Send the form of a special date of a kind."""
    typed = {**DATE, "schedule": office.id, **changes}
    return admin.post(f"/workhours_dates/new/?kind={kind}", **typed)


def test_an_empty_list_says_what_to_do_next(admin):
    page = admin.get("/workhours_schedules/").text
    assert "No schedules yet." in page
    assert "choose it on the card of a number" in page


def test_without_the_plan_there_are_no_schedules(site):
    other = site.sign_in(site.account("Bianchi", "none"), "admin")
    assert other.get("/workhours_schedules/").status_code == 403
    assert create(other).status_code == 403


# --- The week ---------------------------------------------------------------------------------


def test_a_week_is_typed_as_text(site, admin):
    assert create(admin, day_5="22-6").status_code == 302
    schedule = made(site)
    assert schedule.week[0] == read_hours(OFFICE)
    assert schedule.week[5] == read_hours("22:00-06:00")
    assert schedule.week[6] == ()
    page = admin.get("/workhours_schedules/").text
    assert "open until 13:00, Europe/Rome" in page
    assert f"Mon–Fri {OFFICE}; Sat 22:00-06:00" in page


def test_the_form_shows_what_is_kept_and_changes_it(site, admin, office):
    page = admin.get(f"/workhours_schedules/edit/?id={office.id}").text
    assert f'value="{OFFICE}"' in page
    form = {**FORM, "name": "Office", "day_0": "8-12"}
    answer = admin.post(f"/workhours_schedules/edit/?id={office.id}", **form)
    assert answer.status_code == 302
    assert made(site).week[:2] == (read_hours("08:00-12:00"), read_hours(OFFICE))


def test_monday_is_copied_to_the_working_days_and_nothing_is_saved(admin):
    page = create(admin, day_0="8-12", day_1="", day_6="10-11", copy="1").text
    assert page.count('value="8-12"') == 5
    assert 'value="10-11"' in page
    assert "nothing is saved yet" in page
    assert ScheduleRow.select().count() == 0


def test_a_pasted_week_fills_the_days_in(admin):
    page = create(admin, pasted="Mon-Thu 8-12, 13-17\nFriday: 8-12", fill="1").text
    assert page.count('value="08:00-12:00, 13:00-17:00"') == 4
    assert 'value="08:00-12:00"' in page
    assert ScheduleRow.select().count() == 0


def test_a_pasted_week_that_cannot_be_read_names_the_line(admin):
    page = create(admin, pasted="Mon 8-12\nSomeday 9-10", fill="1").text
    assert "“Someday 9-10” begins with no day" in page


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("day_0", "morning", "&#39;morning&#39; is no interval"),
        ("day_0", "9-13, 12-14", "09:00-13:00 and 12:00-14:00 overlap"),
        ("subdivision", "XY", "&#39;XY&#39; is no part of IT: use one of AG"),
        ("country", "XX", "Not a valid choice"),
    ],
)
def test_what_cannot_be_read_is_named(admin, field, typed, sentence):
    answer = create(admin, **{field: typed})
    assert answer.status_code == 200
    assert sentence in answer.text
    assert f'value="{typed}"' in answer.text or field == "country"
    assert ScheduleRow.select().count() == HoursRow.select().count() == 0


def test_a_schedule_that_never_opens_is_warned_of(admin):
    answer = create(admin, **{f"day_{day}": "" for day in range(7)})
    assert "never opens" in admin.get(answer.location).text


def test_a_subdivision_is_stored_by_its_code(site, admin):
    assert create(admin, country="DE", subdivision="by").status_code == 302
    assert made(site).special(date(2027, 1, 6)).name == "Epiphany"


# --- Special dates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields", "days", "falls"),
    [
        ("date", {"date": "2026-11-23"}, [date(2026, 11, 23)], "Mon 23 Nov 2026"),
        (
            "date",
            {"date": "2020-12-07", "yearly": "y"},
            [date(2026, 12, 7), date(2027, 12, 7)],
            "7 December, every year",
        ),
        (
            "range",
            {"date": "2026-12-24", "until": "2027-01-06"},
            [date(2026, 12, 24), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 6)],
            "Thu 24 Dec 2026 to Wed 6 Jan 2027",
        ),
        (
            "range",
            {"date": "2026-07-27", "until": "2026-08-07", "yearly": "y"},
            [date(2027, 7, 27), date(2028, 8, 7)],
            "27 July to 7 August, every year",
        ),
        (
            "weekday",
            {"nth": "-1", "weekday": "4", "month": "11"},
            [date(2026, 11, 27), date(2027, 11, 26)],
            "last Friday of November",
        ),
        (
            "weekday",
            {"nth": "1", "weekday": "0", "month": "0"},
            [date(2026, 12, 7), date(2027, 1, 4)],
            "first Monday of every month",
        ),
        (
            "easter",
            {"days": "-2", "church": "western"},
            [date(2027, 3, 26)],
            "2 days before Easter (Western)",
        ),
        (
            "easter",
            {"days": "1", "church": "orthodox"},
            [date(2027, 5, 3)],
            "1 day after Easter (Orthodox)",
        ),
    ],
)
def test_every_kind_of_date_closes_on_its_days(site, admin, office, kind, fields, days, falls):
    """A range over two months and over the new year: mikopbx/Core#698."""
    assert add(admin, office, kind, **fields).status_code == 302
    schedule = made(site)
    assert [schedule.hours_on(day) for day in days] == [()] * len(days)
    assert {schedule.own(day).name for day in days} == {"Stocktaking"}
    assert schedule.own(days[-1] + timedelta(days=1)) is None
    assert falls in page_of(admin, office)
    assert HolidayRow.get().kind == Kind(kind)


def test_a_form_asks_only_what_its_kind_needs(admin, office):
    page = admin.get(f"/workhours_dates/new/?kind=easter&schedule={office.id}").text
    assert 'name="church"' in page
    assert 'name="date"' not in page
    assert 'name="nth"' not in page
    assert "<option selected value=" in page
    assert admin.get(
        "/workhours_dates/new/?kind=nonsense&schedule=99999999999999999999"
    ).status_code


def test_the_next_dates_are_shown_before_anything_is_saved(admin, office):
    fields = {"nth": "-1", "weekday": "4", "month": "11", "preview": "1"}
    page = add(admin, office, "weekday", **fields).text
    assert "It falls on:" in page
    assert "Fri 27 Nov 2026" in page
    assert "Fri 26 Nov 2027" in page
    assert HolidayRow.select().count() == 0


def test_a_date_opens_for_part_of_a_holiday_with_its_own_prompt(site, admin, office):
    add(admin, office, date="2026-12-08", hours="10-12", prompt="Open until noon.")
    found = made(site).special(date(2026, 12, 8))
    assert (found.hours, found.prompt) == (read_hours("10-12"), "Open until noon.")
    page = page_of(admin, office)
    assert "open 10-12, with a prompt of its own" in page


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        ("date", {"date": ""}, "Choose the date."),
        ("date", {"date": "2026-13-45"}, "Not a valid date"),
        ("range", {"date": "2026-12-24", "until": "2026-12-01"}, "not before the first"),
        ("range", {"date": "2026-12-24", "until": ""}, "not before the first"),
        ("range", {"date": "2026-12-24", "until": "2028-12-24"}, "At most 366 days"),
        ("easter", {"days": "900", "church": "western"}, "between -100 and 250"),
        ("easter", {"days": "", "church": "western"}, "This field is required"),
        ("date", {"date": "2026-12-24", "hours": "noon"}, "&#39;noon&#39; is no interval"),
        ("date", {"date": "2026-12-24", "outside": "forward"}, "Type the number"),
        ("date", {"date": "2026-12-24", "outside": "destination"}, "Choose the destination"),
        (
            "date",
            {"date": "2026-12-24", "outside": "destination", "destination": "queue:9"},
            "Not a valid choice",
        ),
        (
            "date",
            {"date": "2026-12-24", "outside": "forward", "number": "+390612345678"},
            "is a number of this account",
        ),
    ],
)
def test_what_makes_no_sense_is_said_on_its_field(site, admin, office, kind, fields, sentence):
    LineRow.create(account=site.rossi, number="+390612345678")
    assert sentence in add(admin, office, kind, **fields).text
    assert HolidayRow.select().count() == 0


def test_a_date_is_special_once(admin, office):
    add(admin, office, date="2026-12-24", yearly="y")
    twin = add(admin, office, date="2027-12-24", yearly="y", name="Vigilia")
    assert "“Stocktaking” is on this date already" in twin.text
    assert add(admin, office, date="2026-12-24", name="This year").status_code == 302
    row = HolidayRow.get(HolidayRow.name == "This year")
    form = {**DATE, "schedule": office.id, "date": "2026-12-24", "name": "Again"}
    assert admin.post(f"/workhours_dates/edit/?id={row.id}", **form).status_code == 302


def test_a_date_sends_calls_to_a_number_of_its_own(site, admin, office):
    fields = {"date": "2026-12-24", "outside": "forward", "number": "+39 333 1111111"}
    add(admin, office, **fields)
    special = made(site).own(date(2026, 12, 24))
    assert (special.outside, special.destination) == ("forward", "number:+393331111111")
    row = HolidayRow.get()
    assert "+393331111111" in admin.get(f"/workhours_dates/edit/?id={row.id}").text


def test_the_dates_of_another_account_are_not_there(site, admin):
    other = ScheduleRow.create(account=site.account("Bianchi", "free"), name="Theirs")
    row = HolidayRow.create(account=other.account, schedule=other, name="X", date=date(2026, 12, 1))
    assert admin.get(f"/workhours_dates/edit/?id={row.id}").status_code == 404
    assert "Not a valid choice" in add(admin, other, date="2026-12-01").text


@pytest.mark.parametrize(
    ("day", "warned"),
    [("2026-12-19", True), ("2026-12-20", False), ("2026-01-01", True)],
)
def test_thirty_days_before_the_list_runs_out_somebody_is_told(admin, office, day, warned):
    add(admin, office, date=day)
    for page in (page_of(admin, office), admin.get("/workhours_schedules/").text):
        assert ("The last special date is" in page) is warned
    start = admin.get("/").text
    assert ("Schedule Office: The last special date is" in start) is warned
    assert (f'href="/workhours_schedules/details/?id={office.id}"' in start) is warned


@pytest.mark.parametrize(
    ("until", "kept", "told"),
    [
        ("2026-12-03", True, ""),
        ("2026-12-04", True, "Its numbers stay closed until Mon 7 Dec 2026."),
        ("2027-11-20", True, "Its numbers stay closed until Mon 22 Nov 2027."),
        ("2026-12-04", False, ""),
    ],
)
def test_numbers_that_stay_closed_for_two_weeks_are_told_of(site, admin, office, until, kept, told):
    add(admin, office, "range", date="2026-11-20", until=until)
    line = LineRow.create(account=site.rossi, number="+390612345678")
    save_profile(line, "workhours", on=kept, values={"schedule": f"schedule:{office.id}"})
    start = admin.get("/").text
    assert ("stay closed" in start) is bool(told)
    assert told in start


def test_numbers_that_never_open_are_told_of_until_they_do(site, admin, office):
    HoursRow.delete().execute()
    office.save()
    line = LineRow.create(account=site.rossi, number="+390612345678")
    save_profile(line, "workhours", values={"schedule": f"schedule:{office.id}"})
    told = "Schedule Office: It does not open within a year, and its numbers stay closed."
    assert told in admin.get("/").text
    HoursRow.create(account=site.rossi, schedule=office, weekday=0, start=540, end=600)
    office.save()
    assert told not in admin.get("/").text


def test_an_instant_of_another_year_has_its_weekday_and_its_year(admin, office):
    add(admin, office, "range", date="2026-11-20", until="2027-11-20")
    assert "closed until Mon 22 Nov 2027, 09:00, Europe/Rome" in page_of(admin, office)


def test_what_comes_every_year_never_runs_out(admin, office):
    add(admin, office, date="2020-12-01", yearly="y")
    add(admin, office, "easter", days="1", church="western")
    assert "The last special date is" not in page_of(admin, office)


@pytest.mark.parametrize("address", ["new/", "edit/?id={id}"])
def test_going_back_from_the_question_shows_the_week_as_it_was_typed(admin, office, address):
    typed = {**FORM, "name": "Again", "day_5": "10:00-11:00", "rehearsal": "back"}
    page = admin.post(f"/workhours_schedules/{address}".format(id=office.id), **typed)
    assert page.status_code == 200
    assert "Nothing is saved yet. Change what you like, then save again." in page.text
    assert 'value="10:00-11:00"' in page.text
    assert [row.name for row in ScheduleRow.select()] == ["Office"]


# --- The page ---------------------------------------------------------------------------------


def test_the_coming_days_are_shown_with_the_zone(site, admin, office):
    add(admin, office, date="2026-11-23")
    text = page_of(admin, office)
    assert "on the clock of Europe/Rome" in text
    assert "Mon 23 Nov" in text
    assert "open until 13:00, Europe/Rome" in text
    days = coming(of_schedule(fresh(site), f"schedule:{office.id}"), NOON)
    assert len(days) == 14
    assert [(day.times, day.special) for day in days[:4]] == [
        ("09:00–13:00, 14:00–18:00", ""),
        ("", ""),
        ("", ""),
        ("", "Stocktaking"),
    ]
    assert [day.now for day in days[:2]] == [12 * 60, None]


def test_the_bars_of_a_night_go_on_after_midnight(site, admin):
    create(admin, day_4="22:00-06:00")
    office = ScheduleRow.get()
    friday, saturday = coming(of_schedule(fresh(site), f"schedule:{office.id}"), NOON)[:2]
    assert friday.times == "22:00–24:00"
    assert saturday.times == "00:00–06:00"
    assert [(bar.start, bar.minutes) for bar in saturday.bars] == [(0, 360), (360, 1080)]


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 28, "23"), (10, 31, "25")])
def test_a_day_on_which_clocks_change_has_its_real_length(site, admin, office, month, day, hours):
    now = NOON.replace(year=2027, month=month, day=day)
    (today, after) = coming(of_schedule(fresh(site), f"schedule:{office.id}"), now, days=2)
    assert (today.odd_hours, after.odd_hours) == (hours, "")
    assert sum(bar.minutes for bar in today.bars) == int(hours) * 60


def test_a_supervisor_looks_but_does_not_edit(site, admin, office):
    supervisor = site.sign_in(site.rossi, "supervisor")
    page = page_of(supervisor, office)
    assert "The coming 14 days" in page
    assert "Edit the week" not in page
    assert create(supervisor).status_code == 403
    assert add(supervisor, office, date="2026-12-01").status_code == 403


def test_what_belongs_to_a_schedule_leads_back_to_it(admin, office):
    add(admin, office, name="Inventory", date="2026-12-01")
    page = f"/workhours_schedules/details/?id={office.id}"
    links = BeautifulSoup(admin.get(page).text, "html.parser").select("main a[href*='url=']")
    assert len(links) == 4 + 2 + 1, "each kind of date, this one, its deletion, a calendar"
    for link in links:
        found = BeautifulSoup(admin.get(link["href"]).text, "html.parser")
        assert found.find("a", string="Cancel")["href"] == page
    row = HolidayRow.get()
    gone = admin.post("/workhours_dates/delete/", id=row.id, url=page)
    assert gone.headers["Location"].endswith(page)
    assert HolidayRow.select().count() == 0


def test_a_schedule_in_use_is_not_deleted(site, admin, office):
    line = LineRow.create(account=site.rossi, number="+390612345678")
    save_profile(line, "workhours", values={"schedule": f"schedule:{office.id}"})
    admin.post("/workhours_schedules/delete/", id=office.id)
    assert "+39\xa006\xa01234\xa05678: Working hours" in admin.get("/workhours_schedules/").text
    assert ScheduleRow.select().count() == 1
    line.delete_instance()
    admin.post("/workhours_schedules/delete/", id=office.id)
    assert ScheduleRow.select().count() == HoursRow.select().count() == 0


def test_the_schedules_of_another_account_are_not_there(site, admin):
    theirs = ScheduleRow.create(account=site.account("Bianchi", "free"), name="Theirs")
    assert admin.get(f"/workhours_schedules/edit/?id={theirs.id}").status_code == 404
    assert "Theirs" not in admin.get("/workhours_schedules/").text
