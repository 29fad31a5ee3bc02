"""Extensions through the engine: what wins over what, and who is not rung again (R1, R3, R5)."""

from __future__ import annotations

import pytest

from core.api import LineKind, RingOutcome
from plugins.crm.models import ContactRow
from plugins.ivr.models import KeyRow, MenuRow
from plugins.queue.models import GroupRow, MemberRow

GREETING = {"greeting": True, "greeting_text": "Hello.", "dial_extension": True}
CLIENT = "+393331234567"


@pytest.fixture
def company(centralino):
    company = centralino.company("professional")
    company.anna = company.employee("101", name="Anna", mobile="+393471111111")
    company.bruno = company.employee("102", name="Bruno")
    company.sales = GroupRow.create(account=company.account, name="Sales", extension="200")
    for place, one in enumerate((company.anna, company.bruno)):
        MemberRow.create(account=company.account, group=company.sales, employee=one, position=place)
    company.profile("queue", group=f"queue:{company.sales.id}")
    company.profile("extension", **GREETING)
    return company


def key(employee):
    return f"employee:{employee.id}"


def know(company, responsible):
    ContactRow.create(account=company.account, name="Verdi", numbers=[CLIENT],
                      responsible=responsible, created_at=company.kit.clock())  # fmt: skip


def told(call):
    return "; ".join(entry["reason"] for entry in call.trace)


def test_an_extension_dialled_in_the_greeting_wins_over_the_menu_behind_it(company):
    """fusionpbx#1990: digits that are both an extension and a key of the menu."""
    company.employee("1", name="Carla")
    menu = MenuRow.create(account=company.account, name="Main", prompt="Press 1.", extensions=True)
    KeyRow.create(account=company.account, menu=menu, key="1", target=key(company.bruno))
    company.profile("ivr", menu=f"ivr:{menu.id}")
    in_greeting = company.call()
    in_greeting.press("1")
    assert in_greeting.rings not in ([], [key(company.bruno)])
    company.kit.clock.forward(seconds=1)
    in_menu = company.call("+393339999999")
    in_menu.silence()
    in_menu.press("1")
    assert in_menu.rings == [key(company.bruno)]  # inside the menu an exact key wins


def test_a_dialled_employee_is_drawn_in_a_box_of_their_own(company):
    """The step names its place, because no Connect led there."""
    company.profile("extension", **GREETING, no_answer="phone")
    call = company.call()
    call.press("101")
    call.no_answer()
    places = [entry["place"] for entry in call.trace if "place" in entry]
    assert places == ["extension:101", f"phone:{company.anna.id}"]


def test_an_extension_nobody_has_goes_on_with_the_routing_and_says_so(company):
    call = company.call()
    call.press("999")
    assert call.rings != []
    assert "no employee has extension 999" in told(call)


def test_an_excluded_extension_goes_on_with_the_routing(company):
    company.profile("extension", **GREETING, excluded=["102"])
    call = company.call()
    call.press("102")
    assert "extension 102 is excluded" in told(call)
    assert call.rings != [key(company.bruno)]


def test_a_groups_extension_is_dialled_too(company):
    company.profile("queue", group="")
    call = company.call()
    call.press("200")
    assert call.rings == [key(company.anna)]


def test_who_rejects_as_dialled_extension_is_not_rung_as_responsible_nor_in_the_group(company):
    """mikopbx/Core#1043: a rejected call rings the same phone over and over."""
    know(company, company.bruno)
    call = company.call(CLIENT)
    call.press("102")
    assert call.rings == [key(company.bruno)]
    call.no_answer(RingOutcome.DECLINED)
    rung = [call.rings]
    while call.step.word == "ring":
        call.no_answer()
        rung.append(call.rings)
    assert [key(company.anna)] in rung
    assert [key(company.bruno)] not in rung
    assert "Bruno is not rung: refused this call" in told(call)
    assert "Bruno (refused this call)" in told(call)


def test_who_rejects_is_not_rung_on_their_own_phones_by_the_no_answer_rule(company):
    """mikopbx/Core#1043, on another phone of the same person."""
    company.profile("extension", **GREETING, no_answer="phone")
    call = company.call()
    call.press("101")
    call.no_answer(RingOutcome.DECLINED)
    assert call.rings == [key(company.bruno)]  # routing continues: the group's other member


