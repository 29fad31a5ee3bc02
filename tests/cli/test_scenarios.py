"""``scenarios``: run from a shell with an exit that says whether all came as expected (S3)."""

from __future__ import annotations

import json

import pytest

from core.app import installation
from core.calls.rehearsal.saved import save_scenario
from core.store.accounts import AccountRow
from core.store.lines import LineRow
from core.store.scenarios import ScenarioRow
from tests.support.commands import lines_of

CLOSED = {"name": "Sunday evening", "call": {"at": "sunday 22:00"}, "expect": {"outcome": "closed"}}
OPEN = {"name": "Monday", "call": {"at": "monday 10:00"}, "expect": {"outcome": "answered"}}


@pytest.fixture
def number(demo):
    """A number of the demo with a scenario, and nothing else of the account's."""
    with installation():
        account = AccountRow.get(AccountRow.plan == "free")
        line = LineRow.of(account).order_by(LineRow.id).first()
        save_scenario(line, CLOSED)
    yield line.number
    with installation():
        ScenarioRow.delete().execute()


def test_all_as_expected(run, number):
    said = run("scenarios", "run", number)
    assert said.status == 0, said.err
    assert "✓" in said.out
    assert lines_of(said.out)[-1] == "1 scenario, 0 not as expected."


def test_one_that_is_not_makes_the_exit_fail(run, number):
    with installation():
        line = LineRow.get(LineRow.number == number)
        save_scenario(line, OPEN | {"expect": {"outcome": "voicemail"}})
    said = run("scenarios", "run", "--account", str(line.account_id))
    assert said.status == 1
    assert "expected voicemail" in said.out
    assert "2 scenarios, 1 not as expected." in said.out


def test_as_json(run, number):
    said = json.loads(run("scenarios", "run", number, "--json").out)
    assert said["met"] is True
    (one,) = said["runs"]
    assert (one["number"], one["name"], one["outcome"]) == (number, "Sunday evening", "closed")
    assert one["steps"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Name a number, or an account with --account."),
        (("+390612345678", "--account", "1"), "Name a number, or an account with --account."),
        (("+390600000000",), "There is no number '+390600000000'"),
        (("--account", "Nobody"), "There is no account 'Nobody'"),
    ],
)
def test_what_cannot_be_run(run, demo, words, told):
    said = run("scenarios", "run", *words)
    assert said.status == 1
    assert told in said.err


def test_out_and_in_again(run, number, home):
    path = home / "scenarios.yaml"
    path.write_text(run("scenarios", "export", number).out)
    with installation():
        ScenarioRow.delete().execute()
    said = run("scenarios", "import", number, str(path))
    assert said.out == f"1 scenario saved for {number}.\n", said.err
    assert run("scenarios", "run", number).status == 0


def test_each_of_an_exported_file_can_be_simulated(run, number, home):
    path = home / "one.yaml"
    text = run("scenarios", "export", number).out
    path.write_text("\n".join(one[2:] for one in text.splitlines()[1:]))
    assert run("simulate", str(path)).status == 0
    path.write_text(path.read_text().replace("outcome: closed", "outcome: answered"))
    said = run("simulate", str(path))
    assert said.status == 1
    assert "Expected: answered" in said.err


def test_a_file_that_cannot_be_taken_changes_nothing(run, number, home):
    path = home / "wrong.yaml"
    path.write_text("scenarios:\n- name: a\n  call: {}\n- name: b\n  call: {at: never}\n")
    said = run("scenarios", "import", number, str(path))
    assert said.status == 1
    assert "Scenario 2 (b): “never” is no local time" in said.err
    with installation():
        assert ScenarioRow.select().count() == 1
