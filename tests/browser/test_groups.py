"""Groups in the browser: made from a number's card, put in order, waiting and overflow (R6, N1)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

ADMIN = "admin@enterprise.demo.example"


@pytest.fixture(
    params=[
        ("en", "New group", "Save", "Chosen here", "one after the other"),
        ("it", "Nuovo gruppo", "Salva", "Scelto qui", "uno dopo l'altro"),
    ],
    ids=["en", "it"],
)
def words(request):
    """A language, and its words on the way."""
    return request.param


def open_card(page: Page) -> str:
    """The card of the first number; its address."""
    page.goto("/lines/")
    page.locator("tbody a[href^='/lines/']").first.click()
    page.wait_for_url(re.compile(r"/lines/\d+/"))
    return page.url


def test_a_group_is_made_from_the_card_and_chosen_there(open_as, words):
    language, new_group, save, chosen_here, one_by_one = words
    name = f"Support {language}"
    page = open_as(ADMIN, locale=language).page
    card = open_card(page)
    page.locator("[data-all]").click()
    text = page.locator("[name='extension.greeting_text']")
    text.fill("Typed before leaving the card.")
    page.get_by_role("link", name=new_group).click()
    page.wait_for_load_state()  # its script, too

    page.locator("#name").fill(name)
    rows = page.locator(".member")
    for number in range(3):
        page.locator("[data-inline-add]").click()
        rows.nth(number).locator("select").select_option(index=number + 1)
    names = [one.split(" (")[0] for one in rows.locator("option:checked").all_inner_texts()]
    sentence = page.locator("[data-sentence]")
    expect(sentence).to_contain_text(f"{names[0]}, {names[1]}")
    expect(sentence).to_contain_text(one_by_one)

    rows.nth(2).locator("[data-move=up]").click()
    last = rows.nth(2)
    below = {"x": 10, "y": last.bounding_box()["height"] - 5}
    rows.nth(0).locator(".member-handle").drag_to(last, target_position=below)
    order = [names[2], names[1], names[0]]
    expect(sentence).to_contain_text(f"{order[0]}, {order[1]}")
    page.locator("button.btn-primary[type=submit]", has_text=save).click()

    page.wait_for_url(re.compile(re.escape(card.partition("#")[0])))
    group = page.locator("[name='queue.group']")
    assert group.locator("option:checked").inner_text() == name
    expect(page.get_by_text(chosen_here)).to_have_count(1)
    assert text.input_value() == "Typed before leaving the card."
    page.locator(".card-form button.btn-primary").click()
    page.wait_for_load_state()
    assert group.locator("option:checked").inner_text() == name
    expect(page.get_by_text(chosen_here)).to_have_count(0)
    assert text.input_value() == "Typed before leaving the card."

    page.locator("[data-edits='queue.group']").click()
    expect(rows).to_have_count(3)
    kept = rows.locator("option:checked").all_inner_texts()
    assert [one.split(" (")[0] for one in kept] == order


def test_only_what_matters_for_the_rule_is_shown(open_as):
    page = open_as(ADMIN).page
    page.goto("/queue_groups/new/")
    shown = {
        name: page.locator(f"#{name}")
        for name in ("wait_minutes", "no_answer_employee", "no_answer_number", "no_answer_group")
    }

    def visible() -> list[str]:
        return [name for name, field in shown.items() if field.is_visible()]

    assert visible() == []
    page.locator("#no_answer").select_option("queue")
    assert visible() == ["no_answer_group"]
    page.locator("#no_answer").select_option("wait")
    assert visible() == ["wait_minutes"]
    page.locator("#after_wait").select_option("number")
    assert visible() == ["wait_minutes", "no_answer_number"]


def test_without_a_script_members_are_added_and_moved(browser, demo, open_as, signed_in):
    open_as(ADMIN)
    context = browser.new_context(
        base_url=demo.url, storage_state=signed_in[ADMIN], java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/queue_groups/new/")
    page.locator("#name").fill("Without script")
    rows = page.locator(".member")
    for number in range(2):
        page.get_by_role("button", name="Add a member").click()
        expect(rows).to_have_count(number + 1)
        rows.nth(number).locator("select").select_option(index=number + 1)
    first, second = rows.locator("option:checked").all_inner_texts()
    rows.nth(1).get_by_role("button", name="Up").click()
    expect(rows.nth(0).locator("option:checked")).to_have_text(second)
    assert rows.locator("option:checked").all_inner_texts() == [second, first]
    assert page.locator("#name").input_value() == "Without script"
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Record was successfully").wait_for()
    page.goto("/queue_groups/?search=Without")
    page.get_by_role("link", name="Without script").click()
    expect(rows).to_have_count(2)
    assert rows.locator("option:checked").all_inner_texts() == [second, first]
    context.close()
