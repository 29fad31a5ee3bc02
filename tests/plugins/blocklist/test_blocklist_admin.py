"""The pages of the block list: entries, a number tried, files, and the page of a call."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from core.api import EmployeeRow, GatewayRow, LineRow
from plugins.blocklist import files
from plugins.blocklist.automatic import REASON
from plugins.blocklist.models import AttemptRow, EntryRow
from tests.support.calls import NOON
from tests.support.site import open_site

PLANS = "schema: 1\nplans:\n  all:\n    title: All\n    features: {}\n"
LIST, NEW, IMPORT = (f"/blocklist_entries/{part}" for part in ("", "new/", "import/"))
ITALIAN = {"Accept-Language": "it"}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    with open_site(tmp_path_factory.mktemp("site"), ("blocklist", "extension"), PLANS) as site:
        site.rossi, site.other = site.account("Rossi", "all"), site.account("Verdi", "all")
        trunk = GatewayRow.create(account=site.rossi, kind="twiml", provider="", name="Trunk")
        line = {"account": site.rossi, "gateway": trunk, "number": "+390612345678", "name": "Main"}
        site.line = LineRow.create(**line)
        EmployeeRow.create(account=site.rossi, name="Anna", mobile="+393471111111")
        site.admin = site.sign_in(site.rossi, "admin")
        site.agent = site.sign_in(site.rossi, "agent")
        yield site


@pytest.fixture
def site(opened):
    EntryRow.delete().execute()
    return opened


def add(site, caller="", **typed):
    return site.admin.post(NEW, **{"caller": caller, "gets": "reject", "line": "__None"} | typed)


def stored():
    return [(row.pattern, row.gets) for row in EntryRow.select().order_by(EntryRow.id)]


def test_a_number_is_blocked_as_people_type_it(site):
    assert add(site, "333 123 4567", reason="surveys").status_code == 302
    (row,) = EntryRow.select()
    assert (row.pattern, row.line_id, row.author) == ("+393331234567", None, "Admin")
    assert row.created_at == NOON
    page = site.admin.get(LIST)
    assert "+393331234567" in page.text
    assert "surveys" in page.text


def test_withheld_callers_are_one_tick(site):
    assert add(site, withheld="y").status_code == 302
    assert stored() == [("withheld", "reject")]
    assert "withheld numbers" in site.admin.get(LIST).text
    (row,) = EntryRow.select()
    form = BeautifulSoup(
        site.admin.get(f"/blocklist_entries/edit/?id={row.id}").text, "html.parser"
    )
    assert form.select_one("#withheld").has_attr("checked")
    assert form.select_one("#caller")["value"] == ""


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("anna", "“anna” is no complete phone number"),
        ("39333*", "“39333*” is no pattern; begin with + and the country code"),
        ("", "Type a number such as +393331234567"),
        ("+390612345678", "+390612345678 is a number of your own: it is never blocked."),
        ("+393471111111", "+393471111111 is Anna&#39;s own phone: it is never blocked."),
        ("112", "112"),
    ],
)
def test_what_cannot_be_blocked_is_refused_beside_the_field(site, typed, sentence):
    page = add(site, typed)
    assert page.status_code == 200
    assert sentence in page.text
    assert stored() == []


@pytest.mark.parametrize(
    ("typed", "wide"),
    [
        ("*", "every caller"),
        ("+39*", "Italy (+39)"),
        ("+3*", "countries, all that begin with +3"),
        ("+39347*", "+393471111111 (Anna&#39;s own phone)"),
    ],
)
def test_what_blocks_very_many_must_be_meant(site, typed, wide):
    assert 'name="wide"' not in site.admin.get(NEW).text
    page = add(site, typed)
    assert wide in page.text
    assert 'name="wide"' in page.text
    assert stored() == []
    assert add(site, typed, wide="y").status_code == 302
    assert len(stored()) == 1


def test_an_exception_may_be_as_wide_as_it_likes(site):
    assert add(site, "+39*", gets="allow").status_code == 302


def test_the_same_entry_twice_is_refused(site):
    add(site, "+393331234567")
    page = add(site, "+393331234567")
    assert page.status_code == 200
    assert len(stored()) == 1


def test_an_end_that_is_past_is_refused(site):
    page = add(site, "+393331234567", until="2026-11-20T11:59")
    assert "This instant is past" in page.text
    add(site, "+393331234567", until="2026-11-20T12:01")
    assert EntryRow.get().until == NOON + timedelta(minutes=1)


def test_a_number_is_tried_with_the_lookup_of_calls(site):
    add(site, "+39333*", wide="y", reason="surveys")
    address = f"{LIST}?caller=%2B393331234567&line={site.line.id}"
    page = site.admin.get(address).text.replace("\xa0", " ")
    assert (
        "+39 333 123 4567 is blocked on +39 06 1234 5678 Main by the entry +39333* (surveys)."
        in page
    )
    page = site.admin.get(f"{LIST}?caller=06+1111+1111").text.replace("\xa0", " ")
    assert "+39 06 1111 1111 is not blocked on +39 06 1234 5678 Main." in page
    assert "“x” is no complete phone number" in site.admin.get(f"{LIST}?caller=x").text


def test_the_page_of_a_call_leads_to_a_filled_form(site):
    assert 'value="+393331234567"' in site.admin.get(f"{NEW}?caller=%2B393331234567").text


def test_a_file_is_looked_at_before_anything_is_written(site):
    text = (
        "pattern,number,gets,reason,until\n+393331234567,,busy,surveys,\n"
        "+39345*,+390612345678,,,2026-12-01T10:00\nxyz,,,,\n+39*,,,,\n+393330000000,,cake,,\n"
        "+393330000001,+391,,,\n+393330000002,,,,soon\n+393330000003,,,,2020-01-01\n"
    )
    file = (io.BytesIO(text.encode()), "list.csv")
    page = site.admin.post(IMPORT, file=file).text
    assert stored() == []
    for sentence in (
        "2 rows can be added.",
        "“xyz” is no complete phone number",
        "“+39*” blocks Italy (+39).",
        "“cake” is nothing a caller can get: use reject, busy, message, allow.",
        "“+391” is no number of yours.",
        "“soon” is no time; write 2026-11-30T18:00.",
        "“2020-01-01” is past",
    ):
        assert sentence in page
    site.admin.post(IMPORT, text=text, confirmed="yes")
    assert stored() == [("+393331234567", "busy"), ("+39345*", "reject")]
    again = site.admin.post(IMPORT, text=text).text
    assert "2 are in the list already." in again
    assert "0 rows can be added." in again


def test_a_text_that_was_looked_at_is_still_there_to_be_mended(site):
    text = "pattern\n+39*\nxyz\n"
    page = BeautifulSoup(site.admin.post(IMPORT, text=text).text, "html.parser")
    assert "If you mean it, tick the box below" in page.text
    assert page.select_one("textarea#text").text.strip() == text.strip()
    assert not page.select_one("main [name=wide][type=checkbox]").has_attr("checked")
    page = BeautifulSoup(site.admin.post(IMPORT, text=text, wide="1").text, "html.parser")
    assert "1 row can be added." in page.text
    assert page.select_one("main [name=wide][type=checkbox]").has_attr("checked")
    site.admin.post(IMPORT, text=text, wide="1", confirmed="yes")
    assert stored() == [("+39*", "reject")]


def test_a_text_of_thousands_of_rows_is_taken(site):
    """As a browser sends it: in parts, each of which may be as long as the whole."""
    rows = "".join(f"+39330{place:06},{'x' * 190}\n" for place in range(5000))
    fields = {"csrf_token": site.admin._form_token, "text": f"pattern,reason\n{rows}"}
    part = '--X\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    body = "".join(part.format(*one) for one in fields.items()) + "--X--\r\n"
    kind = "multipart/form-data; boundary=X"
    page = site.admin.client.post(IMPORT, data=body.encode(), content_type=kind)
    assert "5000 rows can be added." in page.text


def test_a_file_that_names_no_columns_keeps_what_was_ticked(site):
    page = BeautifulSoup(site.admin.post(IMPORT, text="+39*", wide="1").text, "html.parser")
    assert page.select_one("main [name=wide][type=checkbox]").has_attr("checked")


def test_files_of_other_programs(site):
    """Old line ends, a NUL, an end that no clock can show."""
    text = "pattern,reason,until\r+393331234567,a\0b,\r+393331234568,,9999-12-31T23:59-12:00\r"
    page = site.admin.post(IMPORT, file=(io.BytesIO(text.encode()), "list.csv")).text
    assert "1 row can be added." in page
    assert "“9999-12-31T23:59-12:00” is no time" in page
    text = BeautifulSoup(page, "html.parser").find("textarea", {"name": "text"}).text
    site.admin.post(IMPORT, text=text, confirmed="yes")
    assert stored() == [("+393331234567", "reject")]
    assert EntryRow.get().reason == "ab"


def test_a_file_is_looked_at_without_a_query_for_each_row(site, monkeypatch):
    asked = []
    own_numbers = files.own_numbers
    monkeypatch.setattr(files, "own_numbers", lambda one: asked.append(1) or own_numbers(one))
    text = "pattern\n" + "".join(f"+3933300000{place:02}\n" for place in range(50))
    page = site.admin.post(IMPORT, file=(io.BytesIO(text.encode()), "list.csv")).text
    assert "50 rows can be added." in page
    assert asked == [1]


def test_what_is_exported_can_be_imported_again(site):
    add(site, "+393331234567", reason="=HYPERLINK(1)", gets="message", message="No, thank you")
    add(site, withheld="y", line=str(site.line.id))
    text = site.admin.get("/blocklist_entries/export.csv").text
    assert "'=HYPERLINK(1)" in text
    before = stored()
    EntryRow.delete().execute()
    site.admin.post(IMPORT, text=text, confirmed="yes")
    assert sorted(stored()) == sorted(before)
    assert EntryRow.get(EntryRow.pattern == "withheld").line_id == site.line.id
    assert EntryRow.get(EntryRow.pattern == "+393331234567").reason == "=HYPERLINK(1)"


@pytest.mark.parametrize("text", ["", "number\n1\n", "a,b\n"])
def test_a_file_without_a_pattern_column_is_refused_in_one_sentence(site, text):
    page = site.admin.post(IMPORT, text=text).text
    assert "The first row must name the columns" in page


def test_a_deleted_automatic_entry_starts_its_caller_from_zero(site):
    row = EntryRow.create(
        account=site.rossi, line=site.line, pattern="+393331234567", automatic=True,
        until=NOON + timedelta(hours=1), created_at=NOON,
    )  # fmt: skip
    AttemptRow.create(account=site.rossi, line=site.line, caller="+393331234567", at=NOON)
    assert "automatically" in site.admin.get(LIST).text
    site.admin.post("/blocklist_entries/delete/", id=row.id)
    assert (EntryRow.select().count(), AttemptRow.select().count()) == (0, 0)


def test_agents_do_not_see_the_list_and_accounts_not_each_others(site):
    add(site, "+393331234567")
    assert site.agent.get(LIST).status_code == 403
    other = site.sign_in(site.other, "admin")
    assert "+393331234567" not in other.get(LIST).text
    assert "+393331234567" not in other.get("/blocklist_entries/export.csv").text


def test_the_pages_speak_italian(site):
    page = site.admin.get(NEW, headers=ITALIAN).text
    assert "Chi chiama con numero nascosto" in page
    assert "Elenco bloccati" in page
    page = site.admin.client.post(
        NEW,
        data={"caller": "+39*", "gets": "reject", "line": "__None",
              "csrf_token": site.admin._form_token},
        headers=ITALIAN,
    )  # fmt: skip
    assert "“+39*” blocca Italia (+39)." in page.text


def dry_run(site, caller):
    """The page of a call from a number, in Italian."""
    form = {"caller": caller, "do": "call", "csrf_token": site.admin._form_token}
    return site.admin.client.post(f"/test-call/{site.line.id}/", data=form, headers=ITALIAN).text


def test_why_somebody_is_blocked_automatically_is_said_in_the_readers_language(site):
    EntryRow.create(
        account=site.rossi, pattern="+393331234567", automatic=True, reason=REASON,
        until=NOON + timedelta(hours=1), created_at=NOON,
    )  # fmt: skip
    assert "(troppe chiamate fuori orario)" in dry_run(site, "+393331234567")
    tried = site.admin.get(f"{LIST}?caller=%2B393331234567", headers=ITALIAN).text
    assert "(troppe chiamate fuori orario)" in tried


def test_a_reason_that_somebody_typed_stays_as_it_was_typed(site):
    add(site, "+393331234567", reason="withheld number, <b>100%s</b>")
    assert "(withheld number, &lt;b&gt;100%s&lt;/b&gt;)" in dry_run(site, "+393331234567")


@pytest.mark.parametrize(
    ("caller", "own"),
    [("+393471111111", "il telefono di Anna"), ("+390612345678", "un numero dell&#39;account")],
)
def test_whom_nobody_blocks_is_said_in_the_readers_language(site, caller, own):
    EntryRow.create(account=site.rossi, pattern="+39*", created_at=NOON)
    assert f"è {own}" in dry_run(site, caller)
