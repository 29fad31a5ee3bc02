"""The audit: what was changed, readable, found again, exported, and taken back (S4)."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from bs4 import BeautifulSoup

from core.plans.tables import PlanOverride
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry, note
from tests.web.conftest import NOW
from tests.web.test_account_plan import QUOTA, value


@pytest.fixture
def bill(site):
    return site.sign_in("bill")


@pytest.fixture
def address(site):
    return f"/accounts/{site.rome.id}/plan"


@pytest.fixture
def changed(site, bill, address):
    """An override that was set and replaced, a trial, and another plan, an hour apart."""
    steps = (
        ("override/", {"feature": QUOTA, "value": "150", "until": "2027-01-31", "reason": "one"}),
        ("override/", {"feature": QUOTA, "value": "200", "reason": "two"}),
        ("trial/", {"plan": "professional", "until": "2026-12-24", "reason": "three"}),
        ("change", {"plan": "bare", "seen": "free", "message": "four"}),
    )
    for where, form in steps:
        assert bill.post(f"{address}/{where}", **form).status_code == 302
        site.kit.clock.forward(hours=1)
    return AuditEntry.select().where(AuditEntry.account_id == site.rome.id)


def soup(answer):
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def entries(answer):
    return soup(answer).select("li.entry")


def heads(answer):
    return [" ".join(one.select_one(".entry-head").get_text().split()) for one in entries(answer)]


def lines(entry):
    """What an entry says it changed: label, before, after."""
    rows = entry.select(".changes tbody tr")
    return [tuple(part.text for part in one.find_all(["th", "td"])) for one in rows]


def of_rossi(answer):
    return [one for one in heads(answer) if "Rossi" in one]


def test_the_newest_stands_first_with_before_and_after(bill, changed):
    page = bill.get("/audit/?account=Rossi")
    assert heads(page) == [
        "Plan of an account: Bare · Rossi",
        "Trial started: Professional · Rossi",
        "Override set: Recordings per month · Rossi",
        "Override set: Recordings per month · Rossi",
    ]
    plan, trial, second, first = entries(page)
    assert lines(plan) == [("Plan", "Free", "Bare")]
    assert lines(trial) == [
        ("Plan", "Professional"),
        ("From", "23 Nov 2026"),
        ("Until", "24 Dec 2026"),
    ], "the reason is its message"
    assert "three" in trial.text
    assert lines(second)[0] == ("Value", "150", "200")
    assert ("Until", "31 Jan 2027", "without end") in lines(second)
    assert lines(first)[0] == ("Value", "150")
    assert "bill@example.com" in plan.text
    assert "four" in plan.text
    assert "{" not in page.text.split("<main", 1)[1].split("</main", 1)[0], "no raw data"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("action=override.set", 2),
        ("action=trial.start", 1),
        ("account=oss", 4),
        ("account=Dupont", 0),
        ("author=BILL", 4),
        ("author=olga", 0),
        ("from=2026-11-23", 1),
        ("to=2026-11-22", 3),
        ("from=2026-11-24", 0),
        ("action=nonsense", 0),
        ("account=%25", 0),
    ],
)
def test_it_is_filtered(site, bill, changed, query, found):
    assert len(of_rossi(bill.get(f"/audit/?{query}"))) == found


def test_a_day_that_is_none_is_named_and_filters_nothing(bill, changed):
    page = bill.get("/audit/?from=yesterday")
    assert "“yesterday” is no day; write it like 2027-01-31." in page.text
    assert len(of_rossi(page)) == 4


def test_it_is_paged_by_id_whatever_is_added_meanwhile(bill):
    for number in range(120):
        note(NOW + timedelta(minutes=number), "bill", "account.plan", "free", message=f"n{number}")
    address, seen = "/audit/?author=bill", []
    while address:
        page = bill.get(address)
        seen += [one.select_one(".entry-by").text.split("·")[-1].strip() for one in entries(page)]
        note(NOW, "bill", "account.plan", "free", message="later")
        older = soup(page).select_one("nav.older a[rel=next]")
        address = older and older["href"]
    assert seen == [f"n{number}" for number in reversed(range(120))]


@pytest.mark.parametrize("name", ["anna", "sara", "aldo", "nobody"])
def test_nobody_of_an_account_reads_it(site, name):
    entry = note(NOW, "bill", "account.plan", "free")
    browser = site.sign_in(name)
    for address in (
        "/audit/",
        f"/audit/{entry.id}/",
        f"/audit/{entry.id}/undo",
        "/audit/export.csv",
    ):
        assert browser.get(address).status_code == 403
    assert browser.post(f"/audit/{entry.id}/undo").status_code == 403


def test_an_entry_is_taken_back_after_a_question(site, bill, changed):
    entry = (
        changed.where(AuditEntry.action == "override.set").order_by(AuditEntry.id.desc()).first()
    )
    assert value(site).value == 200
    question = soup(bill.get(f"/audit/{entry.id}/undo"))
    assert question.find("h1").text == "Take this back?"
    assert value(site).value == 200, "asking changes nothing"
    assert bill.post(f"/audit/{entry.id}/undo").status_code == 302
    assert value(site).value == 150
    page = bill.get("/audit/?account=Rossi")
    newest = entries(page)[0]
    assert "takes an entry back" in newest.text
    undone = soup(page).find(id=f"entry-{entry.id}")
    assert "taken back" in undone.text
    assert undone.select_one(".entry-actions a") is None
    assert bill.post(f"/audit/{entry.id}/undo").status_code == 302
    assert "This was taken back already." in bill.get(f"/audit/{entry.id}/").text
    assert value(site).value == 150


def test_a_plan_and_a_trial_are_taken_back(site, bill, changed):
    for action in ("account.plan", "trial.start"):
        entry = changed.where(AuditEntry.action == action).get()
        bill.post(f"/audit/{entry.id}/undo")
    assert AccountRow.get_by_id(site.rome.id).plan == "free"
    assert value(site, "recording.dual_channel").reason == "trial-ended"


def test_what_was_changed_again_since_is_not_taken_back(site, bill, changed):
    first = changed.where(AuditEntry.action == "override.set").order_by(AuditEntry.id).first()
    bill.post(f"/audit/{first.id}/undo")
    page = bill.get(f"/audit/{first.id}/")
    assert "What was set then for recording.monthly_calls is over." in page.text
    assert value(site).value == 200
    assert PlanOverride.select().where(PlanOverride.ended_at.is_null()).count() == 1


def test_a_first_plan_has_no_undo(site, bill):
    entry = note(NOW, "olga", "account.plan", "free", account=site.rome, after="free")
    page = soup(bill.get(f"/audit/{entry.id}/"))
    assert page.select_one("main form") is None
    assert lines(page.select_one(".entry")) == [("Plan", "Free")]
    bill.post(f"/audit/{entry.id}/undo")
    assert "This cannot be taken back here." in bill.get(f"/audit/{entry.id}/").text
    assert AccountRow.get_by_id(site.rome.id).plan == "free"


def test_a_publish_leads_to_its_revision_where_it_can_be_reverted(site, bill):
    entry = AuditEntry.get(AuditEntry.action == "plans.publish")
    shown = soup(bill.get("/audit/?action=plans.publish")).find(id=f"entry-{entry.id}")
    assert shown.select_one(".entry-actions a")["href"] == f"/plan-history/{entry.ref}"
    assert bill.get(f"/plan-history/{entry.ref}").status_code == 200


def test_a_publish_says_each_change_in_words(bill):
    cell = {"change": "set-cell", "plan": "free", "feature": QUOTA}
    changes = [
        {**cell, "written": {"value": 150, "warn_at": [50]}},
        {"change": "remove-plan", "key": "bare"},
    ]
    after = {"changes": changes, "revision": 3, "start": "next-period", "carried": [[4, 2]]}
    note(NOW, "bill", "plans.publish", "revision 3", ref="3", before={"revision": 1}, after=after)
    entry = entries(bill.get("/audit/?action=plans.publish"))[0]
    told = {label: (before, after) for label, before, after in lines(entry)}
    assert told["Revision"] == ("1", "3")
    assert told["In force"] == ("–", "each account's next calendar month")
    assert told["Entered again"] == ("–", "2 → 4")
    said = told["Changes"][1]
    assert "Recordings per month, Free: 150 (warns at 50" in said
    assert "The plan Bare goes" in said
    assert "set-cell" not in said


def test_an_unknown_kind_of_entry_is_shown_as_it_is(bill):
    note(NOW, "", "acme.thing", "Shelf 3", before={"colour": "red"}, after={"colour": ["blue", 2]})
    (entry,) = entries(bill.get("/audit/?action=acme.thing"))
    assert lines(entry) == [("colour", "red", "blue; 2")]
    assert "acme.thing: Shelf 3" in " ".join(entry.text.split())


def test_an_account_that_is_gone_keeps_its_entries(site, bill, changed):
    name = site.rome.name
    AccountRow.delete().where(AccountRow.id == site.rome.id).execute()
    page = bill.get(f"/audit/?account={name}")
    assert len(entries(page)) == 4
    assert soup(page).select_one("li.entry .entry-head a") is None


def test_the_filtered_entries_are_exported_whole_and_harmless(site, bill, address):
    site.rome.name = "=HYPERLINK(1)"
    site.rome.save()
    for number in range(60):
        note(NOW, "bill", "account.plan", "free", account=site.rome, message=f"+cmd{number}")
    note(NOW, "olga", "account.plan", "free")
    answer = bill.get("/audit/export.csv?author=bill")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert len(rows) == 60, "not a page of them only"
    assert {one["account_name"] for one in rows} == {"'=HYPERLINK(1)"}
    assert rows[0]["message"] == "'+cmd59"
    assert {one["author"] for one in rows} == {"bill"}


def test_the_export_reads_a_large_audit_piece_by_piece(site, bill, monkeypatch):
    monkeypatch.setattr("core.web.audit_list.CHUNK", 7)
    ids = [note(NOW, "bill", "account.plan", "free").id for _ in range(30)]
    rows = list(csv.DictReader(StringIO(bill.get("/audit/export.csv?author=bill").text)))
    assert [int(one["id"]) for one in rows] == ids[::-1]


def test_in_italian(bill, changed):
    page = bill.client.get("/audit/?account=Rossi", headers={"Accept-Language": "it"})
    assert heads(page)[0] == "Piano di un account: Bare · Rossi"
    assert lines(entries(page)[0]) == [("Piano", "Free", "Bare")]
    assert "senza fine" in page.text
