"""The working day over HTTP: one tap for employees, the team, history, rules and API (R7)."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from core.api import EmployeeRow
from plugins.workhours.presence.models import DayRulesRow, SpanRow
from tests.support.site import open_site

PLANS = """
schema: 1
plans:
  small:
    title: Small
    features: {workhours: true}
  large:
    title: Large
    features: {workhours: true, workhours.presence: true}
"""
DAY, TEAM = "/workhours_day/", "/workhours_team/"
ITALIAN = {"Accept-Language": "it"}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    with open_site(tmp_path_factory.mktemp("site"), ("workhours", "extension"), PLANS) as site:
        site.rossi, site.other = site.account("Rossi", "large"), site.account("Verdi", "large")
        site.anna = EmployeeRow.create(account=site.rossi, name="Anna", extension="101")
        site.bruno = EmployeeRow.create(account=site.rossi, name="Bruno", extension="102")
        site.foreign = EmployeeRow.create(account=site.other, name="Carla", extension="101")
        site.agent = site.sign_in(site.rossi, "agent", employee=site.anna)
        site.boss = site.sign_in(site.rossi, "supervisor")
        site.admin = site.sign_in(site.rossi, "admin")
        yield site


@pytest.fixture
def site(opened):
    SpanRow.delete().execute()
    DayRulesRow.delete().execute()
    return opened


def press(site, action, **told):
    answer = site.agent.post(f"{DAY}change/", action=action, **told)
    assert answer.status_code == 302
    return site.agent.get(DAY).text


def send(browser, address, **body):
    return browser.client.post(address, json=body, headers={"X-CSRFToken": browser._form_token})


def test_one_tap_each_through_a_day(site):
    assert "Your working day has not started." in site.agent.get(DAY).text
    assert "You are at work." in press(site, "start")
    assert "You are on a break: lunch." in press(site, "pause", reason="lunch")
    assert "You are at work." in press(site, "resume")
    assert "You are on a break: the dentist." in press(site, "pause", words=" the dentist ")
    assert "Your working day has not started." in press(site, "end")


def test_what_cannot_be_done_is_said(site):
    assert "The working day has not started: start it first." in press(site, "pause")
    assert "“dance” is no action; use start, pause, resume, end." in press(site, "dance")


def test_the_page_says_whether_it_decides_who_is_rung(site):
    assert "Your account counts the hours only" in site.agent.get(DAY).text
    site.admin.post(f"{TEAM}rules/", on="1", ends_at="", hours="10")
    assert "No call rings you until you are at work." in site.agent.get(DAY).text


def test_who_is_no_employee_is_told_so(site):
    assert "You are no employee here" in site.boss.get(DAY).text
    assert site.boss.post(f"{DAY}change/", action="start").status_code == 404


def test_supervisors_see_the_team_and_change_it_with_a_reason_that_is_kept(site):
    press(site, "start")
    page = site.boss.get(TEAM).text
    assert "At work: 1. On a break: 0. Not at work: 1." in page
    assert page.count("<tr>") == 3
    change = f"{TEAM}set/{site.bruno.id}/"
    assert "Write why you change it" in site.boss.post(change, action="start", note="").text
    site.boss.post(change, action="start", note="his phone is broken")
    (row,) = SpanRow.of(site.rossi).where(SpanRow.employee == site.bruno)
    assert (row.by, row.note) == ("Supervisor", "his phone is broken")
    assert "Set by Supervisor: his phone is broken." in site.boss.get(f"{TEAM}now/").text


def test_agents_have_no_team_page_and_nobody_another_accounts_people(site):
    assert site.agent.get(TEAM).status_code == 403
    assert site.boss.get(f"{TEAM}set/{site.foreign.id}/").status_code == 404
    assert "Carla" not in site.boss.get(TEAM).text


def test_only_admins_change_the_rules(site):
    assert site.boss.post(f"{TEAM}rules/", on="1", hours="8").status_code == 403
    site.admin.post(f"{TEAM}rules/", on="1", ends_at="19:30", hours="8")
    row = DayRulesRow.get()
    assert (row.on, row.ends_at, row.hours) == (True, 1170, 8)
    assert 'value="19:30"' in site.boss.get(TEAM).text


@pytest.mark.parametrize(
    ("ends", "hours", "sentence"),
    [
        ("25:00", "8", "“25:00” is no time of day; write it like 19:30."),
        ("", "48", "“48” is no length of a day; use 1 to 24 hours."),
        ("", "many", "“many” is no length of a day; use 1 to 24 hours."),
    ],
)
def test_rules_that_make_no_sense_are_refused(site, ends, hours, sentence):
    page = site.admin.post(f"{TEAM}rules/", on="1", ends_at=ends, hours=hours).text
    assert sentence in page
    assert DayRulesRow.select().count() == 0
    shown = BeautifulSoup(page, "html.parser").select_one("#rules form")
    assert shown.select_one("[name=on]").has_attr("checked")
    assert shown.select_one("[name=ends_at]")["value"] == ends
    assert shown.select_one("[name=hours]")["value"] == hours


def test_the_history_is_shown_and_exported(site):
    press(site, "start")
    press(site, "pause", words="=1+1")
    page = site.boss.get(f"{TEAM}history/?employee={site.anna.id}").text
    assert "Anna" in page
    assert "Break: =1+1" in page
    rows = list(csv.DictReader(io.StringIO(site.boss.get(f"{TEAM}history.csv").text)))
    assert [(one["employee"], one["doing"], one["ended"] != "") for one in rows] == [
        ("Anna", "work", True), ("Anna", "break", False),
    ]  # fmt: skip
    assert rows[1]["reason"] == "'=1+1"
    assert rows[0]["started"].endswith("+01:00")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?from=soon", "“soon” is no date; write 2026-11-22."),
        ("?from=2026-11-20&amp;to=2026-11-10".replace("&amp;", "&"), "is no stretch that can be"),
        ("?from=2020-01-01", "choose up to 366 days"),
    ],
)
def test_days_that_cannot_be_shown_are_refused(site, query, sentence):
    assert sentence in site.boss.get(f"{TEAM}history/{query}").text


def test_the_plan_closes_every_door_and_says_which_opens_it(site):
    site.rossi.plan = "small"
    site.rossi.save()
    try:
        for browser, address in ((site.agent, DAY), (site.boss, TEAM)):
            closed = browser.get(address)
            assert closed.status_code == 403
            assert "Large" in closed.text
            assert address not in browser.get("/", follow_redirects=True).text
        assert site.agent.get("/api/workday").json["error_id"] == "feature-not-in-plan"
    finally:
        site.rossi.plan = "large"
        site.rossi.save()


def test_programs_do_the_same_for_their_own_employee(site):
    found = site.agent.get("/api/workday").json
    assert (found["name"], found["state"], found["since"]) == ("Anna", "off", None)
    found = send(site.agent, "/api/workday", action="start").json
    assert found["state"] == "work"
    found = send(site.agent, "/api/workday", action="pause", reason="lunch").json
    assert (found["state"], found["reason"]) == ("break", "lunch")
    wrong = send(site.agent, "/api/workday", action="dance")
    assert (wrong.status_code, "dance" in wrong.json["message"]) == (422, True)
    send(site.agent, "/api/workday", action="end")
    early = send(site.agent, "/api/workday", action="pause")
    assert (early.status_code, early.json["message"]) == (
        422, "The working day has not started: start it first.",
    )  # fmt: skip
    assert site.boss.get("/api/workday").status_code == 404


def test_programs_of_supervisors_see_and_change_the_team(site):
    address = f"/api/workdays/{site.bruno.id}"
    found = send(site.boss, address, action="start", note="forgot").json
    assert found["state"] == "work"
    states = {one["name"]: one["state"] for one in site.boss.get("/api/workdays").json["workdays"]}
    assert states == {"Anna": "off", "Bruno": "work"}
    assert SpanRow.get().by == "Supervisor"
    assert send(site.boss, address, action="end").status_code == 422
    assert send(site.agent, address, action="end", note="x").status_code == 403
    assert send(site.boss, f"/api/workdays/{site.foreign.id}", action="end",
                note="x").status_code == 404  # fmt: skip


def test_what_ended_by_itself_is_marked_in_the_history(site):
    press(site, "start")
    SpanRow.update(
        started_at=SpanRow.get().started_at - timedelta(days=1),
        until=SpanRow.get().until - timedelta(days=1),
    ).execute()
    assert "by itself" in site.boss.get(f"{TEAM}history/").text
    assert "Your working day has not started." in site.agent.get(DAY).text


def test_the_pages_speak_italian(site):
    assert "La vostra giornata non è iniziata." in site.agent.get(DAY, headers=ITALIAN).text
    page = site.boss.get(TEAM, headers=ITALIAN).text
    assert "Al lavoro: 0. In pausa: 0. Non al lavoro: 2." in page
