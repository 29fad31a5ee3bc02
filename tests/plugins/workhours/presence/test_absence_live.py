"""Through the engine: who has not started the day, or is on a break, is rung by no route (R7)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.api import save_profile
from core.store.accounts import PluginSwitch
from plugins.crm.models import ContactRow
from plugins.ivr.models import KeyRow, MenuRow
from plugins.queue.models import GroupRow, MemberRow
from plugins.workhours.presence.absence import _QUERY
from plugins.workhours.presence.changing import Action, Change, change, save_rules
from plugins.workhours.presence.days import Rules

START, PAUSE, RESUME, END = Action
GREETING = {"greeting": True, "greeting_text": "Hello.", "dial_extension": True}


@pytest.fixture
def company(centralino):
    """A company whose working day is switched on; nobody has started it."""
    company = centralino.company("professional")
    company.anna = company.employee("101", name="Anna", mobile="+393471111111")
    company.bruno = company.employee("102", name="Bruno")
    switch(company, on=True)
    return company


def switch(company, *, on):
    save_rules(company.account.picture(), Rules(on=on))
    company.account = type(company.account).get_by_id(company.account.id)


def press(company, employee, action, reason=""):
    change(company.account.picture(), employee, Change(action, reason), company.kit.clock())


def group(company, *members, **columns):
    """A group as the admin's page makes it, taken by the number."""
    row = GroupRow.create(account=company.account, name="Sales", extension="200", **columns)
    for place, one in enumerate(members):
        MemberRow.create(account=company.account, group=row, employee=one, position=place)
    company.profile("queue", group=f"queue:{row.id}")
    return row


def told(call):
    return "; ".join(entry["reason"] for entry in call.trace)


def test_a_group_rings_only_those_at_work(company):
    group(company, company.anna, company.bruno)
    press(company, company.bruno, START)
    call = company.call()
    assert call.rings == [f"employee:{company.bruno.id}"]
    assert "Anna (not started)" in told(call)


def test_all_skipped_leads_to_the_no_answer_rule_and_never_round_in_circles(company):
    group(company, company.anna, company.bruno, rounds=3)
    press(company, company.anna, START)
    press(company, company.anna, PAUSE, "lunch")
    call = company.call()
    assert call.step.word == "take-message"
    assert "Anna (on a break: lunch), Bruno (not started)" in told(call)
    assert len(call.trace) < 20


def test_a_dialled_extension_of_somebody_absent_is_not_rung(company):
    company.profile("extension", **GREETING)
    group(company, company.bruno)
    press(company, company.bruno, START)
    call = company.call()
    call.press("101")
    assert call.rings == [f"employee:{company.bruno.id}"]
    assert "Anna is not rung: not started" in told(call)


def test_not_even_their_own_phones(company):
    company.profile("extension", **GREETING, no_answer="phone")
    call = company.call()
    call.press("101")
    assert call.rings == []
    assert "Anna's own phones are not rung: not started" in told(call)


def test_an_absent_responsible_is_not_rung(company):
    ContactRow.create(account=company.account, name="Verdi", numbers=["+393331234567"],
                      responsible=company.anna, created_at=company.kit.clock())  # fmt: skip
    group(company, company.bruno)
    press(company, company.bruno, START)
    call = company.call("+393331234567")
    assert call.rings == [f"employee:{company.bruno.id}"]
    press(company, company.anna, START)
    company.kit.clock.forward(seconds=1)
    assert company.call("+393331234567").rings == [f"employee:{company.anna.id}"]


def test_a_menus_key_for_an_absent_employee_does_not_ring_them(company):
    menu = MenuRow.create(account=company.account, name="Main", prompt="Press 1.")
    KeyRow.create(account=company.account, menu=menu, key="1",
                  target=f"employee:{company.anna.id}")  # fmt: skip
    company.profile("ivr", menu=f"ivr:{menu.id}")
    call = company.call()
    call.press("1")
    assert call.rings == []
    assert "Anna is not rung: not started" in told(call)


def test_who_resumes_is_rung_again_by_the_next_call(company):
    group(company, company.anna)
    press(company, company.anna, START)
    press(company, company.anna, PAUSE)
    assert company.call().rings == []
    press(company, company.anna, RESUME)
    company.kit.clock.forward(seconds=1)
    assert company.call().rings == [f"employee:{company.anna.id}"]


def test_a_day_that_ended_by_itself_is_over_for_calls_too(company):
    group(company, company.anna)
    press(company, company.anna, START)
    company.kit.clock.now += timedelta(hours=12)
    assert company.call().rings == []


def test_until_it_is_switched_on_nobody_is_absent(company):
    group(company, company.anna)
    switch(company, on=False)
    assert company.call().rings == [f"employee:{company.anna.id}"]


def test_without_the_feature_in_the_plan_nobody_is_absent(company):
    group(company, company.anna)
    company.account.plan = "standard"
    company.account.save()
    assert company.call().rings == [f"employee:{company.anna.id}"]


@pytest.mark.parametrize("on", [True, False])
def test_a_person_is_absent_from_numbers_that_keep_no_hours_too(company, on):
    save_profile(company.line, "workhours", on=on)
    group(company, company.anna)
    assert company.call().rings == []


def test_an_account_that_switched_working_hours_off_has_no_working_day(company):
    PluginSwitch.create(account=company.account, plugin="workhours", on=False)
    group(company, company.anna)
    assert company.call().rings == [f"employee:{company.anna.id}"]


def test_who_works_is_found_by_one_lookup_in_an_index(company):
    plan = company.kit.app.store.rows(f"EXPLAIN QUERY PLAN {_QUERY}", (company.account.id,))
    assert "USING INDEX workhours_spans_open" in plan[0][-1]
