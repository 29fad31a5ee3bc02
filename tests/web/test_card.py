"""A number's settings card: stored and effective, locked and free, all or nothing (N1-N3, N5)."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from core.store.accounts import AccountRow, PluginSwitch
from core.store.lines import LineProfile


@pytest.fixture
def browser(site):
    return site.sign_in("anna")


def address(site):
    return f"/lines/{site.company.line.id}/"


def filled(page):
    """What a browser would send back of a form, untouched."""
    form = BeautifulSoup(page, "html.parser").select_one("form.card-form")
    data = {}
    for one in form.select("input[name], select[name], textarea[name]"):
        if one.has_attr("disabled") or one["name"] == "csrf_token":
            continue
        if one.name == "select":
            chosen = one.select_one("option[selected]")
            data[one["name"]] = chosen["value"] if chosen else ""
        elif one.name == "textarea":
            data[one["name"]] = one.text
        elif one.get("type") != "checkbox" or one.has_attr("checked"):
            data[one["name"]] = one.get("value", "on")
    return data


def stored(site, plugin):
    row = LineProfile.get_or_none(line=site.company.line, plugin=plugin)
    return row.stored if row else None


def test_sections_are_in_their_order(site, browser):
    page = browser.get(address(site)).text
    found = re.findall(r'<section class="card-section" id="(\w+)"', page)
    assert found == ["routing", "crm", "recording", "hours", "other", "melodies", "disable"]


def test_an_untouched_card_saves_what_it_showed(site, browser):
    before = browser.get(address(site)).text
    assert browser.post(address(site), **filled(before)).status_code == 302
    assert filled(browser.get(address(site)).text) == filled(before)


def test_a_setting_is_saved_and_holds(site, browser):
    data = filled(browser.get(address(site)).text)
    data |= {"recording:on": "on", "recording.record_all": "on", "extension.seconds": "40"}
    browser.post(address(site), **data)
    assert stored(site, "recording")["record_all"] is True
    assert stored(site, "extension")["seconds"] == 40
    call = site.company.call()
    assert call.order is not None


def test_a_fault_saves_nothing_and_loses_nothing(site, browser):
    data = filled(browser.get(address(site)).text)
    data |= {"extension.seconds": "4000", "crm.lead_exceptions": "+39333*", "recording:on": "on"}
    page = browser.post(address(site), **data)
    assert page.status_code == 200
    soup = BeautifulSoup(page.text, "html.parser")
    assert soup.select_one("[name='extension.seconds']")["value"] == "4000"
    assert "4000 is not between 5 and 120" in soup.select_one("#setting-extension-seconds").text
    assert soup.select_one("[name='crm.lead_exceptions']").text.strip() == "+39333*"
    assert LineProfile.select().count() == 0


def test_what_a_plugin_finds_wrong_is_on_its_field(site, browser):
    data = filled(browser.get(address(site)).text)
    data |= {"extension:on": "on", "extension.dial_extension": "on"}
    data.pop("extension.greeting", None)
    page = browser.post(address(site), **data)
    assert page.status_code == 200
    soup = BeautifulSoup(page.text, "html.parser")
    assert soup.select("#sheet-extension .field-error")
    assert LineProfile.select().count() == 0


def test_a_locked_setting_is_shown_with_the_plan_that_has_it(site, browser):
    site.company.profile("recording", True, record_all=True, dual_channel=True)
    soup = BeautifulSoup(browser.get(address(site)).text, "html.parser")
    setting = soup.select_one("#setting-recording-dual_channel")
    assert setting.select_one("input").has_attr("disabled")
    assert setting.select_one("input").has_attr("checked")
    assert "Included from plan Professional" in setting.text
    assert setting.select_one("a")["href"] == "/plans/#recording.dual_channel"
    assert "In effect now: off" in setting.text


def test_a_locked_value_survives_saving_and_comes_back(site, browser):
    site.company.profile("recording", True, record_all=True, dual_channel=True)
    data = filled(browser.get(address(site)).text)
    browser.post(address(site), **{**data, "recording.dual_channel": ""})
    assert stored(site, "recording")["dual_channel"] is True
    AccountRow.update(plan="professional").where(AccountRow.id == site.rome.id).execute()
    soup = BeautifulSoup(browser.get(address(site)).text, "html.parser")
    assert not soup.select_one("#setting-recording-dual_channel input").has_attr("disabled")


def test_a_plugin_outside_the_plan_is_locked_as_a_whole(site, browser):
    site.company.profile("recording", True, record_all=True)
    AccountRow.update(plan="bare").where(AccountRow.id == site.rome.id).execute()
    soup = BeautifulSoup(browser.get(address(site)).text, "html.parser")
    sheet = soup.select_one("#sheet-recording")
    assert "Included from plan Free" in sheet.text
    assert all(one.has_attr("disabled") for one in sheet.select("input:not([type=hidden])"))
    forged = {"recording:sheet": "1", "recording:on": "on", "recording.prompt": "Forged"}
    browser.post(address(site), **forged)
    assert stored(site, "recording") == {"record_all": True}


def test_a_deleted_choice_is_still_shown(site, browser):
    site.company.profile("queue", True, group="queue:999")
    assert "queue:999 (does not exist any more)" in browser.get(address(site)).text


def test_who_may_look_only_cannot_save(site):
    browser = site.sign_in("sara")
    page = browser.get(address(site)).text
    assert "Save" not in page
    assert browser.post(address(site), **{"recording:on": "on"}).status_code == 403


def test_another_accounts_card_is_not_found(site, browser):
    other = f"/lines/{site.other.line.id}/"
    assert browser.get(other).status_code == 404
    assert browser.post(other, **{"recording:sheet": "1", "recording:on": "on"}).status_code == 404
    assert LineProfile.select().count() == 0


def test_a_plugin_is_switched_off_for_the_account(site, browser):
    browser.post("/plugins/switch/", plugin="crm", on="0")
    assert not PluginSwitch.of(site.rome).get().on
    assert "Switched off for the whole account." in browser.get(address(site)).text
    assert browser.post("/plugins/switch/", plugin="queue", on="0").status_code == 404
    assert browser.post("/plugins/switch/", plugin="unknown", on="0").status_code == 404
    browser.post("/plugins/switch/", plugin="crm", on="1")
    assert PluginSwitch.of(site.rome).get().on


@pytest.mark.parametrize(
    ("typed", "says"),
    [("+390612345678", "cannot be its own backup"), ("+390600000000", "one of your own numbers")],
)
def test_an_own_number_is_no_backup(site, browser, typed, says):
    type(site.company.line).create(account=site.rome, number="+390600000000")
    line = site.company.line
    data = {"number": line.number, "name": "Main", "kind": "rented", "gateway": line.gateway_id}
    page = browser.post(f"/lines/edit/?id={line.id}", **data, backup_number=typed)
    assert page.status_code == 200
    assert says in page.text
