"""Menus as boxes of a number's flow (R)."""

from types import SimpleNamespace

import pytest

from core.api import NEXT, Destination
from plugins.ivr import flow, plugin
from plugins.ivr.models import TABLES, KeyRow, MenuRow
from tests.support.calls import decision
from tests.support.tables import Company, tables


@pytest.fixture
def company(tmp_path, monkeypatch):
    monkeypatch.setattr(flow, "url_for", lambda page, id, _anchor: f"/{page}/{id}#{_anchor}")
    monkeypatch.setattr(flow.api, "gate_ask", lambda key: decision(key, 1))
    monkeypatch.setattr(flow.api, "why", lambda one: "one level only")
    with tables(f"sqlite:///{tmp_path}/ivr.db", TABLES):
        company = Company()
        account = company.account.id
        sales = MenuRow.create(account=account, name="Sales", prompt="Sales.", no_input_to="ivr:2")
        main = MenuRow.create(account=account, name="Main", prompt="Main.", invalid_retries=0,
                              extensions=True, invalid_to="voicemail")  # fmt: skip
        for menu, key, target, text in (
            (main, "1", f"ivr:{sales.id}", ""),
            (main, "2", "number", "+393331111111"),
            (main, "3", "message", "Hello."),
            (main, "4", "extension", ""),
            (main, "*", "back", ""),
            (main, "0", "exit", ""),
            (sales, "*", "back", ""),
        ):
            KeyRow.create(account=account, menu=menu, key=key, target=target, text=text)
        yield company


def described(company, value):
    return plugin.describe_destination(company.account, Destination.parse(value))


def test_keys_and_failures_are_exits_and_what_stays_is_a_line(company):
    box = described(company, "ivr:2")
    assert (box.title, box.link, box.off) == ("Menu Main", "/ivr_menus.tree/2#menu-2", "")
    assert box.lines == ("“Main.”", "Extensions can be dialled.",
                         "Key 3: Hear a message, then this menu")  # fmt: skip
    assert [(one.label, one.to, one.off) for one in box.exits] == [
        ("key 1", "ivr:1", "one level only"),
        ("key 2", "number:+393331111111", ""),
        ("key 4", "extension", ""),
        ("key 0", NEXT, ""),
        ("key *", NEXT, ""),
        ("no input, asked 2 more times", NEXT, ""),
        ("invalid", "voicemail", ""),
        ("no answer", NEXT, ""),
    ]


def test_a_menu_below_leads_back_and_is_off_where_the_plan_stops(company):
    box = described(company, "ivr:1")
    assert box.off == "one level only"
    assert [one.to for one in box.exits][:2] == ["ivr:2", "ivr:2"]


def test_a_menu_that_is_gone_is_no_box(company):
    assert described(company, "ivr:9") is None


@pytest.mark.parametrize(
    ("menu", "exits", "lines"),
    [
        ("ivr:2", ["ivr:2"], ()),
        ("ivr:9", [NEXT], ("This menu does not exist any more; choose another.",)),
    ],
)
def test_the_stage_leads_to_the_chosen_menu(company, menu, exits, lines):
    box = plugin.describe_stage(company.account, SimpleNamespace(menu=menu))
    assert ([one.to for one in box.exits], box.lines) == (exits, lines)


def test_without_a_menu_nothing_happens_there(company):
    assert plugin.describe_stage(company.account, SimpleNamespace(menu="")) is None
