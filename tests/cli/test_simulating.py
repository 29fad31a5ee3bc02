"""``simulate``: the issue's scenario, what it prints, and that it leaves nothing behind."""

from __future__ import annotations

import json

import pytest

from core.app import installation
from core.store.accounts import AccountRow
from core.store.lines import LineRow
from tests.support.commands import everything, lines_of

SCENARIO = """
call: {{to: "{to}", from: "+393331234567", at: "{at}", plan: {plan}}}
caller: [{{press: "2"}}, {{wait: 20}}]
employees: {{"101": no-answer, "102": answer}}
"""


@pytest.fixture
def scenario(home, demo):
    """A function that writes the issue's scenario, for the main number of a plan's company."""

    def write(plan: str, at: str, on: str = "") -> str:
        with installation():
            account = AccountRow.get(AccountRow.plan == plan)
            to = LineRow.of(account).order_by(LineRow.id).first().number
        path = home / "scenario.yaml"
        path.write_text(SCENARIO.format(to=to, at=at, plan=on or plan))
        return str(path)

    return write


def test_sunday_at_ten_in_the_evening_the_office_is_closed(run, scenario):
    said = run("simulate", scenario("free", "2026-11-22T22:00"), "--json")
    assert said.status == 0, said.err
    result = json.loads(said.out)
    assert set(result) == {"outcome", "ends", "steps", "trace", "usage", "faults"}
    assert result["outcome"] == "closed"
    assert result["usage"] == {}
    assert result["steps"][0]["at"].startswith("2026-11-22T22:00:00+01:00")
    hours = next(one for one in result["trace"] if one["stage"] == "working-hours")
    assert hours["result"] != "nothing"


def test_on_monday_morning_somebody_answers_and_is_recorded(run, scenario):
    said = run("simulate", scenario("free", "2026-11-23T10:00"), "--json")
    result = json.loads(said.out)
    assert result["outcome"] == "answered"
    assert result["usage"] == {"recording.monthly_calls": 1}
    for entry in result["trace"]:
        assert {"stage", "plugin", "result", "reason"} <= set(entry)
        assert ("feature" in entry) == ("decision" in entry)
    assert any("decision" in entry for entry in result["trace"])


def test_the_plan_can_be_another_one(run, scenario):
    own = json.loads(run("simulate", scenario("standard", "2026-11-23T10:00"), "--json").out)
    other = json.loads(
        run("simulate", scenario("standard", "2026-11-23T10:00", on="free"), "--json").out
    )
    skipped = {entry["stage"] for entry in other["trace"] if entry["result"] == "skipped"}
    assert "ivr" in skipped
    assert "ivr" not in {one["stage"] for one in own["trace"] if one["result"] == "skipped"}


def test_without_json_people_can_read_it(run, scenario):
    said = run("simulate", scenario("free", "2026-11-23T10:00"))
    lines = lines_of(said.out)
    assert lines[-1] == "Outcome: answered (employee:2)"
    assert "Why:" in lines
    assert "It would use 1 of recording.monthly_calls." in lines


def test_nothing_in_the_database_changes(run, scenario):
    before = everything()
    for at in ("2026-11-22T22:00", "2026-11-23T10:00"):
        for plan in ("free", "standard", "enterprise"):
            assert run("simulate", scenario(plan, at)).status == 0
    assert everything() == before


BAD = {
    "not yaml": ("call: [", "scenario.yaml, line 1, column 8: this is not YAML: "),
    "twice the same key": (
        "call: {}\ncall: {}",
        "scenario.yaml, line 2, column 1: this is not YAML: ",
    ),
    "no mapping": ("- call", "A scenario is a mapping with call, caller and employees."),
    "empty": ("", "A scenario is a mapping with call, caller and employees."),
    "no number": ("call: {}", "Scenario, call.to: Missing data for required field."),
    "unknown key": ('call: {to: "1"}\nwhen: now', "Scenario, when: Unknown field."),
    "unknown number": ('call: {to: "+390699999999"}', "'+390699999999' is no number here."),
    "a number that is none": ("call: {to: 12}", "Scenario, call.to: Not a valid string."),
    "bad time": ('call: {to: "%s", at: yesterday}', "“yesterday” is no local time"),
    "bad plan": ('call: {to: "%s", plan: gold}', "There is no plan “gold”; there are free, basic"),
    "bad keys": ('call: {to: "%s"}\ncaller: [{press: abc}]', "Scenario, caller.0.press: 'abc'"),
    "two actions in one": ('call: {to: "%s"}\ncaller: [{press: "1", wait: 2}]', "Give one of"),
    "bad party": ('call: {to: "%s"}\nemployees: {"101": sleeps}', "Scenario, employees.101"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_scenario_gets_one_sentence(run, demo, home, case):
    text, sentence = BAD[case]
    with installation():
        number = LineRow.get().number
    path = home / "scenario.yaml"
    path.write_text(text.replace("%s", number))
    said = run("simulate", str(path))
    assert said.status == 1
    assert said.out == ""
    (line,) = lines_of(said.err)
    assert line.startswith("centralino: ")
    assert sentence in line


def test_a_file_that_is_no_text(run, demo, home):
    (home / "scenario.yaml").write_bytes(b"\xff\xfe\x00")
    said = run("simulate", str(home / "scenario.yaml"))
    assert lines_of(said.err) == [f"centralino: {home / 'scenario.yaml'} is not UTF-8 text."]


def test_a_missing_file(run, demo):
    said = run("simulate", "nowhere.yaml")
    assert said.status != 0
    (line,) = lines_of(said.err)
    assert "nowhere.yaml" in line
