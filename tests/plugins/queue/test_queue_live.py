"""Groups, extensions, voicemail and forwarding together, on the live engine."""

from __future__ import annotations

import pytest

from core import api
from core.api import RingOutcome
from core.registry import load
from core.testing import close_kit, open_kit
from plugins.queue.models import GroupRow, MemberRow

PLANS = """
schema: 1
plans:
  small:
    title: Small
    features: {queue.max_groups: 1, queue.max_members: 3}
  large:
    title: Large
    features: {queue.ring_all: true, queue.max_groups: unlimited, queue.max_members: unlimited}
"""
OUTSIDE = "+390687654321"


@pytest.fixture
def company(tmp_path):
    plan_file = tmp_path / "plans.yaml"
    plan_file.write_text(PLANS)
    registry = load(("extension", "forward", "queue", "voicemail"))
    kit = open_kit(tmp_path, registry=registry, plans=plan_file)
    company = kit.company(plan="large")
    company.anna = company.employee("101", name="Anna")
    company.bruno = company.employee("102", name="Bruno")
    company.sales = GroupRow.create(account=company.account, name="Sales", extension="200")
    for position, employee in enumerate((company.anna, company.bruno)):
        MemberRow.create(
            account=company.account, group=company.sales, position=position, employee=employee
        )
    company.profile("queue", group=f"queue:{company.sales.id}")
    yield company
    close_kit(kit)


def change(row, **columns):
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()


def keys(*employees):
    return [f"employee:{employee.id}" for employee in employees]


def test_calls_are_shared_out_evenly(company):
    first = company.call("+393331111111")
    assert first.rings == keys(company.anna)
    first.answered()
    first.talked()
    second = company.call("+393332222222")
    assert second.rings == keys(company.bruno)
    second.answered()
    second.talked()
    assert company.call("+393333333333").rings == keys(company.anna)


def test_who_is_rung_by_another_call_is_skipped(company):
    company.call("+393331111111")
    second = company.call("+393332222222")
    assert second.rings == keys(company.bruno)
    third = company.call("+393333333333")
    assert isinstance(third.step, api.TakeMessage)
    assert "Anna (busy), Bruno (busy)" in str(third.trace)


def test_the_next_member_then_voicemail_of_the_group(company):
    call = company.call()
    call.no_answer()
    assert call.rings == keys(company.bruno)
    call.no_answer()
    assert call.step.recipient == f"queue:{company.sales.id}"
    call.left_message(12)
    assert isinstance(call.step, api.Hangup)
    call.hang_up()
    assert call.outcome == "voicemail"


def test_who_declined_is_not_rung_again(company):
    change(company.sales, rounds=2, strategy="order")
    call = company.call()
    call.no_answer(RingOutcome.DECLINED)
    call.no_answer()
    assert call.rings == keys(company.bruno)
    call.no_answer()
    assert isinstance(call.step, api.TakeMessage)


def test_a_pause_after_a_talk(company):
    change(company.sales, strategy="order", wrap_up_seconds=60)
    call = company.call("+393331111111")
    call.answered()
    call.talked()
    call.hang_up()
    assert company.call("+393332222222").rings == keys(company.bruno)


def test_ring_all_and_without_it(company):
    change(company.sales, strategy="all")
    assert company.call("+393331111111").rings == keys(company.anna, company.bruno)


def test_ring_all_outside_the_plan_says_so_in_the_trace(company):
    change(company.sales, strategy="all")
    change(company.account, plan="small")
    call = company.call()
    assert call.rings == keys(company.anna)
    refused = [one for one in call.trace if one.get("feature") == "queue.ring_all"]
    assert [one["reason"] for one in refused] == ["not-in-plan"]


def test_nobody_there_and_the_call_is_forwarded(company):
    change(company.anna, available=False)
    change(company.bruno, available=False)
    change(company.sales, no_answer="number", no_answer_number=OUTSIDE)
    call = company.call()
    assert call.rings == [f"number:{OUTSIDE}"]
    call.answered()
    call.talked()
    call.hang_up()
    assert call.outcome == "forwarded"


