"""Who changed a server, a trunk or a phone is in the audit, without any password (S4)."""

from __future__ import annotations

import peewee
import pytest

from core.store.audit import AuditEntry
from plugins.asterisk.models import TrunkRow
from tests.plugins.asterisk.setup.conftest import plugin_tables
from tests.plugins.asterisk.setup.test_pages import PHONES, SERVERS, TRUNKS, typed


@pytest.fixture
def entered(site):
    """A function that returns what was entered since: (action, subject, before, after)."""
    last = AuditEntry.select(peewee.fn.MAX(AuditEntry.id)).scalar() or 0

    def entered():
        rows = AuditEntry.select().where(AuditEntry.id > last).order_by(AuditEntry.id)
        return [(one.action, one.subject, one.before, one.after) for one in rows]

    return entered


def newest():
    return AuditEntry.select().order_by(AuditEntry.id.desc()).get()


def test_a_trunk_made_renamed_and_gone(site, entered):
    site.admin.post(f"{TRUNKS}new/", **typed(site, user="u", secret="geheim"))
    row = TrunkRow.get(TrunkRow.host == "192.0.2.20")
    address = f"{TRUNKS}edit/?id={row.id}"
    site.admin.post(address, **typed(site, user="u"))
    site.admin.post(address, **typed(site, user="u", name="Other", secret="geheimer"))
    site.admin.post(f"{TRUNKS}delete/", id=row.id)
    made = {"name": "Provider", "server": "pbx", "host": "192.0.2.20", "register": False,
            "user": "u", "match": "", "plus": True}  # fmt: skip
    changed = {"name": "Other", "password": "another"}
    assert entered() == [
        ("setup.add", "SIP trunk Provider", None, made),
        ("setup.change", "SIP trunk Other", {"name": "Provider"}, changed),
        ("setup.remove", "SIP trunk Other", made | {"name": "Other"}, None),
    ]
    entry = newest()
    assert entry.account_name == "Rossi"
    assert entry.author.startswith("admin")


def test_a_phone_given_reset_and_taken_away(site, entered):
    for word in ("give", "password", "remove"):
        site.admin.post(f"{PHONES}{site.anna.id}/{word}")
    told = {"name": f"employee-{site.anna.id}", "server": "pbx"}
    assert entered() == [
        ("setup.add", "SIP phone of Anna", None, told),
        ("setup.change", "SIP phone of Anna", {}, {"password": "another"}),
        ("setup.remove", "SIP phone of Anna", told, None),
    ]


def test_a_server_is_the_installations(site, entered):
    fields = {"name": "pbx", "ari": "http://127.0.0.1:8088", "user": "centralino", "secret": "",
              "sip_host": "pbx.example", "slots": "2"}  # fmt: skip
    site.operator.post(f"{SERVERS}edit/?id={site.server.id}", **fields)
    site.operator.post(f"{SERVERS}new/", **fields | {"name": "second", "secret": "geheim"})
    change, new = entered()
    assert change == ("setup.change", "Asterisk server pbx", {"slots": 4}, {"slots": 2})
    assert new[:2] == ("setup.add", "Asterisk server second")
    assert "geheim" not in str(new)
    page = site.operator.get("/audit/").text
    assert "Server, trunk or phone changed" in page
    assert newest().account_id is None


def test_what_is_refused_is_not_entered(site, entered):
    site.admin.post(f"{TRUNKS}new/", **typed(site, name="Trunk 192.0.2.10"))
    site.admin.post(f"{TRUNKS}delete/", id=site.trunk.id)
    site.admin.post(f"{PHONES}{site.bruno.id}/give")
    assert entered() == []


def test_commands_are_entered_under_this_machines_user(run):
    run("server", "add", "pbx", "--sip-host", "pbx.example")
    run("trunk", "add", "Officine Verdi", "T", "--host", "192.0.2.1")
    run("phone", "add", "Officine Verdi", "101")
    run("phone", "password", "Officine Verdi", "101", CENTRALINO_ASTERISK_PASSWORD="geheim")
    run("phone", "remove", "Officine Verdi", "101")
    run("trunk", "remove", "trunk-1")
    run("server", "remove", "pbx")
    with plugin_tables():
        entries = list(AuditEntry.select().order_by(AuditEntry.id))
    words = [(one.action.partition(".")[2], one.ref) for one in entries]
    assert words == [
        ("add", "pbx"), ("add", "T"), ("add", "employee-1"), ("change", "employee-1"),
        ("remove", "employee-1"), ("remove", "T"), ("remove", "pbx"),
    ]  # fmt: skip
    assert all(one.author.endswith("command)") or one.author == "command" for one in entries)
    assert "geheim" not in str([(one.before, one.after) for one in entries])
