"""The system's chromium, driven by Playwright, in windows that remember every complaint."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE_MS = 30_000
"""For what is clicked and what is expected alike: the five seconds that Playwright gives what is
expected are too few on a busy machine."""

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running chromium; skips the test where there is none."""
    expect.set_options(timeout=PATIENCE_MS)
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("chromium is missing (scripts/test-packages.sh)")
    with sync_playwright() as playwright:
        browser = _launch(playwright, program)
        yield browser
        browser.close()


def _launch(playwright: Playwright, program: str) -> Browser:
    return playwright.chromium.launch(executable_path=program, args=ARGUMENTS)


def resize(page: Page, width: int, height: int = 900) -> None:
    """Change a window's size, and wait until its page has it."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("width => innerWidth === width", arg=width)


class Window:
    """One user's browser window: cookies of its own, and what went wrong in its pages.

    ``page`` is Playwright's page; ``complaints`` are console errors, violations of the content
    security policy, script errors, and answers of 400 or more.
    """

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        self.url = url
        self.complaints: list[str] = []
        self.context = browser.new_context(base_url=url, **options)
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(REPORT_VIOLATIONS)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self._complain(f"script: {error}"))
        self.page.on("response", self._answered)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in, as somebody who opens the site for the first time, in whatever language."""
        self.page.goto("/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(password)
        with self.page.expect_navigation():
            self.page.get_by_label("Password").press("Enter")

    def close(self) -> None:
        """Close it; nothing may have gone wrong in it."""
        self.context.close()
        assert self.complaints == []

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self._complain(f"console {message.type}: {message.text}")

    def _answered(self, response: Any) -> None:
        if response.status >= 400:
            self._complain(f"{response.status} {response.request.method} {response.url}")

    def _complain(self, text: str) -> None:
        self.complaints.append(f"{text} (on {self.page.url})")
