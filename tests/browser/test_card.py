"""A number's card in a browser: change, a fault on its field, YAML out and in, compare, copy."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

ADMIN = "admin@enterprise.demo.example"
WORDS = {
    "en": {
        "save": "Save", "unsaved": "Not saved yet.", "fault": "One setting cannot be saved:",
        "reason": "9999 is not between", "settings": "All settings", "import": "Import YAML …",
        "compare": "Compare with another number …", "do_compare": "Compare", "saved": "Saved.",
        "copy": "Copy to other numbers …", "review": "Review", "all": "all 2 others",
        "save_all": "Save on all of them", "sheet": "Voicemail", "copied": "Copied to 2 numbers.",
        "line": "Line",
    },
    "it": {
        "save": "Salva", "unsaved": "Non ancora salvato.",
        "fault": "Un’impostazione non può essere salvata:", "reason": "9999 non è tra",
        "settings": "Tutte le impostazioni", "import": "Importare YAML …",
        "compare": "Confrontare con un altro numero …", "do_compare": "Confronta",
        "saved": "Salvato.", "copy": "Copiare su altri numeri …", "review": "Verifica",
        "all": "tutti gli altri 2", "save_all": "Salvare su tutti", "sheet": "Segreteria",
        "copied": "Copiato su 2 numeri.", "line": "Riga",
    },
}  # fmt: skip
SECONDS = {"en": "47", "it": "48"}
"""What each language's test leaves behind is its own."""


@pytest.fixture(params=WORDS)
def said(request) -> tuple[str, dict[str, str]]:
    """A language, and what the page says in it."""
    return request.param, WORDS[request.param]


def open_card(page: Page, row: int = 0) -> None:
    page.goto(first_cards(page)[row])
    page.locator("[data-all]").click()


def choose(page: Page, menu: str, entry: str) -> None:
    page.get_by_text(menu, exact=True).click()
    page.get_by_role("link", name=entry).click()


def first_cards(page: Page) -> list[str]:
    """The addresses of the cards, in the order of the list."""
    page.goto("/lines/")
    links = page.locator("tbody tr td:nth-child(2) a").evaluate_all(
        "found => found.map(one => one.getAttribute('href'))"
    )
    return [one for one in links if re.fullmatch(r"/lines/\d+/", one)]


def test_the_main_path(open_as, said):
    language, words = said
    page = open_as(ADMIN, locale=language).page
    first, second, _ = first_cards(page)
    page.goto(first)
    page.locator("[data-all]").click()

    # A fault is on its field and at the top; nothing typed is lost.
    seconds = page.locator("[name='voicemail.max_seconds']")
    seconds.fill("9999")
    expect(page.get_by_text(words["unsaved"])).to_be_visible()
    page.get_by_role("button", name=words["save"], exact=True).click()
    expect(page.get_by_text(words["fault"])).to_be_visible()
    page.locator("#faults a").click()
    expect(page.locator("#setting-voicemail-max_seconds .field-error")).to_contain_text(
        words["reason"]
    )
    expect(seconds).to_have_value("9999")

    # Mended and saved, one stays where one was.
    seconds.fill(SECONDS[language])
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    place = "document.getElementById('disable').getBoundingClientRect().top"
    before = page.evaluate(place)
    page.get_by_role("button", name=words["save"], exact=True).click()
    expect(page.locator(".alert-success")).to_contain_text(words["saved"])
    expect(seconds).to_have_value(SECONDS[language])
    page.wait_for_function(f"before => Math.abs({place} - before) < 100", arg=before)
    expect(page.locator("[data-saved]")).to_contain_text(words["saved"])
    expect(page.locator("[data-saved]")).to_be_in_viewport()

    # YAML out of this one, into the other: first with a mistake.
    page.evaluate("window.scrollTo(0, 0)")
    choose(page, words["settings"], words["import"])
    text = page.locator("textarea.profile-text").input_value()
    assert f"max_seconds: {SECONDS[language]}" in text
    page.goto(second)
    choose(page, words["settings"], words["import"])
    page.locator("textarea.profile-text").fill(text.replace("max_seconds", "max_secnds"))
    page.get_by_role("button", name=words["review"]).click()
    expect(page.locator(".alert-danger")).to_contain_text(words["line"])
    expect(page.locator(".alert-danger")).to_contain_text("max_seconds")
    page.locator("textarea.profile-text").fill(
        f"schema: 1\nplugins: {{voicemail: {{settings: {{max_seconds: 3{SECONDS[language]}}}}}}}\n"
    )
    page.get_by_role("button", name=words["review"]).click()
    expect(page.locator(".will-be")).to_have_text([f"3{SECONDS[language]}"])
    page.get_by_role("button", name=words["save"], exact=True).click()
    expect(page.locator(".alert-success")).to_contain_text(words["saved"])
    assert page.url.endswith(second)

    # Side by side they differ in it.
    choose(page, words["settings"], words["compare"])
    page.locator("select[name=other]").select_option(first.split("/")[2])
    page.get_by_role("button", name=words["do_compare"], exact=True).click()
    row = page.locator("tr", has=page.get_by_text(f"3{SECONDS[language]}", exact=True))
    expect(row.locator("td").nth(2)).to_have_text(SECONDS[language])

    # Copied to all, they are the same.
    page.goto(first)
    choose(page, words["settings"], words["copy"])
    page.get_by_label(words["sheet"], exact=True).check()
    page.get_by_label(words["all"]).check()
    page.get_by_role("button", name=words["review"]).click()
    expect(page.locator(".will-be").first).to_have_text(SECONDS[language])
    page.get_by_role("button", name=words["save_all"]).click()
    expect(page.get_by_text(words["copied"])).to_be_visible()
    page.goto(second)
    expect(seconds).to_have_value(SECONDS[language])


