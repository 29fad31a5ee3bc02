"""An account's plan: another one, trials and overrides, as billers give them, and what follows."""

from __future__ import annotations

from datetime import datetime
from html import unescape

import pytest
from bs4 import BeautifulSoup

from core.plans.tables import PlanOverride, PlanTrial, QuotaCounter
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry
from core.store.lines import LineProfile
from tests.web.conftest import NOW

QUOTA = "recording.monthly_calls"
AGREED = "agreed with the customer"


@pytest.fixture
def bill(site):
    return site.sign_in("bill")


@pytest.fixture
def address(site):
    return f"/accounts/{site.rome.id}/plan"


def soup(answer):
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def text(answer):
    return " ".join(unescape(soup(answer).get_text(" ")).split())


def feature(answer, key):
    """What the page says of one feature."""
    return soup(answer).find(id=key)


def value(site, key=QUOTA):
    account = AccountRow.get_by_id(site.rome.id).picture()
    return site.kit.app.gate.ask(account, key, site.kit.clock())


def take(site, units):
    gate, account = site.kit.app.gate, AccountRow.get_by_id(site.rome.id).picture()
    with site.kit.app.store.transaction():
        for call in range(units):
            gate.quota.take(account, gate.grants(account, NOW).ask(QUOTA), QUOTA, call, NOW)


def told():
    return AuditEntry.select().where(AuditEntry.account_id.is_null(False)).order_by(AuditEntry.id)


# --- The list ------------------------------------------------------------------------------------


def test_billers_find_accounts_with_what_they_have_and_change_none(site, bill, address):
    bill.post(f"{address}/trial/", plan="professional", until="2026-12-24", reason=AGREED)
    bill.post(f"{address}/override/", feature=QUOTA, value="150", reason=AGREED)
    page = bill.get("/accounts/")
    row = next(one for one in soup(page).select("tbody tr") if "Rossi" in one.text)
    assert "Professional until 24 Dec 2026" in row.text
    assert row.select_one('td[data-label="Overrides"]').text.strip() == "1"
    assert row.find("a", href=f"{address}/")
    assert "Work in it" not in page.text
    assert "/accounts/new/" not in page.text
    assert "/accounts/edit/" not in page.text
    for way in ("/accounts/new/", f"/accounts/edit/?id={site.rome.id}"):
        assert bill.get(way).status_code == 403
        assert bill.post(way, name="Mine").status_code == 403
    assert bill.post("/accounts/pick/", account=site.rome.id).status_code == 404


def test_the_list_is_searched_and_filtered_by_plan(bill):
    assert "Dupont" not in text(bill.get("/accounts/?search=Ross"))
    filtered = text(bill.get("/accounts/?flt0_0=professional"))
    assert "Dupont" in filtered
    assert "Rossi" not in filtered


def test_the_list_asks_the_database_no_more_for_more_accounts(site, bill):
    def asked():
        statements = []
        connection = site.kit.app.store.database.connection()
        connection.set_trace_callback(statements.append)
        bill.get("/accounts/")
        connection.set_trace_callback(None)
        return len([one for one in statements if "plan_revisions" not in one])

    asked()
    before = asked()
    for number in range(12):
        site.kit.company("free", f"+3906777000{number:02}", name=f"More {number}")
    assert asked() == before


@pytest.mark.parametrize("name", ["anna", "sara", "aldo", "nobody"])
def test_nobody_of_an_account_sees_or_changes_it_here(site, address, name):
    browser = site.sign_in(name)
    for way in ("/", "/change?plan=professional", "/trial/", f"/override/?feature={QUOTA}"):
        assert browser.get(address + way).status_code == 403
    assert browser.post(f"{address}/change", plan="professional", seen="free").status_code == 403
    assert AccountRow.get_by_id(site.rome.id).plan == "free"


def test_an_account_that_is_not_there_is_not_found(bill):
    for id in (999_999, 2**70):
        assert bill.get(f"/accounts/{id}/plan/").status_code == 404


# --- Another plan --------------------------------------------------------------------------------


def test_before_a_plan_is_given_the_page_says_what_changes(site, bill, address):
    take(site, 3)
    site.company.profile("recording")
    page = text(bill.get(f"{address}/change?plan=professional"))
    assert "From Free to Professional?" in page
    assert "It gains" in page
    assert "Recordings per month 100 unlimited" in page
    assert "+39 06 1234 5678" in page, "the number that uses it"
    assert "the 3 counted this month stay counted" in page
    page = text(bill.get(f"{address}/change?plan=bare"))
    assert "It loses" in page
    assert "Nothing is deleted." in page
    assert AccountRow.get_by_id(site.rome.id).plan == "free"
    assert not told().exists()


