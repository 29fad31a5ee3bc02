"""The pages: trunks and phones of an account, servers of the installation."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from core.api import EmployeeRow, GatewayRow, LineRow
from plugins.asterisk.models import PhoneRow, ServerRow, SlotRow, TrunkRow, phone_digest
from tests.plugins.asterisk.setup.conftest import phone, server, trunk
from tests.support.calls import NOON

TRUNKS, PHONES, SERVERS = "/asterisk_trunks/", "/asterisk_phones/", "/asterisk_servers/"


def typed(site, **fields):
    return {
        "name": "Provider", "server": site.server.id, "host": "192.0.2.20", "user": "",
        "secret": "", "match": "", "plus": "y",
    } | fields  # fmt: skip


def test_a_trunk_is_made_with_its_gateway(site):
    answer = site.admin.post(f"{TRUNKS}new/", **typed(site, host=" 192.0.2.20 "))
    assert answer.status_code == 302
    row = TrunkRow.get(TrunkRow.host == "192.0.2.20")
    assert (row.gateway.name, row.gateway.kind, row.account_id) == (
        "Provider",
        "asterisk",
        site.rossi.id,
    )
    assert "Provider" in site.admin.get(TRUNKS).text
    assert "Provider" not in site.sign_in(site.verdi, "admin").get(TRUNKS).text


def test_a_trunk_keeps_its_password_and_takes_another_name(site):
    site.admin.post(f"{TRUNKS}new/", **typed(site, user="u", secret="geheim"))
    row = TrunkRow.get(TrunkRow.host == "192.0.2.20")
    address = f"{TRUNKS}edit/?id={row.id}"
    assert "geheim" not in site.admin.get(address).text
    assert site.admin.post(address, **typed(site, name="Other", user="u")).status_code == 302
    assert TrunkRow.get_by_id(row.id).secret == "geheim"
    assert GatewayRow.get_by_id(row.gateway_id).name == "Other"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"host": "a b"}, "“a b” is no host"),
        ({"host": "192.0.2.10"}, "belong to another trunk already"),
        ({"match": "192.0.2.0/28"}, "belong to another trunk already"),
        ({"match": "0.0.0.0/0"}, "name the provider"),
        ({"match": "pbx.example"}, "is the server itself"),
        ({"register": "y"}, "needs the user name and password"),
        ({"user": "x\ny"}, "is no user name"),
        ({"secret": "a b"}, "without spaces"),
        ({"name": "  "}, "A name has 1 to 120 characters."),
        ({"name": "n" * 121}, "A name has 1 to 120 characters."),
        ({"name": "Trunk 192.0.2.10"}, "There is a gateway “Trunk 192.0.2.10” already."),
    ],
)
def test_what_is_wrong_is_said_on_the_form(site, fields, sentence):
    answer = site.admin.post(f"{TRUNKS}new/", **typed(site, **fields))
    assert answer.status_code == 200
    assert sentence in answer.text.replace("&#39;", "'")
    assert TrunkRow.select().count() == 1


def test_no_name_of_anothers_address_brings_their_calls(site, monkeypatch):
    def look_up(name, *_):
        return [(0, 0, 0, "", ("192.0.2.10", 0))] if name == "sip.provider.example" else []

    monkeypatch.setattr("plugins.asterisk.service.socket.getaddrinfo", look_up)
    told = site.admin.post(f"{TRUNKS}new/", **typed(site, host="sip.provider.example")).text
    assert "Calls from sip.provider.example belong to another trunk already" in told
    assert TrunkRow.select().count() == 1
    site.admin.post(f"{TRUNKS}new/", **typed(site, host="other.provider.example"))
    assert TrunkRow.select().count() == 2


def test_a_trunk_with_numbers_stays_and_goes_with_its_gateway(site):
    row = site.trunk
    site.admin.post(f"{TRUNKS}delete/", id=row.id)
    assert TrunkRow.select().count() == 1
    site.line.gateway = None
    site.line.save()
    site.admin.post(f"{TRUNKS}delete/", id=row.id)
    assert (TrunkRow.select().count(), GatewayRow.select().count()) == (0, 0)


def test_a_phones_password_is_shown_exactly_once(site):
    answer = site.admin.post(f"{PHONES}{site.anna.id}/give")
    password = re.search(r'id="phone-3">(\w+)<', answer.text)[1]
    assert answer.headers["Cache-Control"] == "no-store"
    row = PhoneRow.get()
    assert row.digest == phone_digest(site.anna.id, password)
    assert EmployeeRow.get_by_id(site.anna.id).sip == f"employee-{site.anna.id}@pbx.example"
    assert password not in site.admin.get(PHONES).text
    again = site.admin.post(f"{PHONES}{site.anna.id}/password")
    other = re.search(r'id="phone-3">(\w+)<', again.text)[1]
    assert other != password
    assert PhoneRow.get().digest == phone_digest(site.anna.id, other)


def test_a_phone_loses_its_password_after_a_question(site):
    row, _ = phone(site, site.anna)
    assert "Give the phone of Anna" in site.admin.get(f"{PHONES}{site.anna.id}/password").text
    assert PhoneRow.get().digest == row.digest


def test_a_phone_is_taken_away_after_a_question(site):
    phone(site, site.anna)
    assert "Anna? It cannot" in site.admin.get(f"{PHONES}{site.anna.id}/remove").text
    assert PhoneRow.select().count() == 1
    site.admin.post(f"{PHONES}{site.anna.id}/remove")
    assert PhoneRow.select().count() == 0
    assert EmployeeRow.get_by_id(site.anna.id).sip == ""


def test_another_address_of_an_employee_stays(site):
    site.anna.sip = "anna@pbx.other.example"
    site.anna.save()
    phone(site, site.anna)
    asked = site.admin.get(f"{PHONES}{site.anna.id}/remove").text
    assert "Calls then go to their SIP address, anna@pbx.other.example." in asked
    site.admin.post(f"{PHONES}{site.anna.id}/remove")
    assert EmployeeRow.get_by_id(site.anna.id).sip == "anna@pbx.other.example"


def test_nobody_touches_another_accounts_phone(site):
    phone(site, site.bruno)
    digest = PhoneRow.get().digest
    for word in ("give", "password", "remove"):
        assert site.admin.post(f"{PHONES}{site.bruno.id}/{word}").status_code == 404
    assert PhoneRow.get().digest == digest
    assert "Bruno" not in site.admin.get(PHONES).text


def test_which_server_is_asked_when_there_are_several(site):
    second = server("second")
    site.admin.post(f"{PHONES}{site.anna.id}/give")
    assert PhoneRow.select().count() == 0
    assert "Choose where the phone registers." in site.admin.get(PHONES).text
    site.admin.post(f"{PHONES}{site.anna.id}/give", **{f"server-{site.anna.id}": second.id})
    assert PhoneRow.get().server_id == second.id


def test_servers_are_the_operators(site):
    assert site.admin.get(SERVERS).status_code == 403
    page = site.operator.get(SERVERS).text
    assert "nobody: start “centralino asterisk run”" in page
    SlotRow.create(
        server=site.server, number=1, holder="host/7:42:ab", until=NOON.replace(year=2030)
    )
    page = site.operator.get(SERVERS).text
    assert "1 of 4 slots: host (42)" in page
    assert "1 trunk, 0 phones" in page
    assert "s3cret" not in site.operator.get(f"{SERVERS}edit/?id={site.server.id}").text


def test_who_has_numbers_on_a_server_is_told_when_nobody_serves_it(site):
    told = "Nobody serves the Asterisk server “pbx”"
    site.operator.post("/accounts/pick/", account=site.rossi.id)
    for browser, page in ((site.admin, TRUNKS), (site.operator, SERVERS)):
        start = browser.get("/").text
        assert told in start
        assert f'run”. <a href="{page}">' in start
    slot = SlotRow.create(server=site.server, number=1, holder="host/7:42:ab", until=NOON)
    assert told in site.admin.get("/").text
    slot.until += timedelta(seconds=1)
    slot.save()
    assert told not in site.admin.get("/").text


def test_a_server_without_numbers_of_the_account_is_not_theirs_to_look_at(site):
    """Nor is one that another account's trunk is on."""
    row = trunk(site, site.rossi, "192.0.2.30", server=server("idle"))
    other = trunk(site, site.verdi, "192.0.2.40", server=server("verdis"))
    LineRow.create(account=site.verdi, number="+390612345699", gateway=other.gateway)
    start = site.admin.get("/").text
    assert "1 thing to look at" in start
    assert "“pbx”" in start
    site.line.gateway = row.gateway
    site.line.save()
    start = site.admin.get("/").text
    assert "1 thing to look at" in start
    assert "“idle”" in start


