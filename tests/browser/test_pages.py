"""What an admin and an agent do by hand: the card of a number, availability, a dry run."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def open_card(page) -> None:
    page.goto("/lines/")
    page.locator("table tbody tr:first-child td:nth-child(2) a").click()
    page.wait_for_load_state()  # its script, too


def test_the_card_shows_what_the_plan_locks_and_where_to_compare(open_as):
    page = open_as("admin@free.demo.example").page
    open_card(page)
    closed = page.locator("#sheet-ivr")
    expect(closed.get_by_text("Included from plan Standard.")).to_be_visible()
    expect(closed.locator("input:enabled:not([type=hidden]), select:enabled")).to_have_count(0)

    page.locator("#sheet-recording summary").click()
    locked = page.locator("#setting-recording-dual_channel")
    expect(locked.get_by_text("Included from plan Basic.")).to_be_visible()
    expect(locked.get_by_text("In effect now: off.")).to_be_visible()
    assert locked.locator("input").is_disabled()
    assert page.locator("[id='recording.record_all']").is_enabled()
    locked.get_by_role("link", name="Compare plans").click()
    assert page.url.endswith("/plans/#recording.dual_channel")
    expect(page.locator("[id='recording.dual_channel']")).to_be_visible()


def test_the_card_is_saved_and_dims_what_is_off(open_as):
    page = open_as("admin@free.demo.example").page
    open_card(page)
    switch, fields = page.locator("#sheet-crm .custom-switch").first, "#sheet-crm .sheet-fields"
    before = switch.locator("input").is_checked()
    for wanted in (not before, before):
        switch.locator("label").click()
        assert switch.locator("input").is_checked() == wanted
        dimmed = page.locator(fields).evaluate("part => part.classList.contains('no-effect')")
        assert dimmed == (not wanted)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved. The next call follows it.")).to_be_visible()
        page.wait_for_load_state()
        assert switch.locator("input").is_checked() == wanted


def test_an_agent_goes_away_and_comes_back(open_as):
    page = open_as("agent@basic.demo.example").page
    page.goto("/me/")
    expect(page.get_by_text("You are available: calls ring you.")).to_be_visible()
    page.get_by_role("button", name="Go away").click()
    expect(page.locator(".availability")).to_contain_text("You are away: no call rings you.")
    page.get_by_role("button", name="Be available").click()
    expect(page.get_by_text("You are available: calls ring you.")).to_be_visible()


@pytest.mark.parametrize(("width", "moves"), [(1440, False), (390, True)])
def test_what_came_of_a_dry_run_is_seen_at_once(open_as, width, moves):
    page = open_as("admin@enterprise.demo.example", viewport={"width": width, "height": 844}).page
    open_card(page)
    page.get_by_role("link", name="Test a call").click()
    page.get_by_role("button", name="Call").click()
    expect(page.locator("h2 .outcome").first).to_be_in_viewport()
    assert (page.evaluate("window.scrollY") > 0) is moves
    page.get_by_text("Save as a scenario").click()
    page.locator(".save-scenario").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Give the scenario a name.")).to_be_in_viewport()


def test_a_dry_run_draws_the_path_of_the_call(open_as):
    page = open_as("admin@enterprise.demo.example").page
    open_card(page)
    page.get_by_role("link", name="Test a call").click()
    page.get_by_label("Caller", exact=True).fill("+393331234567")
    page.get_by_label("When").fill("2026-11-18T10:00")
    page.get_by_role("button", name="Call").click()
    page.wait_for_load_state()
    picture = page.get_by_role("img", name="Path of the call")
    box = picture.bounding_box()
    assert box["width"] > 200
    assert box["height"] > 100
    assert picture.locator("rect").count() >= 2
    assert page.locator(".trace li").count() >= 2
    assert page.locator("h2 .outcome").first.inner_text() in (
        "answered", "voicemail", "missed", "forwarded", "abandoned",
    )  # fmt: skip
    page.goto("/calls/")
    assert not re.search(r"\+39 333 123 4567", page.inner_text("main")), "nothing is stored"
