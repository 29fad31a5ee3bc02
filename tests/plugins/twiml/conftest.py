"""A Flask application with only the gateway's routes, a real database, and an engine of plain data.

The engine here does what the gateway may expect of any engine: it sends the next step of a script
for each new event, and repeats its answer to an event it has seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import peewee
import pytest
from flask import Flask

from core.api import (
    Account,
    AccountRow,
    Answer,
    Call,
    CallArrived,
    GatewayRow,
    Leg,
    Line,
    LineKind,
    NotFound,
    Order,
    Ring,
    Say,
    StepEnded,
)
from core.web.host import attach
from plugins.twiml import routes
from tests.plugins.twiml.client import Provider

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NUMBER, CALLER = "+390612345678", "+393331234567"

ACCOUNT = Account(1, "Acme", "free", "Europe/Rome", "IT", "it", 1)
LINE = Line(1, NUMBER, "Main", LineKind.RENTED, "Europe/Rome")


def make_order(step: Any, **more: Any) -> Order:
    """An order of the engine for a call to our number."""
    call = Call(1, ACCOUNT, LINE, CALLER, NUMBER, NOW, NOW)
    if isinstance(step, Ring):
        legs = tuple(Leg(place, target) for place, target in enumerate(step.targets, 1))
        more = {"legs": legs, **more}
    return Order(**{"call": call, "token": "tok-EN_1", "number": 1, "step": step, **more})


@dataclass
class ScriptedEngine:
    """Sends the steps of ``script`` one after the other; ``heard`` is all that came, ``events``
    those that were new."""

    script: list[Any] = field(default_factory=list)
    orders: dict[str, Any] = field(default_factory=dict)
    heard: list[Any] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    answers: dict[tuple[str, str], str] = field(default_factory=dict)
    fault: Exception | None = None

    def deliver(self, event: Any, render: Any) -> Answer:
        """Take an event, as ``core.api.deliver`` does."""
        self.heard.append(event)
        if self.fault:
            raise self.fault
        if isinstance(event, CallArrived) and event.number != NUMBER:
            raise NotFound(f"{event.number} is no number of this gateway.")
        if getattr(event, "token", "tok-EN_1") != "tok-EN_1":
            raise NotFound("There is no such call.")
        key = (getattr(event, "ref", "") if isinstance(event, CallArrived) else "", event.key)
        if key not in self.answers:
            self.events.append(event)
            self.answers[key] = self._answer(event, render)
        return Answer(self.answers[key])

    def _answer(self, event: Any, render: Any) -> str:
        if not isinstance(event, CallArrived | StepEnded) or not self.script:
            return ""
        number = event.step + 1 if isinstance(event, StepEnded) else 1
        return render(make_order(self.script.pop(0), number=number, **self.orders))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> ScriptedEngine:
    """The engine behind the routes."""
    scripted = ScriptedEngine()
    monkeypatch.setattr(routes, "deliver", scripted.deliver)
    return scripted


@pytest.fixture
def database() -> Iterator[peewee.Database]:
    """Accounts and gateways in SQLite."""
    database = peewee.SqliteDatabase(":memory:", pragmas={"foreign_keys": 1})
    with database.bind_ctx([AccountRow, GatewayRow]):
        database.create_tables([AccountRow, GatewayRow])
        AccountRow.create(name="Acme", plan="free", language="it", created_at=NOW)
        yield database
    database.close()


@pytest.fixture
def twilio(database: peewee.Database) -> GatewayRow:
    """A gateway to Twilio."""
    return GatewayRow.create(
        account=1,
        kind="twiml",
        provider="twilio",
        name="Twilio",
        ref="AC" + "a" * 32,
        secret="s" * 32,
        public_url="https://phones.example",
    )


@pytest.fixture
def signalwire(database: peewee.Database) -> GatewayRow:
    """A gateway to SignalWire."""
    return GatewayRow.create(
        account=1,
        kind="twiml",
        provider="signalwire",
        name="SignalWire",
        ref="0b1d1c1e-7d1a-4c56-9c88-111111111111",
        secret="PSK" + "k" * 29,
        public_url="https://phones.example/pbx",
        api_url="https://acme.signalwire.com",
        api_secret="PT-token",
    )


@pytest.fixture
def app(engine: ScriptedEngine) -> Flask:
    """The gateway's routes and nothing else."""
    app = Flask("centralino-twiml-test")
    attach(app, None, lambda: NOW)
    app.register_blueprint(routes.make_blueprint())
    return app


@pytest.fixture
def provider(app: Flask, twilio: GatewayRow) -> Provider:
    """Twilio, calling."""
    return Provider(app.test_client(), twilio)


@pytest.fixture
def greeting() -> tuple[Say, ...]:
    """Something to say."""
    return (Say("Buongiorno"),)
