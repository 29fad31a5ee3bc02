"""The free plan's hundredth and hundred-and-first recording, by signed webhooks (plans.md §6)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from core.testing import Company, Kit, close_kit, open_kit
from core.web.webhooks import build_webhooks
from tests.plugins.twiml.client import Document, Provider
from tests.served.conftest import group_of

LAST_EVENING = datetime(2026, 11, 30, 22, 58, tzinfo=UTC)
"""23:58 in Rome; the account's month ends two minutes later."""


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Kit]:
    """An installation whose clock every webhook reads."""
    kit = open_kit(tmp_path)
    kit.clock.now = LAST_EVENING
    yield kit
    close_kit(kit)


@pytest.fixture
def served(kit: Kit) -> Iterator[str]:
    """The application, behind HTTP."""
    app = build_webhooks(kit.app, kit.app.registry, kit.clock)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def company(kit: Kit, recordings: str) -> Company:
    """A company on the free plan that records all calls, with a notice."""
    company = kit.company("free", timezone="Europe/Rome")
    company.gateway.api_url = recordings
    company.gateway.save()
    company.employee("101")
    group = group_of(company)
    company.profile("queue", group=f"queue:{group.id}")
    company.profile("recording", record_all=True, consent="notice")
    return company


def place_call(provider: Provider, company: Company, recording: int) -> Document:
    """A whole call: it rings, is answered, ends, and its recording is reported."""
    ringing = provider.arrive(company.line.number, "+393331234567")
    provider.answer(ringing)
    provider.dial_result(ringing, seconds=42)
    if is_recorded(ringing):
        provider.recording(ringing, seconds=42, ref=f"RE{recording:032x}")
    provider.status("completed")
    return ringing


def is_recorded(document: Document) -> bool:
    """Whether the document orders a recording."""
    return "record" in document.find("Dial").attrib


def balance(kit: Kit, company: Company) -> tuple[int, int, int | None]:
    """Used, held and remaining units of the account's current month."""
    decision = kit.app.gate.ask(company.account.picture(), "recording.monthly_calls", kit.clock.now)
    return decision.used, decision.held, decision.remaining


def trace_of(kit: Kit, provider: Provider) -> str:
    """The decision trace of the provider's last call."""
    rows = kit.app.store.rows(
        "SELECT e.trace FROM call_events e JOIN calls c ON c.id = e.call_id WHERE c.ref = ?",
        (provider.ref,),
    )
    return "".join(text for (text,) in rows)


def test_the_hundred_and_first_is_not_made_and_next_month_begins_at_zero(kit, served, company):
    provider = Provider(served, company.gateway)
    documents = [place_call(provider, company, number) for number in range(100)]
    assert all(is_recorded(document) for document in documents)
    assert "Play" in documents[0].verbs, "the notice"
    for _ in range(6):
        kit.jobs(seconds=2)
    assert balance(kit, company) == (100, 0, 0)

    refused = place_call(provider, company, 100)
    assert not is_recorded(refused), "the 101st"
    assert refused.rung == ["sip:101@pbx.example"], "the call goes on"
    assert {"Play", "Say"}.isdisjoint(refused.verbs), "without notice"
    trace = trace_of(kit, provider)
    assert "quota-exhausted" in trace
    assert "2026-12-01T00:00:00+01:00" in trace, "the reset instant: midnight in Rome"

    kit.clock.now = datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC)
    assert not is_recorded(place_call(provider, company, 101)), "a second before midnight in Rome"
    kit.clock.now = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    assert is_recorded(place_call(provider, company, 102)), "midnight in Rome"
    assert balance(kit, company) == (0, 1, 99)

    warnings = kit.app.store.rows("SELECT percent FROM quota_warnings ORDER BY percent")
    assert warnings == [(80,), (100,)], "each threshold once"


def test_a_recording_without_sound_gives_its_unit_back(kit, served, company):
    provider = Provider(served, company.gateway)
    for kind in ("empty", "absent"):
        ringing = provider.arrive(company.line.number, "+393331234567")
        provider.answer(ringing)
        provider.dial_result(ringing, seconds=3)
        provider.recording(ringing, seconds=3, ref=f"RE{kind}")
        assert balance(kit, company)[1] == 1
        kit.jobs(seconds=3)
        assert balance(kit, company) == (0, 0, 100)


def test_a_repeated_webhook_takes_no_second_unit_and_gets_the_same_bytes(kit, served, company):
    provider = Provider(served, company.gateway)
    first = provider.arrive(company.line.number, "+393331234567", ref="CA" + "1" * 32)
    second = provider.arrive(company.line.number, "+393331234567", ref="CA" + "1" * 32)
    assert first.text == second.text
    assert balance(kit, company) == (0, 1, 99)
