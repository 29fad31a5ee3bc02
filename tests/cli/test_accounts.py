"""``account``: who has which plan, what that gives and why, and another plan."""

from __future__ import annotations

import json

import pytest

from core.app import installation
from core.store.accounts import AccountRow, PluginSwitch
from core.store.audit import AuditEntry
from tests.support.commands import lines_of

pytestmark = pytest.mark.usefixtures("company")


def plan_of(name: str) -> str:
    with installation():
        return AccountRow.get(AccountRow.name == name).plan


def test_list(run):
    said = run("account", "list")
    assert (said.status, said.err) == (0, "")
    assert [line.split() for line in lines_of(said.out)] == [
        ["1", "Rossi", "free"],
        ["2", "Tui", "basic"],
    ]
    assert [line.split() for line in lines_of(run("account", "list", "--plan", "basic").out)] == [
        ["2", "Tui", "basic"]
    ]
    assert run("account", "list", "--plan", "gold").out == "No accounts.\n"


def test_list_as_json_tells_of_trials(run):
    run("trial", "start", "Rossi", "basic", "--until", "2998-01-31", "--reason", "to see")
    rossi, tui = json.loads(run("account", "list", "--json").out)["accounts"]
    assert (rossi["id"], rossi["plan"], rossi["timezone"]) == (1, "free", "Europe/Rome")
    assert rossi["trial"] == {"plan": "basic", "until": "2998-02-01T00:00:00+01:00"}
    assert tui["trial"] is None
    assert "on trial of basic until 2998-01-31" in run("account", "list").out


def test_more_accounts_than_a_page(run, monkeypatch):
    monkeypatch.setattr("core.plans.accounts.listing.PAGE", 1)
    assert len(lines_of(run("account", "list").out)) == 2


def test_show_has_a_line_for_every_feature(run):
    said = run("account", "show", "Rossi")
    assert (said.status, said.err) == (0, "")
    rows = {line.split()[0]: line.split() for line in lines_of(said.out)[1:]}
    assert rows["recording.monthly_calls"][1:3] == ["100", "plan"]
    assert rows["quality_rating"][1:3] == ["–", "default"]
    assert rows["recording"][1] == "✓"
    assert "plan Basic has it" in said.out


def test_show_as_json_is_what_why_says(run):
    with installation():
        PluginSwitch.create(account=1, plugin="recording", on=False)
    shown = json.loads(run("account", "show", "1", "--json").out)
    assert shown["account"]["name"] == "Rossi"
    assert shown["features"]["recording"]["reason"] == "plugin-off"
    for feature, decision in shown["features"].items():
        assert decision == json.loads(run("why", "Rossi", feature, "--json").out)


def test_set_plan_says_what_changes_and_does_it(run):
    said = run("account", "set-plan", "Rossi", "basic", "--message", "paid")
    assert (said.status, said.err) == (0, "")
    lines = [" ".join(line.split()) for line in lines_of(said.out)]
    assert lines == [
        "Rossi: free → basic",
        "gain: quality_rating – → ✓",
        "gain: recording.monthly_calls 100 → unlimited",
        "Recording on +390612345678",
        "Done.",
    ]
    assert plan_of("Rossi") == "basic"
    with installation():
        entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.before, entry.after) == ("account.plan", "free", "basic")
    assert (entry.message, entry.author.endswith(" (command)")) == ("paid", True)


def test_a_dry_run_changes_nothing(run):
    said = run("account", "set-plan", "Tui", "free", "--dry-run")
    assert lines_of(said.out)[-1] == "Nothing was changed."
    assert "lose: quality_rating ✓ → –" in said.out
    assert plan_of("Tui") == "basic"


def test_set_plan_as_json(run):
    words = ("account", "set-plan", "Tui", "free", "--json")
    dry = json.loads(run(*words, "--dry-run").out)
    assert (dry["dry_run"], dry["account"]["plan"]) == (True, "basic")
    done = json.loads(run(*words, "--author", "bill@example.com").out)
    assert (done["dry_run"], done["account"]["plan"]) == (False, "free")
    assert done["impact"] == dry["impact"]
    assert [one["feature"] for one in done["impact"]["differences"]] == [
        "quality_rating",
        "recording.monthly_calls",
    ]


def test_an_override_shields_the_account(run):
    run("override", "set", "Tui", "quality_rating", "true", "--pin", "--reason", "promised")
    said = run("account", "set-plan", "Tui", "free", "--dry-run")
    assert "quality_rating" not in said.out


def test_a_running_trial_holds_on(run):
    run("trial", "start", "Rossi", "basic", "--until", "2998-01-31", "--reason", "to see")
    run("override", "set", "Rossi", "ivr", "true", "--reason", "promised")
    said = run("account", "set-plan", "Tui", "free")
    assert "trial" not in said.out
    with installation():
        AccountRow.update(plan="basic").where(AccountRow.name == "Tui").execute()
    said = run("account", "set-plan", "Rossi", "basic")
    assert "Until 2998-01-31 its trial of basic holds." in said.out


REFUSED = [
    (("set-plan", "Rossi", "bsic"), "There is no plan “bsic”, did you mean"),
    (("set-plan", "Rossi", "free"), "Rossi has the plan free already."),
    (("set-plan", "Nobody", "free"), "There is no account 'Nobody'; give its name or id."),
    (("show", "Nobody"), "There is no account 'Nobody'; give its name or id."),
    (("set-plan", "Rossi"), "PLAN"),
]


def test_what_cannot_be_done(run):
    for words, sentence in REFUSED:
        said = run("account", *words)
        assert (said.status != 0, said.out) == (True, "")
        (line,) = lines_of(said.err)
        assert line.startswith("centralino: ")
        assert sentence in line
    assert plan_of("Rossi") == "free"
