"""The fraud guard (O8): what is dialled, and what is not."""

from __future__ import annotations

import time

import pytest

from core.contract.steps import Hangup, Ring, Say
from tests.calls.plugins import Desk, phone

ITALIAN, ITALIAN_TOO = "+390699999999", "+390688888888"


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+12025550123", "is in US; this account dials IT only"),
        ("+39899123456", "is a premium-rate number"),
        ("+39848123456", "is a shared-cost number"),
        ("0612345678", "is no full number"),
        ("+3906", "does not exist"),
        ("+390612345678", "is a number of this account"),
    ],
)
def test_what_is_refused_and_why(install, number, why):
    kit = install(desk=Desk(phone(number)))
    call = kit.company("full").call()
    assert isinstance(call.step, Hangup)
    refused = [entry for entry in call.trace if entry["stage"] == "guard"]
    assert why in refused[0]["reason"]
    assert number in refused[0]["reason"]


def test_a_country_can_be_allowed(install):
    kit = install(desk=Desk(phone("+33142685300")))
    assert kit.company("full").call().rings == []
    other = kit.company("full", number="+390612345679", dial_countries="IT, fr")
    assert other.call().rings == ["number:+33142685300"]


def test_emergency_numbers_pass_always(install):
    kit = install(desk=Desk(phone("112")))
    company = kit.company("full", dial_countries="FR", dial_concurrent=0, dial_daily=0)
    assert isinstance(company.call().step, Ring)


def test_only_so_many_at_a_time(install):
    kit = install(desk=Desk(phone(ITALIAN)))
    company = kit.company("full", dial_concurrent=1)
    first = company.call()
    second = company.call("+393339999999")
    assert isinstance(first.step, Ring)
    assert isinstance(second.step, Hangup)
    assert "1 outside calls at a time" in str(second.trace)
    first.hang_up()
    assert isinstance(company.call("+393338888888").step, Ring)


def test_only_so_many_a_day_of_the_account(install):
    kit = install(desk=Desk(phone(ITALIAN)))
    company = kit.company("full", dial_daily=1)
    company.call().hang_up()
    assert isinstance(company.call("+393339999999").step, Hangup)
    kit.clock.forward(hours=13, minutes=59)  # 23:59 in Rome, still the same day
    assert isinstance(company.call("+393338888888").step, Hangup)
    kit.clock.forward(minutes=1)
    assert isinstance(company.call("+393337777777").step, Ring)


def test_of_several_targets_the_good_ones_ring(install):
    kit = install(desk=Desk(phone("+12025550123"), phone(ITALIAN_TOO)))
    assert kit.company("full").call().rings == [f"number:{ITALIAN_TOO}"]


def test_a_backup_number_passes_the_same_guard(install):
    kit = install(desk=Desk(phone("+12025550123")))
    call = kit.company("full", backup_number="+39899123456").call()
    assert isinstance(call.step, Hangup)


def test_a_cap_reached_while_a_caller_thinks_about_consent(install):
    terms = {"consent": "opt-in", "notice": (Say("May we record?"),)}
    kit = install(desk=Desk(phone(ITALIAN), terms=terms))
    company = kit.company("full", dial_concurrent=1)
    first, second = company.call("+393331110001"), company.call("+393331110002")
    first.press("1")
    assert first.rings == [f"number:{ITALIAN}"]
    started = time.monotonic()
    second.press("1")
    assert second.rings == []
    assert second.outcome == "missed"
    assert time.monotonic() - started < kit.app.config.answer_seconds, (
        "asked once more, not until the time is up"
    )
