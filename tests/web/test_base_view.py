"""The base view: each fault of Flask-Admin that could happen to us, mended (B1-B23)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from core.store.accounts import AccountRow
from core.store.lines import LineProfile
from core.web.base_view import AccountView
from core.web.export import cell
from tests.web.conftest import Book, Shelf

ROOT = Path(__file__).parents[2]


def names(model):
    return {str(row) for row in model.select()}


def test_nothing_but_the_base_view_subclasses_flask_admins():
    guilty = []
    for path in [*ROOT.glob("core/**/*.py"), *ROOT.glob("plugins/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            source = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            names = {one.name for one in node.names} if source.startswith("flask_admin") else set()
            if names & {"ModelView", "BaseModelView"}:
                guilty.append(path.relative_to(ROOT).as_posix())
    assert guilty == ["core/web/base_view.py"]


# --- The wall (B8) ---


def test_list_shows_own_rows_only(site):
    page = site.sign_in("anna").get("/stub_shelves/").text
    assert "Own" in page
    assert "Foreign" not in page


@pytest.mark.parametrize("page", ["edit", "details", "delete"])
def test_another_accounts_row_is_not_found(site, page):
    browser = site.sign_in("anna")
    assert browser.get(f"/stub_shelves/{page}/?id={site.own.id}").status_code == 200
    answer = browser.get(f"/stub_shelves/{page}/?id={site.foreign.id}")
    assert answer.status_code == 404
    assert "Foreign" not in answer.text


def test_another_accounts_row_cannot_be_changed(site):
    browser = site.sign_in("anna")
    address = f"/stub_shelves/edit/?id={site.foreign.id}"
    assert browser.post(address, name="Taken", colour="red").status_code == 404
    assert names(Shelf) == {"Own", "Foreign"}


def test_another_accounts_row_cannot_be_deleted(site):
    browser = site.sign_in("anna")
    assert browser.post("/stub_shelves/delete/", id=site.foreign.id).status_code == 404
    browser.post("/stub_shelves/action/", action="delete", rowid=site.foreign.id, confirmed="yes")
    assert names(Shelf) == {"Own", "Foreign"}


def test_another_accounts_row_is_no_choice(site):
    browser = site.sign_in("anna")
    page = browser.get("/stub_books/new/").text
    assert "Own" in page
    assert "Foreign" not in page
    assert "Pierre" not in page
    answer = browser.post("/stub_books/new/", title="Stolen", shelf=site.foreign.id)
    assert "Not a valid choice" in answer.text
    assert not names(Book)


def test_looking_up_while_typing_stays_in_the_account(site):
    browser = site.sign_in("anna")
    assert browser.get("/stub_ajax/ajax/lookup/?name=shelf&query=o").json == [[1, "Own"]]
    assert browser.get("/stub_ajax/ajax/lookup/?name=shelf").json == [[1, "Own"]]
    answer = browser.post("/stub_ajax/new/", title="Stolen", shelf=site.foreign.id)
    assert answer.status_code == 200
    assert not names(Book)


def test_export_stays_in_the_account(site):
    text = site.sign_in("anna").get("/stub_shelves/export/csv/").text
    assert "Own" in text
    assert "Foreign" not in text


def test_a_new_row_is_the_members_whatever_the_form_says(site):
    site.sign_in("anna").post("/stub_shelves/new/", name="New", account=site.paris.id)
    assert Shelf.get(Shelf.name == "New").account_id == site.rome.id


def test_inline_rows_stay_in_the_account(site):
    theirs = Book.create(account=site.paris, shelf=site.foreign, title="Theirs")
    browser = site.sign_in("anna")
    answer = browser.post(
        f"/stub_shelves/edit/?id={site.own.id}",
        **{"name": "Own", "colour": "red", "books-0-id": theirs.id, "books-0-title": "Mine now"},
    )
    assert "is gone" in answer.text
    assert names(Book) == {"Theirs"}
    answer = browser.post(
        f"/stub_shelves/edit/?id={site.own.id}",
        **{"name": "Own", "colour": "red", "books-0-title": "B", "books-0-owner": site.pierre.id},
    )
    assert "Not a valid choice" in answer.text


# --- Doors ---


def test_without_sign_in_every_page_leads_to_the_sign_in(site):
    answer = site.app.test_client().get("/stub_shelves/?page=2")
    assert answer.status_code == 302
    assert answer.location == "/login?next=/stub_shelves/?page%3D2"


def test_a_role_that_may_look_may_not_change(site):
    browser = site.sign_in("sara")
    assert browser.get("/stub_shelves/").status_code == 200
    assert browser.get(f"/stub_shelves/details/?id={site.own.id}").status_code == 200
    for address in ("/stub_shelves/new/", f"/stub_shelves/edit/?id={site.own.id}"):
        assert browser.get(address).status_code == 403
        assert browser.post(address, name="Changed", colour="red").status_code == 403
    assert browser.post("/stub_shelves/delete/", id=site.own.id).status_code == 403
    answer = browser.post(
        "/stub_shelves/action/", action="delete", rowid=site.own.id, confirmed="yes"
    )
    assert answer.status_code == 403
    assert "Own" in names(Shelf)


@pytest.mark.parametrize("name", ["anna", "sara"])
def test_b4_no_cell_of_a_list_can_be_changed(site, name):
    browser = site.sign_in(name)
    answer = browser.post("/stub_shelves/ajax/update/", list_form_pk=site.own.id, name="Changed")
    assert answer.status_code == 403
    assert "Own" in names(Shelf)


def test_a_wrong_role_is_refused(site):
    assert site.sign_in("aldo").get("/stub_shelves/").status_code == 403
    assert site.sign_in("aldo").get("/stub_page/").text == "the page"
    assert site.sign_in("nobody").get("/stub_page/").status_code == 403
    assert site.sign_in("bill").get("/stub_shelves/").status_code != 200


def test_a_form_without_its_token_changes_nothing(site):
    browser = site.sign_in("anna")
    for address, data in (
        ("/stub_shelves/new/", {"name": "Forged"}),
        ("/stub_shelves/delete/", {"id": site.own.id}),
        ("/stub_shelves/action/", {"action": "delete", "rowid": site.own.id, "confirmed": "yes"}),
    ):
        assert browser.client.post(address, data=data).status_code == 400
    assert names(Shelf) == {"Own", "Foreign"}


def test_a_plan_without_the_plugin_closes_and_hides_its_pages(site):
    browser = site.sign_in("anna")
    assert "/stub_shelves/" in browser.get("/").text
    AccountRow.update(plan="bare").execute()
    assert "/stub_shelves/" not in browser.get("/").text
    for address in ("/stub_shelves/", "/stub_shelves/new/", "/stub_page/"):
        answer = browser.get(address)
        assert answer.status_code == 403
        assert "Stub is not in the plan" in answer.text
    assert browser.post("/stub_shelves/new/", name="Sneaked").status_code == 403


# --- Deleting (B7, B15) ---


def test_b7_deleting_deletes_nothing_else(site):
    Book.create(account=site.rome, shelf=site.own, title="Kept")
    browser = site.sign_in("anna")
    answer = browser.post("/stub_shelves/delete/", id=site.own.id)
    page = browser.get(answer.location).text
    assert "“Own” cannot be deleted: still used by 1 × Book" in page
    assert names(Shelf) == {"Own", "Foreign"}
    assert names(Book) == {"Kept"}


def test_what_leads_to_a_row_is_named(site):
    line = site.company.line
    LineProfile.create(
        account=site.rome,
        line=line,
        plugin="stub",
        on=True,
        stored={"then": [f"voicemail:shelf:{site.own.id}"]},
    )
    browser = site.sign_in("anna")
    asked = browser.get(f"/stub_shelves/delete/?id={site.own.id}").text
    assert "+39\xa006\xa01234\xa05678: Stub" in asked
    browser.post("/stub_shelves/delete/", id=site.own.id)
    assert "Own" in names(Shelf)


def test_b15_deleting_is_asked_for_by_the_server(site):
    browser = site.sign_in("anna")
    assert "Delete this entry?" in browser.get(f"/stub_shelves/delete/?id={site.own.id}").text
    asked = browser.post("/stub_shelves/action/", action="delete", rowid=site.own.id)
    assert "Delete this entry?" in asked.text
    assert "Own" in names(Shelf)
    browser.post("/stub_shelves/action/", action="delete", rowid=site.own.id, confirmed="yes")
    assert names(Shelf) == {"Foreign"}


def test_b15_no_page_needs_an_inline_script(site):
    Book.create(account=site.rome, shelf=site.own, title="B")
    browser = site.sign_in("anna")
    for address in (
        "/",
        "/stub_shelves/",
        "/stub_shelves/new/",
        f"/stub_shelves/edit/?id={site.own.id}",
        f"/stub_shelves/delete/?id={site.own.id}",
        "/stub_books/",
        "/stub_ajax/new/",
    ):
        page = browser.get(address).text
        for forbidden in ("onclick=", "javascript:", "style=", "<style", "onsubmit="):
            assert forbidden not in page, (address, forbidden)
        for script in page.split("<script")[1:]:
            assert 'nonce="' in script.split(">")[0]


# --- Saving (B5, B11, B12) ---


def test_b5_inline_rows_can_be_added(site):
    site.sign_in("anna").post(
        "/stub_shelves/new/",
        **{"name": "Full", "colour": "blue", "books-0-title": "First", "books-0-owner": "__None"},
    )
    book = Book.get()
    assert (book.title, book.shelf.name, book.account_id) == ("First", "Full", site.rome.id)


def test_b11_nothing_is_saved_when_an_inline_row_fails(site):
    Book.create(account=site.rome, shelf=site.own, title="Taken")
    answer = site.sign_in("anna").post(
        "/stub_shelves/new/", **{"name": "Half", "colour": "red", "books-0-title": "Taken"}
    )
    assert answer.status_code == 200
    assert "Half" not in names(Shelf)
    assert 'value="Half"' in answer.text


def test_b12_a_taken_name_is_one_sentence_on_its_field(site):
    page = site.sign_in("anna").post("/stub_shelves/new/", name="Own", colour="red").text
    assert "“Own” is already taken." in page
    assert "constraint" not in page


# --- The rest ---


def test_b1_b18_filters_and_search(site):
    Shelf.create(account=site.rome, name="Sky", colour="blue")
    browser = site.sign_in("anna")
    assert "Sky" not in browser.get("/stub_shelves/?flt0_0=red").text
    assert "Sky" in browser.get("/stub_shelves/?flt0_0=&flt1_1=1").text
    assert "Own" not in browser.get("/stub_shelves/?search=sky").text
    assert 'placeholder="None"' not in browser.get("/stub_shelves/").text
    assert browser.get("/stub_books/?flt0_0=abc").status_code == 200
    assert "Foreign" not in browser.get("/stub_books/").text


@pytest.mark.parametrize("id", ["99999999999999999999", "-1", "x", "1;drop", ""])
def test_b9_ids_that_are_none(site, id):
    browser = site.sign_in("anna")
    assert browser.get(f"/stub_shelves/details/?id={id}").status_code in (302, 404)
    assert browser.get(f"/stub_shelves/?page={id}").status_code == 200
    assert browser.get(f"/stub_shelves/?sort={id}").status_code == 200


def test_b10_a_list_is_read_in_few_queries(site, caplog):
    for number in range(20):
        Book.create(account=site.rome, shelf=site.own, title=f"B{number}", owner=site.anna)
    browser = site.sign_in("anna")
    with caplog.at_level("DEBUG", logger="peewee"):
        page = browser.get("/stub_books/").text
    queries = [one for one in caplog.records if "stub_" in one.getMessage()]
    assert page.count("Anna (101)") >= 20
    assert len(queries) <= 3  # the count, the rows, the filter's choices


def test_b13_a_views_own_type_error_is_not_mistaken(site, caplog):
    assert site.sign_in("anna").get("/stub_page/broken/").status_code == 500
    assert "inside the view" in caplog.text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("-cmd", "'-cmd"),
        ("+A1", "'+A1"),
        ("+390612345678", "+390612345678"),
        ("-3.5", "-3.5"),
        ("plain", "plain"),
    ],
)
def test_b14_formulas_are_not_exported(text, written):
    assert cell(text) == written


def test_b3_b16_cells_of_a_list_cannot_be_declared_editable():
    class Editable(AccountView):
        column_editable_list = ("name",)

    with pytest.raises(TypeError, match="cannot be edited"):
        Editable(Shelf, endpoint="stub_editable")


def test_an_empty_list_says_what_to_do_next(site):
    page = site.sign_in("pierre").post("/stub_shelves/delete/", id=site.foreign.id)
    page = site.sign_in("pierre").get("/stub_shelves/").text
    assert "No shelves yet." in page
    assert "Make one, then put books on it." in page


def test_the_operator_works_in_the_account_that_was_picked(site):
    browser = site.sign_in("olga")
    with browser.client.session_transaction() as session:
        session["account"] = site.paris.id
    page = browser.get("/stub_shelves/").text
    assert "Foreign" in page
    assert "Own" not in page
    assert AccountRow.get_by_id(site.paris.id).name in page
