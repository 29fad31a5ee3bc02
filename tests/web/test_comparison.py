"""The comparison of plans: what an account has, uses, and could have; where every lock leads."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from core.store.accounts import AccountRow, PluginSwitch
from tests.web.test_account_plan import insert_group, take

QUOTA = "recording.monthly_calls"


@pytest.fixture
def anna(site):
    return site.sign_in("anna")


@pytest.fixture
def address(site):
    return f"/accounts/{site.rome.id}/plan"


def page(browser, **options):
    answer = browser.client.get("/plans/", **options)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def row(found, key):
    return found.find("tr", id=key)


def cell(found, key, plan):
    """What stands in a row under a plan's title."""
    (one,) = [one for one in row(found, key).find_all("td") if one["data-label"] == plan]
    return one


def words(element):
    return " ".join(element.get_text(" ").split())


def marked(found):
    """The headings of marked columns."""
    return [words(one) for one in found.select("thead th.own")]


def test_the_plans_stand_side_by_side_with_the_own_one_marked(site, anna):
    found = page(anna)
    assert marked(found) == ["Free your plan"]
    assert "Your plan: Free." in words(found.find(class_="lead-in"))
    for key in site.kit.app.registry.features:
        assert len(row(found, key).find_all("td")) == 3, key
    values = [words(cell(found, QUOTA, plan)) for plan in ("Free", "Professional", "Bare")]
    assert values == ["100", "unlimited", "–"]
    assert "own" in cell(found, QUOTA, "Free")["class"]
    assert "own" not in cell(found, QUOTA, "Professional")["class"]


def test_a_part_without_its_plugin_is_not_shown_as_included(tmp_path, site, anna):
    """What counts is what takes effect, not what a cell says."""
    plans = site.kit.app.config.plans
    text = plans.read_text()
    plans.write_text(
        text.replace("    features: {}", "    features: {recording.dual_channel: true}")
    )
    try:
        assert words(cell(page(anna), "recording.dual_channel", "Bare")) == "–"
    finally:
        plans.write_text(text)


def test_what_is_used_of_it_is_said(site, anna):
    take(site, 3)
    insert_group(site.rome, "Sales")
    found = page(anna)
    assert words(row(found, QUOTA).find(class_="use")) == "You have used 3 of 100 this month."
    assert words(row(found, "queue.max_groups").find(class_="use")) == "You use 1 of 1."
    assert row(found, "crm").find(class_="use") is None


def test_for_how_many_numbers_a_plugin_is_on(site, anna):
    from core.store.lines import LineRow

    for number in ("+390600000021", "+390600000022"):
        LineRow.create(account=site.rome, number=number)
    site.company.profile("crm", on=False)
    found = page(anna)

    def use(plugin):
        return words(row(found, plugin).find_previous("tr", class_="group"))

    on = 2 if site.kit.app.registry.plugins["crm"].plugin.on_by_default else 0
    assert f"on for {on} of 3 numbers" in use("crm")
    PluginSwitch.create(account=site.rome, plugin="crm", on=False)
    found = page(anna)
    assert "switched off for the whole account" in use("crm")


def test_an_override_stands_in_their_column_with_its_end_and_reason(site, anna, address):
    bill = site.sign_in("bill")
    reason = "agreed with Mr. Rossi"
    bill.post(f"{address}/override/", feature=QUOTA, value="150", until="2027-01-31", reason=reason)
    found = page(anna)
    said = words(cell(found, QUOTA, "Free"))
    assert said == f"150 until 31 Jan 2027, {reason} in the plan: 100"
    assert words(row(found, QUOTA).find(class_="use")) == "You have used 0 of 150 this month."
    bill.post(
        f"{address}/override/",
        **{"from": "2027-02-15"},
        feature="recording.dual_channel",
        value="yes",
        reason=reason,
    )
    assert words(cell(page(anna), "recording.dual_channel", "Free")) == "–", "not yet"


def test_a_trial_is_marked_with_its_end_beside_the_own_plan(site, anna, address):
    form = {"plan": "professional", "until": "2026-12-24", "reason": "to see it"}
    site.sign_in("bill").post(f"{address}/trial/", **form)
    found = page(anna)
    assert marked(found) == ["Professional your trial until 24 Dec 2026"]
    assert "Your plan now: Professional, as a trial until 24 Dec 2026." in words(found)
    own = [words(one) for one in found.select("thead th") if one.find(class_="badge-primary")]
    assert own == ["Free your plan"]
    site.kit.clock.forward(days=40)
    assert marked(page(anna)) == ["Free your plan"]


def test_what_no_plan_gives_is_said(site, anna, address):
    assert "In no plan." in words(row(page(anna), "queue.ring_all"))
    site.sign_in("bill").post(
        f"{address}/override/", feature="queue.ring_all", value="yes", reason="a gift"
    )
    found = page(anna)
    assert "In no plan." in words(row(found, "queue.ring_all"))
    assert words(cell(found, "queue.ring_all", "Free")) == "✓ a gift in the plan: –"


def test_who_to_ask_is_said_and_nobody_is_invented(anna):
    text = words(page(anna).find(class_="lead-in"))
    assert "ask there" in text
    assert "@" not in text


def test_those_who_run_the_installation_see_no_marked_plan_and_the_way_to_the_grid(site):
    for name in ("bill", "olga"):
        found = page(site.sign_in(name))
        assert marked(found) == []
        assert found.select(".use, .group-use, .exception") == []
        assert found.find("a", href="/plan-matrix/")
    assert page(site.sign_in("anna")).find("a", href="/plan-matrix/") is None


def test_every_lock_leads_to_the_row_of_its_feature(site, anna):
    """On the card of a number, the page of plugins, and where a page is closed."""
    AccountRow.update(plan="bare").execute()
    found = page(anna)
    pages = (f"/lines/{site.company.line.id}/", "/plugins/", "/crm_contacts/")
    for one in pages:
        shown = BeautifulSoup(anna.get(one).text, "html.parser")
        links = [a["href"] for a in shown.select("main a") if a["href"].startswith("/plans/")]
        assert links, one
        for link in links:
            assert row(found, urlsplit(link).fragment), f"{one}: {link}"


def test_in_italian(anna):
    found = page(anna, headers={"Accept-Language": "it"})
    assert marked(found) == ["Free il vostro piano"]
    assert "Il vostro piano: Free." in words(found)
    assert "In nessun piano." in words(row(found, "queue.ring_all"))