def test_a_warning_is_seen_after_saving(open_as):
    page = open_as(ADMIN).page
    open_card(page, 2)
    group = page.locator("[name='queue.group']")
    before = group.input_value()
    for chosen, warns in (("", True), (before, False)):
        group.select_option(chosen)
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".alert-success")).to_contain_text("Saved.")
        warning = page.locator(".alert-warning[role=status]")
        expect(warning).to_have_count(int(warns))
        if warns:
            expect(warning).to_be_in_viewport()


def test_leaving_with_unsaved_changes_asks(open_as):
    page = open_as(ADMIN).page
    open_card(page)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("[name='voicemail.max_seconds']").fill("77")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Numbers", exact=True).first.click()
    assert asked == ["beforeunload"]
    assert re.search(r"/lines/\d+/$", page.url)
    page.get_by_role("link", name="Discard").click()
    expect(page.locator("[name='voicemail.max_seconds']")).not_to_have_value("77")
    assert asked == ["beforeunload"]


def test_a_switched_on_sheet_opens(open_as):
    page = open_as(ADMIN).page
    open_card(page, 2)
    page.locator("[data-all]").click()
    sheet = page.locator("#sheet-ivr")
    expect(sheet.locator(".sheet-body")).not_to_have_attribute("open", "")
    sheet.locator("label[for='ivr:on']").click()
    expect(sheet.locator("[name='ivr.menu']")).to_be_visible()
    page.get_by_role("link", name="Discard").click()


def test_sheets_that_were_open_stay_open_and_a_changed_one_says_so(open_as):
    page = open_as(ADMIN).page
    page.goto(first_cards(page)[0])
    voicemail = page.locator("#sheet-voicemail .sheet-body")
    seconds = page.locator("[name='voicemail.max_seconds']")
    expect(seconds).to_be_hidden()
    voicemail.locator("summary").click()
    page.reload()
    expect(seconds).to_be_visible()
    expect(page.locator(".sheet-body[open]")).to_have_count(1)
    seconds.fill("78")
    seconds.blur()
    voicemail.locator("summary").click()
    expect(voicemail.locator(".sheet-summary")).to_have_text("Not saved yet.")
    page.get_by_role("link", name="Discard").click()


def test_on_a_telephone_the_sections_scroll(open_as):
    page = open_as(ADMIN, viewport={"width": 390, "height": 800}).page
    open_card(page)
    page.locator(".card-nav a[href='#disable']").click()
    expect(page.locator("#disable")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
