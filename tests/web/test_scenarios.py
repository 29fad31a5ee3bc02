"""Saved scenarios in the web, and the question before one would come out otherwise (S3)."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup

from core.calls.rehearsal.saved import MOST_OF_LINE, save_scenario
from core.store.accounts import AccountRow, PluginSwitch
from core.store.lines import LineProfile, LineRow
from core.store.people import EmployeeRow
from core.store.scenarios import ScenarioRow
from core.web.dry_run import form_of, scenario
from core.web.rehearsing import BACK, FIELD, HEADER
from core.web.scenarios import moment_words

MONDAY = "2026-11-23T10:00"


@pytest.fixture
def line(site):
    """The number of the first account; calls to it go to the account's backup number."""
    site.rome.backup_number = "+393330000001"
    site.rome.save()
    return site.company.line


@pytest.fixture
def anna(site):
    return site.sign_in("anna")


def saved(line, name="By day", **more):
    data = {"name": name, "call": {"at": "monday 10:00"}, "expect": {"outcome": "forwarded"}}
    return save_scenario(line, data | more)


def edit_number(browser, line, backup="+393330000002", **more):
    """Give the number a backup number of its own: another one is rung then."""
    form = {"number": line.number, "name": "Main", "kind": "rented", "gateway": line.gateway_id,
            "timezone": "", "backup_number": backup}  # fmt: skip
    return browser.post(f"/lines/edit/?id={line.id}", **form | more)


def offered(page):
    """The token that "Save anyway" would send."""
    return page.split(f'name="{FIELD}" value="', 1)[1].split('"', 1)[0]


def backup(line):
    return LineRow.get_by_id(line.id).backup_number


# --- Kept -------------------------------------------------------------------------------------


def test_a_run_is_saved_with_a_name_and_an_expectation(anna, line):
    address = f"/test-call/{line.id}/"
    form = {"at": MONDAY, "repeats": "week", "name": "Mondays", "outcome": "forwarded"}
    answer = anna.post(address, do="save", ends="number:+393330000001", script="wait 2", **form)
    assert answer.status_code == 302
    row = ScenarioRow.get()
    assert (row.name, row.outcome, row.ends) == ("Mondays", "forwarded", "number:+393330000001")
    assert row.script["call"] == {"at": "monday 10:00"}
    assert row.script["caller"] == [{"wait": 2}]
    page = anna.get(f"/scenarios/number/{line.id}/").text
    assert "Mondays" in page
    assert "next Monday, 10:00" in page
    assert "verdict-met" in page


def test_what_does_not_come_as_expected_is_shown_with_what_came(anna, line):
    row = saved(line, expect={"outcome": "answered"})
    page = anna.get(f"/scenarios/number/{line.id}/").text
    assert "verdict-missed" in page
    assert "1 scenario is not as expected" in page
    assert "outcome-forwarded" in page
    assert "verdict-missed" in anna.get(f"/test-call/{line.id}/?scenario={row.id}").text
    assert "1 scenario is not as expected" in anna.get("/scenarios/?run=1").text


def test_a_saved_scenario_is_edited_in_the_form_it_was_made_in(anna, line):
    row = saved(line, caller=[{"press": "1"}, {"wait": 5}, {"hangup": True}])
    address = f"/test-call/{line.id}/?scenario={row.id}"
    page = anna.get(address).text
    assert 'value="1, wait 5, hang up"' in page
    assert 'value="2026-11-23T10:00"' in page
    anna.post(address, do="save", at=MONDAY, repeats="", name="Once", outcome="", ends="")
    changed = ScenarioRow.get()
    assert (changed.id, changed.name, changed.outcome) == (row.id, "Once", "")
    assert changed.script["call"] == {"at": MONDAY}


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"name": ""}, "Give the scenario a name."),
        ({"name": "By day"}, "has a scenario “By day” already"),
        ({"name": "x" * 121}, "The name has 121 characters; 120 are the most."),
        ({"name": "x", "numbers": "+393331234567 sleeps"}, "write a number and what it does"),
        ({"name": "x", "at": "tomorrow morning"}, "no local time"),
    ],
)
def test_what_cannot_be_saved_says_why_and_keeps_what_was_typed(anna, line, form, told):
    saved(line)
    page = anna.post(f"/test-call/{line.id}/", do="save", script="wait 3", **form).text
    assert told in page
    assert 'value="wait 3"' in page
    assert ScenarioRow.select().count() == 1


