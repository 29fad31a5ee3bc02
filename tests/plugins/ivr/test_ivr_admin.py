"""The pages on which menus are made, by a signed-in admin (R4, N5, B21)."""

import pytest

from core.api import LineRow
from plugins.ivr.menus import FAILURES
from plugins.ivr.models import KeyRow, MenuRow
from tests.support.site import open_site

PLANS = """
schema: 1
plans:
  small:
    title: Small
    features: {ivr: true, ivr.max_depth: 2}
  large:
    title: Large
    features: {ivr: true, ivr.max_depth: unlimited}
  none:
    title: None
    features: {}
"""
FORM = {"prompt": "Press a key.", "language": "", "first_seconds": "5", "between_seconds": "2"}
for name in FAILURES:
    FORM |= {f"{name}_retries": "1", f"{name}_prompt": "Again.", f"{name}_to": ""}


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path, ("extension", "forward", "ivr", "voicemail"), PLANS) as site:
        site.rossi = site.account("Rossi", "large")
        yield site


@pytest.fixture
def admin(site):
    return site.sign_in(site.rossi, "admin")


def rows(*keys):
    """The keys' part of the form: (id or None, key, target, text)."""
    form = {}
    for index, (id, key, target, *text) in enumerate(keys):
        form |= {
            f"keys-{index}-id": id or "",
            f"keys-{index}-key": key,
            f"keys-{index}-target": target,
            f"keys-{index}-text": "".join(text),
        }
    return form


def create(admin, name, *keys, **changes):
    return admin.post("/ivr_menus/new/", **{**FORM, "name": name, **changes, **rows(*keys)})


def menu(site, name):
    return MenuRow.of(site.rossi).where(MenuRow.name == name).get()


def made(site, admin, name, *keys):
    """A menu that was saved."""
    assert create(admin, name, *keys).status_code == 302
    return menu(site, name)


def edit(admin, row, *keys, **changes):
    address = f"/ivr_menus/edit/?id={row.id}"
    return admin.post(address, **{**FORM, "name": row.name, **changes, **rows(*keys)})


def stored(row):
    return [(one.key, one.target, one.text) for one in row.keys.order_by(KeyRow.key)]


def test_an_empty_list_says_what_to_do_next(admin):
    page = admin.get("/ivr_menus/").text
    assert "No menus yet." in page
    assert "choose it on the card of a number" in page


def test_without_the_plan_there_are_no_menus(site):
    other = site.sign_in(site.account("Bianchi", "none"), "admin")
    assert other.get("/ivr_menus/").status_code == 403
    assert create(other, "Main").status_code == 403
    assert MenuRow.select().count() == 0


def test_two_levels_with_numbers_and_messages(site, admin):
    sales = made(site, admin, "Sales", (None, "*", "back"))
    main = made(
        site,
        admin,
        "Main",
        (None, "1", f"ivr:{sales.id}"),
        (None, "2", "number", "06 8765 4321"),
        (None, "3", "message", "We are open."),
        (None, "0", "voicemail"),
    )
    assert stored(main) == [
        ("0", "voicemail", ""),
        ("1", f"ivr:{sales.id}", ""),
        ("2", "number", "+390687654321"),
        ("3", "message", "We are open."),
    ]
    page = admin.get("/ivr_menus/").text
    assert "level 2, below Main" in page
    assert "key 1 of menu Main" in page
    form = admin.get(f"/ivr_menus/edit/?id={main.id}")
    assert form.status_code == 200
    assert "+390687654321" in form.text