def test_what_is_used_above_a_lower_limit_is_said(site, bill):
    site.other.employee("111")
    for number in range(2):
        insert_group(site.paris, f"Group {number}")
    page = text(bill.get(f"/accounts/{site.paris.id}/plan/change?plan=free"))
    assert "2 used, the new limit is 1." in page
    assert "Nothing is deleted: all of it is kept" in page


def insert_group(account, name):
    from plugins.queue.models import GroupRow

    GroupRow.create(account=account, name=name)


def test_a_plan_is_given_with_a_word_why_and_what_was_counted_stays(site, bill, address):
    take(site, 3)
    counted = list(QuotaCounter.select().dicts())
    for plan, had in (("professional", "free"), ("bare", "professional"), ("free", "bare")):
        answer = bill.post(f"{address}/change", plan=plan, seen=had, message="new contract")
        assert answer.location.endswith(f"{address}/")
        assert AccountRow.get_by_id(site.rome.id).plan == plan
        assert list(QuotaCounter.select().dicts()) == counted
        entry = told()[-1]
        assert (entry.before, entry.after, entry.message) == (had, plan, "new contract")
        assert entry.author == "bill@example.com"
    assert (value(site).held, value(site).remaining) == (3, 97)


def test_of_two_billers_the_second_sees_that_the_plan_is_another_one(site, bill, address):
    bill.post(f"{address}/change", plan="professional", seen="free")
    bill.post(f"{address}/change", plan="bare", seen="free")
    assert AccountRow.get_by_id(site.rome.id).plan == "professional"
    assert "has been given another plan meanwhile; look again." in text(bill.get(f"{address}/"))


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [("free", "has the plan free already."), ("proffesional", "There is no plan “proffesional”")],
)
def test_a_plan_that_cannot_be_given_is_one_sentence(site, bill, address, plan, sentence):
    assert bill.get(f"{address}/change?plan={plan}").status_code == 302
    assert sentence in text(bill.get(f"{address}/"))
    assert bill.post(f"{address}/change", plan=plan, seen="free").status_code == 302
    assert sentence in text(bill.get(f"{address}/"))
    assert not told().exists()


def test_the_plan_is_not_changed_with_the_rest_of_an_account(site):
    olga = site.sign_in("olga")
    form = f"/accounts/edit/?id={site.rome.id}"
    assert not soup(olga.get(form)).find(attrs={"name": "plan"})
    data = {"name": "Rossi & Figli", "timezone": "Europe/Rome", "country": "IT", "language": "it",
            "dial_concurrent": "4", "dial_daily": "200", "plan": "professional"}  # fmt: skip
    assert olga.post(form, **data).status_code == 302
    row = AccountRow.get_by_id(site.rome.id)
    assert (row.name, row.plan) == ("Rossi & Figli", "free")


def test_a_form_that_was_read_before_a_change_of_plan_does_not_take_it_back(site, bill, address):
    read_before = AccountRow.get_by_id(site.rome.id)
    version = read_before.version
    bill.post(f"{address}/change", plan="professional", seen="free")
    read_before.name = "Rossi & Figli"
    read_before.save()
    row = AccountRow.get_by_id(site.rome.id)
    assert (row.name, row.plan) == ("Rossi & Figli", "professional")
    assert row.version == version + 2, "nobody takes an old snapshot for a new one"


def test_a_new_account_chooses_its_plan_and_the_audit_tells_of_it(site):
    olga = site.sign_in("olga")
    assert soup(olga.get("/accounts/new/")).find(attrs={"name": "plan"})
    data = {"name": "Neri", "timezone": "Europe/Rome", "country": "IT", "language": "it",
            "dial_concurrent": "4", "dial_daily": "200", "plan": "professional"}  # fmt: skip
    assert olga.post("/accounts/new/", **data).status_code == 302
    account = AccountRow.get(AccountRow.name == "Neri")
    entry = told().get()
    assert (entry.action, entry.before, entry.after) == ("account.plan", None, "professional")
    assert (entry.account_id, entry.author) == (account.id, "olga@example.com")
    assert olga.post("/accounts/new/", **data).status_code == 200, "the name is taken"
    assert told().count() == 1


