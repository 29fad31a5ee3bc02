"""Partners' plugins with something wrong, on a real server: calls are served, the plugin is named.

The packages are real ones, found by their entry points; a company has them on for its own number,
so that each test meets the fault it is about.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from core.testing import Company, Kit, close_kit, open_kit
from tests.plugins.twiml.client import Document, Provider
from tests.served.partners import ASLEEP, SLEEPS_SECONDS, distribution, install
from tests.served.server import Server

PLUGIN_SECONDS = 5
"""How long a plugin may think here: ample for calls that wait for nobody, on a busy machine too."""

PLANS = """
schema: 1
plans:
  full:
    title: Full
    features:
      raises: true
      rubbish: true
      sleeps: true
      absent: true
"""
OPERATOR, PASSWORD = "op@example.com", "a password for tests"
CALLER, WELCOME = "+393331234567", "Welcome."


@dataclass
class Installation:
    """A served installation with partners' packages, and its companies by what they have on."""

    server: Server
    kit: Kit
    packages: Path
    companies: dict[str, Company]

    def call(self, name: str) -> Document:
        """A call to a company's number."""
        company = self.companies[name]
        provider = Provider(self.server.url, company.gateway)
        return provider.arrive(company.line.number, CALLER)

    def trace(self, name: str) -> str:
        """The traces of a company's calls."""
        rows = self.kit.app.store.rows(
            "SELECT e.trace FROM call_events e JOIN calls c ON c.id = e.call_id"
            " WHERE c.account_id = ? ORDER BY e.id",
            (self.companies[name].account.id,),
        )
        return "".join(text for (text,) in rows)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One server for all tests here; it starts although one package cannot be imported."""
    folder = tmp_path_factory.mktemp("partners")
    packages, plans = folder / "packages", folder / "plans.yaml"
    packages.mkdir()
    install(packages)
    plans.write_text(PLANS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(packages), prepend=":")
        patch.setenv("CENTRALINO_PLANS", str(plans))
        patch.setenv("CENTRALINO_PLUGIN_SECONDS", str(PLUGIN_SECONDS))
        server = Server(folder, folder / "serve.log")
        done = server.run("init", "--email", OPERATOR, CENTRALINO_PASSWORD=PASSWORD)
        assert done.returncode == 0, done.stderr
        kit = open_kit(folder)
        names = ("raises", "rubbish", "sleeps", "quick")
        companies = {name: company(kit, name, place) for place, name in enumerate(names)}
        try:
            server.start("--workers", "1", "--no-jobs")
            yield Installation(server, kit, packages, companies)
        finally:
            server.kill()
            close_kit(kit)


def company(kit: Kit, name: str, place: int) -> Company:
    """A company whose number greets callers, with this plugin on."""
    company = kit.company("full", number=f"+39061234567{place}", name=name)
    company.profile("extension", greeting=True, greeting_text=WELCOME)
    company.profile(name)
    return company


@pytest.fixture(scope="module")
def operator(installed: Installation) -> requests.Session:
    """The operator, signed in."""
    session = requests.Session()
    form = session.get(f"{installed.server.url}/login", timeout=60).text
    fields = {"email": OPERATOR, "password": PASSWORD, "csrf_token": token_of(form)}
    session.post(f"{installed.server.url}/login", fields, timeout=60)
    return session


def token_of(page: str) -> str:
    return re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)[1]


def plugin_page(installed: Installation, operator: requests.Session, name: str) -> str:
    """The page of plugins, as the operator sees it in a company."""
    url = installed.server.url
    form = operator.get(f"{url}/profile/", timeout=60).text
    fields = {"account": installed.companies[name].account.id, "csrf_token": token_of(form)}
    operator.post(f"{url}/accounts/pick/", fields, timeout=60)
    return operator.get(f"{url}/plugins/", timeout=60).text


def sheet(page: str, plugin: str) -> str:
    """The part of the page that is about one plugin."""
    return page.split(f'id="{plugin}"', 1)[1].split('<div class="plugin"', 1)[0]


@pytest.mark.parametrize(
    ("name", "fault"),
    [("raises", "ValueError: a mistake"), ("rubbish", "route_call answered {")],
)
def test_one_that_fails_is_named_and_the_call_is_served(installed, operator, name, fault):
    greeting = installed.call(name)
    assert greeting.says == [WELCOME]
    assert fault in installed.trace(name)
    assert fault in sheet(plugin_page(installed, operator, name), name)


def test_one_that_sleeps_is_left_behind_and_delays_nobody_else(installed, operator):
    ended: dict[str, float] = {}

    def timed(key: str, name: str) -> Document:
        document = installed.call(name)
        ended[key] = time.monotonic()
        return document

    with ThreadPoolExecutor() as pool:
        started = time.monotonic()
        slow = [pool.submit(timed, f"slow {number}", "sleeps") for number in range(3)]
        while not (installed.packages / ASLEEP).exists():
            assert time.monotonic() - started < SLEEPS_SECONDS
            time.sleep(0.01)
        quick = [pool.submit(timed, f"quick {number}", "quick") for number in range(6)]
        documents = [one.result() for one in (*slow, *quick)]

    assert [one.says for one in documents] == [[WELCOME]] * 9
    first_slow = min(at for key, at in ended.items() if key.startswith("slow"))
    assert max(at for key, at in ended.items() if key.startswith("quick")) < first_slow
    assert max(ended.values()) - started < SLEEPS_SECONDS
    assert "too slow: left out of this answer" in installed.trace("sleeps")
    assert "too slow" in sheet(plugin_page(installed, operator, "sleeps"), "sleeps")


def test_one_that_cannot_be_imported_is_named_wherever_one_looks(installed, operator):
    missing = "No module named 'a_library_that_nobody_installed'"
    listed = installed.server.run("plugins", "list")
    assert listed.returncode == 0
    told = listed.stderr.splitlines()
    assert [line.split(maxsplit=1)[0] for line in told] == ["absent"]
    assert missing in told[0]
    assert "raises" in listed.stdout

    page = plugin_page(installed, operator, "quick").replace("&#39;", "'")
    assert missing in page
    assert "absent" in page

    asked = installed.server.run("why", "quick", "absent", "--json")
    assert '"reason": "plugin-missing"' in asked.stdout, asked.stderr


def test_a_built_in_that_cannot_be_loaded_stops_the_start_in_one_line(tmp_path, monkeypatch):
    distribution(tmp_path, "centralino", {"ivr": "plugins.ivr.no_such_module"})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    server = Server(tmp_path / "data", tmp_path / "serve.log")
    for command in ("serve", "init --email op@example.com", "plugins list"):
        done = server.run(*command.split(), CENTRALINO_PASSWORD=PASSWORD)
        assert done.returncode == 1
        (line,) = done.stderr.splitlines()
        assert line.startswith("centralino: The built-in plugin 'ivr' cannot be loaded: ")
        assert "plugins.ivr.no_such_module" in line
