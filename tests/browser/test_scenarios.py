"""The main path of scenarios: save one, change the card, see both runs, go back, save (S3)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

GREETING = "[name='extension.greeting_text']"
ADMIN = "admin@professional.demo.example"
WORDS = {
    "en": {
        "call": "Call", "keep": "Save as a scenario", "save": "Save", "met": "as expected",
        "asked": "Are these changes meant?", "anyway": "Save anyway", "back": "Go back",
        "after": "With the change", "delete": "Delete",
    },
    "it": {
        "call": "Chiama", "keep": "Salva come scenario", "save": "Salva", "met": "come atteso",
        "asked": "Sono cambiamenti voluti?", "anyway": "Salva comunque", "back": "Torna indietro",
        "after": "Con la modifica", "delete": "Elimina",
    },
}  # fmt: skip


@pytest.fixture
def open_admin(open_as):
    """A function that opens an admin's page; scenarios that a test leaves are deleted, or others of
    the demo would be asked about them."""
    pages = []

    def open_admin(**options):
        pages.append(open_as(ADMIN, **options).page)
        return pages[-1]

    yield open_admin
    for page in pages:
        number = number_of(page)
        page.goto(f"/scenarios/number/{number}/")
        while page.locator("a[href*='/delete/']").count():
            page.locator("a[href*='/delete/']").first.click()
            page.locator("button.btn-danger").click()
            page.wait_for_load_state()


def number_of(page: Page) -> str:
    """The id of the account's first number."""
    page.goto("/lines/")
    address = page.locator("table tbody td:nth-child(2) a").first.get_attribute("href")
    return address.rstrip("/").rpartition("/")[2]


def save_scenario(page: Page, number: str, name: str, words: dict[str, str]) -> None:
    page.goto(f"/test-call/{number}/")
    page.locator("#caller").fill("333 1234567")
    page.locator("#at").fill("2026-11-24T10:00")
    page.get_by_role("button", name=words["call"], exact=True).click()
    page.get_by_text(words["keep"], exact=True).click()
    page.locator("#name").fill(name)
    page.get_by_role("button", name=words["save"], exact=True).click()
    row = page.get_by_role("row", name=name)
    expect(row).to_contain_text(words["met"])


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("it", 390)])
def test_a_changed_outcome_is_asked_about_before_the_card_is_saved(open_admin, language, width):
    words = WORDS[language]
    size = {"width": width, "height": 900}
    page = open_admin(locale=language, viewport=size)
    number = number_of(page)
    name = f"Tuesday {language}"
    save_scenario(page, number, name, words)

    page.goto(f"/lines/{number}/")
    say(page, f"Welcome, {language}.")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["asked"])
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.locator("tr.differs td:last-child").first).to_contain_text(f"Welcome, {language}.")
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.get_by_role("button", name=words["back"]).click()
    assert page.locator(GREETING).input_value() == f"Welcome, {language}."
    expect(page.locator("[data-unsaved]")).to_be_visible()

    say(page, f"Welcome back, {language}.")
    page.get_by_role("button", name=words["anyway"]).click()
    page.goto(f"/lines/{number}/")
    assert page.locator(GREETING).input_value() == f"Welcome back, {language}."


def say(page: Page, text: str) -> None:
    """Type the greeting of a number on its card, and save."""
    page.locator("form.card-form details").evaluate_all(
        "all => all.forEach(one => one.open = true)"
    )
    page.locator(GREETING).fill(text)
    page.locator("form.card-form button[type=submit]").last.click()


def test_a_group_is_asked_about_too_and_a_scenario_can_be_deleted(open_admin):
    page = open_admin()
    number = number_of(page)
    save_scenario(page, number, "Group", WORDS["en"])
    page.goto("/queue_groups/")
    page.locator("table tbody td:nth-child(2) a").first.click()
    page.locator("[name=del-members-0]").check(force=True)
    page.get_by_role("button", name="Save", exact=True).first.click()
    if page.get_by_role("heading", level=1).inner_text() == WORDS["en"]["asked"]:
        page.get_by_role("button", name="Go back").click()
        assert page.locator("[name=del-members-0]").is_checked()
    page.goto(f"/scenarios/number/{number}/")
    page.get_by_role("row", name="Group").get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("row", name="Group")).to_have_count(0)