def test_a_downgrade_deletes_nothing_and_an_upgrade_brings_the_settings_back(site, bill, address):
    """As the account's admin sees it on the card of a number."""
    card = f"/lines/{site.company.line.id}/"
    bill.post(f"{address}/change", plan="professional", seen="free")
    site.company.profile("recording", record_all=True, dual_channel=True, consent="off")
    stored = LineProfile.get(line=site.company.line, plugin="recording").stored

    def dual_channel():
        field = soup(site.sign_in("anna").get(card)).find(id="setting-recording-dual_channel")
        box = field.find("input")
        return box.has_attr("checked"), box.has_attr("disabled"), "In effect now: off" in field.text

    assert dual_channel() == (True, False, False)
    bill.post(f"{address}/change", plan="free", seen="professional")
    assert dual_channel() == (True, True, True), "kept, locked, and without effect"
    bill.post(f"{address}/change", plan="bare", seen="free")
    assert LineProfile.get(line=site.company.line, plugin="recording").stored == stored
    bill.post(f"{address}/change", plan="professional", seen="bare")
    assert dual_channel() == (True, False, False)
    assert LineProfile.get(line=site.company.line, plugin="recording").stored == stored


# --- Every feature with its why ------------------------------------------------------------------


def test_every_feature_says_its_value_its_origin_and_why(site, bill, address):
    take(site, 3)
    page = bill.get(f"{address}/")
    for key in site.kit.app.registry.features:
        assert feature(page, key), key
    quota = feature(page, QUOTA)
    assert quota.select_one(".feature-value").text == "100"
    assert quota.select_one(".feature-source").text == "plan Free"
    assert quota.select_one(".feature-used").text == "3 of 100 used"
    why = quota.find("details").text
    assert unescape(value(site).sentence) in why
    assert f"says {QUOTA}: 100" in why
    off = feature(page, "recording.dual_channel")
    assert off.select_one(".feature-value").text == "–"
    assert off.select_one(".feature-source").text == "not in plan Free"
    other = bill.get(f"/accounts/{site.paris.id}/plan/")
    assert feature(other, "recording").select_one(".feature-source").text == "inherited from Free"
    assert feature(page, "queue.max_groups").select_one(".feature-used").text == "0 of 1 used"


def test_what_the_account_has_switched_off_is_said(site, bill, address):
    from core.store.accounts import PluginSwitch

    PluginSwitch.create(account=site.rome, plugin="crm", on=False)
    why = feature(bill.get(f"{address}/"), "crm").find("details").text
    assert "its plugin is switched off for this account" in why


# --- Overrides -----------------------------------------------------------------------------------


def test_an_override_is_set_shown_everywhere_and_ends_by_the_clock(site, bill, address):
    form = {"feature": QUOTA, "value": "150 @ 90", "until": "2027-01-31", "reason": AGREED}
    answer = bill.post(f"{address}/override/", **form)
    assert answer.location.endswith(f"{address}/#{QUOTA}")
    line = feature(bill.get(f"{address}/"), QUOTA)
    assert line.select_one(".feature-value").text == "150"
    assert line.select_one(".feature-source").text == "override until 31 Jan 2027"
    assert "150 (warns at 90 %)" in " ".join(line.select_one(".own").text.split())
    assert f"{AGREED} (bill@example.com)" in line.select_one(".own").text

    anna = site.sign_in("anna")
    asked = anna.get("/api/features").json["features"][QUOTA]
    assert (asked["value"], asked["source"]) == (150, "override")
    assert f"override by bill@example.com until 2027-01-31: {AGREED}" in asked["trace"]
    site.kit.clock.now = datetime.fromisoformat("2027-01-31T23:59:59+01:00")
    assert value(site).value == 150, "the last day is included"
    site.kit.clock.forward(seconds=1)
    assert value(site).value == 100
    asked = anna.get("/api/features").json["features"][QUOTA]
    assert (asked["value"], asked["source"]) == (100, "plan")
    page = bill.get(f"{address}/")
    assert feature(page, QUOTA).select_one(".feature-source").text == "plan Free"
    assert "22 Nov 2026 to 31 Jan 2027" in soup(page).find(id="past-overrides").text


