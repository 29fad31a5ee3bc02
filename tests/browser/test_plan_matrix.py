"""The plan grid in a browser: as a spreadsheet, and as links and forms without a script."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from core.config import PROJECT
from tests.browser.chromium import resize
from tests.browser.test_walk import OVERFLOW
from tests.served.server import Server

pytestmark = pytest.mark.browser

BILLING, OPERATOR = "billing@demo.example", "operator@demo.example"
GROUPS, MEMBERS = "queue.max_groups", "queue.max_members"
TAKEN_WITHIN_SECONDS = 15


class OwnFile(Server):
    """A server whose plan file is a copy: these tests publish."""

    @property
    def plans(self) -> Path:
        return self.folder.parent / "plans.yaml"

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        return super()._environment({"CENTRALINO_PLANS": str(self.plans)} | more)


@pytest.fixture(scope="module")
def demo(tmp_path_factory, browser):
    folder = tmp_path_factory.mktemp("plan-matrix")
    server = OwnFile(folder / "data", folder / "serve.log")
    shutil.copy(PROJECT / "plans.yaml", server.plans)
    made = server.run("demo")
    assert made.returncode == 0, made.stderr
    server.start("--workers", "1", "--no-jobs")
    yield server
    server.kill()


@pytest.fixture(scope="module")
def signed_in() -> dict[str, Any]:
    """Cookies of this server's users."""
    return {}


@pytest.fixture
def plans(demo):
    """The plan file, as it was at first."""
    demo.plans.write_bytes((PROJECT / "plans.yaml").read_bytes())
    return demo.plans


@pytest.fixture
def window(open_as, plans):
    """A biller's window, on the grid without a draft."""
    window = open_as(BILLING, permissions=["clipboard-read", "clipboard-write"])
    start(window.page)
    return window


@pytest.fixture
def bill(window):
    """The page in that window."""
    return window.page


def open_grid(page):
    """The grid, once its script has taken over."""
    page.goto("/plan-matrix/")
    expect(page.locator("[data-plan-grid]")).to_have_attribute("role", "grid")


def start(page):
    """The grid, without a draft, on the file as it was at first."""
    deadline = time.monotonic() + TAKEN_WITHIN_SECONDS
    while True:
        open_grid(page)
        discard = page.locator(".plan-discard")
        if discard.count():
            discard.locator("summary").click()
            page.get_by_role("button", name="Discard the draft").click()
            continue
        if shown(page, "free", GROUPS).startswith("1"):
            return
        assert time.monotonic() < deadline, "the file was not taken"


def cell(page, plan, feature):
    return page.locator(f"[id='cell-{plan}-{feature}']")


def shown(page, plan, feature):
    return " ".join(cell(page, plan, feature).inner_text().split())


def here(page):
    """The id of what has the focus."""
    return page.evaluate("document.activeElement.id")


def said(page, text):
    expect(page.locator("#plan-said")).to_contain_text(text)


def refused(window):
    """The browser complains of an answer of 422; of nothing else it may."""
    assert window.complaints
    assert all("422" in one for one in window.complaints)
    window.complaints.clear()


def copied(page, text=None):
    if text is not None:
        page.evaluate("text => navigator.clipboard.writeText(text)", text)
    return page.evaluate("navigator.clipboard.readText()")


def publish(page, message):
    page.get_by_role("link", name="Review and publish").click()
    page.get_by_label("Why").fill(message)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("in force")


def test_typing_arrows_undo_review_publish_and_back(bill, plans):
    before = plans.read_text()
    cell(bill, "free", GROUPS).click()
    bill.keyboard.type("5")
    bill.keyboard.press("Enter")
    assert here(bill) == f"cell-free-{MEMBERS}"
    said(bill, "In the draft: Groups: how many, Free: 5.")
    bill.keyboard.type("30")
    bill.keyboard.press("Tab")
    said(bill, "Free: 30.")
    assert here(bill) == f"cell-basic-{MEMBERS}"
    expect(bill.locator("#plan-bar")).to_contain_text("Your draft: 2 changes")
    bill.keyboard.press("Control+z")
    said(bill, "Undone.")
    expect(cell(bill, "free", MEMBERS)).to_have_text("33")  # read once for eyes, once for ears
    bill.keyboard.press("Control+y")
    said(bill, "Done again.")
    bill.keyboard.press("Control+z")
    said(bill, "Undone.")
    bill.reload()
    assert shown(bill, "free", GROUPS).startswith("5")
    expect(cell(bill, "free", GROUPS)).to_have_attribute("title", "was: 1")
    publish(bill, "five groups for everybody")
    assert plans.read_text() == before.replace("queue.max_groups: 1 ", "queue.max_groups: 5 ")
    bill.get_by_role("button", name="Go back to revision").click()
    assert bill.get_by_label("Why").input_value().startswith("Back to revision")
    bill.get_by_role("button", name="Publish").click()
    expect(bill.get_by_text("Goes back to")).to_be_visible()
    assert plans.read_text() == before


