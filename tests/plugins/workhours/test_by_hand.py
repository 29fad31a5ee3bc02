"""Open or closed by hand: who may, until when, what it does to calls, and where it is seen (W4)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.api import BadInput, Hangup, LineRow, NotFound, save_profile
from plugins.workhours import by_hand, plugin
from plugins.workhours.models import Ends, OverrideRow, ScheduleRow
from plugins.workhours.standing import of_line
from tests.plugins.workhours.test_service import MONDAY, SUNDAY_NIGHT
from tests.support.calls import NOON
from tests.support.site import open_site

HOUR = timedelta(hours=1)
WHO, WHY = "anna@example.com", "staff meeting"


@pytest.fixture
def said(company, schedule):
    """Say something of the schedule, or of the number."""
    save_profile(company.line_row, "workhours", values={"schedule": f"schedule:{schedule.id}"})

    def say(opened, ends=Ends.CHANGE, at=MONDAY, target="", until=None, reason=WHY):
        value = target or f"schedule:{schedule.id}"
        return by_hand.say(company.account, value, opened, ends, reason, WHO, at, until)

    return say


@pytest.fixture
def state(company, settings):
    """Whether a call at an instant finds the number open, and the trace's sentence."""

    def at(instant, **changes):
        call = company.call(at=instant)
        step = plugin.route_call(call, settings(outside="hang-up", **changes))
        assert step is None or isinstance(step, Hangup)
        return step is None, step.reason if step else "".join(call.notes)

    return at


def line(company):
    return f"line:{company.line_row.id}"


def test_closed_until_the_next_change(said, state):
    said(False)
    why = 'closed by hand until 2026-11-23 18:00, Europe/Rome (anna@example.com: "staff meeting")'
    assert state(MONDAY) == (False, why)
    assert state(MONDAY.replace(hour=17))[1].startswith("closed: Monday 18:00")
    assert state(MONDAY + 24 * HOUR)[0]


def test_open_on_a_sunday_until_a_time(said, state):
    said(True, Ends.TIME, SUNDAY_NIGHT, until=SUNDAY_NIGHT + HOUR)
    assert state(SUNDAY_NIGHT)[0]
    assert state(SUNDAY_NIGHT + HOUR - timedelta(seconds=1))[0]
    assert not state(SUNDAY_NIGHT + HOUR)[0]


def test_for_good_until_somebody_ends_it(company, said, state):
    row = said(False, Ends.NEVER)
    assert state(MONDAY + timedelta(days=700))[1].startswith("closed by hand for good")
    by_hand.end(company.account, row.id, "bruno@example.com", MONDAY + HOUR)
    assert state(MONDAY + HOUR)[0]
    kept = OverrideRow.get()
    assert (kept.author, kept.reason, kept.ended_by) == (WHO, WHY, "bruno@example.com")
    with pytest.raises(NotFound):
        by_hand.end(company.account, row.id, WHO, MONDAY)


def test_it_holds_before_holidays_and_special_dates(said, state):
    christmas = datetime(2026, 12, 25, 9, 0, tzinfo=UTC)
    said(True, Ends.NEVER)
    assert state(christmas)[0]


def test_before_it_was_said_it_does_not_hold(said, state):
    said(False, Ends.NEVER)
    assert state(MONDAY - timedelta(minutes=1))[0]


def test_a_numbers_own_comes_before_that_of_its_schedule(company, said, state):
    said(False, Ends.NEVER)
    said(True, Ends.TIME, target=line(company), until=MONDAY + HOUR)
    assert state(MONDAY)[0]
    assert not state(MONDAY + HOUR)[0]
    standing = of_line(company.account, company.line, f"schedule:{ScheduleRow.get().id}")
    assert standing.next_change(MONDAY) == MONDAY + HOUR


def test_the_newest_of_a_target_is_the_one_that_counts(said, state):
    said(False, Ends.NEVER)
    said(True, Ends.TIME, until=MONDAY + HOUR)
    assert state(MONDAY)[0]
    assert state(MONDAY + 2 * HOUR)[0]  # not the older one again: the schedule
    assert [row.ended_at for row in OverrideRow.select()] == [MONDAY, None]


def test_a_number_without_a_schedule_is_closed_by_hand(company, said, state):
    save_profile(company.line_row, "workhours", values={})
    said(False, Ends.TIME, target=line(company), until=MONDAY + HOUR)
    assert not state(MONDAY, schedule="")[0]
    assert state(MONDAY + HOUR, schedule="")[0]


def test_the_next_change_is_that_of_each_numbers_own_zone(company, said):
    said(False)
    value = f"schedule:{ScheduleRow.get().id}"
    for zone, hour in (("Europe/Rome", 17), ("Europe/London", 18)):
        other = type(company.line)(1, "+39", "", company.line.kind, zone)
        (override,) = of_line(company.account, other, value).overrides
        assert override.end == MONDAY.replace(hour=hour)


@pytest.mark.parametrize(
    ("arguments", "field", "sentence"),
    [
        ({"reason": "  "}, "reason", "Say why"),
        ({"reason": "x" * 201}, "reason", "200 characters"),
        ({"ends": Ends.TIME}, "until", "Give the day and the time"),
        ({"ends": Ends.TIME, "until": MONDAY}, "until", "over already"),
        ({"target": "schedule:99"}, "target", "Choose a schedule"),
        ({"target": "line:99"}, "target", "Choose a schedule"),
        ({"target": "queue:1"}, "target", "Choose a schedule"),
    ],
)
def test_what_is_missing_is_said_on_its_field(said, arguments, field, sentence):
    with pytest.raises(BadInput) as refused:
        said(False, **arguments)
    assert list(refused.value.fields) == [field]
    assert sentence in refused.value.fields[field]
    assert OverrideRow.select().count() == 0


