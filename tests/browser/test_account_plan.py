"""The biller's and the account's pages about plans, in a browser: at a desk in English, in a pocket
in Italian, and without scripts."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import resize
from tests.browser.test_walk import OVERFLOW, WIDTHS

pytestmark = pytest.mark.browser

BILLING, ADMIN = "billing@demo.example", "admin@free.demo.example"
NAME, QUOTA = "Panificio Rossi", "recording.monthly_calls"


@dataclass(frozen=True)
class Reader:
    """Who reads: in which language, how wide, and the words that this walk presses."""

    locale: str
    width: int
    override: str
    save: str
    undo: str
    refusal: str
    used: str

    @property
    def window(self) -> dict:
        """What a window of theirs is opened with; no script runs in it."""
        size = {"width": self.width, "height": 900}
        return {"locale": self.locale, "viewport": size, "java_script_enabled": False}


READERS = (
    Reader(
        "en-GB", WIDTHS[0], "Override", "Save", "Undo", "The plan says 100 already.", "this month"
    ),
    Reader(
        "it-IT", WIDTHS[1], "Eccezione", "Salva", "Annulla", "Il piano dice già 100.", "questo mese"
    ),
)


def open_account(page: Page) -> str:
    """From the list to the account; gives the address of its plan."""
    page.goto("/accounts/?search=Panificio")
    page.get_by_role("link", name=NAME).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    return page.url.partition("#")[0]


def line(page: Page):
    """The feature's line on the account's page."""
    return page.locator(f"[id='{QUOTA}']")


@pytest.mark.parametrize("reader", READERS, ids=lambda one: one.locale)
def test_an_override_is_set_seen_by_the_account_and_taken_back(open_as, reader):
    page = open_as(BILLING, **reader.window).page
    address = open_account(page)
    expect(line(page).locator(".feature-value")).to_have_text("100")
    line(page).get_by_text("Why" if reader.locale == "en-GB" else "Perché").click()
    expect(line(page).locator(".feature-why li").first).to_contain_text(QUOTA)
    line(page).get_by_role("link", name=reader.override).click()

    page.locator("#value").fill("100")
    page.locator("#reason").fill("A large order")
    page.get_by_role("button", name=reader.save).click()
    expect(page.locator(".field-error")).to_contain_text(reader.refusal)
    expect(page.locator("#reason")).to_have_value("A large order")
    page.locator("#value").fill("1.500")
    page.locator("#until").fill("2099-01-31")
    page.get_by_role("button", name=reader.save).click()
    expect(line(page).locator(".feature-value")).to_have_text(
        "1,500" if reader.locale == "en-GB" else "1.500"
    )
    expect(line(page).locator(".own")).to_contain_text("A large order")

    theirs = open_as(ADMIN, **reader.window).page
    theirs.goto(f"/plans/#{QUOTA}")
    row = theirs.locator(f"tr[id='{QUOTA}']")
    expect(row.locator("td.own")).to_contain_text("A large order")
    expect(row.locator(".use")).to_contain_text(reader.used)
    colour = "e => getComputedStyle(e.querySelector('th')).backgroundColor"
    other = theirs.locator("tr[id='recording.dual_channel']")
    assert row.evaluate(colour) != other.evaluate(colour), "the row is highlighted"

    page.goto("/audit/?action=override.set")
    entry = page.locator("li.entry").first
    expect(entry).to_contain_text("A large order")
    entry.get_by_role("link", name=reader.undo).click()
    page.get_by_role("button", name=reader.undo).click()
    page.goto(address)
    expect(line(page).locator(".feature-value")).to_have_text("100")


def test_another_plan_is_previewed_given_and_taken_back(open_as):
    page = open_as(BILLING).page
    address = open_account(page)
    page.get_by_label("Another plan").select_option("professional")
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("From Free to Professional?")
    expect(page.get_by_role("heading", name="It gains")).to_be_visible()
    page.get_by_label("Why").fill("Signed today")
    page.get_by_role("button", name="Give it the plan Professional").click()
    expect(page.locator(".plan-now").first).to_have_text("Professional")
    page.get_by_role("link", name="Audit of this account").click()
    entry = page.locator("li.entry").first
    expect(entry.locator(".changes tbody td")).to_have_text(["Free", "Professional"])
    entry.get_by_role("link", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    page.goto(address)
    expect(page.locator(".plan-now").first).to_have_text("Free")


def test_a_trial_is_started_and_ended(open_as):
    page = open_as(BILLING).page
    open_account(page)
    page.get_by_role("link", name="Start a trial").click()
    page.get_by_label("Plan").select_option("enterprise")
    page.get_by_label("Reason").fill("To see the menus")
    page.get_by_role("button", name="Start the trial").click()
    expect(page.locator(".field-error")).to_have_text("Say until when: a trial ends.")
    page.get_by_label("Until").fill("2099-12-24")
    page.get_by_role("button", name="Start the trial").click()
    expect(page.locator(".plan-now").nth(1)).to_contain_text("Enterprise until 24 Dec 2099")
    page.get_by_role("link", name="End the trial").click()
    page.get_by_role("button", name="End the trial").click()
    expect(page.get_by_role("link", name="Start a trial")).to_be_visible()
    expect(page.locator("#past-trials")).to_contain_text("To see the menus")


@pytest.mark.parametrize("locale", ["en-GB", "it-IT"])
def test_every_page_fits_both_widths(open_as, locale):
    page = open_as(BILLING, locale=locale).page
    account = open_account(page).removesuffix("/")
    page.goto("/audit/")
    entry = page.locator(".entry-by a").first.get_attribute("href")
    addresses = [
        "/accounts/", account, f"{account}/change?plan=enterprise", f"{account}/trial/",
        f"{account}/override/?feature={QUOTA}", f"{account}/override/?feature=crm",
        "/audit/", entry, "/plans/",
    ]  # fmt: skip
    too_wide = {}
    for address in addresses:
        page.goto(address)
        for width in WIDTHS:
            resize(page, width)
            if wide := page.evaluate(OVERFLOW):
                too_wide[address, width] = wide
    assert too_wide == {}
