"""Gateways whose kind has a page of its own: listed here, made and changed there."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from core.contract.plugin import GatewayKind
from core.store.lines import GatewayRow, LineRow


@pytest.fixture
def trunk(site):
    """A gateway of a kind without providers."""
    page = "stub_shelves.index_view"
    kind = GatewayKind("trunk", "SIP trunk", (), lambda row: [], lambda row, url: b"", page=page)
    site.kit.app.registry.gateways["trunk"] = kind
    return GatewayRow.create(account=site.rome, kind="trunk", provider="", name="Office PBX")


def test_it_is_listed_with_its_protocol_and_leads_to_its_own_page(site, trunk):
    browser = site.sign_in("anna")
    listed = browser.get("/gateways/").text
    assert "SIP trunk" in listed
    form = BeautifulSoup(browser.get("/gateways/new/").text, "html.parser")
    offered = [one.text for one in form.select("select[name=which] option")]
    assert offered
    assert not any("SIP trunk" in one for one in offered)
    for page in ("edit", "details", "delete"):
        answer = browser.get(f"/gateways/{page}/?id={trunk.id}")
        assert answer.status_code == 302
        assert answer.location in listed


def test_it_is_not_deleted_here(site, trunk):
    browser = site.sign_in("anna")
    browser.post(f"/gateways/delete/?id={trunk.id}", id=trunk.id)
    assert "deleted on its own page" in browser.get("/gateways/").text
    assert GatewayRow.get_or_none(GatewayRow.id == trunk.id)


def test_a_numbers_card_leads_whoever_may_go_there_to_that_page(site, trunk):
    line = LineRow.create(account=site.rome, number="+390612345600", gateway=trunk)
    card = f"/lines/{line.id}/"
    (link,) = BeautifulSoup(site.sign_in("anna").get(card).text, "html.parser").find_all(
        "a", string="Office PBX"
    )
    answer = site.sign_in("anna").get(link["href"])
    assert answer.location == "/stub_shelves/"
    page = site.sign_in("sara").get(card).text
    assert "Office PBX" in page
    assert "/gateways/" not in page
