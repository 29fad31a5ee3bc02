"""Calls in lists and alone, usage, plans, the start page."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from io import StringIO
from secrets import token_urlsafe

import pytest

from core.calls.tables import CallEventRow, CallRow, LegRow
from core.store.people import UserRow
from core.web.call_list import PAGE
from tests.web.conftest import NOW


def calls(site, count, **columns):
    line = site.company.line
    for number in range(count):
        CallRow.create(
            **{
                "account": site.rome, "line": line, "gateway": line.gateway_id,
                "ref": token_urlsafe(18), "token": token_urlsafe(18),
                "caller": f"+3933312340{number:02}", "called": line.number, "state": "{}",
                "started_at": NOW - timedelta(minutes=number), "ended_at": NOW,
                "outcome": "answered", **columns,
            }
        )  # fmt: skip


def test_a_page_at_a_time(site):
    calls(site, PAGE + 7)
    browser = site.sign_in("anna")
    first = browser.get("/calls/").text
    assert first.count('href="/calls/') == PAGE + 3  # its rows, the menu, the older ones, the CSV
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = browser.get(older).text
    assert 'rel="next"' not in second
    shown = {one.split("/")[0] for page in (first, second) for one in page.split('"/calls/')[1:]}
    assert len({one for one in shown if one.isdigit()}) == PAGE + 7


def test_calls_that_employees_make(site):
    calls(site, 2)
    line = site.company.line.number
    calls(
        site, 1, direction="outgoing", caller=line, called="+393470001112", outcome="missed",
        client_name="Bianchi",
    )  # fmt: skip
    calls(site, 1, direction="internal", line=None, caller="101", called="102")
    browser = site.sign_in("anna")
    page = browser.get("/calls/?direction=outgoing").text
    assert page.count("<tr><td") == 1
    assert "Bianchi" in page
    assert "not reached" in page
    assert browser.get("/calls/?caller=347 000 1112").text.count("<tr><td") == 1
    assert "“sideways” is no direction" in browser.get("/calls/?direction=sideways").text
    assert browser.get("/").text.count("tile-missed tile-none") == 1  # what they missed, we did not
    for id, heading in ((3, "Bianchi"), (4, "102")):
        assert heading in browser.get(f"/calls/{id}/").text.split("<h1>")[1].split("</h1>")[0]


def test_the_calls_as_a_file(site):
    calls(site, 2)
    calls(site, 1, direction="outgoing", client_name="=1+1", called="+393470001112")
    browser = site.sign_in("anna")
    answer = browser.get("/calls/export.csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=calls-2026-11-22.csv"
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert [row["direction"] for row in rows] == ["outgoing", "incoming", "incoming"]
    assert rows[0]["client"] == "'=1+1"
    one = list(csv.DictReader(StringIO(browser.get("/calls/export.csv?direction=outgoing").text)))
    assert [row["called"] for row in one] == ["+393470001112"]
    assert browser.get("/calls/export.csv?direction=sideways").status_code == 422


def test_filters(site):
    calls(site, 3)
    calls(site, 2, outcome="missed", started_at=NOW - timedelta(days=3))
    browser = site.sign_in("anna")

    def count(query):
        return browser.get(f"/calls/?{query}").text.count("<tr><td")

    assert count("") == 5
    assert count("outcome=missed") == 2
    assert count("from=2026-11-22") == 3
    assert count("to=2026-11-21") == 2
    assert count("caller=333 1234001") == 2
    assert count(f"line={site.company.line.id}") == 5
    assert count(f"line={site.other.line.id}") == 0
    assert "“yesterday” is no date" in browser.get("/calls/?from=yesterday").text
    assert "“gone” is no outcome" in browser.get("/calls/?outcome=gone").text


def test_the_list_reads_by_its_index(site):
    calls(site, 2)
    database = site.kit.app.store.database
    seen = []
    original = database.execute_sql
    database.execute_sql = lambda sql, *rest: seen.append((sql, *rest)) or original(sql, *rest)
    try:
        site.sign_in("anna").get("/calls/?from=2026-11-20")
    finally:
        del database.execute_sql
    sql, parameters = next(one for one in seen if 'FROM "calls"' in one[0])[:2]
    plan = original("EXPLAIN QUERY PLAN " + sql, parameters).fetchall()
    assert any("account_id" in row[3] and "started_at" in row[3] for row in plan), plan


def test_one_call_with_its_decisions(site):
    site.company.account.backup_number = "+393330000001"
    site.company.account.save()
    call = site.company.call()
    call.answered()
    call.talked(75)
    row = CallRow.get(CallRow.ref == call.ref)
    page = site.sign_in("anna").get(f"/calls/{row.id}/").text
    assert "outcome-forwarded" in page
    assert "+39\xa0333\xa0000\xa00001" in page
    assert "1:15" in page
    assert "rings the backup number" in page
    assert "last-resort" not in page
    assert "Working hours</span>" in page


@pytest.mark.parametrize(
    ("direction", "language", "heads"),
    [
        ("incoming", "en", ["The call came in", "Step 2 is over"]),
        ("outgoing", "en", ["The number was dialled", "Step 2 is over"]),
        ("internal", "it", ["Il numero è stato composto", "Il passo 2 è finito"]),
    ],
)
def test_each_decision_says_after_what_it_was_taken(site, direction, language, heads):
    calls(site, 1, direction=direction)
    trace = [{"stage": "forward", "plugin": "", "result": "rings", "reason": ""}]
    for key in ("arrived", "step-2"):
        CallEventRow.create(account=site.rome, call=1, key=key, at=NOW, answer="", trace=trace)
    browser = site.sign_in("anna")
    browser.post("/language", language=language)
    page = browser.get("/calls/1/").text
    assert re.findall(r'class="event-head".*?<span title=.*?>(.*?)</span>', page) == heads


def test_how_ringing_ended_is_said_in_words(site):
    calls(site, 1)
    LegRow.create(
        account=site.rome, call=1, number=1, target="sip:anna", address="anna", outside=False,
        started_at=NOW, ended_at=NOW, ring="no-answer",
    )  # fmt: skip
    assert 'data-label="How">no answer<' in site.sign_in("anna").get("/calls/1/").text


def test_another_accounts_call_is_not_found(site):
    calls(site, 1)
    assert site.sign_in("pierre").get(f"/calls/{CallRow.get().id}/").status_code == 404


def test_an_agent_sees_own_calls_only(site):
    site.anna.user = UserRow.get(name="Aldo")
    site.anna.save()
    calls(site, 2)
    calls(site, 1, employee=site.anna, caller="+390699999999", outcome="missed")
    browser = site.sign_in("aldo")
    page = browser.get("/calls/").text
    assert "+39\xa006\xa09999\xa09999" in page
    assert page.count("<tr><td") == 1
    assert browser.get(f"/calls/{CallRow.get(CallRow.employee.is_null()).id}/").status_code == 404


def test_today_counts_on_the_accounts_clock(site):
    midnight = NOW.replace(hour=23) - timedelta(days=1)  # 23:00 UTC is midnight in Rome
    calls(site, 1, started_at=midnight - timedelta(seconds=1), outcome="missed")
    calls(site, 1, started_at=midnight, outcome="voicemail")
    page = site.sign_in("anna").get("/").text
    tiles = page.split('class="tiles"')[1].split('class="columns"')[0]
    assert 'tile-voicemail"' in tiles
    assert "tile-missed tile-none" in tiles


def test_the_start_page_warns(site):
    type(site.company.line).create(account=site.rome, number="+390600000000")
    page = site.sign_in("anna").get("/").text
    assert "+39\xa006\xa00000\xa00000 has no gateway." in page


def test_usage_says_what_is_left_and_until_when(site):
    page = site.sign_in("anna").get("/usage/").text
    assert "left of 100" in page
    assert "1 Dec 2026, 00:00 (Europe/Rome)" in page
    assert "Europe/Rome" in page
    assert "used, unlimited" in site.sign_in("pierre").get("/usage/").text


def test_plans_mark_the_accounts_own(site):
    page = site.sign_in("anna").get("/plans/").text
    assert page.count("your plan") == 1
    assert 'id="recording.monthly_calls"' in page


def test_a_broken_plan_file_is_shown_to_those_who_can_mend_it(site, plans):
    book = site.kit.app.book
    book.settled()
    good = book.path.read_text()
    try:
        book.path.write_text(good.replace("recording: true", "recordng: true"))
        book._look_at = 0
        page = site.sign_in("bill").get("/plans/").text
        assert "The plan file is refused" in page
        assert re.search(r"plans.yaml:\d+:7 plans.free.features.recordng", page)
        assert page.count("The plan file is refused") == 1
        assert "The plan file is refused" in site.sign_in("olga").get("/accounts/").text
        assert "refused" not in site.sign_in("anna").get("/plans/").text
        assert "refused" not in site.sign_in("anna").get("/").text
    finally:
        book.path.write_text(good)


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("/", "No gateway yet, so no call can come in."),
        ("/calls/", "No calls yet."),
        ("/lines/", "Add the gateway first"),
        ("/employees/", "Add the people whom calls can reach"),
        ("/gateways/", "A gateway connects your provider"),
    ],
)
def test_an_empty_account_is_told_what_to_do_next(site, page, says):
    olga = site.sign_in("olga")
    empty = site.rome.__class__.create(name="Empty", plan="free", created_at=NOW)
    olga.post("/accounts/pick/", account=empty.id)
    assert says in olga.get(page).text.replace("&#39;", "'")
