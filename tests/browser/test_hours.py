"""Working hours in a browser: a schedule with a holiday, and a number closed by hand with a reason,
seen in the list of numbers; in English and in Italian."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

ADMIN = "admin@enterprise.demo.example"
WORDS = {
    "en": {
        "name": "Name",
        "copy": "Copy Monday to Tuesday–Friday",
        "save": "Save",
        "monday": "Monday",
        "friday": "Friday",
        "kind": "Several days",
        "first": "First day",
        "last": "Last day",
        "preview": "Show the next dates",
        "every": "Every year",
        "falls": "24 December to 6 January, every year",
        "closed": "closed",
        "never": "for good, until somebody ends it",
        "reason": "Reason",
        "do": "Do it",
        "badge": "closed by hand, for good",
        "end": "End it now",
        "days": "The coming 14 days",
    },
    "it": {
        "name": "Nome",
        "copy": "Copia il lunedì su martedì–venerdì",
        "save": "Salva",
        "monday": "Lunedì",
        "friday": "Venerdì",
        "kind": "Più giorni",
        "first": "Primo giorno",
        "last": "Ultimo giorno",
        "preview": "Mostra le prossime date",
        "every": "Ogni anno",
        "falls": "dal 24 dicembre al 6 gennaio, ogni anno",
        "closed": "chiuso",
        "never": "a tempo indeterminato, finché qualcuno non lo termina",
        "reason": "Motivo",
        "do": "Conferma",
        "badge": "chiuso a mano, a tempo indeterminato",
        "end": "Termina ora",
        "days": "I prossimi 14 giorni",
    },
}


@pytest.fixture(params=["en", "it"])
def language(request) -> str:
    """The browser's language."""
    return request.param


@pytest.fixture
def words(language) -> dict[str, str]:
    """What the page says in it."""
    return WORDS[language]


@pytest.fixture
def page(open_as, language) -> Page:
    """The page of an admin whose plan has everything."""
    return open_as(ADMIN, locale=language).page


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def test_a_schedule_with_a_holiday_over_the_new_year(page, words, language):
    page.goto("/workhours_schedules/new/")
    page.get_by_label(words["name"]).first.fill(f"Shop {language}")
    page.get_by_label(words["monday"]).fill("9-13, 15-19:30")
    button(page, words["copy"])
    assert page.get_by_label(words["friday"]).input_value() == "9-13, 15-19:30"
    button(page, words["save"])
    expect(page.get_by_role("heading", name=words["days"])).to_have_count(1)
    expect(page.locator(".day-row")).to_have_count(14)
    assert page.locator(".bar-open").count() >= 16
    expect(page.locator(".day-today .bar-now")).to_have_count(1)

    page.get_by_role("link", name=words["kind"]).click()
    page.get_by_label(words["name"]).first.fill("Inventory & <rest>")
    page.get_by_label(words["first"]).fill("2026-12-24")
    page.get_by_label(words["last"]).fill("2027-01-06")
    page.get_by_text(words["every"], exact=True).click()
    button(page, words["preview"])
    expect(page.locator(".next-days li")).to_have_count(5)
    button(page, words["save"])
    row = page.locator("tr").filter(has_text="Inventory & <rest>")
    expect(row).to_contain_text(words["falls"])


def test_enter_in_the_week_saves_and_fills_nothing_in(page, words, language):
    page.goto("/workhours_schedules/new/")
    page.get_by_label(words["name"]).first.fill(f"Enter {language}")
    page.get_by_label(words["monday"]).fill("9-13")
    page.get_by_label(words["monday"]).press("Enter")
    page.wait_for_url("**/workhours_schedules/details/**")
    assert page.locator(".details dd").first.inner_text().endswith("09:00-13:00")


def test_a_number_closed_by_hand_says_so_in_the_list_with_its_reason(page, words, language):
    page.goto("/workhours/overrides/")
    target = page.locator("#target option[value^='line:']").first
    page.locator("#target").select_option(target.get_attribute("value"))
    page.get_by_label(words["closed"], exact=True).check()
    page.get_by_label(words["never"]).check()
    button(page, words["do"])
    expect(page.locator(".field-error")).to_have_count(1)
    page.get_by_label(words["reason"]).fill(f"Water in the house ({language})")
    button(page, words["do"])

    page.goto("/lines/")
    badge = page.locator(".line-badge").filter(has_text=words["badge"])
    expect(badge).to_have_count(1)
    assert f"Water in the house ({language}) ({ADMIN})" in badge.inner_text()

    page.goto("/workhours/overrides/")
    button(page, words["end"])
    page.goto("/lines/")
    expect(page.locator(".line-badge").filter(has_text=words["badge"])).to_have_count(0)


def test_a_time_that_is_typed_is_the_one_that_counts(open_as):
    page = open_as(ADMIN).page
    page.goto("/workhours/overrides/")
    expect(page.locator("[name=ends][value=change]")).to_be_checked()
    page.locator("[name=until]").fill("2050-01-01T10:00")
    expect(page.locator("[name=ends][value=time]")).to_be_checked()


def test_the_page_fits_a_phone(open_as):
    page = open_as(ADMIN, viewport={"width": 390, "height": 800}).page
    page.goto("/workhours_schedules/")
    page.locator("tbody a").first.click()
    page.locator(".day-row").first.wait_for()
    for address in (page.url, "/workhours/overrides/"):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, address
