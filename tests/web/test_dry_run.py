"""Test a call: from the form to a scenario, and what the page shows."""

from __future__ import annotations

import pytest
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

from core.calls.scenario import read_scenario
from core.calls.tables import CallRow
from core.contract import steps
from core.contract.errors import BadInput
from core.store.people import EmployeeRow
from core.web import words
from core.web.dry_run import scenario, script
from core.web.flow import draw


def test_a_script(site):
    with site.app.test_request_context():
        assert script("2, wait 20\nsay 5; hang up,*1#") == [
            {"press": "2"},
            {"wait": 20},
            {"say": 5},
            {"hangup": True},
            {"press": "*1#"},
        ]
        with pytest.raises(BadInput, match="“wiat 3”"):
            script("2, wiat 3")


def test_a_form_is_a_scenario_the_simulator_reads(site):
    form = MultiDict(
        {
            "caller": "333 1234567",
            "at": "2026-11-22T22:00",
            "plan": "free",
            "script": "2",
            "party-101": "no-answer",
            "party-102": "",
        }
    )
    with site.app.test_request_context():
        made = scenario(form, "+390612345678", "IT")
    assert made["call"]["from"] == "+393331234567"
    assert made["employees"] == {"101": "no-answer"}
    assert read_scenario(made)["caller"] == [{"press": "2"}]


def test_the_page_shows_outcome_path_and_trace_and_writes_nothing(site):
    company = site.company
    company.account.backup_number = "+393330000001"
    company.account.save()
    before = CallRow.select().count()
    browser = site.sign_in("anna")
    address = f"/test-call/{company.line.id}/"
    assert "Who would answer?" in browser.get(address).text
    page = browser.post(address, caller="333 1234567", script="wait 2").text
    assert "outcome-forwarded" in page
    assert '<svg class="flow"' in page
    assert "rings the backup number" in page
    assert "Backup</span>" in page
    assert ">last-resort<" not in page
    assert page.count("flow-drawing flow-") == 1
    assert CallRow.select().count() == before


def test_another_plan_and_wrong_words(site):
    browser = site.sign_in("anna")
    address = f"/test-call/{site.company.line.id}/"
    assert "is not in the plan" in browser.post(address, plan="bare").text
    page = browser.post(address, script="jump", caller="12").text
    assert "“12” is no complete phone number" in page
    assert 'value="jump"' in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"script": "wait 3601"}, "“wait 3601” è troppo lungo; al massimo 3600 secondi."),
        ({"script": "1" * 33}, "sono troppi tasti; al massimo 32 alla volta."),
        ({"talk": "long%s"}, "“long%s” non è la durata di una conversazione"),
        ({"talk": "36001"}, "“36001” non è la durata di una conversazione"),
        ({"talk": "²"}, "“²” non è la durata di una conversazione"),
        ({"plan": "gold%s"}, "Il piano “gold%s” non esiste; esistono"),
    ],
)
def test_what_is_wrong_is_said_in_the_readers_language(site, typed, sentence):
    browser = site.sign_in("anna")
    form = {**typed, "do": "call", "csrf_token": browser.token}
    page = browser.client.post(
        f"/test-call/{site.company.line.id}/", data=form, headers={"Accept-Language": "it"}
    )
    assert sentence in page.text


def test_the_longest_that_can_be_typed_is_taken(site):
    form = MultiDict({"script": f"wait 3600, {'1' * 32}", "talk": "36000"})
    with site.app.test_request_context():
        made = read_scenario(scenario(form, "+390612345678", "IT"))
    assert made["caller"] == [{"wait": 3600}, {"press": "1" * 32}]
    assert made["talk_seconds"] == 36000


def test_another_accounts_number_cannot_be_tried(site):
    browser = site.sign_in("anna")
    address = f"/test-call/{site.other.line.id}/"
    assert browser.get(address).status_code == 404
    assert browser.post(address).status_code == 404


def test_the_path_names_people_and_escapes_what_callers_are_told(site):
    steps = [
        {"at": "2026-11-22T22:00:00+01:00", "step": "ring", "rings": ["employee:7", "number:+39"],
         "says": ["<b>Ciao</b>"], "result": "no-answer"},
    ]  # fmt: skip
    with site.app.test_request_context():
        picture = draw({"steps": steps, "outcome": "missed"}, {"employee:7": "Anna & Co"})
    assert "Anna &amp; Co, +39" in picture
    assert "&lt;b&gt;Ciao" in picture
    assert "<b>" not in picture
    assert "no-answer" in picture
    assert "style=" not in picture


def test_every_employee_can_be_given_a_behaviour(site):
    EmployeeRow.create(account=site.rome, name="Zoe", extension="155")
    page = site.sign_in("anna").get(f"/test-call/{site.company.line.id}/").text
    assert 'name="party-155"' in page


def test_every_step_has_words_for_readers(site):
    kinds = [object.__new__(one).word for one in steps.Step.__subclasses__()]
    assert "take-message" in kinds
    with site.app.test_request_context():
        assert [kind for kind in kinds if words.answer(kind) == kind] == []


def test_what_is_not_installed_any_more_keeps_its_name(site):
    with site.app.test_request_context():
        assert words.plugin("gone") == "gone"
        assert words.feature("gone.calls") == "gone.calls"
        assert words.stage("gone-stage") == "gone-stage"
        assert words.stage("connect queue:3") == "Handed on"
        assert words.answer("unheard") == "unheard"


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("pressed 2", "premuto 2"),
        ("no-input", "nessun tasto"),
        ("answered, 60 s", "risposta, 60 s"),
        ("message of 5 s", "messaggio di 5 s"),
        ("something-new", "something-new"),
        ("", ""),
    ],
)
def test_how_a_step_ended_is_told_in_the_readers_language(site, told, shown):
    with site.app.test_request_context(), force_locale("it"):
        assert words.came(told) == shown
