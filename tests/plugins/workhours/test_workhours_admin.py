"""The pages on which schedules are made, by a signed-in admin. The clock stands at Friday noon."""

from datetime import date

import pytest

from core.api import LineRow, save_profile
from plugins.workhours.hours import read_hours
from plugins.workhours.models import HolidayRow, HoursRow, ScheduleRow
from plugins.workhours.overview import coming
from plugins.workhours.schedules import schedules
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
FORM = {"country": "IT", "subdivision": "", "holiday_prompt": ""}
FORM |= {f"day_{day}": OFFICE if day < 5 else "" for day in range(7)}


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path, ("voicemail", "workhours"), PLANS) as site:
        site.rossi = site.account("Rossi", "free")
        yield site


@pytest.fixture
def admin(site):
    return site.sign_in(site.rossi, "admin")


def dates(*special):
    """The special dates' part of the form: (id or None, name, date, yearly, hours, prompt)."""
    form = {}
    for index, (id, name, day, yearly, hours, prompt) in enumerate(special):
        start = f"holidays-{index}-"
        form |= {f"{start}id": id or "", f"{start}name": name, f"{start}date": day}
        form |= {f"{start}hours": hours, f"{start}prompt": prompt}
        form |= {f"{start}yearly": "y"} if yearly else {}
    return form


def create(admin, *special, **changes):
    form = {**FORM, "name": "Office", **changes, **dates(*special)}
    return admin.post("/workhours_schedules/new/", **form)


def made(site):
    ((_, schedule),) = schedules(type(site.rossi).get_by_id(site.rossi.id).picture()).items()
    return schedule


def test_an_empty_list_says_what_to_do_next(admin):
    page = admin.get("/workhours_schedules/").text
    assert "No schedules yet." in page
    assert "choose it on the card of a number" in page


def test_without_the_plan_there_are_no_schedules(site):
    other = site.sign_in(site.account("Bianchi", "none"), "admin")
    assert other.get("/workhours_schedules/").status_code == 403
    assert create(other).status_code == 403


def test_a_week_is_typed_as_text(site, admin):
    assert create(admin, day_5="22-6").status_code == 302
    schedule = made(site)
    assert schedule.week[0] == read_hours(OFFICE)
    assert schedule.week[5] == read_hours("22:00-06:00")
    assert schedule.week[6] == ()
    page = admin.get("/workhours_schedules/").text
    assert "open until 20 Nov 2026, 13:00, Europe/Rome" in page
    assert "Sat 22:00-06:00" in page


def test_the_form_shows_what_is_kept_and_changes_it(site, admin):
    create(admin, (None, "Stocktaking", "2026-11-23", False, "", "We count."))
    (row,) = ScheduleRow.of(site.rossi)
    (day,) = HolidayRow.of(site.rossi)
    page = admin.get(f"/workhours_schedules/edit/?id={row.id}").text
    assert f'value="{OFFICE}"' in page
    assert 'value="2026-11-23"' in page
    special = (day.id, "Fair", "2026-11-23", True, "10:00-12:00", "")
    form = {**FORM, "name": "Office", "day_0": "8-12", **dates(special)}
    answer = admin.post(f"/workhours_schedules/edit/?id={row.id}", **form)
    assert answer.status_code == 302
    schedule = made(site)
    assert schedule.week[0] == read_hours("08:00-12:00")
    assert schedule.week[1] == read_hours(OFFICE)
    assert schedule.yearly[11, 23].name == "Fair"
    assert schedule.once == {}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("day_0", "morning", "&#39;morning&#39; is no interval"),
        ("day_0", "9-13, 12-14", "09:00-13:00 and 12:00-14:00 overlap"),
        ("subdivision", "XY", "&#39;XY&#39; is no part of IT: use one of AG"),
        ("country", "XX", "Not a valid choice"),
    ],
)
def test_what_cannot_be_read_is_named(site, admin, field, typed, sentence):
    answer = create(admin, **{field: typed})
    assert answer.status_code == 200
    assert sentence in answer.text
    assert f'value="{typed}"' in answer.text or field == "country"
    assert ScheduleRow.select().count() == HoursRow.select().count() == 0


def test_a_special_date_is_named_once(admin):
    christmas = (None, "Christmas", "2026-12-25", True, "", "")
    answer = create(admin, christmas, (None, "Natale", "2027-12-25", True, "", ""))
    assert "2027-12-25 is there twice." in answer.text
    assert ScheduleRow.select().count() == 0
    once = (None, "Open", "2026-12-25", False, "10-12", "")
    assert create(admin, christmas, once).status_code == 302


def test_a_subdivision_is_stored_by_its_code(site, admin):
    assert create(admin, country="DE", subdivision="by").status_code == 302
    assert made(site).special(date(2027, 1, 6)).name == "Epiphany"


def test_the_coming_days_are_shown_with_the_zone(site, admin):
    create(admin, (None, "Stocktaking", "2026-11-23", False, "", ""))
    (row,) = ScheduleRow.of(site.rossi)
    for page in ("edit", "details"):
        text = admin.get(f"/workhours_schedules/{page}/?id={row.id}").text
        assert "on the clock of Europe/Rome" in text
        assert "Mon 23 Nov 2026" in text
        assert "Stocktaking" in text
    days = coming(made(site), date(2026, 11, 20))
    assert len(days) == 14
    assert [(day.hours, day.special) for day in days[:4]] == [
        (OFFICE, ""),
        ("", ""),
        ("", ""),
        ("", "Stocktaking"),
    ]


def test_the_bars_of_a_night_go_on_after_midnight(site, admin):
    create(admin, day_4="22:00-06:00")
    friday, saturday = coming(made(site), date(2026, 11, 20))[:2]
    assert friday.bars == ((22 * 60, 120),)
    assert saturday.bars == ((0, 360),)


def test_a_schedule_in_use_is_not_deleted(site, admin):
    create(admin)
    (row,) = ScheduleRow.of(site.rossi)
    line = LineRow.create(account=site.rossi, number="+390612345678")
    save_profile(line, "workhours", values={"schedule": f"schedule:{row.id}"})
    admin.post("/workhours_schedules/delete/", id=row.id)
    assert "+390612345678: Working hours" in admin.get("/workhours_schedules/").text
    assert ScheduleRow.select().count() == 1
    line.delete_instance()
    admin.post("/workhours_schedules/delete/", id=row.id)
    assert ScheduleRow.select().count() == HoursRow.select().count() == 0


def test_the_schedules_of_another_account_are_not_there(site, admin):
    theirs = ScheduleRow.create(account=site.account("Bianchi", "free"), name="Theirs")
    assert admin.get(f"/workhours_schedules/edit/?id={theirs.id}").status_code == 404
    assert "Theirs" not in admin.get("/workhours_schedules/").text