def test_keys_are_changed_and_deleted(site, admin):
    main = made(site, admin, "Main", (None, "1", "repeat"), (None, "2", "exit"))
    first, second = main.keys.order_by(KeyRow.key)
    changes = {"del-keys-1": "on"}
    answer = edit(admin, main, (first.id, "1", "exit"), (second.id, "2", "exit"), **changes)
    assert answer.status_code == 302
    assert stored(main) == [("1", "exit", "")]


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ((None, "1", "message"), "Type the message that callers hear."),
        ((None, "1", "number", "abc"), "“abc” is no complete phone number"),
        ((None, "1", "number", ""), "is no full number"),
        ((None, "1", "number", "+12125550100"), "this account dials IT only"),
        ((None, "1", "number", "+390612345678"), "is a number of this account"),
        ((None, "1", ""), "Choose where this key leads."),
        ((None, "1", "ivr:99"), "Not a valid choice"),
    ],
)
def test_a_key_that_cannot_work_is_refused(site, admin, key, sentence):
    LineRow.create(account=site.rossi, number="+390612345678")
    answer = create(admin, "Main", key)
    assert answer.status_code == 200
    assert sentence in answer.text
    assert MenuRow.select().count() == 0


def test_a_key_has_one_meaning(site, admin):
    answer = create(admin, "Main", (None, "1", "exit"), (None, "1", "repeat"))
    assert "Key 1 is there twice." in answer.text
    assert MenuRow.select().count() == 0


def test_a_circle_is_refused(site, admin):
    sales = made(site, admin, "Sales", (None, "1", "repeat"))
    offers = made(site, admin, "Offers", (None, "1", f"ivr:{sales.id}"))
    (key,) = sales.keys
    for target, name in ((offers, "Offers"), (sales, "Sales")):
        answer = edit(admin, sales, (key.id, "1", f"ivr:{target.id}"))
        assert f"{name} leads to Sales: callers would go round in circles." in answer.text
    assert stored(sales) == [("1", "repeat", "")]


def test_a_menu_has_one_place_in_the_tree(site, admin):
    sales = made(site, admin, "Sales", (None, "1", "repeat"))
    made(site, admin, "Main", (None, "1", f"ivr:{sales.id}"), (None, "2", f"ivr:{sales.id}"))
    answer = create(admin, "Second", (None, "1", f"ivr:{sales.id}"))
    assert "Sales is already below Main; a menu has one place." in answer.text


def test_a_menu_deeper_than_the_plan_is_refused(site, admin):
    site.rossi.plan = "small"
    site.rossi.save()
    third = made(site, admin, "Third", (None, "1", "repeat"))
    second = made(site, admin, "Second", (None, "1", f"ivr:{third.id}"))
    answer = create(admin, "First", (None, "1", f"ivr:{second.id}"))
    assert "Second reaches level 3." in answer.text
    assert MenuRow.select().count() == 2


def test_a_menu_in_use_is_not_deleted(site, admin):
    sales = made(site, admin, "Sales", (None, "1", "repeat"))
    main = made(site, admin, "Main", (None, "1", f"ivr:{sales.id}"))
    edit(admin, sales, no_input_to=f"ivr:{main.id}")
    for row, use in ((sales, "key 1 of menu Main"), (main, "menu Sales, after no input")):
        admin.post("/ivr_menus/delete/", id=row.id)
        assert use in admin.get("/ivr_menus/").text
    assert MenuRow.select().count() == 2


def test_a_menu_without_keys_is_saved_with_a_warning(site, admin):
    assert create(admin, "Main").status_code == 302
    assert "Main has no keys yet" in admin.get("/ivr_menus/").text


def test_seconds_and_retries_have_limits(site, admin):
    answer = create(admin, "Main", first_seconds="0", no_input_retries="10")
    assert "Enter 1 to 30 seconds." in answer.text
    assert "Enter 0 to 9." in answer.text


def test_the_menus_of_another_account_are_not_there(site, admin):
    other = site.account("Bianchi", "large")
    theirs = MenuRow.create(account=other, name="Theirs", prompt="Hello.")
    assert admin.get(f"/ivr_menus/edit/?id={theirs.id}").status_code == 404
    assert "Theirs" not in admin.get("/ivr_menus/new/").text
    answer = create(admin, "Main", (None, "1", f"ivr:{theirs.id}"))
    assert "Not a valid choice" in answer.text