def chosen(page, name):
    """The value that a select of the page proposes."""
    found = BeautifulSoup(page, "html.parser").select_one(f"select[name={name}] [selected]")
    return found["value"] if found else ""


def test_what_was_typed_to_save_a_call_survives_a_mistake_in_it(anna, line):
    form = {"name": "Mondays", "repeats": "workday", "outcome": "missed", "ends": "voicemail:"}
    page = anna.post(f"/test-call/{line.id}/", do="call", script="jump", **form).text
    assert "“jump” is nothing a caller can do" in page
    assert 'value="Mondays"' in page
    assert {name: chosen(page, name) for name in form if name != "name"} == {
        name: value for name, value in form.items() if name != "name"
    }


@pytest.mark.parametrize(
    ("outcome", "proposed"), [("answered", "forwarded"), ("missed", "missed"), ("", "")]
)
def test_what_is_proposed_to_expect_follows_the_call_until_somebody_chooses(
    anna, line, outcome, proposed
):
    """The call before was answered, this one is forwarded."""
    form = {"name": "", "outcome": outcome, "came-outcome": "answered", "came-ends": "employee:1"}
    page = anna.post(f"/test-call/{line.id}/", do="call", at=MONDAY, ends="employee:1", **form).text
    assert chosen(page, "outcome") == proposed
    assert chosen(page, "ends") == "number:+393330000001"


def test_where_a_call_ends_nowhere_nothing_is_proposed(anna, line):
    """The call before was answered by somebody, this one is rejected: no backup, no group."""
    line.account.backup_number = ""
    line.account.save()
    form = {"outcome": "answered", "ends": "employee:1", "name": ""}
    came = {"came-outcome": "answered", "came-ends": "employee:1"}
    page = anna.post(f"/test-call/{line.id}/", do="call", at=MONDAY, **form, **came).text
    assert (chosen(page, "outcome"), chosen(page, "ends")) == ("missed", "")


@pytest.mark.parametrize("wanted", [{}, {"outcome": "answered"}])
def test_a_saved_call_keeps_its_expectation_whatever_comes(anna, line, wanted):
    row = saved(line, expect=wanted)
    page = anna.get(f"/test-call/{line.id}/?scenario={row.id}").text
    assert (chosen(page, "outcome"), chosen(page, "ends")) == (wanted.get("outcome", ""), "")


def test_a_number_has_a_limited_count_of_scenarios(anna, line):
    rows = [{"account": line.account_id, "line": line.id, "name": f"{n}", "script": {"call": {}}}
            for n in range(MOST_OF_LINE)]  # fmt: skip
    ScenarioRow.insert_many(rows).execute()
    page = anna.post(f"/test-call/{line.id}/", do="save", name="one more").text
    assert f"has {MOST_OF_LINE} scenarios, which is the most" in page


def test_supervisors_look_and_run_but_save_nothing(site, line):
    row = saved(line)
    sara = site.sign_in("sara")
    assert "By day" in sara.get(f"/scenarios/number/{line.id}/").text
    assert "verdict" in sara.get(f"/test-call/{line.id}/?scenario={row.id}").text
    assert sara.post(f"/test-call/{line.id}/", do="save", name="x").status_code == 403
    assert sara.post(f"/scenarios/{row.id}/delete/").status_code == 403
    assert sara.get(f"/scenarios/{row.id}/delete/").status_code == 403
    assert site.sign_in("aldo").get("/scenarios/").status_code == 403


def test_another_accounts_scenarios_do_not_exist(site, line):
    row = saved(line)
    pierre = site.sign_in("pierre")
    for address in (f"/scenarios/number/{line.id}/", f"/scenarios/{row.id}/delete/",
                    f"/scenarios/number/{line.id}/export/"):  # fmt: skip
        assert pierre.get(address).status_code == 404
    assert pierre.get(f"/test-call/{site.other.line.id}/?scenario={row.id}").status_code == 404
    assert "By day" not in pierre.get("/scenarios/").text


def test_deleting_asks_first(anna, line):
    row = saved(line)
    assert "Delete this scenario?" in anna.get(f"/scenarios/{row.id}/delete/").text
    assert ScenarioRow.select().count() == 1
    anna.post(f"/scenarios/{row.id}/delete/")
    assert ScenarioRow.select().count() == 0


