"""The drawn flow in a browser: zoom, keys, links, paper, no script, Italian, narrow; and a path."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import resize

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADMIN = "admin@professional.demo.example"
SIZE = "svg => [svg.clientWidth, svg.viewBox.baseVal.width]"


def open_flow(page):
    """The flow of the first number, through its button in the list."""
    page.goto("/lines/")
    page.locator("tbody tr").first.get_by_role("link", name="Flow").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Flow")
    page.wait_for_load_state()  # its script, too
    return page.locator("svg.flow-drawing")


def scale(drawing):
    width, natural = drawing.evaluate(SIZE)
    return width / natural


def test_the_drawing_is_zoomed_by_buttons_keys_and_the_wheel(open_as):
    page = open_as(ADMIN).page
    drawing = open_flow(page)
    view = page.locator("[data-flow]")
    page.get_by_role("button", name=re.compile("^\\d+ %")).click()
    assert scale(drawing) == pytest.approx(1, abs=0.01)
    page.get_by_role("button", name="Larger").click()
    assert scale(drawing) == pytest.approx(1.25, abs=0.01)
    expect(page.locator("[data-flow-percent]")).to_have_text("125 %")
    view.focus()
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert scale(drawing) == pytest.approx(0.8, abs=0.01)
    page.keyboard.press("0")
    fits = view.evaluate("view => view.scrollWidth <= view.clientWidth")
    assert fits
    before = scale(drawing)
    view.hover()
    page.mouse.wheel(0, 30)
    assert scale(drawing) == before
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(page.locator("[data-flow-percent]")).not_to_have_text(f"{round(before * 100)} %")
    assert scale(drawing) > before


def test_a_large_drawing_is_moved_by_the_mouse_and_a_click_follows_a_box(open_as):
    page = open_as(ADMIN).page
    drawing = open_flow(page)
    view = page.locator("[data-flow]")
    for _ in range(4):
        page.get_by_role("button", name="Larger").click()
    view.evaluate("view => { view.scrollLeft = 100; view.scrollTop = 100; }")
    box = view.bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 270, steps=4)
    page.mouse.up()
    assert view.evaluate("view => [view.scrollLeft, view.scrollTop]") == [140, 130]
    page.keyboard.press("0")
    page.get_by_role("button", name="Fit").click()
    drawing.locator("[id='flow-stage:greeting'] a").first.click()
    expect(page).to_have_url(re.compile(r"/lines/\d+/#sheet-extension$"))


def test_another_plan_is_shown_at_a_choice_and_the_greyed_box_says_why(open_as):
    page = open_as(ADMIN).page
    drawing = open_flow(page)
    expect(drawing.locator(".box.off .title", has_text="Voice menu")).to_have_count(0)
    page.get_by_label("As on plan").select_option("free")
    expect(page.get_by_text("What if:")).to_be_visible()
    menu = page.locator("[id='flow-stage:ivr']")
    expect(menu).to_have_class(re.compile(r"\boff\b"))
    expect(menu).to_contain_text("is not in the plan")


def test_on_paper_the_drawing_has_the_papers_width_and_no_colour(open_as):
    page = open_as(ADMIN).page
    open_flow(page)
    page.emulate_media(media="print")
    resize(page, 700, 1000)
    drawing = page.locator("svg.flow-drawing")
    expect(page.locator("nav.menu")).to_be_hidden()  # printed now: the browser takes its time
    fits = "svg => svg.getBoundingClientRect().width <= 700"
    page.wait_for_function(fits, arg=drawing.element_handle())
    expect(page.locator("[data-flow-buttons]")).to_be_hidden()
    colour = "text => getComputedStyle(text).fill"
    colours = drawing.locator("text").evaluate_all(f"all => [...new Set(all.map({colour}))]")
    assert colours == ["rgb(0, 0, 0)"]
    assert drawing.evaluate("svg => svg.scrollWidth <= svg.clientWidth")
    expect(page.locator(".flow-text")).to_be_visible()


def test_without_a_script_the_drawing_scrolls_and_the_plan_can_be_chosen(open_as):
    address = open_as(ADMIN).page
    open_flow(address)
    page = open_as(ADMIN, java_script_enabled=False).page
    page.goto(address.url)
    drawing = page.locator("svg.flow-drawing")
    expect(drawing).to_be_visible()
    expect(page.locator("[data-flow-buttons]")).to_be_hidden()
    assert drawing.bounding_box()["width"] == float(drawing.get_attribute("width"))
    page.get_by_label("As on plan").select_option("free")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("What if:")).to_be_visible()


def test_in_italian_and_narrow(open_as):
    page = open_as(ADMIN, locale="it-IT", viewport={"width": 390, "height": 844}).page
    page.goto("/lines/")
    page.locator("tbody tr").first.get_by_role("link", name="Flusso").click()
    page.wait_for_load_state()
    drawing = page.locator("svg.flow-drawing")
    expect(drawing).to_contain_text("Arriva una chiamata")
    expect(drawing).to_contain_text("Benvenuto")
    expect(page.get_by_role("heading", name="Come testo")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert scale(drawing) == pytest.approx(0.6, abs=0.01)


def test_the_file_is_downloaded(open_as, tmp_path):
    page = open_as(ADMIN).page
    open_flow(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download SVG").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert re.fullmatch(r"flow-\d+\.svg", file.name)
    assert "</svg>" in file.read_text()


def test_the_path_of_a_tested_call_is_drawn_on_the_flow(open_as):
    page = open_as(ADMIN).page
    open_flow(page)
    page.get_by_role("link", name="Test a call").click()
    page.get_by_label("When").fill("2026-11-24T10:30")
    page.get_by_label("What the caller does").fill("wait 5, 2, 2, say 5")
    page.get_by_role("button", name="Call", exact=True).click()
    page.wait_for_load_state()
    drawing = page.locator("svg.flow-marked")
    expect(drawing.locator(".box.passed .title", has_text="Menu Office")).to_have_count(1)
    expect(drawing.locator(".box.passed .end")).to_have_text("● voicemail")
    expect(drawing.locator("[id='flow-stage:queue'].passed")).to_have_count(0)
    assert drawing.locator("path.run-0").count() > 4
    page.get_by_role("button", name="Larger").click()
    expect(page.locator("[data-flow-percent]")).to_be_visible()
