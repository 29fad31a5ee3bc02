"""What is said when a number's menu is chosen, and what leads to a destination."""

from types import SimpleNamespace

import pytest

from core.api import Destination
from plugins.ivr import plugin
from plugins.ivr.choice import check_choice
from plugins.ivr.models import TABLES, KeyRow, MenuRow
from tests.support.calls import decision
from tests.support.tables import Company, tables


@pytest.fixture
def company(tmp_path):
    with tables(f"sqlite:///{tmp_path}/ivr.db", TABLES):
        yield Company()


@pytest.fixture
def main(company):
    """A menu of two levels, with a key and a failure to each thing that can be deleted."""
    account = company.account.id
    sales = MenuRow.create(account=account, name="Sales", prompt="Sales.")
    main = MenuRow.create(account=account, name="Main", prompt="Main.", invalid_to="queue:3")
    for key, target, text in (
        ("1", f"ivr:{sales.id}", ""),
        ("2", "employee:17", ""),
        ("3", "voicemail:queue:3", ""),
        ("4", "number", "+393331111111"),
    ):
        KeyRow.create(account=account, menu=main, key=key, target=target, text=text)
    return main


@pytest.fixture
def problems(company):
    def check(menu, levels="unlimited"):
        settings = SimpleNamespace(menu=menu)

        def gate():
            return decision("ivr.max_depth", levels)

        return [
            (one.warning, one.sentence) for one in check_choice(company.account, settings, gate)
        ]

    return check


def test_a_good_choice_has_no_problem(problems, main):
    assert problems(f"ivr:{main.id}") == []
    assert problems(f"ivr:{main.id}", 2) == []


def test_a_deleted_menu_is_refused(problems):
    assert problems("ivr:99") == [(False, "This menu does not exist any more; choose another.")]


def test_no_choice_and_no_keys_are_warned_of(problems, main, company):
    assert problems("") == [(True, "No menu is chosen: callers hear none.")]
    sales = MenuRow.of(company.account).where(MenuRow.name == "Sales").get()
    ((warning, sentence),) = problems(f"ivr:{sales.id}")
    assert (warning, sentence) == (
        True,
        "Menu Sales has no keys: whatever callers press is wrong.",
    )


@pytest.mark.parametrize("levels", [1, False])
def test_a_tree_deeper_than_the_plan_is_warned_of(problems, main, levels):
    ((warning, sentence),) = problems(f"ivr:{main.id}", levels)
    assert warning
    assert sentence.startswith("Below Main there are menus of level 2; they are left out.")


@pytest.mark.parametrize(
    ("destination", "uses"),
    [
        ("ivr:1", ["key 1 of menu Main"]),
        ("employee:17", ["key 2 of menu Main"]),
        ("queue:3", ["key 3 of menu Main", "menu Main, after invalid"]),
        ("number:+393331111111", ["key 4 of menu Main"]),
        ("employee:7", []),
    ],
)
def test_what_leads_to_a_destination_is_named(company, main, destination, uses):
    assert plugin.find_uses(company.account, Destination.parse(destination)) == uses


def test_menus_are_offered_by_name(company, main):
    offered = plugin.offer_destinations(company.account)
    assert [(one.value, one.title) for one in offered] == [
        (f"ivr:{main.id}", "Main"),
        ("ivr:1", "Sales"),
    ]


def test_another_account_sees_none_of_it(company, main):
    other = Company("Bianchi", "+390687654321")
    assert plugin.offer_destinations(other.account) == []
    assert plugin.find_uses(other.account, Destination("employee", "17")) == []
