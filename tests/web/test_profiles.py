"""Numbers' settings as code: out, in, compared and copied, in the web and by API (N4)."""

from __future__ import annotations

import io
import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from ruamel.yaml import YAML

from core.contract.call import LineKind
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry
from core.store.lines import LineProfile, LineRow
from core.store.people import EmployeeRow
from core.web.card.document import as_yaml, read, value
from plugins.queue.models import GroupRow, MemberRow

GOLDEN = """\
schema: 1
number: '+390612345678'
plugins:
  extension:
    settings:
      greeting: true
      excluded:
      - '007'
      - '112'
  crm:
    on: true
    settings:
      lead_exceptions: |-
        +39333*
        +39800*
      lead_responsible: Anna
  queue:
    settings:
      group:
        queue: Sales
  recording:
    on: true
    settings:
      record_all: true
      key: '1'
"""


def group(site, name="Sales", account=None, extension=""):
    row = GroupRow.create(account=account or site.rome, name=name, extension=extension)
    if account is None:
        MemberRow.create(account=site.rome, group=row, position=1, employee=site.anna)
    return row


@pytest.fixture
def anna(site):
    site.sales = group(site)
    return site.sign_in("anna")


@pytest.fixture
def second(site):
    return LineRow.create(account=site.rome, number="+390699999999", name="Shop")


def profile(line):
    """What is stored of a number, by plugin."""
    return {row.plugin: (row.on, row.stored) for row in LineProfile.select().where(
        LineProfile.line == line)}  # fmt: skip


def put(browser, line, text, query=""):
    return browser.client.put(
        f"/api/lines/{line.id}/profile{query}",
        data=text,
        content_type="application/yaml",
        headers={"X-CSRFToken": browser.token},
    )


def exported(browser, line):
    return browser.get(f"/number-profile/{line.id}/export")


def lines(browser, line, text):
    """The faults of an import, as the API tells them."""
    answer = put(browser, line, text)
    assert answer.status_code == 422, answer.text
    return answer.json["details"]["faults"]


def test_a_profile_names_things_instead_of_ids(site, anna):
    put(anna, site.company.line, GOLDEN)
    file = exported(anna, site.company.line)
    assert file.mimetype == "application/yaml"
    assert "number-390612345678.yaml" in file.headers["Content-Disposition"]
    data = YAML(typ="safe").load(file.text)
    assert data["plugins"]["queue"]["settings"]["group"] == {"queue": "Sales"}
    assert data["plugins"]["crm"]["settings"]["lead_responsible"] == "Anna"
    assert data["plugins"]["recording"]["settings"]["key"] == "1"
    assert "lead_exceptions: |-\n        +39333*\n        +39800*\n" in file.text


def test_what_a_profile_does_not_name_stays(site, anna):
    site.company.profile("voicemail", max_seconds=60)
    site.company.profile("recording", False, consent="off")
    assert put(anna, site.company.line, GOLDEN).status_code == 200
    stored = profile(site.company.line)
    assert stored["voicemail"] == (True, {"max_seconds": 60})
    assert stored["recording"] == (True, {"consent": "off", "record_all": True, "key": "1"})
    assert stored["extension"][1] == {"greeting": True, "excluded": ["007", "112"]}
    assert stored["queue"][1] == {"group": f"queue:{site.sales.id}"}
    assert stored["crm"][1]["lead_responsible"] == site.anna.id


def test_a_round_trip_gives_an_empty_number_the_same_profile(site, anna, second):
    put(anna, site.company.line, GOLDEN)
    text = exported(anna, site.company.line).text
    answer = put(anna, second, text)
    assert answer.status_code == 200
    assert answer.json["saved"] is True
    again = exported(anna, second).text
    assert again.replace(second.number, site.company.line.number) == text
    nothing = put(anna, second, text).json
    assert nothing["changes"] == []


def test_a_profile_moves_to_another_account_by_its_names(site, anna):
    put(anna, site.company.line, GOLDEN.replace("lead_responsible: Anna", "lead_responsible:"))
    text = exported(anna, site.company.line).text
    theirs = group(site, account=site.paris)
    pierre = site.sign_in("pierre")
    MemberRow.create(account=site.paris, group=theirs, position=1, employee=site.pierre)
    assert put(pierre, site.other.line, text).status_code == 200
    assert profile(site.other.line)["queue"][1]["group"] == f"queue:{theirs.id}"