def test_hours_that_never_change_have_no_next_change(company, said, schedule):
    schedule.hours.model.delete().execute()
    schedule.holidays.model.delete().execute()
    schedule.save()
    with pytest.raises(BadInput) as refused:
        said(True)
    assert "no next change" in refused.value.fields["ends"]


def test_another_accounts_schedule_is_none(company, said, schedule):
    other = type(company)("Bianchi", "+390687654321")
    with pytest.raises(BadInput):
        by_hand.say(other.account, f"schedule:{schedule.id}", True, Ends.NEVER, WHY, WHO, MONDAY)


# --- Pages and programs -----------------------------------------------------------------------

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
PAGE = "/workhours/overrides/"


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path, ("forward", "voicemail", "workhours"), PLANS) as site:
        site.rossi = site.account("Rossi", "free")
        site.admin = site.sign_in(site.rossi, "admin")
        form = {f"day_{day}": "09:00-18:00" for day in range(7)}
        site.admin.post("/workhours_schedules/new/", name="Office", country="", **form)
        site.value = f"schedule:{ScheduleRow.get().id}"
        number = LineRow.create(account=site.rossi, number="+390612345678")
        save_profile(number, "workhours", values={"schedule": site.value})
        yield site


def test_a_supervisor_closes_and_the_list_of_numbers_says_so(site):
    supervisor = site.sign_in(site.rossi, "supervisor")
    assert "open until 18:00" in supervisor.get("/lines/").text
    typed = {
        "target": site.value,
        "state": "closed",
        "ends": "change",
        "reason": "Water in the house",
    }
    answer = supervisor.post(PAGE, **typed)
    assert answer.status_code == 302
    page = supervisor.get("/lines/").text
    assert "closed by hand until 18:00" in page
    assert "Water in the house (supervisor" in page
    row = OverrideRow.get()
    assert (row.at, row.open) == (NOON, False)
    shown = supervisor.get(PAGE).text
    assert "Water in the house" in shown
    assert "until 18:00, Europe/Rome" in shown
    supervisor.post(f"{PAGE}end/", id=row.id)
    assert "open until 18:00" in supervisor.get("/lines/").text
    assert "ended" in supervisor.get(PAGE).text


def test_a_time_is_on_the_accounts_clock(site):
    typed = {"target": site.value, "state": "closed", "ends": "time", "reason": "x"}
    site.admin.post(PAGE, **typed, until="2026-11-20T15:30")
    assert OverrideRow.get().until == datetime(2026, 11, 20, 15, 30, tzinfo=ZoneInfo("Europe/Rome"))


@pytest.mark.parametrize(
    "until", ["", "tomorrow", "2026-11-20", "9999-99-99T00:00", "0001-01-01T00:00"]
)
def test_what_was_typed_stays_when_something_is_missing(site, until):
    typed = {
        "target": site.value,
        "state": "open",
        "ends": "time",
        "reason": "a <b>",
        "until": until,
    }
    page = site.admin.post(PAGE, **typed).text
    assert "field-error" in page
    assert "a &lt;b&gt;" in page
    assert OverrideRow.select().count() == 0


@pytest.mark.parametrize(
    "until", ["9999-12-31T23:59", "9999-12-31T23:59+00:00", "2037-11-01T10:00"]
)
def test_an_end_in_the_calendars_last_years_is_refused(site, until):
    """No clock east of Greenwich can show the last one: the pages would be gone with it."""
    typed = {"target": site.value, "state": "open", "ends": "time", "reason": "a", "until": until}
    assert "more than ten years ahead" in site.admin.post(PAGE, **typed).text
    assert OverrideRow.select().count() == 0


@pytest.mark.parametrize("id", ["", "x", "7", "9" * 30])
def test_ending_what_is_not_there(site, id):
    answer = site.admin.post(f"{PAGE}end/", id=id)
    assert "This is over already." in site.admin.get(answer.location).text


def test_an_agent_and_a_plan_without_it_do_not_get_in(site):
    assert site.sign_in(site.rossi, "agent").get(PAGE).status_code == 403
    other = site.sign_in(site.account("Bianchi", "none"), "admin")
    assert other.get(PAGE).status_code == 403


def test_programs_open_close_and_end(site):
    api = site.admin
    answer = send(api, {"target": site.value, "open": False, "reason": "storm"})
    assert answer.status_code == 201
    told = answer.json
    assert (told["open"], told["ends"], told["reason"]) == (False, "change", "storm")
    assert told["until"] == "2026-11-20T17:00:00+00:00"
    (state,) = api.get("/api/workhours/schedules").json["schedules"]
    # At 18:00 the hours of the week are over, too: it opens on the next morning.
    assert (state["open"], state["until"]) == (False, "2026-11-21T08:00:00+00:00")
    assert "storm" in state["why"]
    assert api.get("/api/workhours/overrides").json["overrides"] == [told]
    gone = api.client.delete(
        f"/api/workhours/overrides/{told['id']}", headers={"X-CSRFToken": api._form_token}
    )
    assert gone.status_code == 204
    assert api.get("/api/workhours/overrides").json["overrides"] == []


def test_programs_are_told_what_is_wrong(site):
    answer = send(site.admin, {"target": site.value, "open": True, "reason": ""})
    assert answer.status_code == 422
    assert "reason" in answer.json["details"]["fields"]


def send(browser, body):
    return browser.client.post(
        "/api/workhours/overrides", json=body, headers={"X-CSRFToken": browser._form_token}
    )