def test_scenarios_are_copied_to_other_numbers(site, anna, line):
    row, other = saved(line), LineRow.create(account=site.rome, number="+390612345600")
    saved(other, expect={"outcome": "closed"})
    address = f"/scenarios/number/{line.id}/copy/"
    assert "By day" in anna.get(address).text
    assert "Choose scenarios and the numbers" in anna.post(address, scenario=row.id).text
    foreign = site.other.line.id
    assert anna.post(address, scenario=row.id, number=[other.id, foreign]).status_code == 302
    found = [(one.line_id, one.outcome) for one in ScenarioRow.select().order_by(ScenarioRow.line)]
    assert found == [(line.id, "forwarded"), (other.id, "forwarded")]


def test_a_file_carries_scenarios_from_one_number_to_another(site, anna, line):
    saved(line, employees={"101": "busy"}, caller=[{"press": "2"}])
    text = anna.get(f"/scenarios/number/{line.id}/export/").text
    other = LineRow.create(account=site.rome, number="+390612345600")
    file = (io.BytesIO(text.encode()), "scenarios.yaml")
    anna.post(f"/scenarios/number/{other.id}/import/", file=file)
    copy = ScenarioRow.get(ScenarioRow.line == other)
    assert copy.script == ScenarioRow.get(ScenarioRow.line == line).script
    wrong = (io.BytesIO(b"scenarios:\n- name: x\n  call: {at: never}\n"), "wrong.yaml")
    anna.post(f"/scenarios/number/{other.id}/import/", file=wrong)
    page = anna.get(f"/scenarios/number/{other.id}/").text
    assert "Scenario 1 (x): “never” is no local time" in page
    assert ScenarioRow.select().where(ScenarioRow.line == other).count() == 1


@pytest.mark.parametrize(
    ("at", "repeats", "kept"),
    [
        ("2026-11-29T22:00", "week", "sunday 22:00"),
        ("2026-11-29T22:00", "workday", "workday 22:00"),
        ("2026-11-29T22:00", "day", "today 22:00"),
        ("2026-11-29T22:00", "tomorrow", "tomorrow 22:00"),
        ("2026-12-25T12:30", "year", "12-25 12:30"),
        ("2026-12-25T12:30", "", "2026-12-25T12:30"),
    ],
)
def test_a_typed_date_becomes_a_moment_that_comes_again_and_is_shown_as_it_was(
    site, line, at, repeats, kept
):
    form = {"at": at, "repeats": repeats, "name": "x", "outcome": "", "ends": ""}
    with site.app.test_request_context():
        made = scenario(form, line.number, "IT")
    assert made["call"]["at"] == kept
    at_new_year = datetime(2026, 1, 1, tzinfo=UTC)
    shown = form_of({**made, "name": "x", "expect": {}}, line.zone, at_new_year)
    assert (shown["repeats"], shown["at"][-5:]) == (repeats, at[-5:])


def test_moments_are_told_in_words(site):
    with site.app.test_request_context():
        assert moment_words("sunday 22:00") == "next Sunday, 22:00"
        assert moment_words("next workday 9:00") == "next working day, 09:00"
        assert moment_words("12-25 12:00") == "next 25 December, 12:00"
        assert moment_words("2026-11-22T22:00") == "22 Nov 2026, 22:00"
        assert moment_words("") == "now"


# --- Rehearsed --------------------------------------------------------------------------------


def test_a_change_that_makes_a_scenario_come_out_otherwise_is_asked_about(anna, line):
    saved(line)
    page = edit_number(anna, line)
    assert page.status_code == 200
    assert "Nothing is saved yet: a saved scenario would come out differently." in page.text
    assert "By day" in page.text
    assert "+39\N{NO-BREAK SPACE}333\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}0002" in page.text
    assert backup(line) == ""
    assert edit_number(anna, line, **{FIELD: offered(page.text)}).status_code == 302
    assert backup(line) == "+393330000002"


def test_going_back_shows_the_form_with_what_was_typed(anna, line):
    saved(line)
    page = edit_number(anna, line, **{FIELD: BACK}).text
    assert "Nothing is saved yet. Change what you like, then save again." in page
    assert 'value="+393330000002"' in page
    assert backup(line) == ""


def test_a_token_agrees_to_one_content_and_one_difference_of_one_user(site, anna, line):
    row = saved(line)
    token = offered(edit_number(anna, line).text)
    again = edit_number(anna, line, backup="+393330000003", **{FIELD: token})
    assert "would come out differently" in again.text  # another content
    boss = site.sign_in("olga")
    boss.post("/accounts/pick/", account=site.rome.id)
    assert "would come out differently" in edit_number(boss, line, **{FIELD: token}).text
    row.script = row.script | {"caller": [{"wait": 1}, {"hangup": True}]}
    row.save()
    saved(line, "Another")
    changed = edit_number(anna, line, **{FIELD: token})
    assert "would come out differently" in changed.text  # another difference
    assert backup(line) == ""
    assert edit_number(anna, line, **{FIELD: offered(changed.text)}).status_code == 302