def test_the_keys_of_a_grid(bill):
    cell(bill, "basic", GROUPS).click()
    bill.keyboard.press("Home")
    assert here(bill) == f"cell-free-{GROUPS}"
    bill.keyboard.press("End")
    assert here(bill) == f"cell-enterprise-{GROUPS}"
    bill.keyboard.press("Control+Home")
    assert here(bill) == "cell-free-crm"
    bill.keyboard.press("ArrowUp")
    assert here(bill) == "cell-free-crm"
    bill.keyboard.press("Control+End")
    assert here(bill) == "cell-enterprise-workhours.presence"
    bill.keyboard.press("PageUp")
    bill.keyboard.press("PageDown")
    assert here(bill) == "cell-enterprise-workhours.presence"
    expect(bill.locator("[data-plan-grid] [tabindex='0']")).to_have_count(1)
    assert bill.locator("table").get_attribute("role") == "grid"

    cell(bill, "free", GROUPS).click()
    bill.keyboard.press("Enter")
    assert bill.get_by_role("textbox", name="Groups: how many, Free").input_value() == "1"
    bill.keyboard.type("77")
    bill.keyboard.press("Escape")
    assert here(bill) == f"cell-free-{GROUPS}"
    assert shown(bill, "free", GROUPS).startswith("1")

    cell(bill, "standard", "ivr").click()
    bill.keyboard.press("Space")
    said(bill, "Voice menu, Standard: not in the plan.")
    expect(cell(bill, "standard", "ivr.max_depth")).to_contain_text("no effect")
    expect(cell(bill, "professional", "ivr")).to_have_class("plan no follows")
    bill.keyboard.press("Delete")
    said(bill, "Voice menu, Standard: inherits.")
    bill.keyboard.press("F2")
    words = bill.get_by_role("listbox", name="Voice menu, Standard")
    assert words.input_value() == ""
    bill.keyboard.press("ArrowDown")
    bill.keyboard.press("Enter")
    said(bill, "Voice menu, Standard: in the plan.")
    cell(bill, "free", "quality_rating").click()
    bill.keyboard.type("y")
    bill.keyboard.press("Enter")
    said(bill, "Quality rating, Free: in the plan.")


def test_what_is_refused_opens_again_with_what_was_typed(window, bill):
    cell(bill, "free", GROUPS).click()
    bill.keyboard.type("a few")
    bill.keyboard.press("Enter")
    expect(bill.locator("#plan-refused")).to_contain_text("a few")
    typed = bill.get_by_role("textbox", name="Groups: how many, Free")
    expect(typed).to_be_focused()
    assert typed.input_value() == "a few"
    bill.keyboard.press("Control+a")
    bill.keyboard.type("8")
    bill.keyboard.press("Enter")
    said(bill, "Free: 8.")
    assert bill.locator("#plan-refused").inner_text() == ""
    refused(window)


def test_a_block_is_copied_and_pasted_as_one_step(bill):
    cell(bill, "free", GROUPS).click()
    bill.keyboard.press("Shift+ArrowDown")
    bill.keyboard.press("Shift+ArrowRight")
    expect(bill.locator("[aria-selected=true]")).to_have_count(4)
    bill.keyboard.press("Control+c")
    assert copied(bill) == "1\tunlimited\n3\tunlimited"
    copied(bill, "4\t40\r\n6\t60\r\n")
    cell(bill, "professional", GROUPS).click()
    bill.keyboard.press("Control+v")
    said(bill, "4 cells changed in the draft.")
    expect(cell(bill, "enterprise", MEMBERS)).to_contain_text("60")
    bill.keyboard.press("Control+z")
    said(bill, "Undone.")
    expect(bill.locator("#plan-bar")).to_contain_text("No draft")


def test_one_word_fills_the_selection(bill):
    copied(bill, "12")
    cell(bill, "free", GROUPS).click()
    cell(bill, "standard", MEMBERS).click(modifiers=["Shift"])
    bill.keyboard.press("Control+v")
    said(bill, "6 cells changed in the draft.")


def test_a_wrong_cell_refuses_the_block_and_is_marked(window, bill):
    copied(bill, "4\tplenty\n6\t60")
    cell(bill, "free", GROUPS).click()
    bill.keyboard.press("Control+v")
    told = bill.locator("#plan-refused")
    expect(told).to_contain_text("Nothing was changed:")
    expect(told).to_contain_text("Groups: how many, Basic:")
    expect(told).to_contain_text("plenty")
    expect(cell(bill, "basic", GROUPS)).to_have_class("plan own wrong")
    expect(bill.locator("#plan-bar")).to_contain_text("No draft")
    refused(window)


def test_rows_are_found_while_typing(bill):
    rows = bill.locator("tr[data-feature]:visible")
    everything = rows.count()
    bill.get_by_label("Search").fill("record")
    expect(rows).to_have_count(3)
    said(bill, "3 features shown")
    bill.get_by_label("only differences").check()
    expect(rows).to_have_count(2)
    bill.get_by_label("Search").fill("nothing like this")
    expect(bill.get_by_text("No feature matches")).to_be_visible()
    bill.get_by_label("Search").fill("")
    bill.get_by_label("only differences").uncheck()
    expect(rows).to_have_count(everything)


