"""The second factor, as a user with an authenticator app sets it up and signs in with it."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Window
from tests.served.server import Server

pytestmark = pytest.mark.browser

EMAIL, PASSWORD = "op@example.com", "a password for tests"
KEY = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4})+")
STEP_SECONDS = 30


class Phone:
    """An app that was given the key; each code is good for one sign-in only."""

    def __init__(self, key: str) -> None:
        self._totp = TOTP(base64.b32decode(key.replace("-", "")), 6, SHA1(), STEP_SECONDS)
        self._at = 0.0

    def code(self) -> str:
        """The next code; a server takes that of the step after its own time, too."""
        self._at = max(self._at + STEP_SECONDS, time.time())
        return self._totp.generate(int(self._at)).decode()


def set_up(page: Page) -> Phone:
    """Turn it on, as far as the key that the page shows for the app."""
    page.goto("/profile/")
    page.get_by_role("link", name="Set up the second factor").click()
    page.get_by_label("authenticator app").check()
    page.get_by_role("button", name="Submit").click()
    page.wait_for_load_state()
    picture = page.get_by_role("img", name="Two-Factor authentication code")
    assert picture.evaluate("image => image.naturalWidth") > 100, "the picture is drawn"
    return Phone(KEY.search(page.inner_text("main"))[0])


def give(page: Page, code: str) -> None:
    page.get_by_label("Authentication Code").fill(code)
    page.get_by_role("button", name="Submit Code").click()


def new_codes(page: Page) -> list[str]:
    """Fresh recovery codes, as they are shown to be kept on paper."""
    page.goto("/profile/")
    page.get_by_role("link", name="Recovery codes").click()
    page.get_by_role("button", name="Generate new Recovery Codes").click()
    page.wait_for_load_state()
    return page.locator("main li").all_inner_texts()


def sign_out(page: Page) -> None:
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Sign out").click()


@pytest.fixture
def window(browser: Browser, tmp_path: Path) -> Iterator[Window]:
    """A window of an installation of its own: the rate of sign-ins and codes is limited."""
    server = Server(tmp_path / "data", tmp_path / "serve.log")
    done = server.run("init", "--email", EMAIL, CENTRALINO_PASSWORD=PASSWORD)
    assert done.returncode == 0, done.stderr
    server.start("--workers", "1", "--no-jobs")
    window = Window(browser, server.url)
    try:
        yield window
        window.close()
    finally:
        server.kill()


def is_in(page: Page) -> bool:
    """Whether somebody is signed in, who then sees their profile."""
    page.goto("/profile/")
    return page.get_by_role("heading", level=1).inner_text() == "Profile"


def test_it_is_set_up_and_asked_for_at_the_next_sign_in(window):
    page = window.page
    window.sign_in(EMAIL, PASSWORD)
    phone = set_up(page)
    give(page, phone.code())
    assert is_in(page)
    expect(page.get_by_text("The second factor is on")).to_be_visible()
    codes = new_codes(page)

    sign_out(page)
    window.sign_in(EMAIL, PASSWORD)
    give(page, "000000")
    expect(page.get_by_text("Invalid code")).to_be_visible()
    assert not is_in(page), "a password alone lets nobody in"
    window.sign_in(EMAIL, PASSWORD)
    give(page, phone.code())
    assert is_in(page)

    sign_out(page)
    window.sign_in(EMAIL, PASSWORD)
    page.get_by_role("link", name="Use previously downloaded recovery code").click()
    page.get_by_label("Recovery Code").fill(codes[0])
    page.locator("main").get_by_role("button").first.click()
    assert is_in(page)
