"""Lists and forms where a browser decides: deleting, rows inside a form, choosing while typing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

ADMIN = "admin@enterprise.demo.example"


@pytest.fixture
def page(open_as) -> Page:
    """The page of an admin whose plan has everything."""
    return open_as(ADMIN).page


def make_company(page: Page, name: str) -> None:
    page.goto("/crm_companies/new/")
    page.get_by_label("Name").first.fill(name)
    save(page)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Record was successfully").wait_for()


def listed(page: Page, search: str) -> list[str]:
    """The names in the list of companies that match."""
    page.goto(f"/crm_companies/?search={search}")
    return page.locator("table tbody tr td:nth-child(2)").all_inner_texts()


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_deleting_asks_and_cancelling_deletes_nothing(page):
    make_company(page, "Asked Ltd")
    assert listed(page, "Asked") == ["Asked Ltd"]
    page.locator("tbody").get_by_title("Delete").click()
    assert heading(page) == "Delete this entry?"
    assert page.locator(".deleting").inner_text() == "Asked Ltd"
    page.get_by_role("link", name="Cancel").click()
    assert listed(page, "Asked") == ["Asked Ltd"]

    page.locator("tbody").get_by_title("Delete").click()
    page.get_by_role("button", name="Delete").click()
    assert listed(page, "Asked") == []


def test_deleting_from_the_form_asks_too(page):
    make_company(page, "Formal Ltd")
    listed(page, "Formal")
    page.get_by_role("link", name="Formal Ltd").click()
    page.wait_for_load_state()
    if page.get_by_role("link", name="Edit").count():
        page.get_by_role("link", name="Edit").click()
    page.get_by_role("link", name="Delete").click()
    assert heading(page) == "Delete this entry?"
    page.go_back()
    assert listed(page, "Formal") == ["Formal Ltd"]


def test_deleting_many_asks_once_and_deletes_only_what_was_ticked(page):
    for number in (1, 2, 3):
        make_company(page, f"Batch {number}")
    assert len(listed(page, "Batch")) == 3

    def delete_two() -> None:
        for number in (1, 3):
            page.get_by_label(f"Select Batch {number}").check()
        page.locator(".with-selected button[value=delete]").click()
        assert heading(page) == "Delete these 2 entries?"

    delete_two()
    page.get_by_role("link", name="Cancel").click()
    assert len(listed(page, "Batch")) == 3
    delete_two()
    page.get_by_role("button", name="Delete").click()
    assert listed(page, "Batch") == ["Batch 2"]


def test_what_is_in_use_is_not_deleted_and_says_where(page):
    page.goto("/queue_groups/")
    page.locator("tbody").get_by_title("Delete").first.click()
    expect(page.get_by_text("Still used by these; change them first:")).to_have_count(1)
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    page.get_by_role("link", name="Back to the list").click()
    assert heading(page) == "Groups"


def test_members_are_added_to_a_group_and_taken_out_again(page):
    page.goto("/queue_groups/new/")
    page.get_by_label("Name").first.fill("Night shift")
    add, rows = page.get_by_role("button", name="Add"), page.locator(".inline-list .inline-row")
    for number in range(3):
        add.click()
        rows.nth(number).get_by_label("Employee", exact=True).select_option(index=number + 1)
    chosen = [one.locator("option:checked").inner_text() for one in rows.locator("select").all()]
    rows.nth(1).get_by_role("button", name="Remove").click()
    save(page)

    def members() -> list[str]:
        page.goto("/queue_groups/?search=Night")
        page.get_by_role("link", name="Night shift").click()
        page.wait_for_load_state()
        if page.get_by_role("link", name="Edit").count():
            page.get_by_role("link", name="Edit").click()
            page.wait_for_load_state()
        picked = rows.locator("select").locator("option:checked")
        return picked.all_inner_texts()

    assert members() == [chosen[0], chosen[2]]
    rows.nth(0).get_by_label("Delete this row").check()
    save(page)
    assert members() == [chosen[2]]


def test_a_company_is_found_while_its_name_is_typed(page):
    make_company(page, "Typed & <Sons>")
    page.goto("/crm_deals/new/")
    page.get_by_label("Title").fill("A big deal")
    page.get_by_label("Amount").fill("10")
    field = page.locator(".form-group").filter(has=page.get_by_text("Company", exact=True)).first
    field.locator(".select2-choice").click()
    page.locator(".select2-drop-active input").fill("typed")
    page.locator(".select2-result-label").filter(has_text="Typed & <Sons>").click()
    save(page)
    page.goto("/crm_deals/?search=A big deal")
    expect(page.locator("tbody").get_by_text("Typed & <Sons>")).to_have_count(1)
