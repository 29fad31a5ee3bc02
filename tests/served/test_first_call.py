"""From an empty database to an answered, signed call: what a newcomer does, in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Window
from tests.plugins.twiml.client import Provider
from tests.served.server import Server

pytestmark = pytest.mark.browser

OPERATOR, ADMIN = "op@example.com", "anna@bar.example"
PASSWORD = "a password for tests"
PUBLIC_URL = "https://voice.example.com"
PROJECT, TOKEN = "AC" + "1" * 32, "the project's token"
NUMBER, SHOWN, CALLER = "+390612345678", "+39 06 1234 5678", "+393331234567"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A new installation: ``init`` and ``serve``, nothing else."""
    server = Server(tmp_path / "data", tmp_path / "serve.log")
    done = server.run("init", "--email", OPERATOR, CENTRALINO_PASSWORD=PASSWORD)
    assert done.returncode == 0, done.stderr
    server.start("--workers", "1")
    yield server
    server.kill()


def open_menu(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Main menu").get_by_role("link", name=name).click()


def new_row(page: Page, name: str) -> None:
    """Go to a list by the menu and to the form for a new row."""
    open_menu(page, name)
    page.get_by_role("link", name="New").first.click()
    page.wait_for_load_state()  # its script, too


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".alert-success")).to_have_count(1)
    page.wait_for_load_state()


def make_company(page: Page) -> None:
    """The operator makes an account and its admin, and connects the provider."""
    page.get_by_role("link", name="New").first.click()
    page.get_by_label("Name").fill("Bar Centrale")
    page.get_by_label("Plan").select_option(label="Basic")
    page.get_by_label("Time zone").select_option(label="Europe/Rome")
    save(page)
    page.get_by_role("button", name="Work in it").click()

    new_row(page, "Users")
    page.get_by_label("E-mail").fill(ADMIN)
    page.get_by_label("Name").fill("Anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Role").select_option(label="Admin: everything in this account")
    save(page)


def connect_provider(page: Page) -> dict[str, str]:
    """The operator adds the gateway and the number; returns the addresses that are to be pasted."""
    page.goto("/")
    page.locator(".alert", has_text="No gateway yet").get_by_role("link", name="Look").click()
    page.get_by_label("Name").fill("Main")
    page.get_by_label("Provider", exact=False).first.select_option(label="Twilio (TwiML webhooks)")
    page.get_by_label("Account or project id at the provider").fill(PROJECT)
    page.get_by_label("Token or signing key").fill(TOKEN)
    page.get_by_label("Public address of Centralino").fill(PUBLIC_URL)
    save(page)
    rows = page.locator(".copy-row").all()
    pasted = {
        row.locator(".copy-label").inner_text(): row.locator("code").inner_text() for row in rows
    }
    assert TOKEN not in page.content()

    page.goto("/")
    page.locator(".alert", has_text="No number yet").get_by_role("link", name="Look").click()
    page.get_by_label("Number", exact=False).first.fill("06 1234 5678")
    assert page.get_by_label("Gateway").locator("option:checked").inner_text() == "Main"
    save(page)
    expect(page.get_by_role("heading", name=SHOWN)).to_have_count(1)
    return pasted


def set_up_routing(page: Page) -> None:
    """The admin adds an employee and a group with them, and lets the number ring the group."""
    page.get_by_role("link", name="Add the first").click()
    page.get_by_label("Name").fill("Bruno")
    page.get_by_label("Extension").fill("101")
    page.get_by_label("SIP address").fill("bruno@pbx.example.com")
    save(page)

    new_row(page, "Groups")
    page.get_by_label("Name").first.fill("Sales")
    page.get_by_role("button", name="Add").click()
    page.get_by_label("Employee", exact=True).select_option(label="Bruno (101)")
    save(page)

    open_menu(page, "Numbers")
    page.get_by_role("link", name=SHOWN).click()
    page.wait_for_load_state()
    page.get_by_role("button", name="Open all").click()
    page.get_by_label("Group", exact=True).select_option(label="Sales")
    page.locator("#sheet-recording").get_by_text("On for this number").check()
    page.locator("label", has_text="Record all calls").check()
    save(page)


def call(server: Server, pasted: dict[str, str]) -> None:
    """The provider, who knows what was pasted into its form, brings a call that is answered."""
    voice = urlsplit(pasted["A call comes in (webhook, POST)"])
    assert voice.geturl().startswith(f"{PUBLIC_URL}/twiml/")
    gateway = SimpleNamespace(
        id=voice.path.split("/")[2],
        provider="twilio",
        ref=PROJECT,
        secret=TOKEN,
        public_url=PUBLIC_URL,
    )
    provider = Provider(server.url, gateway)
    assert set(pasted.values()) >= {provider.url("voice"), provider.url("fallback")}
    assert any(url.startswith(provider.url("status")) for url in pasted.values())

    ringing = provider.arrive(NUMBER, CALLER)
    assert ringing.rung == ["sip:bruno@pbx.example.com"]
    assert "record" in ringing.find("Dial").attrib
    assert provider.answer(ringing) is None
    assert provider.dial_result(ringing, seconds=2).verbs == ["Hangup"]
    assert provider.status("completed").status == 204


def look_it_up(page: Page) -> None:
    """The admin finds the call, who talked, and why it went that way."""
    open_menu(page, "Calls")
    row = page.get_by_role("row").filter(has_text="+39 333 123 4567")
    expect(row).to_contain_text("answered")
    expect(row).to_contain_text("Bruno")
    row.get_by_role("link").first.click()
    ring = page.locator(".trace li").filter(has_text="group Sales, evenly: rings Bruno")
    assert ring.locator(".trace-plugin").inner_text() == "Queue groups"
    unit = page.locator(".trace li").filter(has_text="Recordings per month")
    assert "(plan Basic, plans.yaml:" in unit.inner_text()
    expect(page.get_by_text("the provider has not reported the recording yet")).to_have_count(1)


def test_from_nothing_to_an_answered_call(browser: Browser, server: Server):
    operator = Window(browser, server.url)
    operator.sign_in(OPERATOR, PASSWORD)
    make_company(operator.page)
    pasted = connect_provider(operator.page)
    operator.close()

    admin = Window(browser, server.url)
    admin.sign_in(ADMIN, PASSWORD)
    set_up_routing(admin.page)
    call(server, pasted)
    look_it_up(admin.page)
    admin.close()