def test_json_is_taken_and_given_too(site, anna):
    address = f"/api/lines/{site.company.line.id}/profile"
    data = anna.get(address).json
    data["plugins"]["extension"]["settings"]["seconds"] = 40
    answer = anna.client.put(address, json=data, headers={"X-CSRFToken": anna.token})
    assert answer.status_code == 200, answer.text
    assert anna.get(address).json["plugins"]["extension"]["settings"]["seconds"] == 40
    assert anna.get(f"{address}?format=yaml").mimetype == "application/yaml"
    wanted = anna.client.get(address, headers={"Accept": "application/yaml"})
    assert wanted.text == anna.get(f"{address}?format=yaml").text


def test_a_dry_run_changes_nothing(site, anna):
    answer = put(anna, site.company.line, GOLDEN, "?dry_run=true")
    assert answer.json["saved"] is False
    found = {(one["plugin"], one["field"]): (one["before"], one["after"]) for one in
             answer.json["changes"]}  # fmt: skip
    assert found["extension", "greeting"] == ("off", "on")
    assert found["queue", "group"] == ("–", "Sales")
    assert found["crm", "lead_responsible"] == ("–", "Anna (101)")
    assert LineProfile.select().count() == 0
    assert not AuditEntry.select().where(AuditEntry.action.startswith("number.")).exists()


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("schema: 1\n", "", "profile:1:1 schema: Write schema: 1 at the top"),
        ("schema: 1", "schema: 2", 'profile:1:9 schema: “2” is no form that is read here'),
        ("plugins:", "plugin:", '“plugin” is unknown, did you mean "plugins"?'),
        ("  queue:\n", "  qeue:\n",
         'plugins.qeue: No plugin “qeue” is installed, did you mean "queue"?'),
        ("greeting: true", "greting: true",
         'profile:6:16 plugins.extension.settings.greting: Greeting and extensions has no setting'
         ' “greting”, did you mean "greeting"?'),
        ("greeting: true", "greeting: loud",
         'profile:6:17 plugins.extension.settings.greeting: Greeting: "loud" cannot be taken. Not a'
         ' valid boolean.'),
        ("queue: Sales", "queue: Sale",
         'profile:20:9 plugins.queue.settings.group: There is no “Sale” here, did you mean'
         ' "Sales"?'),
        ("queue: Sales", "quue: Sales", "There is no kind of destination “quue”, did you mean"),
        ("        queue: Sales", "        a: 1\n        b: 2", "Write a kind and a name"),
        ("lead_responsible: Anna", "lead_responsible: Ana",
         'There is no “Ana” here, did you mean "Anna"?'),
        ("- '112'", "- '11222'", "Extensions nobody can dial: \"11222\" cannot be taken."),
        ("on: true\n    settings:\n      record", "on: yes\n    settings:\n      record",
         "plugins.recording.on: Write true or false, not “yes”."),
        ("greeting: true", "greeting: true\n      greeting: false",
         "“greeting” stands here twice."),
        ("key: '1'", "key: &a '1'", "anchors and aliases are not taken"),
        ("key: '1'", "key: 'x'", "plugins.recording.settings.key: Key to refuse or to agree"),
        ("- '112'", "- '112", "profile:25:13 this is not indented"),
    ],
)  # fmt: skip
def test_a_fault_names_its_line_and_key_and_nothing_is_saved(site, anna, before, after, says):
    assert before in GOLDEN
    told = lines(anna, site.company.line, GOLDEN.replace(before, after))
    assert any(says in one for one in told), told
    assert LineProfile.select().count() == 0


def test_all_faults_are_told_at_once(site, anna):
    text = GOLDEN.replace("queue: Sales", "queue: X").replace("greeting: true", "greeting: loud")
    assert len(lines(anna, site.company.line, text)) == 2


@pytest.mark.parametrize(
    "text", ["", "   \n", "just words", "- a\n- b", "\x00", "a: b: c", "[" * 99]
)
def test_what_is_no_profile_is_refused(site, anna, text):
    assert lines(anna, site.company.line, text)


def test_bytes_that_are_no_text_are_refused(site, anna):
    assert "this is not UTF-8" in lines(anna, site.company.line, b"schema: 1\n\xff")[0]