def test_a_server_keeps_its_name_and_password(site):
    fields = {"name": "pbx", "ari": "http://127.0.0.1:8089/", "user": "centralino", "secret": "",
              "sip_host": "pbx.example", "slots": "2"}  # fmt: skip
    address = f"{SERVERS}edit/?id={site.server.id}"
    assert site.operator.post(address, **fields).status_code == 302
    row = ServerRow.get()
    assert (row.url, row.secret, row.slots) == ("http://127.0.0.1:8089", "s3cret", 2)
    assert "keeps its name" in site.operator.post(address, **fields | {"name": "other"}).text
    for wrong in (
        {"ari": "ftp://x"},
        {"sip_host": "a b"},
        {"slots": "99"},
        {"slots": ""},
        {"user": "a]b"},
    ):
        assert site.operator.post(address, **fields | wrong).status_code == 200
    assert ServerRow.get().url == "http://127.0.0.1:8089"


def people(site, numbers):
    """Employees with phones, and trunks with a number each."""
    for number in numbers:
        person = f"Person {number:02}", str(200 + number)
        name, extension = person
        phone(site, EmployeeRow.create(account=site.rossi, name=name, extension=extension))
        row = trunk(site, site.rossi, f"192.0.2.{100 + number}")
        number = f"+3906123457{number:02}"
        LineRow.create(account=site.rossi, number=number, gateway=row.gateway)


@pytest.mark.parametrize("address", [TRUNKS, PHONES, SERVERS])
def test_a_long_list_is_read_in_as_many_queries_as_a_short_one(site, caplog, address):
    def queries():
        caplog.clear()
        with caplog.at_level("DEBUG", logger="peewee"):
            assert browser.get(address).status_code == 200
        return len(caplog.records)

    browser = site.operator if address == SERVERS else site.admin
    people(site, range(1, 3))
    few = queries()
    people(site, range(3, 24))
    for number in range(8):
        server(f"more-{number}")
    assert queries() == few


def test_phones_are_shown_by_the_page_sorted_and_found(site):
    people(site, range(1, 41))
    page = site.admin.get(f"{PHONES}?page=1&sort=0&desc=1").text
    assert page.count("New password") == 15
    assert "Person 15" in page
    assert "Person 16" not in page
    found = site.admin.get(f"{PHONES}?search=217").text
    assert "Person 17" in found
    assert "Person 18" not in found