def test_equal_to_the_plan_is_one_sentence_on_the_field_and_what_was_typed_stays(bill, address):
    form = {"feature": QUOTA, "value": "100", "until": "2027-01-31", "reason": AGREED}
    page = soup(bill.post(f"{address}/override/", **form))
    wrong = page.select(".field-error")
    assert [one.text for one in wrong] == [
        "The plan says 100 already. Pin the override if Rossi is to keep it whatever the plan says"
        " later."
    ]
    assert wrong[0].find_previous("input")["name"] == "value"
    for name, typed in form.items():
        assert page.find(attrs={"name": name})["value"] == typed
    assert not PlanOverride.select().exists()
    assert bill.post(f"{address}/override/", pinned="on", **form).status_code == 302
    assert "pinned" in feature(bill.get(f"{address}/"), QUOTA).select_one(".own").text


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({"value": "lots"}, "value", '"lots" cannot be granted'),
        ({"value": ""}, "value", "Say what the account is to have of it."),
        ({"value": "-1"}, "value", '"-1" cannot be granted'),
        ({"reason": " "}, "reason", "Say why: the reason is missing."),
        ({"from": "2026-11-21"}, "from", "2026-11-21 has passed"),
        ({"from": "tomorrow"}, "from", "“tomorrow” is no day; write it like 2027-01-31."),
        ({"until": "2026-11-21"}, "until", "The override would end before it begins."),
    ],
)
def test_what_was_typed_wrong_is_said_on_its_field(bill, address, form, field, sentence):
    form = {"feature": QUOTA, "value": "150", "reason": AGREED} | form
    page = soup(bill.post(f"{address}/override/", **form))
    (wrong,) = page.select(".field-error")
    assert sentence in wrong.text
    assert wrong.find_previous(["input", "select"])["name"] == field
    assert not PlanOverride.select().exists()
    assert not told().exists()


def test_what_was_typed_wrong_is_said_in_italian(bill, address):
    bill.post("/language", language="it")
    headers = {"Accept-Language": "it"}
    for form, sentence in (
        ({"value": "100"}, "Il piano dice già 100. Fissate"),
        ({"value": "150", "until": "domani"}, "“domani” non è un giorno"),
        ({"value": "150", "reason": ""}, "Dite perché: manca il motivo."),
    ):
        data = {"feature": QUOTA, "reason": AGREED, **form, "csrf_token": bill.token}
        answer = bill.client.post(f"{address}/override/", data=data, headers=headers)
        assert sentence in text(answer)


def test_the_form_asks_for_what_the_feature_is(bill, address):
    def control(key):
        return soup(bill.get(f"{address}/override/?feature={key}")).find(id="value")

    assert control(QUOTA).name == "input"
    switch = control("recording.dual_channel")
    assert [one["value"] for one in switch.find_all("option")] == ["true", "false"]
    assert switch.find("option", selected=True)["value"] == "true"
    assert control("recording").find("option", selected=True)["value"] == "false"
    assert bill.get(f"{address}/override/?feature=nonsense").status_code == 404


def test_a_plugin_is_switched_off_for_one_account_only(site, bill, address):
    bill.post(f"{address}/override/", feature="crm", value="false", reason="unpaid")
    page = site.sign_in("anna").get("/crm_contacts/")
    assert page.status_code == 403
    assert "was switched off for this account" in page.text
    assert site.sign_in("pierre").get("/crm_contacts/").status_code == 200


def test_an_override_is_ended_after_a_question(site, bill, address):
    bill.post(f"{address}/override/", feature=QUOTA, value="150", reason=AGREED)
    row = PlanOverride.get()
    question = f"{address}/override/{row.id}/end"
    assert "End the override of Recordings per month?" in text(bill.get(question))
    assert value(site).value == 150, "asking ends nothing"
    assert bill.post(question, message="contract over").status_code == 302
    assert value(site).value == 100
    assert told()[-1].message == "contract over"
    assert bill.post(question).status_code == 404
    assert bill.get(question).status_code == 404


def test_another_accounts_override_is_not_found(site, bill, address):
    bill.post(f"{address}/override/", feature=QUOTA, value="150", reason=AGREED)
    row = PlanOverride.get()
    other = f"/accounts/{site.paris.id}/plan/override/{row.id}/end"
    assert bill.get(other).status_code == bill.post(other).status_code == 404
    assert value(site).value == 150


def test_past_overrides_are_paged(site, bill, address):
    for number in range(12):
        bill.post(f"{address}/override/", feature=QUOTA, value=str(200 + number), reason=AGREED)
        site.kit.clock.forward(hours=1)
    page = soup(bill.get(f"{address}/"))
    past = page.find(id="past-overrides")
    assert [one.find_all("td")[1].text.split()[0] for one in past.select("tbody tr")] == [
        str(200 + number) for number in range(10, 0, -1)
    ]
    older = soup(bill.get(past.find("a", rel="next")["href"])).find(id="past-overrides")
    assert [one.find_all("td")[1].text.split()[0] for one in older.select("tbody tr")] == ["200"]


