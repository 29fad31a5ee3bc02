"""Every page that the menu leads to, at the width of a desk and of a pocket.

Nothing here knows a page by its name: the menu is read, and from each list the form for a new row
and the first row are opened too. A window that had console errors or policy violations fails its
test when it is closed.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import resize

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = (1440, 390)
DOWNLOAD = "/export"  # a file, not a page

LINKS = "links => links.map(link => link.getAttribute('href'))"
OVERFLOW = """() => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  return [...document.querySelectorAll("main *")]
    .filter(one => one.getBoundingClientRect().right > page.clientWidth + 1)
    .slice(0, 3).map(one => one.outerHTML.slice(0, 120));
}"""


def behind(page: Page) -> list[str]:
    """What a list leads to: the form for a new row, and the first row's own links."""
    found = page.eval_on_selector_all(".toolbar-right a.btn-primary", LINKS)
    found += page.eval_on_selector_all("main table tbody tr:first-child a", LINKS)
    pages = [address for address in found if address.startswith("/")]
    return [address for address in pages if not address.endswith(DOWNLOAD)]


@pytest.mark.parametrize(
    ("email", "least"),
    [
        ("admin@enterprise.demo.example", 20),
        ("admin@free.demo.example", 15),
        ("agent@basic.demo.example", 8),
        ("operator@demo.example", 2),
    ],
)
def test_every_page_fits_and_complains_of_nothing(open_as, email, least):
    page = open_as(email).page
    page.goto("/")
    menu = page.eval_on_selector_all("nav.menu a", LINKS)
    assert len(menu) >= least
    seen: list[str] = []
    too_wide = {}
    waiting = ["/profile/", *menu]
    while waiting:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.append(address)
        for width in WIDTHS:
            resize(page, width)
            if width == WIDTHS[0]:
                page.goto(address)
            if wide := page.evaluate(OVERFLOW):
                too_wide[address, width] = wide
        if address in menu:
            waiting += behind(page)
    assert too_wide == {}


def test_on_a_small_screen_the_menu_opens_and_leads_on(open_as):
    page = open_as("admin@free.demo.example", viewport={"width": 390, "height": 844}).page
    page.goto("/calls/")
    menu = page.get_by_role("navigation", name="Main menu")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    menu.get_by_role("link", name="Groups").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Groups"