def test_what_the_guard_refuses_comes_back_to_the_group(company):
    change(company.sales, no_answer="number", no_answer_number=company.line.number)
    call = company.call()
    call.no_answer()
    call.no_answer()
    assert call.step.recipient == f"queue:{company.sales.id}"
    assert "the call would come back" in str(call.trace)
    call.hang_up()
    call.left_message(0)
    assert call.outcome == "missed"


@pytest.mark.parametrize("kind", ["phone", "number"])
def test_a_rule_that_reaches_nobody_is_followed_by_voicemail_and_not_by_the_backup(company, kind):
    """R6: an admin who sends calls to a phone outside loses none of them."""
    change(company.line, backup_number="+390699999999")
    boss = company.employee("103", name="Boss", mobile=OUTSIDE)
    change(company.sales, no_answer=kind, no_answer_employee=boss, no_answer_number=OUTSIDE)
    call = company.call()
    call.no_answer()
    call.no_answer()
    assert [leg.target.number for leg in call.order.legs] == [OUTSIDE]
    call.no_answer(RingOutcome.BUSY)
    assert call.step.recipient == f"queue:{company.sales.id}"
    call.left_message(7)
    call.hang_up()
    assert call.outcome == "voicemail"


def test_an_extension_dialled_in_the_greeting_wins_over_the_group(company):
    company.profile(
        "extension",
        greeting=True,
        dial_extension=True,
        greeting_text="Hello.",
        no_answer="voicemail",
    )
    call = company.call()
    assert call.says == ["Hello."]
    call.press("102")
    assert call.rings == keys(company.bruno)
    call.no_answer()
    assert call.step.recipient == f"employee:{company.bruno.id}"


def test_a_group_s_extension_and_an_unknown_one(company):
    company.profile("extension", greeting=True, dial_extension=True)
    change(company.sales, no_answer="continue")
    company.profile("queue", group="")
    call = company.call("+393331111111")
    call.press("200")
    assert call.rings == keys(company.anna)
    call = company.call("+393332222222")
    call.press("999")
    assert isinstance(call.step, api.Hangup)
    assert "no group has extension 999" in str(call.trace)


def test_an_employee_s_own_phone_rings_after_their_sip_phone(company):
    change(company.anna, mobile="+393471111111")
    company.profile("extension", greeting=True, dial_extension=True, no_answer="phone")
    call = company.call()
    call.press("101")
    assert isinstance(call.order.legs[0].target, api.Sip)
    call.no_answer()
    assert call.order.legs[0].target == api.Phone("+393471111111", company.anna.id, confirm=True)


# --- What A has answered, B has not missed (FreePBX/issue-tracker#734, R9) ---


def test_who_rang_with_the_one_who_answered_has_missed_nothing(company):
    """FreePBX/issue-tracker#734: false missed calls, told only after the talk."""
    change(company.sales, strategy="all")
    call = company.call()
    anna, bruno = (leg.number for leg in call.order.legs)
    call.answered(anna)
    call.talked(300)
    call.hang_up()
    assert call.outcome == "answered"
    assert ended(company) == [(anna, company.anna.id, "answered"), (bruno, company.bruno.id, NOT)]
    assert missed_calls(company) == 0


def test_who_was_rung_before_the_one_who_answered_has_missed_nothing(company):
    """FreePBX/issue-tracker#734, one after the other."""
    call = company.call()
    call.no_answer()
    call.answered()
    call.talked(300)
    call.hang_up()
    assert call.outcome == "answered"
    assert missed_calls(company) == 0


def test_a_call_that_nobody_took_is_missed_once(company):
    change(company.sales, strategy="all", no_answer="hangup")
    call = company.call()
    call.no_answer()
    assert call.outcome == "missed"
    assert missed_calls(company) == 1


NOT = "no-answer"


def ended(company):
    """How each phone ended: number, employee, outcome."""
    rows = api.LegRow.of(company.account).order_by(api.LegRow.number)
    return [(leg.number, leg.employee, leg.ring) for leg in rows]


def missed_calls(company):
    return api.CallRow.of(company.account).where(api.CallRow.outcome == "missed").count()
