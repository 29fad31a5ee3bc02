"""Calls of accounts that have something of their own: what held when a call began holds to its end
(plans.md §3), and a quota counts to the override's limit exactly (§6)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.app import Centralino, tables
from core.plans.decision import Reason
from core.plans.tables import PlanOverride, PlanTrial
from core.registry import load
from core.store.accounts import AccountRow
from core.testing import Company, LiveCall, close_kit, open_kit

QUOTA = "recording.monthly_calls"
PLANS = f"""
schema: 1
plans:
  small:
    title: Small
    features: {{recording: true, {QUOTA}: 3}}
  menus:
    title: Menus
    extends: small
    features: {{ivr: true, ivr.max_depth: 1}}
  large:
    title: Large
    extends: menus
    features: {{ivr.max_depth: unlimited}}
"""
TOP, BELOW = "Press 1 for sales.", "Sales: 1 for Anna."

SET_OVERRIDE = """
import sys
from datetime import datetime
from core.app import installation
from core.plans.tables import PlanOverride
from core.registry import load

with installation(registry=load(("extension", "ivr", "recording"))):
    at = datetime.fromisoformat(sys.argv[2])
    PlanOverride.create(
        account=int(sys.argv[1]), feature="ivr.max_depth", value="unlimited", reason="Contract 17",
        author="anna@example.com", from_at=at, created_at=at,
    )
"""


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    """A company with one menu below another; at its top somebody is rung whom nobody records."""
    (tmp_path / "plans.yaml").write_text(PLANS)
    registry = load(("extension", "ivr", "recording"))
    kit = open_kit(tmp_path, registry=registry, plans=tmp_path / "plans.yaml")
    company = kit.company(plan="small")
    anna = company.employee("101", name="Anna")
    by_name = {table._meta.table_name: table for table in tables(registry)}
    menu, key = by_name["ivr_menus"], by_name["ivr_keys"]
    below = menu.create(account=company.account, name="Sales", prompt=BELOW)
    top = menu.create(account=company.account, name="Main", prompt=TOP, extensions=True)
    key.create(account=company.account, menu=top, key="1", target=f"ivr:{below.id}")
    key.create(account=company.account, menu=below, key="1", target=f"employee:{anna.id}")
    company.profile("ivr", menu=f"ivr:{top.id}")
    yield company
    close_kit(kit)


def override(company: Company, feature: str, value: Any, **columns: Any) -> PlanOverride:
    now = company.kit.clock()
    about = {"reason": "Contract 17", "author": "anna@example.com", "from_at": now}
    row = {"account": company.account, "feature": feature, "value": value, "created_at": now}
    return PlanOverride.create(**row, **{**about, **columns})


def end(row: PlanOverride | PlanTrial, at: datetime) -> None:
    row.ended_at = at
    row.save()


def trial(company: Company, plan: str, **length: float) -> PlanTrial:
    now = company.kit.clock()
    about = {"reason": "To try menus", "author": "ugo@example.com", "from_at": now}
    until = now + timedelta(**length)
    return PlanTrial.create(
        account=company.account, plan=plan, until=until, created_at=now, **about
    )


def later(company: Company) -> datetime:
    return company.kit.clock.forward(seconds=5)


def reasons(call: LiveCall) -> list[str]:
    return [entry["reason"] for entry in call.trace if entry["stage"] == "ivr"]


def reaches_anna(call: LiveCall) -> bool:
    """Whether two keys lead to Anna's phone, through the menu below."""
    for prompt in (TOP, BELOW):
        if call.says != [prompt]:
            return False
        call.press("1")
    return call.rings == ["employee:1"]


# --- A call keeps what held when it began -----------------------------------------------------


def test_a_call_outlives_the_override_that_gave_it_its_menu(company):
    rows = [override(company, "ivr", True), override(company, "ivr.max_depth", "unlimited")]
    running = company.call()
    assert running.says == [TOP]
    now = later(company)
    for row in rows:
        end(row, now)
    assert "not-in-plan" in reasons(company.call("+393330000002"))
    assert reaches_anna(running)


def test_a_call_does_not_get_what_is_given_while_it_runs(company):
    company.account.plan = "menus"
    company.account.save()
    running = company.call()
    now = later(company)
    override(company, "ivr.max_depth", "unlimited")
    running.press("1")
    assert "deeper than the plan allows" in " ".join(entry["reason"] for entry in running.trace)
    assert running.rings == []
    assert company.kit.clock() == now  # the very instant from which it holds
    assert reaches_anna(company.call("+393330000002"))


def test_a_call_outlives_the_trial_it_began_in(company):
    trial(company, "large", seconds=10)
    company.kit.clock.forward(seconds=9.999999)
    running = company.call()
    company.kit.clock.forward(seconds=0.000001)
    assert reasons(company.call("+393330000002")) == ["trial-ended"]
    assert reaches_anna(running)
    running.answered()
    running.talked()
    assert running.outcome == "answered"


