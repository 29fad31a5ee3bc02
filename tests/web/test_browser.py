"""In a real browser: the strict policy blocks nothing of ours, and what needs a script works."""

from __future__ import annotations

import threading
from shutil import which

import pytest
from werkzeug.serving import make_server

from tests.web.conftest import PASSWORD, Book, Shelf

CHROMIUM = which("chromium") or ""
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning"),
]


@pytest.fixture
def page(site):
    """A browser's page, signed in as an admin; it notes everything the browser complains of."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        pytest.fail("chromium is missing: scripts/test-packages.sh installs it")
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        base = f"http://127.0.0.1:{server.port}"
        context = browser.new_context(base_url=base, permissions=["clipboard-write"])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda one: complain(page, one))
        page.on("pageerror", lambda one: page.complaints.append((page.url, str(one))))
        page.goto("/login")
        page.fill("#email", "anna@example.com")
        page.fill("#password", PASSWORD)
        page.click("input[type=submit]")
        yield page
        browser.close()
    server.shutdown()


def complain(page, message):
    if message.type in ("error", "warning"):
        page.complaints.append((page.url, message.text))


def test_every_page_of_the_menu_at_both_widths(site, page):
    Shelf.create(account=site.rome, name="Second")
    call = site.company.call()
    addresses = page.eval_on_selector_all(
        "nav.menu a", "links => links.map(one => one.getAttribute('href'))"
    )
    addresses.remove("/stub_page/")  # a plain text, not a page of ours
    line = site.company.line.id
    addresses += [f"/lines/{line}/", f"/test-call/{line}/", "/profile/", "/calls/1/", "/tf-setup"]
    addresses += ["/stub_shelves/new/", f"/stub_shelves/edit/?id={site.own.id}", "/members/new/"]
    assert call.order is not None
    assert len(addresses) > 20
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for address in addresses:
            assert page.goto(address).status == 200, address
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, (address, width, wide)
    assert page.complaints == []


def test_inline_rows_are_added_and_deleting_is_asked(site, page):
    page.goto("/stub_shelves/new/")
    page.fill("#name", "Full")
    for title in ("First", "Second"):
        page.click("[data-inline-add]")
        page.fill(".inline-row:last-child input[name$=title]", title)
    page.click("[data-inline-add]")
    page.click(".inline-row:last-child [data-inline-remove]")
    page.click("button:has-text('Save')")
    assert {one.title for one in Book.select()} == {"First", "Second"}
    full = Shelf.get(Shelf.name == "Full")
    page.goto("/stub_shelves/")
    page.check(f"input[name=rowid][value='{site.own.id}']")
    page.click(".with-selected button[value=delete]")
    assert page.text_content("h1").strip() == "Delete this entry?"
    page.click("button:has-text('Delete')")
    assert {one.name for one in Shelf.select()} == {"Full", "Foreign"}
    assert full.name == "Full"
    assert page.complaints == []


def test_choosing_while_typing_and_copying(site, page):
    page.goto("/stub_ajax/new/")
    page.click(".select2-choice")
    page.fill(".select2-input", "Own")
    page.click(".select2-result-label >> nth=0")
    page.fill("#title", "Looked up")
    page.click("button:has-text('Save')")
    assert Book.get().shelf.name == "Own"
    page.goto(f"/gateways/details/?id={site.company.gateway.id}")
    page.click("[data-copy] >> nth=0")
    page.wait_for_selector("text=Copied")
    assert page.complaints == []


def test_the_menu_opens_on_a_small_screen(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/calls/")
    assert not page.is_visible("nav.menu")
    page.click("[data-toggle-menu]")
    page.click("nav.menu >> text=Numbers")
    assert page.url.endswith("/lines/")