# --- Trials --------------------------------------------------------------------------------------


def test_a_trial_ends_by_the_clock_and_every_door_says_so(site, bill, address):
    key = "recording.dual_channel"
    answer = bill.post(
        f"{address}/trial/", plan="professional", until="2026-12-24", reason="to see it"
    )
    assert answer.status_code == 302
    page = bill.get(f"{address}/")
    assert "Professional until 24 Dec 2026" in text(page)
    assert feature(page, key).select_one(".feature-source").text == "trial until 24 Dec 2026"
    anna, card = site.sign_in("anna"), f"/lines/{site.company.line.id}/"
    assert value(site, key).reason == "ok"

    site.kit.clock.now = datetime.fromisoformat("2026-12-25T00:00:00+01:00")
    ended = value(site, key)
    assert (ended.allowed, ended.reason, ended.source) == (False, "trial-ended", "trial")
    asked = anna.get("/api/features").json["features"][key]
    assert (asked["allowed"], asked["reason"]) == (False, "trial-ended")
    grants = site.kit.app.gate.grants(site.rome.picture(), site.kit.clock())
    assert grants.ask(key).reason == "trial-ended", "what a call asks"
    note = soup(anna.get(card)).select_one("#setting-recording-dual_channel .lock-note")
    assert unescape(note["title"]) == ended.sentence
    settings = anna.get(f"/api/lines/{site.company.line.id}/settings/recording").json
    assert settings["locked"]["dual_channel"]["reason"] == "trial-ended"
    page = bill.get(f"{address}/")
    assert feature(page, key).select_one(".feature-source").text == "trial that ended"
    assert "The trial that included" in feature(page, key).find("details").text
    assert "to see it" in soup(page).find(id="past-trials").text


def test_while_a_trial_runs_a_new_plan_is_said_to_hold_afterwards(site, bill, address):
    bill.post(f"{address}/trial/", plan="professional", until="2026-12-24", reason=AGREED)
    page = text(bill.get(f"{address}/change?plan=bare"))
    assert "A trial of Professional runs until 24 Dec 2026." in page
    bill.post(f"{address}/change", plan="bare", seen="free")
    assert value(site).value == "unlimited"


def test_a_trial_is_ended_after_a_question(site, bill, address):
    bill.post(f"{address}/trial/", plan="professional", until="2026-12-24", reason=AGREED)
    assert "End the trial of Professional now?" in text(bill.get(f"{address}/trial/end"))
    assert bill.post(f"{address}/trial/end", message="seen enough").status_code == 302
    assert value(site).value == 100
    assert told()[-1].message == "seen enough"
    assert bill.get(f"{address}/trial/end").status_code == 404


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({"until": ""}, "until", "Say until when: a trial ends."),
        ({"until": "2026-11-21"}, "until", "The trial would be over already."),
        ({"reason": ""}, "reason", "Say why: the reason is missing."),
        ({"plan": "free"}, "plan", "has the plan free already."),
        ({"plan": "fre"}, "plan", "There is no plan “fre”"),
    ],
)
def test_a_trial_that_cannot_be_says_why_on_its_field(bill, address, form, field, sentence):
    form = {"plan": "professional", "until": "2026-12-24", "reason": AGREED} | form
    page = soup(bill.post(f"{address}/trial/", **form))
    (wrong,) = page.select(".field-error")
    assert sentence in wrong.text
    assert wrong.find_previous(["input", "select"])["name"] == field
    assert not PlanTrial.select().exists()


def test_days_are_those_of_the_accounts_own_calendar(site, bill):
    """An account in Auckland has tomorrow already while Rome has today."""
    auckland = site.kit.company(
        "free", "+6493000000", name="Aroha", timezone="Pacific/Auckland", country="NZ"
    ).account
    where = f"/accounts/{auckland.id}/plan"
    form = {"feature": QUOTA, "value": "150", "reason": AGREED}
    page = soup(bill.post(f"{where}/override/", **{"from": "2026-11-22"}, **form))
    assert "2026-11-22 has passed" in page.select_one(".field-error").text
    assert bill.post(f"{where}/override/", until="2026-11-23", **form).status_code == 302
    assert PlanOverride.get().until == datetime.fromisoformat("2026-11-24T00:00:00+13:00")
