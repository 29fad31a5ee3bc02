"""The editor of menus in a browser: drawn, edited in place, by mouse and by keyboard (R4)."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import expect

from tests.browser.test_walk import OVERFLOW

pytestmark = pytest.mark.browser

ADMIN = "admin@professional.demo.example"
SMALL = "admin@standard.demo.example"
"""Its plan has two levels of menus."""


def ready(page):
    """The editor, once its script has taken over."""
    expect(page.locator("#ivr-editor[data-ready]")).to_be_attached()


def new_tree(page, name):
    page.goto("/ivr_menus/new")
    page.locator("#ivr-name").fill(name)
    page.locator("#ivr-prompt").fill(f"Welcome to {name}.")
    page.locator(".model-form button.btn-primary").click()
    ready(page)


def box(page, name):
    """A menu's box."""
    return page.get_by_role("article", name=name, exact=True)


def save(page):
    page.locator("#ivr-form button.btn-primary").click()


def add_key(page, key, to, **fields):
    """Fill the open form of a new key, and save it."""
    page.locator("#ivr-key").select_option(key)
    page.locator("#ivr-to").select_option(to)
    for name, text in fields.items():
        page.locator(f"#ivr-{name}").fill(text)
    save(page)


def open_new_key(page, menu):
    page.get_by_role("link", name=f"Add a key to {menu}").click()
    expect(page.locator("#ivr-form")).to_be_visible()


def delete_tree(page, name):
    """Leave no tree behind: all tests share one demo."""
    page.goto("/ivr_menus/")
    page.get_by_role("link", name=f"Delete {name}", exact=True).click()
    page.get_by_role("button", name="Delete").click()


def only(window, status):
    """The browser complains of answers with this status; of nothing else it may."""
    assert window.complaints
    assert all(str(status) in one for one in window.complaints)
    window.complaints.clear()


def test_two_levels_from_nothing_moved_undone_and_deleted(open_as):
    window = open_as(ADMIN, viewport={"width": 1440, "height": 2000})
    page = window.page
    new_tree(page, "Reception")
    add_key(page, "1", "new", name="Rooms", prompt="For a room, press 1.")
    expect(box(page, "Rooms")).to_contain_text("level 2")
    expect(page.locator("#ivr-key")).to_be_focused()  # the new menu asks for its keys at once
    add_key(page, "1", "message", text="All rooms are taken.")
    expect(page.locator(".ivr-tree")).to_contain_text("All rooms are taken.")
    open_new_key(page, "Reception")
    add_key(page, "2", "new", name="Kitchen", prompt="For the kitchen, wait.")
    expect(box(page, "Kitchen")).to_contain_text("level 2")
    expect(page.locator("#ivr-key")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#ivr-form")).to_have_count(0)

    # A taken key is said at once, on its field, with what it does.
    open_new_key(page, "Reception")
    page.locator("#ivr-key").select_option("1")
    expect(page.locator("#ivr-key-wrong")).to_have_text("Key 1 is taken: Rooms")
    page.locator("#ivr-key").select_option("3")
    expect(page.locator("#ivr-key-wrong")).to_be_hidden()
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator("#ivr-form")).to_have_count(0)

    # Dragged onto another menu, with all that is below it; then taken back, and done again.
    page.locator("kbd", has_text="2").first.drag_to(box(page, "Rooms"))
    expect(box(page, "Kitchen")).to_contain_text("level 3")
    page.get_by_role("button", name="Undo").click()
    expect(box(page, "Kitchen")).to_contain_text("level 2")
    page.get_by_role("button", name="Do again").click()
    expect(box(page, "Kitchen")).to_contain_text("level 3")

    # The same back by keyboard.
    page.get_by_role("link", name="Move key 2 of menu Rooms").press("Enter")
    expect(page.locator("#ivr-menu")).to_be_focused()
    page.locator("#ivr-menu").select_option(label="Reception")
    page.locator("#ivr-key").select_option("")
    page.locator("#ivr-form button.btn-primary").press("Enter")
    expect(box(page, "Kitchen")).to_contain_text("level 2")

    # A failure leads to a menu, which then cannot be deleted.
    page.get_by_role("link", name="Edit No key pressed, Reception").click()
    page.locator("#ivr-to").select_option(label="Kitchen")
    save(page)
    expect(box(page, "Reception")).to_contain_text("then Kitchen")
    page.get_by_role("link", name="Delete Kitchen", exact=True).click()
    expect(page.locator(".alert")).to_contain_text("menu Reception, after no input")
    page.get_by_role("link", name="Cancel").click()
    ready(page)
    delete_tree(page, "Reception")
    expect(page.locator(".alert-success")).to_contain_text("menu Kitchen deleted")
    expect(page.get_by_role("link", name="Reception")).to_have_count(0)