def test_a_trial_ended_by_hand_is_over_for_the_next_call(company):
    row = trial(company, "large", days=30)
    running = company.call()
    end(row, later(company))
    skipped = [one for one in company.call("+393330000002").trace if one["stage"] == "ivr"]
    assert skipped[0]["decision"]["source"] == "trial"
    assert skipped[0]["decision"]["sentence"] == (
        "The trial that included Voice menu has ended (plan Small, plans.yaml:4, revision 1); "
        "plan Menus has it."
    )
    assert reaches_anna(running)


def test_a_call_outlives_a_change_of_the_matrix(company):
    trial(company, "large", days=30)
    override(company, "ivr.max_depth", 2)
    running = company.call()
    later(company)
    book = company.kit.app.book
    before, deadline = book.settled().number, time.monotonic() + 30
    book.path.write_text(PLANS.replace("ivr: true", "ivr: false"))
    while book.settled().number == before:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert reasons(company.call("+393330000002")) == ["not-in-plan"]
    assert reaches_anna(running)


# --- Every process ----------------------------------------------------------------------------


def test_what_another_process_gives_holds_for_the_next_call(company):
    company.account.plan = "menus"
    company.account.save()
    assert not reaches_anna(company.call())  # this process has read what the account has: nothing
    config, at = company.kit.app.config, later(company)
    environment = {"CENTRALINO_DATA": str(config.data), "CENTRALINO_PLANS": str(config.plans)}
    subprocess.run(
        [sys.executable, "-c", SET_OVERRIDE, str(company.account.id), at.isoformat()],
        env=os.environ | environment | {"CENTRALINO_DATABASE": config.database},
        check=True,
        timeout=60,
    )
    assert reaches_anna(company.call("+393330000002"))


def test_any_process_takes_the_next_event_of_a_call(company):
    """A second one, wired on the same database, remembers nothing of the call's beginning."""
    row = override(company, "ivr", True)
    override(company, "ivr.max_depth", 2)
    running = company.call()
    end(row, later(company))
    first = company.kit.app
    company.kit.app = Centralino(first.config, first.registry, first.store)
    assert reaches_anna(running)
    assert reasons(company.call("+393330000002")) == ["not-in-plan"]


# --- The quota --------------------------------------------------------------------------------


@pytest.fixture
def recorder(company) -> Company:
    """The same company, which records every call."""
    company.profile("recording", record_all=True)
    company.profile("extension", on=True)
    company.account.plan = "menus"
    company.account.save()
    override(company, "ivr.max_depth", 2)
    return company


def recorded(company: Company) -> bool:
    """A whole call; whether it is recorded."""
    call = company.call(f"+39333{company.kit.clock().timestamp():.0f}"[:15])
    assert reaches_anna(call)
    call.answered()
    call.talked(seconds=30)
    return any(order.record for order in call.orders)


def take(company: Company, units: int) -> None:
    """Calls that have been recorded before, made quickly."""
    gate, at = company.kit.app.gate, company.kit.clock()
    account = AccountRow.get_by_id(company.account.id).picture()
    for call in range(units):
        with gate.quota.store.transaction():
            decision = gate.grants(account, at).ask(QUOTA)
            assert gate.quota.take(account, decision, QUOTA, 10_000 + call, at).allowed
            gate.quota.start(account, QUOTA, 10_000 + call, at)


def balance(company: Company) -> tuple[Reason, int, int, int]:
    account = AccountRow.get_by_id(company.account.id).picture()
    one = company.kit.app.gate.ask(account, QUOTA, company.kit.clock())
    return one.reason, one.limit, one.used + one.held, one.remaining


def test_an_override_of_a_hundred_is_a_hundred_and_not_one_more(recorder):
    hundred = override(recorder, QUOTA, 100)
    take(recorder, 97)
    assert [recorded(recorder) for _ in range(5)] == [True, True, True, False, False]
    assert balance(recorder)[1:] == (100, 100, 0)

    end(hundred, later(recorder))  # raised: the count goes on, nothing begins anew
    override(recorder, QUOTA, 102)
    assert balance(recorder)[1:] == (102, 100, 2)
    assert [recorded(recorder) for _ in range(3)] == [True, True, False]
    assert balance(recorder)[1:] == (102, 102, 0)


def test_when_the_override_ends_the_plan_counts_what_was_used(recorder):
    override(recorder, QUOTA, 5, until=recorder.kit.clock() + timedelta(hours=1))
    take(recorder, 4)
    recorder.kit.clock.forward(hours=1)
    assert balance(recorder)[1:] == (3, 4, 0)
    assert not recorded(recorder)


def test_a_call_of_the_override_is_recorded_though_the_override_ends_before_anybody_answers(
    recorder,
):
    take(recorder, 3)
    row = override(recorder, QUOTA, 4)
    call = recorder.call()
    end(row, later(recorder))
    assert reaches_anna(call)
    assert call.order.record
    call.answered()
    call.talked()
    assert not recorded(recorder)
