"""``why``: what an account may use, and how the gate comes to say so."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from core.app import installation
from core.plans.tables import QuotaCounter
from core.store.accounts import AccountRow, PluginSwitch
from tests.support.commands import lines_of


def company(plan: str) -> str:
    """The name of the demo company on a plan."""
    with installation():
        return AccountRow.get(AccountRow.plan == plan).name


def test_why_names_the_cell_of_the_plan_file(run, demo):
    said = run("why", company("free"), "quality_rating")
    assert said.status == 0, said.err
    assert "not in the plan" in said.out
    assert "plans.yaml:" in said.out
    assert "plan Basic has it" in said.out


def test_why_counts_the_month_of_the_time_that_is_asked_for(run, demo):
    with installation():
        month = QuotaCounter.select().where(QuotaCounter.used > 0).get()
    words = ("why", str(month.account_id), month.feature, "--json", "--at")
    within = month.period_start + timedelta(days=7)
    assert json.loads(run(*words, f"{within:%Y-%m-%dT12:00}").out)["used"] == month.used
    words = ("why", company("free"), "recording.monthly_calls", "--json", "--at")
    long_ago = json.loads(run(*words, "2025-02-10T12:00").out)
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
        (("1", "crm", "--at", "noon"), "“noon” is no local time; write 2026-11-22T22:00, or"),
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