def test_two_windows_of_one_user_do_not_lose_a_step(bill, open_as):
    other = open_as(BILLING).page
    open_grid(other)
    cell(bill, "free", GROUPS).click()
    bill.keyboard.type("5")
    bill.keyboard.press("Enter")
    said(bill, "Free: 5.")
    cell(other, "free", MEMBERS).click()
    other.keyboard.type("6")
    with other.expect_navigation():
        other.keyboard.press("Enter")
    expect(other.locator("#plan-bar")).to_contain_text("2 changes")
    expect(cell(other, "free", GROUPS)).to_contain_text("5")


def test_two_users_meet_and_choose(bill, open_as, plans):
    other = open_as(OPERATOR).page
    start(other)
    for page, groups in ((bill, "5"), (other, "7")):
        cell(page, "free", GROUPS).click()
        page.keyboard.type(groups)
        page.keyboard.press("Enter")
        said(page, f"Free: {groups}.")
    cell(bill, "free", MEMBERS).click()
    bill.keyboard.type("9")
    bill.keyboard.press("Enter")
    said(bill, "Free: 9.")
    bill.get_by_role("link", name="Review and publish").click()
    publish(other, "seven groups")
    bill.get_by_label("Why").fill("five groups")
    bill.get_by_role("button", name="Publish").click()
    expect(bill.get_by_role("heading", level=1)).to_have_text("Bring your draft up to date")
    clash = bill.locator(".plan-clash")
    expect(clash).to_have_count(1)
    expect(clash).to_contain_text("Was: 1")
    expect(clash).to_contain_text(f"theirs: {OPERATOR}")
    clash.get_by_label("mine").check()
    bill.get_by_role("button", name="Bring up to date and review").click()
    assert bill.get_by_label("Why").input_value() == "five groups"
    bill.get_by_role("button", name="Publish").click()
    expect(bill.get_by_role("heading", level=1)).to_contain_text("in force")
    text = plans.read_text()
    assert "queue.max_groups: 5 " in text
    assert "queue.max_members: 9 " in text


def test_without_a_script(bill, open_as, plans):
    page = open_as(BILLING, java_script_enabled=False).page
    page.goto("/plan-matrix/?q=groups")
    expect(page.locator("tr[data-feature]:visible")).to_have_count(4)
    cell(page, "free", GROUPS).get_by_role("link").click()
    page.get_by_label("so many:").check()
    page.get_by_label("How many").fill("6")
    page.get_by_role("button", name="Save in the draft").click()
    assert page.url.endswith(f"?q=groups#cell-free-{GROUPS}")
    assert shown(page, "free", GROUPS).startswith("6")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Redo").click()
    page.get_by_text("Paste from a spreadsheet").click()
    page.get_by_label("Copied cells").fill("\tBasic\nGroups: members in each\t50")
    page.get_by_role("button", name="Paste into the draft").click()
    assert shown(page, "basic", MEMBERS).startswith("50")
    publish(page, "without a script")
    text = plans.read_text()
    assert "queue.max_groups: 6 " in text
    assert "queue.max_members: 50\n" in text


def test_on_a_small_screen_one_plan_stands_beside_the_features(bill):
    resize(bill, 390, 844)
    open_grid(bill)
    assert bill.evaluate(OVERFLOW) == []
    assert bill.locator("th[data-plan]:visible").all_inner_texts()[0].startswith("Free")
    bill.get_by_role("navigation", name="Plan shown").get_by_role("link", name="Basic").click()
    expect(bill.locator("th[data-plan]:visible")).to_have_count(1)
    cell(bill, "basic", MEMBERS).dblclick()
    assert bill.evaluate(OVERFLOW) == []
    bill.keyboard.type("11")
    bill.keyboard.press("Enter")
    said(bill, "Basic: 11.")
    expect(cell(bill, "basic", MEMBERS)).to_be_visible()
    for address in ("review/", "plan/", f"cell?plan=basic&feature={MEMBERS}"):
        bill.goto(f"/plan-matrix/{address}")
        assert bill.evaluate(OVERFLOW) == [], address
    for address in ("", "1", "diff?from=1&to=1"):
        bill.goto(f"/plan-history/{address}")
        assert bill.evaluate(OVERFLOW) == [], address


def test_in_italian(open_as, plans):
    page = open_as(BILLING, locale="it-IT").page
    open_grid(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Matrice dei piani")
    cell(page, "free", "ivr").click()
    page.keyboard.type("s")
    page.keyboard.press("Enter")
    said(page, "Nella bozza: Menu vocale, Free: nel piano.")
    cell(page, "free", GROUPS).click()
    page.keyboard.type("illimitato")
    page.keyboard.press("Enter")
    said(page, "senza limite")
    page.get_by_role("link", name="Verifica e pubblica").click()
    expect(page.get_by_role("heading", name="Modifiche")).to_be_visible()
