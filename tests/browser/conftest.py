"""The demo, served, and windows of its users."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from core.demo import DEMO_PASSWORD
from tests.browser.chromium import Window
from tests.served.server import Server

OpenAs = Callable[..., Window]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Server]:
    """The demo, served; it is not made where no browser could look at it."""
    folder = tmp_path_factory.mktemp("browser")
    server = Server(folder / "data", folder / "serve.log")
    made = server.run("demo")
    assert made.returncode == 0, made.stderr
    server.start("--workers", "1", "--no-jobs")
    yield server
    server.kill()


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """Cookies by e-mail: everybody signs in once, the rate of sign-ins is limited."""
    return {}


@pytest.fixture
def open_as(browser: Browser, demo: Server, signed_in: dict[str, Any]) -> Iterator[OpenAs]:
    """A function that opens a window of a demo user; at the end none of them has complained."""
    windows: list[Window] = []

    def open_as(email: str, **options: Any) -> Window:
        window = Window(browser, demo.url, storage_state=signed_in.get(email), **options)
        windows.append(window)
        if email not in signed_in:
            window.sign_in(email, DEMO_PASSWORD)
            signed_in[email] = window.context.storage_state()
        return window

    yield open_as
    for window in windows:
        window.close()
