"""Menus on the live engine: stages, the plan, other plugins' destinations, the trace."""

from types import SimpleNamespace

import pytest

from core.api import Offer, Result, ResultKind, RingOutcome, Say, Sound
from core.registry import load
from core.testing import close_kit, open_kit
from plugins.ivr import plugin
from plugins.ivr.menus import menus
from plugins.ivr.models import KeyRow, MenuRow
from plugins.ivr.tree import depth
from plugins.queue.models import GroupRow, MemberRow

PLANS = """
schema: 1
plans:
  small:
    title: Small
    features: {ivr: true, ivr.max_depth: 1}
  large:
    title: Large
    features:
      ivr: true
      ivr.max_depth: unlimited
      queue.max_groups: unlimited
      queue.max_members: unlimited
  none:
    title: None
    features: {}
"""


@pytest.fixture
def company(tmp_path):
    plan_file = tmp_path / "plans.yaml"
    plan_file.write_text(PLANS)
    registry = load(("extension", "forward", "ivr", "queue", "voicemail"))
    kit = open_kit(tmp_path, registry=registry, plans=plan_file)
    company = kit.company(plan="large")
    anna = company.employee("101", name="Anna")
    sales = MenuRow.create(account=company.account, name="Sales", prompt="Sales: 1 for Anna.")
    main = MenuRow.create(
        account=company.account, name="Main", prompt="Press 1 for sales.", extensions=True
    )
    for menu, key, target in (
        (main, "1", f"ivr:{sales.id}"),
        (sales, "1", f"employee:{anna.id}"),
        (sales, "*", "back"),
    ):
        KeyRow.create(account=company.account, menu=menu, key=key, target=target)
    company.profile("ivr", menu=f"ivr:{main.id}")
    yield company
    close_kit(kit)


def reasons(call, plugin="ivr"):
    return [entry["reason"] for entry in call.trace if entry["plugin"] == plugin]


def test_keys_lead_through_two_levels_to_an_employee(company):
    call = company.call()
    assert call.says == ["Press 1 for sales."]
    call.press("1")
    assert call.says == ["Sales: 1 for Anna."]
    call.press("1")
    assert call.rings == ["employee:1"]
    call.answered()
    call.talked()
    assert call.outcome == "answered"


def test_an_unknown_extension_is_a_wrong_key_whoever_was_rung_before(company):
    """How an earlier ringing of the call ended says nothing of this extension (ivozprovider#275:
    three kinds of failure, three counters)."""
    MenuRow.update(
        invalid_prompt="Wrong.", no_answer_prompt="Nobody.", no_answer_retries=1
    ).execute()
    call = company.call()
    call.press("1")
    call.press("1")
    call.no_answer()
    assert call.says[0] == "Nobody."
    call.press("*")
    call.press("555")
    assert call.says[0] == "Wrong."


def test_somebody_who_does_not_answer_leads_back_and_then_on(company):
    call = company.call()
    call.press("1")
    call.press("1")
    call.no_answer(RingOutcome.BUSY)
    assert "the menus are left: nobody answered in menu Sales, failure 1" in reasons(call)[-1]
    assert call.outcome == "missed"


def test_an_extension_is_dialled_in_the_menu(company):
    call = company.call()
    call.press("101")
    assert call.rings == ["employee:1"]


def test_an_extension_that_nobody_has_is_a_wrong_key(company):
    call = company.call()
    call.press("199")
    assert call.says == ["This key has no meaning here.", "Press 1 for sales."]


def test_a_plan_with_one_level_leaves_the_menu_below_out(company):
    company.account.plan = "small"
    company.account.save()
    call = company.call()
    call.press("1")
    assert call.step.__class__.__name__ == "Hangup"  # nobody else takes this number's calls
    assert "menu Sales is deeper than the plan allows" in " ".join(reasons(call))
    assert "ivr.max_depth" in [entry.get("feature") for entry in call.trace]


def test_a_plan_without_menus_skips_the_stage(company):
    company.account.plan = "none"
    company.account.save()
    call = company.call()
    assert ("ivr", "skipped") in [(entry["stage"], entry["result"]) for entry in call.trace]


def test_a_silent_caller_leaves_the_menu(company):
    call = company.call()
    for _ in range(3):
        assert call.says[-1] == "Press 1 for sales."
        call.silence()
    assert "no key pressed in menu Main, failure 3" in reasons(call)[-1]


def test_the_demo_company_has_two_levels(company):
    demo = company.kit.company(plan="large", number="+390687654321", name="Bianchi")
    demo.employee("101")
    made = SimpleNamespace(
        account=demo.account, lines=[demo.line], offers=[Offer("queue:3", "Sales")]
    )
    plugin.demo_company_created(demo.account.picture(), made)
    known = menus(type(demo.account).get_by_id(demo.account.id).picture())
    assert sorted(depth(known, one) for one in known) == [1, 2, 2]
    call = demo.call()
    assert call.says[0].startswith("Welcome to Bianchi.")
    call.press("1")
    assert call.says[0].startswith("For a new order")
    call.press("*")
    assert call.says[0].startswith("Welcome")
    call.press("0")
    assert "to queue:3" in reasons(call)


def test_an_excluded_extension_stays_excluded_in_a_menu(company):
    """R3; fusionpbx/fusionpbx#1990: what callers may dial is the same in the greeting and here."""
    company.profile("extension", greeting=True, dial_extension=True, excluded=["101"])
    call = company.call()
    call.result(Result(ResultKind.NO_INPUT))  # the greeting
    call.press("101")
    assert call.rings == []
    assert "extension 101 is excluded" in reasons(call, "extension")
    assert call.says == ["This key has no meaning here.", "Press 1 for sales."]
    call.press("1")
    call.press("1")
    assert call.rings == ["employee:1"]  # a key may lead to whom callers may not dial


@pytest.mark.parametrize("away", [False, True])
def test_a_group_that_nobody_answers_for_is_no_wrong_key(company, away):
    """R4: a destination that did not answer has a counter of its own; "continue" as the group's
    no-answer rule leaves it to the menu."""
    support = GroupRow.create(
        account=company.account, name="Support", extension="200", no_answer="continue"
    )
    bruno = company.employee("102", name="Bruno", available=not away)
    MemberRow.create(account=company.account, group=support, employee=bruno)
    MenuRow.update(
        invalid_prompt="Wrong.", no_answer_prompt="Nobody.", no_answer_retries=1
    ).execute()
    call = company.call()
    call.press("200")
    if not away:
        call.no_answer()
    assert call.says == ["Nobody.", "Press 1 for sales."]


def test_steps_say_in_which_menu_they_happen(company):
    call = company.call()
    main = call.step.place
    call.press("1")
    assert (main, call.step.place) == tuple(f"ivr:{id}" for id in (2, 1))


def test_a_sound_plays_in_the_place_of_the_text(company):
    MenuRow.update(sound="melodies:7").where(MenuRow.name == "Main").execute()
    company.account.version += 1
    company.account.save()
    call = company.call()
    assert call.step.prompts == (Sound("melodies:7", "Press 1 for sales."),)
    call.press("9")
    assert call.step.prompts[0] == Say("This key has no meaning here.")
