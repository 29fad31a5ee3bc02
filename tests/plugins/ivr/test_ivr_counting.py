"""How deep accounts' menus are, for the review of a lowered limit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.ivr.menus import menus
from plugins.ivr.models import TABLES, KeyRow, MenuRow
from plugins.ivr.plugin import count_use
from plugins.ivr.tree import depth
from tests.support.tables import Company, tables

DEPTH = "ivr.max_depth"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def companies(request, tmp_path):
    """Two companies without menus."""
    url = f"sqlite:///{tmp_path}/db.sqlite"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    with tables(url, TABLES):
        yield Company("Rossi", "+390612345678"), Company("Verdi", "+390612345679")


def plant(company, parents):
    """Menus, each below the one at this place of the list, None for a top."""
    KeyRow.delete().where(KeyRow.account == company.row).execute()
    MenuRow.delete().where(MenuRow.account == company.row).execute()
    made = []
    for name, parent in enumerate(parents):
        made.append(MenuRow.create(account=company.row, name=f"Menu {name}", prompt="Press"))
        if parent is not None:
            target, key = f"ivr:{made[name].id}", "123456789*"[name]
            KeyRow.create(account=company.row, menu=made[parent], key=key, target=target)
    return made


def test_the_deepest_menu_counts(companies):
    rossi, verdi = companies
    plant(rossi, [None, 0, 1, 0])
    plant(verdi, [None])
    assert count_use(DEPTH, 0, None) == {rossi.row.id: 3, verdi.row.id: 1}
    assert count_use(DEPTH, 1, None) == {rossi.row.id: 3}
    assert count_use(DEPTH, 3, None) == {}
    assert count_use(DEPTH, 0, verdi.row.id) == {verdi.row.id: 1}


def test_a_key_to_another_accounts_menu_leads_nowhere(companies):
    rossi, verdi = companies
    (top,) = plant(rossi, [None])
    (other,) = plant(verdi, [None])
    KeyRow.create(account=rossi.row, menu=top, key="1", target=f"ivr:{other.id}")
    assert count_use(DEPTH, 0, None) == {rossi.row.id: 1, verdi.row.id: 1}


def test_a_circle_that_should_not_be_there_ends(companies):
    rossi, _ = companies
    top, below = plant(rossi, [None, 0])
    KeyRow.create(account=rossi.row, menu=below, key="7", target=f"ivr:{below.id}")
    assert count_use(DEPTH, 0, rossi.row.id)[rossi.row.id] >= 2
    KeyRow.create(account=rossi.row, menu=below, key="8", target=f"ivr:{top.id}")
    assert count_use(DEPTH, 0, rossi.row.id) == {rossi.row.id: 1}, "no menu is a top any more"


def test_another_feature_is_not_counted(companies):
    assert count_use("ivr", 0, None) is None


TREES = st.lists(st.integers(0, 8), max_size=8).map(
    lambda places: [None, *(place % (at + 1) for at, place in enumerate(places))]
)


@settings(max_examples=30)
@given(TREES)
def test_it_is_what_the_check_at_save_calls_a_level(tmp_path_factory, parents):
    folder = tmp_path_factory.mktemp("trees")
    with tables(f"sqlite:///{folder}/db.sqlite", TABLES):
        company = Company()
        made = plant(company, parents)
        known = menus(company.account)
        deepest = max(depth(known, menu.id) for menu in made)
        assert count_use(DEPTH, 0, None) == {company.row.id: deepest}
