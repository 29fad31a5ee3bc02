"""``plans check`` and ``why``: what a plan file says, and why an account may or may not."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from core.app import installation
from core.config import PROJECT
from core.store.accounts import AccountRow, PluginSwitch
from tests.support.commands import lines_of

FAULTY = """\
schema: 1
plans:
  free:
    title: Free
    features:
      recordng: true
      recording.monthly_calls: -1
"""


def company(plan: str) -> str:
    """The name of the demo company on a plan."""
    with installation():
        return AccountRow.get(AccountRow.plan == plan).name


def test_the_shipped_plan_file_has_no_faults(run):
    said = run("plans", "check", str(PROJECT / "plans.yaml"))
    assert (said.status, said.err) == (0, "")
    assert said.out == "plans.yaml: 5 plans, no faults.\n"


def test_every_fault_of_a_bad_file_is_a_line_with_its_place(run, home):
    path = home / "plans.yaml"
    path.write_text(FAULTY)
    said = run("plans", "check", str(path))
    assert (said.status, said.out) == (1, "")
    first, second = lines_of(said.err)
    assert first == (
        'plans.yaml:6:7 plans.free.features.recordng: unknown feature, did you mean "recording"?'
    )
    assert second.startswith("plans.yaml:7:32 plans.free.features.recording.monthly_calls: ")
    assert "unlimited" in second


@pytest.mark.parametrize("content", [b"", b"\xff", b"plans: [", b"schema: 1\nplans: {}\n"])
def test_files_that_are_no_plan_files(run, home, content):
    path = home / "plans.yaml"
    path.write_bytes(content)
    said = run("plans", "check", str(path))
    assert (said.status, said.out) == (1, "")
    assert all(line.startswith("plans.yaml:") for line in lines_of(said.err))
    assert lines_of(said.err)


@pytest.mark.parametrize("name", ["nowhere.yaml", "."])
def test_a_file_that_is_not_there(run, home, name):
    said = run("plans", "check", name)
    assert said.status != 0
    (line,) = lines_of(said.err)
    assert line.startswith("centralino: ")
    assert name in line


def test_why_names_the_cell_of_the_plan_file(run, demo):
    said = run("why", company("free"), "quality_rating")
    assert said.status == 0, said.err
    assert "not in the plan" in said.out
    assert "plans.yaml:" in said.out
    assert "plan Basic has it" in said.out


def test_why_counts_the_month_of_the_time_that_is_asked_for(run, demo):
    words = ("why", company("free"), "recording.monthly_calls", "--json")
    now = json.loads(run(*words).out)
    assert now["used"] > 0
    long_ago = json.loads(run(*words, "--at", "2025-02-10T12:00").out)
    assert (long_ago["used"], long_ago["remaining"]) == (0, 100)
    assert datetime.fromisoformat(long_ago["resets_at"]).isoformat() == "2025-03-01T00:00:00+01:00"


def test_why_takes_the_account_s_number_too(run, demo):
    with installation():
        row = AccountRow.get(AccountRow.plan == "free")
    assert run("why", str(row.id), "crm").out == run("why", row.name, "crm").out


def test_why_knows_what_the_account_has_switched_off(run):
    assert run("migrate").status == 0
    with installation():
        row = AccountRow.create(name="Own", plan="free", created_at=datetime.now().astimezone())
        PluginSwitch.create(account=row, plugin="crm", on=False)
    said = run("why", "Own", "crm")
    assert "(plugin-off)" in said.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("Nobody", "crm"), "There is no account 'Nobody'; give its name or id."),
        (("99999999999999999999", "crm"), "There is no account '99999999999999999999'"),
        (("1", "crn"), 'No installed plugin declares the feature "crn", did you mean "crm"?'),
        (("1", "crm", "--at", "noon"), "'noon' is no local time; write it as 2026-11-22T22:00."),
        (("1",), "FEATURE"),
    ],
)
def test_what_cannot_be_asked(run, demo, words, told):
    said = run("why", *words)
    assert said.status != 0
    (line,) = lines_of(said.err)
    assert line.startswith("centralino: ")
    assert told in line


def test_why_on_an_unprepared_database(run):
    said = run("why", "1", "crm")
    assert said.status == 1
    (line,) = lines_of(said.err)
    assert "centralino migrate" in line
