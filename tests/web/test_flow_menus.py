"""Menus on the flow: the tree unfolds, the plan's depth closes what is below, a call's keys are
its path (R4)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.contract.flow import NEXT
from core.store.lines import GatewayRow, LineProfile, LineRow
from core.web.flow import draw_paths
from core.web.flow.path import follow
from core.web.flow.reading import read_flow
from plugins.ivr.models import KeyRow, MenuRow
from tests.support.site import open_site

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PLANS = """
schema: 1
plans:
  standard: {title: Standard, features: {ivr: true, ivr.max_depth: 2}}
  enterprise: {title: Enterprise, extends: standard, features: {ivr.max_depth: unlimited}}
"""


class Place:
    """A main menu, below it sales, below that orders, which leads back."""

    def __init__(self, site):
        self.site = site
        self.account = site.account("Rossi", "enterprise")
        gateway = GatewayRow.create(account=self.account, kind="twiml", provider="twilio", name="G")
        self.line = LineRow.create(account=self.account, number="+390612345678", gateway=gateway)
        self.main, self.sales, self.orders = (
            MenuRow.create(account=self.account, name=name, prompt=name)
            for name in ("Main", "Sales", "Orders")
        )
        self.keys(self.main, {"1": self.key(self.sales), "2": "voicemail"})
        self.keys(self.sales, {"1": self.key(self.orders), "*": "back"})
        self.keys(self.orders, {"*": "back", "#": "exit"})
        LineProfile.create(
            account=self.account,
            line=self.line,
            plugin="ivr",
            on=True,
            stored={"menu": self.key(self.main)},
        )

    def key(self, menu):
        return f"ivr:{menu.id}"

    def keys(self, menu, targets):
        for key, target in targets.items():
            KeyRow.create(account=self.account, menu=menu, key=key, target=target)

    def read(self, plan=""):
        with self.site.app.test_request_context("/"):
            return read_flow(self.site.centralino, self.line, NOW, plan)

    def call(self, *keys):
        caller = [{"press": key} for key in keys]
        scenario = {"call": {"to": self.line.number}, "caller": caller}
        return self.site.centralino.simulator().simulate(scenario, NOW, self.account.id)


@pytest.fixture
def place(tmp_path):
    with open_site(tmp_path, ("extension", "ivr", "twiml", "voicemail"), PLANS) as site:
        yield Place(site)


def ways(flow, key):
    return {way.label: (way.to, way.off) for way in flow.boxes[key].ways}


def test_the_tree_unfolds_and_back_leads_to_the_menu_above(place):
    flow = place.read()
    main, sales, orders = map(place.key, (place.main, place.sales, place.orders))
    assert [way.to for way in flow.boxes["stage:ivr"].ways] == [main]
    assert ways(flow, main)["key 1"] == (sales, "")
    assert ways(flow, sales)["key *"] == (main, "")
    assert ways(flow, orders)["key *"] == (sales, "")
    assert flow.boxes[orders].next == "last-resort"
    assert any("key #" in label and to == NEXT for label, (to, _) in ways(flow, orders).items())


def test_what_lies_deeper_than_the_plan_is_closed_with_the_gates_sentence(place):
    flow = place.read("standard")
    main, sales, orders = map(place.key, (place.main, place.sales, place.orders))
    assert ways(flow, main)["key 1"] == (sales, "")
    to, off = ways(flow, sales)["key 1"]
    assert to == orders
    assert "2" in off
    assert not flow.boxes[orders].reached
    assert flow.boxes[sales].reached


def test_menus_that_lead_to_one_another_are_drawn_once_each(place):
    """fusionpbx#1402: a loop of menus cannot hang the drawing."""
    KeyRow.create(account=place.account, menu=place.orders, key="9", target=place.key(place.main))
    for plan in ("", "standard"):
        flow = place.read(plan)
        assert sum(key.startswith("ivr:") for key in flow.boxes) == 3


def test_the_keys_of_a_call_are_its_path(place):
    result = place.call("1", "1", "*", "*", "2")
    passed = follow(place.read(), result["trace"])
    main, sales, orders = map(place.key, (place.main, place.sales, place.orders))
    found = [key for key in passed.boxes if key.startswith(("ivr:", "voicemail"))]
    assert found == [main, sales, orders, sales, main, "voicemail"]
    assert {(sales, orders), (orders, sales), (main, "voicemail")} <= set(passed.ways)
    with place.site.app.test_request_context("/"):
        picture = str(draw_paths(place.line, [("Test", result)]))
    assert 'class="run-row run-0"' in picture
