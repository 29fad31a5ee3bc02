"""Melodies in Chromium: upload, hear, restore the default; listen to a text; in two languages."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import Page, expect

from tests.plugins.melodies.sounds import encoded

pytestmark = pytest.mark.browser

ADMIN = "admin@professional.demo.example"


@pytest.fixture
def page(open_as) -> Page:
    """An admin's page."""
    return open_as(ADMIN).page


@pytest.fixture
def needs_espeak() -> None:
    """Only where there is a synthesiser."""
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is missing: scripts/test-packages.sh installs it")


def tone(page: Page, name: str):
    """The part of the page about one tone."""
    return page.locator(f"#tone-{name}")


def duration(part) -> float:
    """How long the browser says that a player's sound is, after it has played a moment of it."""
    return part.locator("audio").evaluate(
        """async (audio) => {
            audio.muted = true;
            await audio.play();
            audio.pause();
            return audio.duration;
        }"""
    )


def upload(page: Page, name: str, seconds: float, file: str = "autumn.mp3") -> None:
    part = tone(page, name)
    sound = {"name": file, "mimeType": "audio/mpeg", "buffer": encoded(seconds)}
    part.locator("input[type=file]").set_input_files(sound)
    part.get_by_role("button", name=re.compile("Upload|Carica")).click()


def test_a_tone_is_uploaded_heard_and_restored(page):
    page.goto("/melodies/")
    ready = duration(tone(page, "hold"))
    assert ready == pytest.approx(32, abs=1)
    upload(page, "hold", 3.0)
    expect(tone(page, "hold").locator(".badge")).to_have_text("The account's")
    assert duration(tone(page, "hold")) == pytest.approx(3, abs=0.2)
    tone(page, "hold").get_by_role("button", name="Restore default").click()
    expect(tone(page, "hold").locator(".badge")).to_have_text("Ready tone")
    assert duration(tone(page, "hold")) == pytest.approx(ready, abs=0.1)


def test_a_number_has_its_own_and_its_card_plays_what_is_chosen(page):
    page.goto("/melodies/")
    page.get_by_text("Melodies of a number").click()
    page.locator(".more-menu-box a").first.click()
    upload(page, "notice", 2.0, "number.mp3")
    expect(tone(page, "notice").locator(".badge")).to_have_text("This number's own")
    page.get_by_role("link", name="Settings of the number").click()
    setting = page.locator("#setting-melodies-notice")
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert duration(setting) == pytest.approx(2, abs=0.2)
    setting.locator("select").select_option("melodies:ready/hold")
    assert duration(setting) == pytest.approx(32, abs=1)
    setting.locator("select").select_option("")
    expect(setting.locator("audio")).to_be_hidden()


def test_a_bad_file_says_why_beside_its_tone(page):
    page.goto("/melodies/")
    part = tone(page, "rating")
    sound = {"name": "x.mp3", "mimeType": "audio/mpeg", "buffer": encoded(format="WAV")}
    part.locator("input[type=file]").set_input_files(sound)
    part.get_by_role("button", name="Upload").click()
    told = tone(page, "rating").get_by_role("alert")
    expect(told).to_contain_text("This file is WAV, not mp3.")
    expect(told).to_be_in_viewport()


def test_a_text_is_listened_to_before_it_is_saved(page, needs_espeak):
    page.goto("/lines/")
    page.locator("table tbody a").first.click()
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    setting = page.locator("#setting-voicemail-prompt")
    button = setting.get_by_role("button", name="Listen")
    expect(button).to_be_hidden()
    setting.locator("textarea").fill("Please leave a message.")
    with page.expect_response(re.compile("/listen/")) as answer:
        button.click()
    assert answer.value.status in (200, 206)
    assert answer.value.headers["content-type"] == "audio/wav"
    expect(button).to_have_text("Listen")


def test_in_italian(open_as):
    page = open_as(ADMIN, locale="it-IT").page
    page.goto("/melodies/?")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Melodie")
    expect(tone(page, "voicemail").locator(".badge")).to_have_text("Tono pronto in inglese")
    upload(page, "thanks", 2.0, "grazie.mp3")
    expect(tone(page, "thanks").locator(".badge")).to_have_text("Quello dell'account")
    tone(page, "thanks").get_by_role("button", name="Ripristina").click()
    expect(tone(page, "thanks").locator(".badge")).to_have_text("Tono pronto in inglese")
