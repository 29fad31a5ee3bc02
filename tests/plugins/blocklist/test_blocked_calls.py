"""Calls through the engine that meet the block list (R8)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.api import LineRow, Outcome
from core.store.accounts import PluginSwitch
from plugins.blocklist import lookup
from plugins.blocklist.models import EntryRow, Gets
from plugins.blocklist.patterns import WITHHELD
from tests.plugins.blocklist.conftest import CALLER


def blocked(call):
    return call.outcome == "rejected"


def told(call):
    return "; ".join(entry["reason"] for entry in call.trace)


def test_nobody_is_blocked_at_first(company):
    assert company.call(CALLER).rings


@pytest.mark.parametrize("pattern", [CALLER, "+39333*", "+39333123456?", "+*"])
def test_a_blocked_caller_is_rejected_before_anything_else(company, block, pattern):
    block(pattern, reason="surveys")
    call = company.call(CALLER)
    assert (call.step.word, call.step.outcome, call.step.busy) == (
        "reject", Outcome.REJECTED, False,
    )  # fmt: skip
    assert blocked(call)
    assert f"blocked: {pattern} (surveys)" in told(call)
    assert [one["stage"] for one in call.trace] == ["block-list"]


def test_what_the_caller_gets_is_a_choice(company, block):
    row = block(gets=Gets.BUSY)
    assert company.call(CALLER).step.busy
    row.gets, row.message = Gets.MESSAGE, "Go away."
    row.save()
    company.kit.clock.forward(seconds=1)
    call = company.call(CALLER)
    assert (call.says, blocked(call)) == (["Go away."], True)


def test_callers_who_withhold_their_number_are_a_choice(company, block):
    assert company.call("").rings
    block(WITHHELD)
    company.kit.clock.forward(seconds=1)
    assert blocked(company.call(""))
    assert not blocked(company.call(CALLER))


def test_everybody_does_not_mean_those_who_withhold_their_number(company, block):
    block("+*")
    assert not blocked(company.call(""))


def test_an_entry_can_be_for_one_number_only(company, block):
    other = LineRow.create(account=company.account, gateway=company.gateway, number="+390699999999")
    block(line=other)
    assert not blocked(company.call(CALLER))
    company.line = other
    company.kit.clock.forward(seconds=1)
    assert blocked(company.call(CALLER))


def test_an_entry_ends(company, block):
    block(until=company.kit.clock() + timedelta(hours=1))
    assert blocked(company.call(CALLER))
    company.kit.clock.forward(hours=1)
    assert not blocked(company.call(CALLER))


def test_the_most_exact_entry_counts(company, block):
    block("+39*")
    block("+39333*", gets=Gets.ALLOW, reason="friends")
    call = company.call(CALLER)
    assert not blocked(call)
    assert "let through: +39333* (friends)" in told(call)
    block(CALLER)
    company.kit.clock.forward(seconds=1)
    assert blocked(company.call(CALLER))


def test_another_accounts_list_does_not_count(company, block):
    other = company.kit.company("free", "+33140000000")
    block(account=other.account)
    assert not blocked(company.call(CALLER))


def test_an_employee_who_calls_from_their_own_phone_is_let_through(company, block):
    block("+39347*")
    call = company.call("+393471111111")
    assert not blocked(call)
    assert "Anna's own phone" in told(call)


def test_a_lookup_that_fails_lets_the_call_through(company, block, monkeypatch):
    block()
    monkeypatch.setattr(lookup, "query", lambda keys, mark: "SELECT nothing FROM nowhere")
    call = company.call(CALLER)
    assert call.rings
    fault = next(one for one in call.trace if one["result"] == "fault")
    assert (fault["plugin"], "OperationalError" in fault["reason"]) == ("blocklist", True)


@pytest.mark.parametrize("off", ["account", "number"])
def test_switched_off_nobody_is_blocked(company, block, off):
    block()
    if off == "account":
        PluginSwitch.create(account=company.account, plugin="blocklist", on=False)
    else:
        company.profile("blocklist", on=False)
    assert not blocked(company.call(CALLER))


def test_refused_calls_are_counted_when_they_are_over(company, block):
    row, version = block(), type(company.account).get_by_id(company.account.id).version
    at = company.kit.clock()
    company.call(CALLER)
    company.kit.jobs()
    row = EntryRow.get_by_id(row.id)
    assert (row.hits, row.last_hit_at) == (1, at)
    # Counting is no change of the configuration.
    assert type(company.account).get_by_id(company.account.id).version == version


def test_ten_thousand_entries_are_found_through_the_index(company, block):
    made = company.kit.clock()
    rows = [
        {"account": company.account.id, "pattern": f"+3906{number:07}", "created_at": made,
         "prefix": f"+3906{number:07}"}
        for number in range(10_000)
    ]  # fmt: skip
    for start in range(0, len(rows), 500):
        EntryRow.insert_many(rows[start : start + 500]).execute()
    store = company.kit.app.store
    keys = lookup.keys_of(CALLER)
    plan = store.rows(
        "EXPLAIN QUERY PLAN " + lookup.query(len(keys), "?"),
        (company.account.id, *keys, company.line.id),
    )
    assert "USING INDEX" in plan[0][-1]
    assert "prefix=?" in plan[0][-1]
    block("+39333*")
    assert blocked(company.call(CALLER))
    assert blocked(company.call("+39060000042"))