def test_of_two_with_one_name_the_extension_tells_which(site, anna):
    EmployeeRow.create(account=site.rome, name="Anna", extension="102")
    told = lines(anna, site.company.line, GOLDEN)
    assert "Several are called “Anna”: write one of Anna (101), Anna (102)." in told[0]
    text = GOLDEN.replace("lead_responsible: Anna", "lead_responsible: Anna (102)")
    assert put(anna, site.company.line, text).status_code == 200
    assert "lead_responsible: Anna (102)" in exported(anna, site.company.line).text


def test_of_two_alike_in_everything_the_id_tells_which(site, anna):
    twins = [EmployeeRow.create(account=site.rome, name="Ugo") for _ in range(2)]
    site.company.profile("crm", lead_responsible=twins[1].id)
    text = exported(anna, site.company.line).text
    assert f"lead_responsible: 'Ugo #{twins[1].id}'" in text
    assert put(anna, site.company.line, text).json["changes"] == []


def test_what_is_gone_is_not_imported(site, anna, second):
    site.company.profile("queue", group="queue:999")
    text = exported(anna, site.company.line).text
    assert "queue: '#999'" in text
    assert any("There is no “#999” here" in one for one in lines(anna, second, text))


def test_what_the_plan_locks_stays_and_is_told(site, anna):
    text = "schema: 1\nplugins: {recording: {settings: {dual_channel: false, record_all: true}}}"
    answer = put(anna, site.company.line, text).json
    assert [one["field"] for one in answer["changes"]] == ["record_all"]
    assert len(answer["left_out"]) == 1
    assert "Each party on a channel of its own" in answer["left_out"][0]
    assert "dual_channel" not in profile(site.company.line)["recording"][1]


def test_a_plugin_outside_the_plan_is_left_out(site, anna):
    AccountRow.update(plan="bare").where(AccountRow.id == site.rome.id).execute()
    answer = put(anna, site.company.line, GOLDEN.replace("lead_responsible: Anna", "")).json
    assert any(one.startswith("Recording") for one in answer["left_out"])
    assert {one["plugin"] for one in answer["changes"]} == {"extension", "queue"}


def test_what_means_nothing_on_a_kind_of_number_is_left_out(site, anna):
    shown = LineRow.create(account=site.rome, number="+390688888888", kind=LineKind.CALLER_ID)
    answer = put(anna, shown, GOLDEN).json
    assert "Queue groups: means nothing on this kind of number." in answer["left_out"]
    assert {one["plugin"] for one in answer["changes"]} == {"crm", "recording"}
    rented = put(anna, site.company.line,
                 "schema: 1\nplugins: {extension: {settings: {sip_to: false}}}").json  # fmt: skip
    assert rented["changes"] == []


def test_secrets_and_other_columns_never_come_in(site, anna):
    told = lines(anna, site.company.line, "schema: 1\nsecret: x\ngateway: 1\n")
    assert len(told) == 2


def test_a_supervisor_exports_and_does_not_import(site):
    group(site)
    sara = site.sign_in("sara")
    assert exported(sara, site.company.line).status_code == 200
    assert sara.get(f"/api/lines/{site.company.line.id}/profile").status_code == 200
    assert put(sara, site.company.line, GOLDEN).status_code == 403
    assert sara.post(f"/number-profile/{site.company.line.id}/", text=GOLDEN).status_code == 403
    assert sara.get(f"/number-copy/{site.company.line.id}/").status_code == 403
    assert LineProfile.select().count() == 0


@pytest.mark.parametrize("page", ["number-profile/{}/", "number-profile/{}/export",
                                  "number-copy/{}/", "number-compare/?one={}",
                                  "api/lines/{}/profile"])  # fmt: skip
def test_another_accounts_number_is_not_found(site, anna, page):
    assert anna.get("/" + page.format(site.other.line.id)).status_code == 404


