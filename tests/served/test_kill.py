"""``kill -9`` of the server between any two events of a call: the call goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.testing import Kit, close_kit, open_kit
from tests.plugins.twiml.client import Provider
from tests.served.conftest import group_of
from tests.served.server import Server

PASSWORD = "a password for tests"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """An initialised installation that is not running yet."""
    server = Server(tmp_path, tmp_path / "serve.log")
    done = server.run("init", "--email", "op@example.com", CENTRALINO_PASSWORD=PASSWORD)
    assert done.returncode == 0, done.stderr
    yield server
    server.kill()


@pytest.fixture
def kit(server: Server) -> Iterator[Kit]:
    """The same installation, seen from the test."""
    kit = open_kit(server.folder)
    yield kit
    close_kit(kit)


def test_the_call_goes_on_after_every_kill(server: Server, kit: Kit):
    company = kit.company("basic")
    company.employee("101")
    company.profile("queue", group=f"queue:{group_of(company).id}")
    company.profile("extension", greeting=True, greeting_text="Welcome.")
    company.profile("recording", record_all=True)
    company.profile("quality_rating")

    def provider_after_kill() -> Provider:
        server.kill()
        server.start("--workers", "1", "--no-jobs")
        provider.app = server.url
        return provider

    provider = Provider("", company.gateway)
    greeting = provider_after_kill().arrive(company.line.number, "+393331234567")
    assert greeting.says == ["Welcome."]
    ringing = provider_after_kill().no_input(greeting)
    assert ringing.rung == ["sip:101@pbx.example"]
    assert "record" in ringing.find("Dial").attrib
    provider_after_kill().answer(ringing)
    rating = provider_after_kill().dial_result(ringing, seconds=42)
    assert rating.verbs[0] == "Gather"
    again = provider_after_kill().dial_result(ringing, seconds=42)
    assert again.text == rating.text, "the provider asks again: the same bytes"
    thanks = provider_after_kill().press(rating, "5")
    assert thanks.verbs[-1] == "Hangup"
    assert provider_after_kill().status("completed").status == 204

    call = kit.app.store.row("SELECT outcome, talk_seconds FROM calls")
    assert call == ("answered", 42)
    assert kit.app.store.row("SELECT used, held FROM quota_counters") == (0, 1)