def test_a_change_that_changes_no_outcome_is_saved_at_once(anna, line):
    saved(line, expect={"outcome": "answered"})  # not met before, either: that is no change
    assert edit_number(anna, line, backup="", name="Renamed").status_code == 302
    assert LineRow.get_by_id(line.id).name == "Renamed"


def test_without_a_form_token_nothing_is_saved(anna, line):
    saved(line)
    token = offered(edit_number(anna, line).text)
    answer = anna.client.post(f"/lines/edit/?id={line.id}", data={FIELD: token})
    assert answer.status_code == 400
    assert backup(line) == ""


def test_the_account_itself_is_rehearsed(site, anna, line):
    saved(line)
    form = {"name": "Rossi", "timezone": "Europe/Rome", "country": "IT", "language": "en",
            "backup_number": "+393330000009", "dial_countries": "", "dial_concurrent": 4,
            "dial_daily": 200}  # fmt: skip
    address = f"/own_account/edit/?id={site.rome.id}"
    page = anna.post(address, **form).text
    assert "would come out differently" in page
    assert AccountRow.get_by_id(site.rome.id).backup_number == "+393330000001"
    anna.post(address, **form, **{FIELD: offered(page)})
    assert AccountRow.get_by_id(site.rome.id).backup_number == "+393330000009"


def test_an_operator_is_asked_about_an_account_they_do_not_work_in(site, line):
    saved(line)
    olga = site.sign_in("olga")
    form = {"name": "Rossi", "timezone": "Europe/Rome", "country": "IT", "language": "en",
            "backup_number": "+393330000009", "dial_countries": "", "dial_concurrent": 4,
            "dial_daily": 200}  # fmt: skip
    page = olga.post(f"/accounts/edit/?id={site.rome.id}", **form).text
    assert "would come out differently" in page
    olga.post(f"/accounts/edit/?id={site.rome.id}", **form, **{FIELD: offered(page)})
    assert AccountRow.get_by_id(site.rome.id).backup_number == "+393330000009"


def test_the_card_is_rehearsed_and_keeps_what_was_typed(site, anna, line):
    saved(line)
    form = {"extension:sheet": 1, "extension.greeting": "on",
            "extension.greeting_text": "Hello, this is new."}  # fmt: skip
    page = anna.post(f"/lines/{line.id}/", **form).text
    assert "would come out differently" in page, page
    assert "Hello, this is new." in page
    assert LineProfile.select().where(LineProfile.line == line).count() == 0
    back = anna.post(f"/lines/{line.id}/", **form, **{FIELD: BACK}).text
    assert "Hello, this is new." in back
    anna.post(f"/lines/{line.id}/", **form, **{FIELD: offered(page)})
    assert LineProfile.select().where(LineProfile.line == line).count() > 0


def test_only_the_scenarios_of_the_cards_number_are_run_for_a_card(site, anna, line):
    other = LineRow.create(account=site.rome, number="+390612345600", gateway=line.gateway)
    saved(other)
    form = {"extension:sheet": 1, "extension:on": 1, "extension.greeting": "on"}
    assert anna.post(f"/lines/{line.id}/", **form).status_code == 302


def test_switching_a_plugin_off_for_the_account_is_rehearsed(site, anna, line):
    LineProfile.create(
        account=site.rome, line=line, plugin="recording", on=True, stored={"record_all": True}
    )
    saved(line)
    page = anna.post("/plugins/switch/", plugin="recording", on="0").text
    assert "would come out differently" in page
    assert PluginSwitch.select().count() == 0
    anna.post("/plugins/switch/", plugin="recording", on="0", **{FIELD: offered(page)})
    assert PluginSwitch.get().on is False


def test_deleting_several_rows_is_one_question(site, anna, line):
    for n in (1, 2):
        columns = {"name": f"E{n}", "extension": f"20{n}", "sip": f"{n}@pbx.example"}
        EmployeeRow.create(account=site.rome, **columns)
        saved(line, f"Extension {n}", call={"at": "monday 10:00"}, caller=[{"press": f"20{n}"}])
    stored = {"greeting": True, "dial_extension": True}
    LineProfile.create(account=site.rome, line=line, plugin="extension", on=True, stored=stored)
    ids = [one.id for one in EmployeeRow.of(site.rome).where(EmployeeRow.sip != "")]
    form = {"action": "delete", "confirmed": "yes", "rowid": ids}
    page = anna.post("/employees/action/", **form).text
    assert "Nothing is saved yet: 2 saved scenarios would come out differently." in page
    assert EmployeeRow.select().where(EmployeeRow.id.in_(ids)).count() == 2
    anna.post("/employees/action/", **form, **{FIELD: offered(page)})
    assert EmployeeRow.select().where(EmployeeRow.id.in_(ids)).count() == 0


