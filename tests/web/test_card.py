"""A number's settings card: stored and effective, locked and free, all or nothing (N1-N3, N5)."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from core.contract.call import LineKind
from core.store.accounts import AccountRow, PluginSwitch
from core.store.audit import AuditEntry
from core.store.lines import LineProfile, LineRow


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


def change(site, browser, page, **changed):
    """Save a window of the card in which something was changed."""
    return browser.post(address(site), **{**filled(page), **changed}).text


def test_two_windows_each_save_what_was_changed_in_them(site, browser):
    older = newer = browser.get(address(site)).text
    change(site, browser, newer, **{"extension.seconds": "40", "recording:on": "on"})
    change(site, browser, older, **{"crm.lead_exceptions": "+39333*"})
    assert stored(site, "extension")["seconds"] == 40
    assert LineProfile.get(plugin="recording").on
    assert stored(site, "crm")["lead_exceptions"] == "+39333*"
    page = browser.get(address(site)).text
    assert "Changed meanwhile elsewhere, and kept: " in page


def test_what_two_windows_changed_alike_or_back_is_no_conflict(site, browser):
    older = browser.get(address(site)).text
    change(site, browser, older, **{"extension.seconds": "40"})
    change(site, browser, older, **{"extension.seconds": "40"})
    assert stored(site, "extension")["seconds"] == 40


def test_what_two_windows_changed_differently_is_asked_about_once(site, browser):
    older = browser.get(address(site)).text
    change(site, browser, older, **{"extension.seconds": "40", "crm.lead_exceptions": "+39333*"})
    asked = change(site, browser, older, **{"extension.seconds": "50"})
    fault = BeautifulSoup(asked, "html.parser").select_one("#setting-extension-seconds")
    assert "Meanwhile this was set to “40”" in fault.text
    assert stored(site, "extension")["seconds"] == 40
    assert filled(asked)["extension.seconds"] == "50"
    browser.post(address(site), **filled(asked))
    assert stored(site, "extension")["seconds"] == 50
    assert stored(site, "crm")["lead_exceptions"] == "+39333*"


def test_a_mistake_in_the_older_window_takes_nothing_back_either(site, browser):
    older = browser.get(address(site)).text
    change(site, browser, older, **{"crm.lead_exceptions": "+39333*", "recording.record_all": "on"})
    wrong = change(site, browser, older, **{"extension.seconds": "4000"})
    assert "4000 is not between 5 and 120" in wrong
    change(site, browser, wrong, **{"extension.seconds": "50"})
    assert stored(site, "extension")["seconds"] == 50
    assert stored(site, "crm")["lead_exceptions"] == "+39333*"
    assert stored(site, "recording")["record_all"] is True


@pytest.mark.parametrize("base", ["", "1", "[]", "{", '{"settings": 1}'])
def test_a_window_that_says_nothing_of_what_it_showed_saves_all_of_it(site, browser, base):
    form = {"extension:sheet": base, "extension:on": "on", "extension.seconds": "40"}
    assert browser.post(address(site), **form).status_code == 302
    assert stored(site, "extension")["seconds"] == 40


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
    assert "Stored: on. In effect now: off." in setting.text


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


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def test_a_section_without_plugins_says_so(site, browser):
    page = soup(browser.get(address(site)))
    assert "No installed plugin has settings here." in page.select_one("#melodies").text
    assert [one["href"] for one in page.select(".card-nav a")] == [
        "#routing", "#crm", "#recording", "#hours", "#other", "#melodies", "#disable"
    ]  # fmt: skip


def test_sheets_stand_in_the_order_in_which_a_call_meets_them(site, browser):
    page = soup(browser.get(address(site)))
    found = [one["id"] for one in page.select("#routing .sheet")]
    assert found == ["sheet-extension", "sheet-queue"]


def test_sheets_are_closed_and_summed_up(site, browser):
    site.company.profile("recording", False, record_all=True)
    page = soup(browser.get(address(site)))
    body = page.select_one("#sheet-recording .sheet-body")
    assert not body.has_attr("open")
    assert "Record all calls: on" in body.select_one(".sheet-summary").text
    assert not page.select(".sheet-body[open]")


def test_only_the_sheet_with_a_fault_is_open(site, browser):
    data = filled(browser.get(address(site)).text) | {"extension.seconds": "4000"}
    page = soup(browser.post(address(site), **data))
    opened = [one.find_parent(class_="sheet")["id"] for one in page.select(".sheet-body[open]")]
    assert opened == ["sheet-extension"]


def test_faults_are_summed_up_with_links_to_their_fields(site, browser):
    site.company.profile("extension", seconds=25)
    data = filled(browser.get(address(site)).text)
    data |= {"extension.seconds": "4000", "voicemail.max_seconds": "x"}
    page = soup(browser.post(address(site), **data))
    links = [one["href"] for one in page.select("#faults a")]
    assert links == ["#setting-extension-seconds", "#setting-voicemail-max_seconds"]
    assert all(page.select_one(one) for one in links)
    assert page.select_one("#faults strong").text == "2 settings cannot be saved:"


def test_of_a_list_the_wrong_element_is_named(site, browser):
    data = filled(browser.get(address(site)).text)
    data |= {"extension.excluded": "101, 10x, 12345"}
    page = soup(browser.post(address(site), **data))
    told = page.select_one("#setting-extension-excluded .field-error").text
    assert '"10x" cannot be taken.' in told
    assert '"12345" cannot be taken.' in told
    assert '"101"' not in told
    assert page.select_one("[name='extension.excluded']")["value"] == "101, 10x, 12345"


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("voicemail.max_seconds", "x", "Durata massima di un messaggio, in secondi: \"x\" non può"
         " essere accettato. Non è un numero intero."),
        ("crm.lead_exceptions", "1" * 4001, "È più lungo di 4000 caratteri."),
        ("recording.prompt", "y" * 601, "È più lungo di 600 caratteri."),
    ],
)  # fmt: skip
def test_reasons_are_said_in_italian(site, browser, field, typed, says):
    data = filled(browser.get(address(site)).text) | {"recording:on": "on", field: typed}
    answer = browser.client.post(
        address(site),
        data={**data, "csrf_token": browser.token},
        headers={"Accept-Language": "it"},
    )
    setting = soup(answer).select_one(f"#setting-{field.replace('.', '-')}")
    assert says in setting.select_one(".field-error").text


def test_a_setting_of_pbx_lines_is_not_shown_on_others(site, browser):
    line = site.company.line
    assert "extension.sip_to" not in browser.get(address(site)).text
    LineRow.update(kind=LineKind.SIP_PBX).where(LineRow.id == line.id).execute()
    assert "extension.sip_to" in browser.get(address(site)).text


def test_a_number_that_is_only_shown_has_no_incoming_routing(site, browser):
    line = site.company.line
    LineRow.update(kind=LineKind.CALLER_ID).where(LineRow.id == line.id).execute()
    page = soup(browser.get(address(site)))
    for section in ("routing", "hours", "melodies"):
        assert "Nobody can call this number" in page.select_one(f"#{section}").text
        assert not page.select(f"#{section} .sheet")
    assert page.select("#sheet-recording")
    browser.post(address(site), **{"queue:sheet": "1", "queue.group": "queue:1"})
    assert stored(site, "queue") is None
    refused = browser.client.put(
        f"/api/lines/{line.id}/settings/queue",
        json={"stored": {"group": ""}},
        headers={"X-CSRFToken": browser.token},
    )
    assert refused.status_code == 404


def test_what_depends_on_a_number_is_named(site, browser):
    line = site.company.line
    assert "Nothing else depends on this number." in browser.get(address(site)).text
    shop = LineRow.create(account=site.rome, number="+390699999999", backup_line=line)
    LineProfile.create(account=site.rome, line=shop, plugin="workhours", on=True,
                       stored={"number": line.number})  # fmt: skip
    LineRow.create(account=site.paris, number="+33155555555", backup_number=line.number)
    found = [one.text for one in soup(browser.get(address(site))).select("#disable li")]
    assert found == [
        "+39\xa006\xa09999\xa09999: backup calls go out through this number",
        "+39\xa006\xa09999\xa09999: Working hours",
    ]
    assert (
        soup(browser.get(address(site)))
        .select_one("#disable a")["href"]
        .endswith(f"/lines/delete/?id={line.id}")
    )


def test_a_saving_is_in_the_audit_with_what_changed_and_nothing_else(site, browser):
    data = filled(browser.get(address(site)).text)
    browser.post(address(site), **data)
    assert not AuditEntry.select().where(AuditEntry.action == "number.save").exists()
    browser.post(address(site), **{**data, "extension.seconds": "40", "stub:on": "on"})
    (entry,) = AuditEntry.select().where(AuditEntry.action == "number.save")
    assert entry.before == {"extension": {"settings": {"seconds": 25}}, "stub": {"on": False}}
    assert entry.after == {"extension": {"settings": {"seconds": 40}}, "stub": {"on": True}}
    page = soup(site.sign_in("olga").get(f"/audit/{entry.id}/")).text
    assert "Greeting and extensions · Seconds an employee is rung" in page
    assert "Stub · On for this number" in page


def test_the_list_tells_where_calls_go(site, browser):
    page = soup(browser.get("/lines/"))
    assert "Backup" in page.select_one(".line-way").text or page.select(".line-way li")
    LineRow.create(account=site.rome, number="+390699999999", kind=LineKind.CALLER_ID)
    assert "outgoing only" in browser.get("/lines/").text
    assert "+39 06 9999 9999" not in browser.get("/lines/?search=1234").text.replace("\xa0", " ")


def test_a_partners_setting_is_on_the_card_the_api_and_in_a_profile(site, browser):
    sheet = soup(browser.get(address(site))).select_one("#sheet-stub")
    assert sheet.select_one("[name='stub:on']")
    text = browser.get(f"/number-profile/{site.company.line.id}/export").text
    assert "  stub:\n    on: false\n" in text