def test_a_responsible_without_a_desk_phone_is_rung_once_on_each_own_phone(company):
    """R5: the mobile that stood for the desk phone is not rung again by "employee's phone"."""
    carla = company.employee("103", name="Carla", sip="", mobile="+393472222222",
                             other_number="+390612345670")  # fmt: skip
    know(company, carla)
    company.profile("extension", greeting=False)
    company.profile("crm", no_answer="phone")
    call = company.call(CLIENT)
    rung = []
    while call.step.word == "ring" and call.rings == [key(carla)]:
        rung.append(call.step.targets[0].number)
        call.no_answer()
    assert rung == [carla.mobile, carla.other_number]


def test_the_next_call_rings_them_again(company):
    company.call().press("101")
    call = company.call("+393339999999")
    company.kit.clock.forward(seconds=1)
    call.press("102")
    call.no_answer(RingOutcome.DECLINED)
    company.kit.clock.forward(seconds=1)
    another = company.call("+393338888888")
    another.press("102")
    assert another.rings == [key(company.bruno)]


@pytest.mark.parametrize(
    ("sip_to", "rung", "says"),
    [
        ("102", "bruno", "rings Bruno"),
        ("+390612345678;102", "bruno", "rings Bruno"),
        ("999", None, "SIP To '999' is no employee's extension: routing continues"),
    ],
)
def test_the_choice_of_the_pbx_comes_before_everything_else(company, sip_to, rung, says):
    company.line.kind = LineKind.SIP_PBX
    company.line.save()
    call = company.call(sip_to=sip_to)
    assert call.rings == ([key(getattr(company, rung))] if rung else [])
    assert says in told(call)


def test_a_busy_employee_chosen_by_the_pbx_falls_through(company):
    company.line.kind = LineKind.SIP_PBX
    company.line.save()
    company.call("+393335555555", sip_to="102")
    call = company.call(CLIENT, sip_to="102")
    assert call.step.word == "gather"  # the greeting
    assert "Bruno is not rung: busy" in told(call)


@pytest.mark.parametrize(
    ("rule", "step", "who"),
    [("queue", "ring", "bruno"), ("phone", "ring", "anna"), ("voicemail", "take-message", None)],
)
def test_a_responsible_who_does_not_answer_leaves_the_call_to_the_rule(company, rule, step, who):
    know(company, company.anna)
    company.profile("extension")
    company.profile("crm", no_answer=rule)
    call = company.call(CLIENT)
    assert call.rings == [key(company.anna)]
    call.no_answer()
    assert call.step.word == step
    assert call.rings == ([key(getattr(company, who))] if who else [])


@pytest.mark.parametrize(
    ("rule", "word"), [("queue", "ring"), ("phone", "ring"), ("voicemail", "take-message")]
)
def test_a_responsible_who_cannot_be_rung_is_not_waited_for(company, rule, word):
    know(company, company.anna)
    company.profile("extension")
    company.profile("crm", no_answer=rule)
    company.anna.available = False
    company.anna.save()
    call = company.call(CLIENT)
    assert call.step.word == word
    assert call.rings == ([key(company.bruno)] if word == "ring" else [])
    assert "Anna is not rung: not available" in told(call)


def test_a_call_answered_by_one_is_missed_by_nobody(company):
    """FreePBX/issue-tracker#734: the others of the group got a notice of a missed call."""
    company.profile("extension")
    company.sales.strategy = "all"
    company.sales.save()
    call = company.call()
    assert set(call.rings) == {key(company.anna), key(company.bruno)}
    call.answered()
    call.talked(300, caller_gone=True)
    assert call.outcome == "answered"


def test_who_hangs_up_before_anybody_was_offered_has_abandoned_after_it_is_missed(company):
    early = company.call()
    early.hang_up()
    assert early.outcome == "abandoned"
    company.kit.clock.forward(seconds=1)
    late = company.call("+393339999999")
    late.silence()
    late.hang_up()
    company.kit.jobs(31)
    assert late.outcome == "missed"
