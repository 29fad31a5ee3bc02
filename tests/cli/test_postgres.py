"""The commands on PostgreSQL: a database of its own, prepared and filled by the same words."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from core.app import installation
from core.plans.tables import QuotaCounter, QuotaHold
from tests.support.commands import lines_of


@pytest.mark.postgres
def test_demo_why_and_simulate(run, home, monkeypatch, postgres_url):
    monkeypatch.setenv("CENTRALINO_DATABASE", postgres_url)
    said = run("demo")
    assert said.status == 0, said.err
    assert "Demo sign-ins" in said.out
    with installation():
        used = sum(counter.used for counter in QuotaCounter.select())
        assert used == QuotaHold.select().count() > 0
        month = QuotaCounter.select().where(QuotaCounter.used > 0).get()
    again = run("demo")
    assert (again.status, "its data is kept" in again.out) == (0, True)
    within = f"{month.period_start + timedelta(days=7):%Y-%m-%dT12:00}"
    why = run("why", str(month.account_id), month.feature, "--at", within, "--json")
    assert json.loads(why.out)["used"] == month.used < used
    scenario = home / "scenario.yaml"
    scenario.write_text('call: {to: "+390600123700", at: "2026-11-23T10:00"}')
    assert lines_of(run("simulate", str(scenario)).out)[-1] == "Outcome: answered (employee:1)"
    assert run("migrate").out == "The database is up to date.\n"