# --- The pages -----------------------------------------------------------------------------------


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def test_an_import_is_reviewed_before_it_is_saved(site, anna):
    address = f"/number-profile/{site.company.line.id}/"
    page = soup(anna.post(address, text=GOLDEN))
    rows = [[cell.text for cell in row.select("td")] for row in page.select("tbody tr")]
    assert ["Queue groups · Group", "–", "Sales"] in rows
    assert LineProfile.select().count() == 0
    form = page.select_one("form.form-buttons")
    data = {one["name"]: one.get("value", "1") for one in form.select("input, button[name]")}
    data.pop("csrf_token")
    saved = anna.post(address, text=form.textarea.text.lstrip("\n"), **data)
    assert saved.status_code == 302, saved.text
    assert profile(site.company.line)["queue"][1] == {"group": f"queue:{site.sales.id}"}


def test_an_import_of_a_file(site, anna):
    file = (io.BytesIO(GOLDEN.replace("Sales", "Sale").encode()), "shop.yaml")
    page = anna.post(f"/number-profile/{site.company.line.id}/", file=file)
    assert "Line 20" in page.text
    assert "plugins.queue.settings.group" in page.text


def test_a_review_that_is_out_of_date_is_shown_again(site, anna):
    address = f"/number-profile/{site.company.line.id}/"
    page = soup(anna.post(address, text=GOLDEN))
    base = page.select_one("input[name=base]")["value"]
    site.company.profile("voicemail", max_seconds=60)
    again = anna.post(address, text=GOLDEN, base=base, save="1")
    assert again.status_code == 200
    assert "The settings were changed meanwhile." in again.text
    assert "queue" not in profile(site.company.line)


def test_two_numbers_side_by_side(site, anna, second):
    put(anna, site.company.line, GOLDEN)
    address = f"/number-compare/?one={site.company.line.id}&other={second.id}"
    page = soup(anna.get(address))
    rows = {row.select("td")[0].text: [cell.text.strip() for cell in row.select("td")[1:]]
            for row in page.select("tbody tr")}  # fmt: skip
    assert rows["Group"] == ["Sales", "–"]
    assert "Seconds an employee is rung" not in rows
    everything = anna.get(address + "&all=1").text
    assert "Seconds an employee is rung" in everything
    same = anna.get(f"/number-compare/?one={second.id}&other={second.id}").text
    assert "These two numbers have the same settings." in same


def test_a_comparison_shows_what_is_stored_and_what_takes_effect(site, anna, second):
    site.company.profile("recording", record_all=True, dual_channel=True)
    LineProfile.create(account=site.rome, line=second, plugin="recording", on=True,
                       stored={"record_all": True, "dual_channel": False})  # fmt: skip
    address = f"/api/lines/{site.company.line.id}/compare?with={second.id}"
    (row,) = anna.get(address).json["settings"]
    assert (row["plugin"], row["field"]) == ("recording", "dual_channel")
    assert row["one"] == {"there": True, "stored": True, "effective": False}
    assert row["other"] == {"there": True, "stored": False, "effective": False}
    assert len(anna.get(address + "&all=true").json["settings"]) > 20


def copy(browser, site, **body):
    address = f"/api/lines/{site.company.line.id}/copy"
    return browser.client.post(address, json=body, headers={"X-CSRFToken": browser.token})


def test_a_copy_is_an_import_of_an_export(site, anna, second):
    third = LineRow.create(account=site.rome, number="+390677777777")
    put(anna, site.company.line, GOLDEN)
    text = exported(anna, site.company.line).text
    plugins = list(YAML(typ="safe").load(text)["plugins"])
    assert copy(anna, site, plugins=plugins, to=[second.id]).status_code == 200
    assert put(anna, third, text).status_code == 200
    assert profile(second) == profile(third)


def test_a_copy_to_all_brings_only_what_was_chosen(site, anna, second):
    third = LineRow.create(account=site.rome, number="+390677777777")
    put(anna, site.company.line, GOLDEN)
    found = copy(anna, site, plugins=["queue"], all=True, dry_run=True).json["numbers"]
    assert [one["number"] for one in found] == [third.number, second.number]
    assert not profile(second)
    copy(anna, site, plugins=["queue"], all=True)
    assert set(profile(second)) == set(profile(third)) == {"queue"}
    assert not LineProfile.select().where(LineProfile.line == site.other.line).exists()


def test_a_copy_that_one_number_cannot_take_changes_none(site, anna, second):
    LineRow.create(account=site.rome, number="+390677777777")
    site.company.profile("queue", group="queue:999")
    answer = copy(anna, site, plugins=["queue", "recording"], all=True)
    assert answer.status_code == 422
    assert second.number in answer.json["message"]
    assert not profile(second)


