"""``number``: settings as code on the command line, with the checks and the audit of the pages."""

from __future__ import annotations

import json

import pytest

from core.app import installation
from core.store.audit import AuditEntry
from core.store.lines import GatewayRow, LineProfile, LineRow
from core.store.scenarios import ScenarioRow
from tests.support.commands import everything

MAIN, SHOP, THEIRS = "+390612345678", "+390612345679", "+6491234567"
PROFILE = """\
schema: 1
plugins:
  extension:
    settings:
      greeting: true
      seconds: 40
  recording:
    on: true
    settings:
      record_all: true
"""


@pytest.fixture
def numbers(company):
    """Rossi with two numbers, and another account with one."""
    with installation():
        rossi = LineRow.get(number=MAIN).account
        LineRow.create(account=rossi, number=SHOP, name="Shop")
        tui = type(rossi).get(type(rossi).name == "Tui")
        LineRow.create(account=tui, number=THEIRS)


@pytest.fixture
def profile(home):
    path = home / "profile.yaml"
    path.write_text(PROFILE)
    return path


def stored(number):
    with installation():
        rows = LineProfile.select().join(LineRow).where(LineRow.number == number)
        return {row.plugin: (row.on, row.stored) for row in rows}


def test_the_numbers_of_an_account_or_of_all(run, numbers):
    assert [one.split()[0] for one in run("number", "list").out.splitlines()] == [
        MAIN, SHOP, THEIRS
    ]  # fmt: skip
    listed = json.loads(run("number", "list", "Tui", "--json").out)["numbers"]
    assert listed == [{"number": THEIRS, "name": "", "kind": "rented", "account": "Tui"}]


def test_in_out_and_in_again(run, numbers, profile, home):
    told = run("number", "import", MAIN, str(profile), "--author", "ops@example.com")
    assert told.status == 0, told.err
    assert "Seconds an employee is rung  25 → 40" in told.out
    out = run("number", "export", MAIN).out
    assert "      seconds: 40\n" in out
    (home / "out.yaml").write_text(out)
    assert run("number", "import", SHOP, str(home / "out.yaml")).status == 0
    again = run("number", "export", SHOP).out
    assert again.replace(SHOP, MAIN) == out
    assert json.loads(run("number", "export", MAIN, "--json").out)["plugins"]["extension"]
    with installation():
        first = AuditEntry.select().where(AuditEntry.action == "number.import").first()
        assert first.author == "ops@example.com"


def test_a_dry_run_writes_nothing(run, numbers, profile):
    before = everything()
    told = run("number", "import", MAIN, str(profile), "--dry-run", "--json")
    (one,) = json.loads(told.out)["numbers"]
    assert one["saved"] is False
    assert {change["field"] for change in one["changes"]} >= {"greeting", "seconds", "record_all"}
    assert everything() == before


def test_a_fault_is_a_line_with_its_place(run, numbers, profile):
    profile.write_text(PROFILE.replace("seconds", "secnds"))
    told = run("number", "import", MAIN, str(profile))
    assert told.status == 1
    assert told.err.count("\n") == 1
    assert f"{profile}:6:15 plugins.extension.settings.secnds:" in told.err
    assert 'did you mean "seconds"?' in told.err
    assert stored(MAIN) == {}


def test_two_numbers_compared(run, numbers, profile):
    assert run("number", "compare", MAIN, SHOP).out == "The two have the same settings.\n"
    run("number", "import", MAIN, str(profile))
    told = json.loads(run("number", "compare", MAIN, SHOP, "--json").out)
    found = {(one["plugin"], one["field"]): one for one in told["settings"]}
    assert found["extension", "seconds"]["one"]["stored"] == 40
    assert found["extension", "seconds"]["other"]["stored"] == 25


def test_a_copy_to_all_others_of_the_account(run, numbers, profile):
    run("number", "import", MAIN, str(profile))
    told = run("number", "copy", MAIN, "--all", "--plugin", "extension")
    assert told.status == 0, told.err
    assert stored(SHOP)["extension"][1]["seconds"] == 40
    assert "recording" not in stored(SHOP)
    assert stored(THEIRS) == {}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("export", "+391"), "There is no number '+391'"),
        (("compare", MAIN, THEIRS), "There is no number '+6491234567' in this account"),
        (("copy", MAIN, "--to", THEIRS), "There is no number '+6491234567' in this account"),
        (("copy", MAIN), "Choose at least one number to copy to."),
    ],
)
def test_what_cannot_be_done_is_one_line(run, numbers, arguments, says):
    told = run("number", *arguments)
    assert told.status == 1
    assert says in told.err
    assert told.err.count("\n") == 1


def test_a_changed_outcome_of_a_scenario_is_asked_for(run, numbers, profile):
    with installation():
        line = LineRow.get(number=MAIN)
        line.gateway = GatewayRow.create(
            account=line.account, kind="twiml", provider="twilio", name="A", ref="AC1"
        )
        line.save()
        script = {"call": {"from": "+393331234567", "at": "2026-11-23T10:00"}, "caller": []}
        ScenarioRow.create(account=line.account, line=line, name="Monday", script=script)
    asked = run("number", "import", MAIN, str(profile))
    assert asked.status == 1
    assert "Monday: " in asked.err
    assert stored(MAIN) == {}
    word = asked.err.split("--confirm ")[1].strip()
    assert run("number", "import", MAIN, str(profile), "--confirm", word).status == 0
    assert stored(MAIN)["extension"][1]["greeting"] is True