def test_arrow_keys_enter_and_escape(open_as):
    page = open_as(ADMIN).page
    page.goto("/ivr_menus/")
    page.get_by_role("link", name="Main menu", exact=True).click()
    ready(page)
    box(page, "Main menu").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.key") == "1"
    page.keyboard.press("Enter")
    expect(page.locator("#ivr-key")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#ivr-form")).to_have_count(0)
    assert page.evaluate("document.activeElement.dataset.key") == "1"


def test_what_is_typed_goes_only_when_it_is_meant_to(open_as):
    page = open_as(ADMIN).page
    page.goto("/ivr_menus/")
    page.get_by_role("link", name="Main menu", exact=True).click()
    ready(page)
    own = page.get_by_role("link", name="Edit Main menu", exact=True)
    other = page.get_by_role("link", name="Edit No key pressed, Main menu", exact=True)
    asked = []

    def answer(how):
        page.once("dialog", lambda dialog: (asked.append(dialog.type), getattr(dialog, how)()))

    own.click()
    page.locator("#ivr-prompt").fill("Half a sent")
    answer("dismiss")
    other.click()
    assert asked == ["confirm"]
    answer("dismiss")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Groups", exact=True).click(no_wait_after=True)
    assert asked == ["confirm", "beforeunload"]
    expect(page.locator("#ivr-prompt")).to_have_value("Half a sent")
    answer("accept")
    other.click()
    expect(page.locator("#ivr-retries")).to_be_visible()
    own.click()  # nothing was typed: nothing is asked
    expect(page.locator("#ivr-name")).to_be_visible()
    assert asked == ["confirm", "beforeunload", "confirm"]


def test_deeper_than_the_plan_is_said_in_the_form(open_as):
    window = open_as(SMALL)
    page = window.page
    new_tree(page, "Shop")
    add_key(page, "1", "new", name="Shoes", prompt="Shoes.")
    expect(box(page, "Shoes")).to_contain_text("level 2")
    add_key(page, "1", "new", name="Boots", prompt="Boots.")
    expect(page.locator("#ivr-form")).to_contain_text("Boots is on level 3.")
    expect(page.locator("#ivr-name")).to_have_value("Boots")
    only(window, 422)
    delete_tree(page, "Shop")


def test_a_prompt_is_heard_before_and_after_it_is_saved(open_as):
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is missing: scripts/test-packages.sh installs it")
    window = open_as(ADMIN)
    page = window.page
    heard = []
    page.route("**/listen/**", lambda route: (heard.append(route.request.url), route.fulfill(
        body=b"RIFF", content_type="audio/wav")))  # fmt: skip
    page.goto("/ivr_menus/")
    page.get_by_role("link", name="Main menu", exact=True).click()
    ready(page)
    page.locator("a[data-play]").first.click()
    page.get_by_role("link", name="Edit Main menu", exact=True).click()
    page.locator("#ivr-prompt").fill("Just typed.")
    page.locator("#ivr-language").select_option("it")
    page.locator("[data-speak]").click()
    expect(page.locator("#ivr-said")).to_contain_text("cannot be played")
    assert "text=Welcome" in heard[0]
    assert "text=Just+typed.&language=it" in heard[-1]


def test_two_admins_at_once(open_as):
    first, second = open_as(ADMIN), open_as(ADMIN)
    new_tree(first.page, "Desk")
    address = first.page.url.partition("?")[0]
    second.page.goto(address)
    ready(second.page)
    for page in (first.page, second.page):
        page.get_by_role("link", name="Edit Desk", exact=True).click()
        expect(page.locator("#ivr-form [name=first_seconds]")).to_be_visible()
    first.page.locator("#ivr-name").fill("Front desk")
    save(first.page)
    expect(box(first.page, "Front desk")).to_be_visible()
    second.page.locator("#ivr-prompt").fill("Mine.")
    save(second.page)
    form = second.page.locator("#ivr-form")
    expect(form).to_contain_text("was faster: menu Desk renamed to Front desk")
    expect(second.page.locator("#ivr-prompt")).to_have_value("Mine.")
    only(second, 409)
    delete_tree(first.page, "Front desk")


def test_without_a_script_in_italian_and_narrow(open_as):
    window = open_as(ADMIN, java_script_enabled=False, locale="it", viewport={
        "width": 390, "height": 844})  # fmt: skip
    page = window.page
    page.goto("/ivr_menus/")
    expect(page.locator("h1")).to_have_text("Menu")
    page.get_by_role("link", name="Nuovo menu").click()
    page.get_by_label("Nome").fill("Centrale")
    page.get_by_label("Annuncio").fill("Benvenuti.")
    page.get_by_role("button", name="Crea e aggiungi i tasti").click()
    page.locator("#ivr-key").select_option("1")
    page.locator("#ivr-to").select_option("new")
    page.locator("#ivr-name").fill("Vendite")
    page.locator("#ivr-prompt").fill("Vendite.")
    page.get_by_role("button", name="Salva").click()
    expect(page.get_by_role("article", name="Vendite")).to_contain_text("livello 2")
    page.get_by_role("link", name="Sposta tasto 1 del menu Centrale").click()
    page.locator("#ivr-key").select_option("5")
    page.get_by_role("button", name="Salva").click()
    expect(page.locator(".alert-success")).to_contain_text("spostato al tasto 5")
    page.get_by_role("button", name="Annulla").first.click()
    expect(page.locator(".alert-success")).to_contain_text("Annullato")
    page.get_by_role("link", name="Elimina Centrale", exact=True).click()
    expect(page.locator("main")).to_contain_text("Andrebbe perso")
    page.get_by_role("button", name="Elimina").click()
    expect(page.get_by_role("link", name="Centrale")).to_have_count(0)


def test_it_fits_a_small_screen(open_as):
    page = open_as(ADMIN, viewport={"width": 390, "height": 844}).page
    page.goto("/ivr_menus/")
    page.get_by_role("link", name="Main menu", exact=True).click()
    ready(page)
    assert page.evaluate(OVERFLOW) == []
    open_new_key(page, "Main menu")
    assert page.evaluate(OVERFLOW) == []