# --- Programs ---------------------------------------------------------------------------------


def sent(browser, method, address, body=None, **headers):
    """A request of a program that uses the browser's session."""
    headers["X-CSRFToken"] = browser.token
    return browser.client.open(address, method=method, json=body, headers=headers)


def test_a_program_keeps_and_runs_scenarios(anna, line):
    body = {"name": "By day", "call": {"at": "monday 10:00"}, "expect": {"outcome": "forwarded"}}
    address = f"/api/lines/{line.id}/scenarios"
    made = sent(anna, "POST", address, body)
    assert made.status_code == 201, made.text
    id = made.json["id"]
    assert anna.get(address).json["scenarios"] == [made.json]
    assert anna.get(f"/api/scenarios/{id}").json == made.json
    ran = sent(anna, "POST", f"/api/scenarios/{id}/run").json
    assert (ran["met"], ran["outcome"], ran["ends"]) == (True, "forwarded", "number:+393330000001")
    changed = sent(anna, "PUT", f"/api/scenarios/{id}", body | {"expect": {"outcome": "closed"}})
    assert changed.json["expect"] == {"outcome": "closed"}
    assert sent(anna, "POST", f"{address}/run").json["met"] is False
    assert sent(anna, "POST", address, body).status_code == 422  # the name is taken
    assert sent(anna, "DELETE", f"/api/scenarios/{id}").status_code == 204
    assert anna.get(f"/api/scenarios/{id}").status_code == 404


def test_a_program_is_told_of_both_runs_and_repeats_its_request(anna, line):
    saved(line)
    address = f"/api/lines/{line.id}/settings/extension"
    body = {"on": True, "stored": {"greeting": True, "greeting_text": "Hello."}}
    refused = sent(anna, "PUT", address, body)
    assert refused.status_code == 409
    assert refused.json["error_id"] == "outcomes-changed"
    (difference,) = refused.json["details"]["differences"]
    assert difference["name"] == "By day"
    assert difference["before"]["steps"] != difference["after"]["steps"]
    assert LineProfile.select().where(LineProfile.line == line).count() == 0
    token = refused.json["details"]["confirm"]
    assert sent(anna, "PUT", address, body, **{HEADER: "x"}).status_code == 409
    assert sent(anna, "PUT", address, body, **{HEADER: token}).status_code == 200
    assert LineProfile.get(LineProfile.line == line).stored["greeting_text"] == "Hello."


def test_the_token_may_stand_in_the_address(anna, line):
    saved(line)
    address = f"/api/lines/{line.id}/settings/extension"
    body = {"on": True, "stored": {"greeting": True}}
    token = sent(anna, "PUT", address, body).json["details"]["confirm"]
    assert sent(anna, "PUT", f"{address}?confirm={token}", body).status_code == 200


@pytest.mark.parametrize(
    ("faulty", "why"),
    [
        ("wait: 4000}", "caller.0.wait: Deve essere compreso tra 0 e 3600."),
        ("jump: 1}", "caller.0.jump: Campo sconosciuto."),
        ("wait: 1, say: 1}", "caller.0: Indicate uno tra press, wait, say o hangup."),
    ],
)
def test_what_is_wrong_in_a_file_is_said_in_the_readers_language(anna, line, faulty, why):
    anna.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "it"
    text = f"scenarios:\n- name: 5%s\n  call: {{at: monday 10:00}}\n  caller: [{{{faulty}]\n"
    file = (io.BytesIO(text.encode()), "wrong.yaml")
    anna.post(f"/scenarios/number/{line.id}/import/", file=file)
    page = anna.get(f"/scenarios/number/{line.id}/").text
    assert f"Scenario 1 (5%s): Scenario, {why}" in page


def test_in_italian(anna, line):
    saved(line)
    anna.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "it"
    page = edit_number(anna, line).text
    assert "Salva comunque" in page
    assert "uno scenario salvato andrebbe a finire diversamente" in page
    assert "lunedì che viene, 10:00" in anna.get(f"/scenarios/number/{line.id}/").text
