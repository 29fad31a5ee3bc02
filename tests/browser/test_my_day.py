"""An employee's day in a pocket, and the supervisor's page that follows it, in a browser; a caller
who is blocked from the page of a call."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SUPERVISOR, AGENT = "supervisor@professional.demo.example", "agent@professional.demo.example"
ADMIN = "admin@professional.demo.example"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@dataclass(frozen=True)
class Words:
    """What the buttons and the states are called."""

    locale: str
    start: str
    lunch: str
    back: str
    end: str
    at_work: str
    on_a_break: str
    not_started: str


LANGUAGES = (
    Words(
        "en-GB", "Start the day", "Lunch", "Back to work", "End the day",
        "You are at work.", "You are on a break: lunch.", "Your working day has not started.",
    ),
    Words(
        "it-IT", "Inizia la giornata", "Pranzo", "Torna al lavoro", "Finisci la giornata",
        "Siete al lavoro.", "Siete in pausa: pranzo.", "La vostra giornata non è iniziata.",
    ),
)  # fmt: skip


@pytest.mark.parametrize("words", LANGUAGES, ids=lambda one: one.locale)
def test_a_day_is_started_paused_and_ended_with_one_tap_each(open_as, words):
    page = open_as(AGENT, locale=words.locale, viewport=PHONE).page
    page.goto("/workhours_day/")
    state = page.locator(".day-state")
    expect(state).to_contain_text(words.not_started)
    for button, says in (
        (words.start, words.at_work),
        (words.lunch, words.on_a_break),
        (words.back, words.at_work),
        (words.end, words.not_started),
    ):
        page.wait_for_load_state()  # its size is that of the styled page
        tap = page.get_by_role("button", name=button, exact=True)
        assert tap.bounding_box()["height"] >= 44  # a thumb finds it
        tap.click()
        expect(state).to_contain_text(says)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_a_supervisor_sees_it_live_and_what_they_set_reaches_the_employee(open_as):
    agent = open_as(AGENT, locale="en-GB", viewport=PHONE).page
    boss = open_as(SUPERVISOR, locale="en-GB", viewport=DESK).page
    boss.goto("/workhours_team/")
    expect(boss.get_by_text("At work: 0.")).to_be_visible()
    agent.goto("/workhours_day/")
    agent.get_by_role("button", name="Start the day").click()
    expect(agent.locator(".day-state")).to_contain_text("You are at work.")
    expect(boss.get_by_text("At work: 1.")).to_be_visible()  # without loading the page again

    boss.locator("tr", has_text="at work").filter(has_not_text="not at work").get_by_role(
        "link", name="Change"
    ).click()
    boss.get_by_label("Why you change it").fill("Gone home ill")
    boss.get_by_role("button", name="End the day").click()
    expect(boss.get_by_text("At work: 0.")).to_be_visible()
    agent.reload()
    expect(agent.locator(".day-state")).to_contain_text("has not started")
    boss.get_by_role("link", name="History").click()
    expect(boss.get_by_text("Gone home ill").first).to_be_visible()


def test_a_caller_is_blocked_from_the_page_of_their_call(open_as):
    page = open_as(ADMIN, locale="en-GB", viewport=DESK).page
    page.goto("/calls/")
    page.locator(".call-table a[href^='/calls/']").first.click()
    page.locator(".panel").get_by_role("link", name="Block").click()
    caller = page.get_by_label("Caller", exact=True).input_value()
    page.get_by_label("Reason").fill("Rings every Monday")
    page.get_by_role("button", name="Save", exact=True).click()
    row = page.locator("tr", has_text="Rings every Monday")
    expect(row).to_be_visible()
    written = "".join(row.inner_text().split())  # numbers are written with spaces
    assert (caller or "withheld") in written
    page.get_by_label("Is this number blocked?").fill(caller or "withheld")
    page.get_by_role("button", name="Try").click()
    expect(page.locator(".alert-info")).to_contain_text("is blocked on")