@pytest.mark.parametrize(("body", "status"), [
    ({"plugins": [], "all": True}, 422),
    ({"plugins": ["queue"]}, 422),
    ({"plugins": ["queue"], "to": [987654]}, 404),
])  # fmt: skip
def test_a_copy_of_nothing_or_to_nowhere(site, anna, body, status):
    assert copy(anna, site, **body).status_code == status


def test_a_copy_on_the_page(site, anna, second):
    put(anna, site.company.line, GOLDEN)
    address = f"/number-copy/{site.company.line.id}/"
    chosen = {"plugin": ["queue", "recording"], "to": [str(second.id)]}
    page = soup(anna.post(address, **chosen))
    assert "Sales" in page.select_one("table").text
    base = page.select_one("input[name=base]")["value"]
    assert anna.post(address, **chosen, base=base, save="1").status_code == 302
    assert set(profile(second)) == {"queue", "recording"}
    foreign = {"plugin": ["queue"], "to": [str(site.other.line.id)]}
    assert "Choose at least one number to copy to." in anna.post(address, **foreign).text


def test_each_number_has_its_entry_in_the_audit_and_an_undo(site, anna, second):
    put(anna, site.company.line, GOLDEN)
    copy(anna, site, plugins=["queue"], to=[second.id])
    entry = AuditEntry.select().where(AuditEntry.action == "number.copy").get()
    assert (entry.author, entry.ref) == ("anna@example.com", str(second.id))
    assert entry.account_id == site.rome.id
    assert entry.message == site.company.line.number
    group_of = {"queue": {"settings": {"group": f"queue:{site.sales.id}"}}}
    assert (entry.before, entry.after) == ({"queue": {"settings": {"group": ""}}}, group_of)
    olga = site.sign_in("olga")
    page = olga.get(f"/audit/{entry.id}/").text
    assert "Settings copied to a number" in page
    assert re.search(r"Queue groups · Group", page)
    assert olga.post(f"/audit/{entry.id}/undo").status_code == 302
    assert profile(second)["queue"][1] == {"group": ""}
    assert AuditEntry.select().where(AuditEntry.undoes == entry.id).exists()


def test_an_undo_does_not_overwrite_what_came_later(site, anna, second):
    put(anna, site.company.line, GOLDEN)
    entry = AuditEntry.get(AuditEntry.action == "number.import")
    put(anna, site.company.line, GOLDEN.replace("greeting: true", "greeting: false"))
    olga = site.sign_in("olga")
    olga.post(f"/audit/{entry.id}/undo")
    assert profile(site.company.line)["extension"][1]["greeting"] is False
    page = olga.get(f"/audit/{entry.id}/").text
    assert "These settings have been changed again since." in page


# --- Any profile ---------------------------------------------------------------------------------

TEXTS = some.text(some.characters(codec="utf-8", exclude_categories=["C"]), max_size=40)
LINES = some.lists(TEXTS, max_size=3).map("\n".join)


@some.composite
def profiles(draw):
    """Settings that a form would take, with texts of every kind."""
    return {
        "extension": {
            "greeting": True,
            "greeting_text": draw(LINES.filter(lambda one: one.strip())),
            "excluded": draw(some.lists(some.from_regex(r"\A[0-9]{1,4}\Z"), max_size=3)),
            "seconds": draw(some.integers(5, 120)),
        },
        "voicemail": {"thanks": draw(LINES), "max_seconds": draw(some.integers(10, 600))},
        "recording": {
            "record_all": draw(some.booleans()),
            "key": draw(some.sampled_from("0123456789*")),
        },
    }  # fmt: skip


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(stored=profiles())
def test_any_profile_comes_back_as_it_was(site, stored):

    fields = {name: site.kit.app.registry.plugins[name].plugin.settings().fields for name in stored}
    data = {"schema": 1, "number": "+39", "plugins": {
        name: {"on": True, "settings": one} for name, one in stored.items()}}  # fmt: skip
    document = read(as_yaml(data))
    assert document.faults == []
    found = {
        part.name: {key: value(node, fields[part.name][key]) for key, node in part.settings.items()}
        for part in document.parts
    }
    assert found == stored
