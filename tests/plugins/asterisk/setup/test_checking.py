"""Each fault of a server is one sentence that says what to do."""

from __future__ import annotations

from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from core.api import CentralinoError, EmployeeRow, NotAllowed
from plugins.asterisk.models import SlotRow
from plugins.asterisk.setup import checking
from plugins.asterisk.setup.asking import Refused
from plugins.asterisk.setup.picture import picture_of
from plugins.asterisk.setup.reloading import reload
from plugins.asterisk.setup.rendering import modules
from tests.plugins.asterisk.setup.conftest import phone
from tests.support.calls import NOON


class Asterisk:
    """A server that answers, as ARI does."""

    def __init__(self, site):
        self.version, self.date, self.reads = "22.10.1", NOON, "1"
        self.modules = list(modules())
        self.config = picture_of(site.server).digest
        self.apps = [f"centralino-{number}" for number in range(1, 5)]
        self.endpoints = {}
        self.refuses = False
        self.records = True
        self.identified = set()

    def ask(self, method, path, **query):
        if self.refuses:
            raise NotAllowed("Asterisk does not take the password.")
        match path:
            case "asterisk/info":
                return {"system": {"version": self.version}}
            case "asterisk/modules":
                return [{"name": f"{one}.so", "status": "Running"} for one in self.modules]
            case "applications":
                return [{"name": name} for name in self.apps]
            case "endpoints/PJSIP":
                return [{"resource": k, "state": v} for k, v in self.endpoints.items()]
            case "asterisk/variable" if method == "GET":
                known = {"CENTRALINO_CONFIG": self.config, "CENTRALINO_READS": self.reads}
                return {"value": known[query["variable"]]}
            case "channels":
                return {"id": "1"}
            case str() if path.startswith("asterisk/config/dynamic/res_pjsip/identify/"):
                return [{}] if path.rpartition("/")[2] in self.identified else None
            case "recordings/stored" if not self.records:
                raise Refused("Asterisk answers 500 to GET recordings/stored.")


class Board:
    """An installation without music."""

    def now(self):
        return NOON

    def melody(self, account, name, line=None):
        return None


@pytest.fixture
def asterisk(site, monkeypatch):
    SlotRow.delete().execute()
    for number in range(1, 5):
        until = NOON + timedelta(seconds=10)
        SlotRow.create(server=site.server, number=number, holder="h:1:a", until=until)
    found = Asterisk(site)
    monkeypatch.setattr(checking, "Asking", lambda server: found)
    return found


@pytest.fixture
def faults(site, asterisk):
    return lambda: list(checking.check_server(site.server, Board()))


def test_all_is_well(faults):
    assert faults() == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("version", "22.3.0", "too old"),
        ("version", "18.20.0", "too old"),
        ("version", "20.13.1~dfsg", "too old"),
        ("date", NOON + timedelta(seconds=9), "9 s fast"),
        ("date", NOON - timedelta(minutes=1), "60 s slow"),
        ("config", "", "has not read Centralino's configuration"),
        ("config", "other", "older than the database"),
        ("apps", [], "Nobody takes its calls"),
        ("apps", ["centralino-1", "centralino-2"], "Nobody serves centralino-3, centralino-4"),
        ("reads", "0", "cannot read"),
        ("refuses", True, "does not take the password"),
        ("records", False, "no folder for recordings"),
    ],
)
def test_a_fault_is_one_sentence(asterisk, faults, name, value, sentence):
    setattr(asterisk, name, value)
    (said,) = faults()
    assert sentence in said


@pytest.mark.parametrize("version", ["20.14.0", "21.9.1", "22.4.0", "23.0.0", "GIT-master-abc"])
def test_a_version_that_is_new_enough(asterisk, faults, version):
    asterisk.version = version
    assert faults() == []


def test_missing_modules_are_named(asterisk, faults):
    asterisk.modules.remove("res_ari")
    asterisk.modules.remove("chan_pjsip")
    (said,) = faults()
    assert "has not loaded chan_pjsip, res_ari:" in said


def test_of_many_missing_modules_some_are_named(asterisk, faults):
    asterisk.modules.clear()
    (said,) = faults()
    assert f" and {len(modules()) - 6} more: install" in said


@pytest.mark.parametrize(
    ("status", "body"), [(404, b""), (302, b""), (200, b"<html>"), (200, b'{"ok": true}')]
)
def test_a_server_that_is_no_asterisk(site, status, body):
    """As when the address is that of Centralino's own pages."""

    class Other(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as other:
        Thread(target=other.serve_forever).start()
        site.server.url = f"http://127.0.0.1:{other.server_port}"
        (said,) = checking.check_server(site.server, Board())
        with pytest.raises(CentralinoError, match="not Asterisk's ARI"):
            reload(site.server)
        other.shutdown()
    assert "not Asterisk's ARI" in said


def test_leases_that_ran_out_count_as_nobody(asterisk, faults):
    SlotRow.update(until=NOON - timedelta(seconds=1)).execute()
    (said,) = faults()
    assert "Nobody takes its calls" in said


def test_who_is_not_there_is_named(site, asterisk, faults):
    row, _ = phone(site, site.anna)
    asterisk.config = picture_of(site.server).digest
    asterisk.endpoints = {row.endpoint: "offline", f"probe-{site.trunk.gateway_id}": "offline"}
    trunk, telephone = faults()
    assert "(Trunk 192.0.2.10, Rossi) does not reach 192.0.2.10" in trunk
    assert f"{row.endpoint} is not registered (Anna, Rossi)" in telephone


@pytest.mark.parametrize("looked_up", [True, False])
def test_a_trunk_whose_name_was_not_looked_up_is_deaf(site, asterisk, faults, looked_up):
    asterisk.endpoints = {site.trunk.endpoint: "online"}
    asterisk.identified = {site.trunk.endpoint} if looked_up else set()
    said = faults()
    assert len(said) == (not looked_up)
    assert all(f"refuses the calls of the trunk {site.trunk.endpoint}" in one for one in said)


def test_many_phones_that_are_off_are_one_sentence(site, asterisk, faults):
    for number in range(21):
        row, _ = phone(site, EmployeeRow.create(account=site.rossi, name=f"Person {number}"))
        asterisk.endpoints[row.endpoint] = "offline"
    asterisk.config = picture_of(site.server).digest
    (said,) = faults()
    assert said.startswith("21 phones are not registered, employee-")
    assert "(Person 5, Rossi) and others" in said
    assert "Person 6" not in said
