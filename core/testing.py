"""Fixtures for tests of Centralino and of partners' plugins; pytest loads them by itself.

    def test_a_call(centralino):
        company = centralino.company(plan="basic")
        call = company.call("+393331234567")
        assert call.says == ["Welcome."]

``centralino`` is a fresh installation on SQLite in a temporary folder, with all installed plugins;
``Kit`` says what can be done with it. The clock stands still until a test moves it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core import registry as registries
from core.app import Centralino, bind, tables
from core.calls.order import Order
from core.config import PROJECT, Config
from core.contract.events import (
    CallArrived,
    CallDialled,
    CallEnded,
    LegChanged,
    Result,
    ResultKind,
    RingOutcome,
    StepEnded,
    TalkHandedOver,
)
from core.contract.steps import Step
from core.registry import Registry
from core.store.accounts import AccountRow
from core.store.database import Store
from core.store.lines import GatewayRow, LineProfile, LineRow
from core.store.people import EmployeeRow

MONDAY_TEN = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
"""A Monday, ten o'clock in Rome: where the clock of tests stands at first."""


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self, now: datetime = MONDAY_TEN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The instant."""
        return self.now

    def forward(self, **length: float) -> datetime:
        """Move on, by what ``timedelta`` takes: ``seconds=5``."""
        self.now += timedelta(**length)
        return self.now


@dataclass
class Kit:
    """A fresh installation, and shortcuts into it. ``app`` is what ``core.app`` wired."""

    app: Centralino
    clock: Clock

    def company(
        self, plan: str = "professional", number: str = "+390612345678", **columns: Any
    ) -> Company:
        """An account with a gateway and one number; ``columns`` are the account's own."""
        name = columns.pop("name", f"Company {number}")
        account = AccountRow.create(name=name, plan=plan, created_at=self.clock(), **columns)
        gateway = GatewayRow.create(
            account=account,
            kind=self._kind(),
            provider="twilio",
            name="Main",
            ref="AC" + "0" * 32,
            secret="a-token-for-tests",
            public_url="https://pbx.example",
        )
        line = LineRow.create(account=account, gateway=gateway, number=number, name="Main")
        return Company(self, account, gateway, line)

    def _kind(self) -> str:
        """A kind of gateway that an admin makes with the core's own form."""
        kinds = self.app.registry.gateways.values()
        return next((kind.name for kind in kinds if kind.providers), "test")

    def jobs(self, seconds: float = 0) -> None:
        """Let the jobs process do what is due, after so many seconds."""
        self.clock.forward(seconds=seconds)
        self.app.jobs().run_due(self.clock())


@dataclass
class Company:
    """An account with its first number."""

    kit: Kit
    account: AccountRow
    gateway: GatewayRow
    line: LineRow

    def employee(self, extension: str, **columns: Any) -> EmployeeRow:
        """An employee with a SIP phone, unless ``columns`` say otherwise."""
        columns = {"name": f"Employee {extension}", "sip": f"{extension}@pbx.example"} | columns
        return EmployeeRow.create(account=self.account, extension=extension, **columns)

    def profile(self, plugin: str, on: bool = True, **stored: Any) -> None:
        """Switch a plugin on or off for the number, with these stored settings."""
        row = LineProfile.get_or_none(line=self.line, plugin=plugin) or LineProfile(
            account=self.account, line=self.line, plugin=plugin
        )
        row.on, row.stored = on, stored
        row.save()

    def call(self, caller: str = "+393331234567", **columns: Any) -> LiveCall:
        """A call comes in, through the engine."""
        call = LiveCall(self, f"{self.gateway.id}-{caller}-{self.kit.clock().isoformat()}")
        call.arrive(caller, **columns)
        return call

    def dial(self, employee: EmployeeRow, dialled: str) -> LiveCall:
        """An employee's phone dials, through the engine."""
        call = LiveCall(self, f"{self.gateway.id}-{dialled}-{self.kit.clock().isoformat()}")
        call.dial(employee.id, dialled)
        return call


@dataclass
class LiveCall:
    """One call, driven by a test: what the gateway was ordered to do, and what it reports."""

    company: Company
    ref: str
    orders: list[Order] = field(default_factory=list)

    @property
    def order(self) -> Order:
        """The last order."""
        return self.orders[-1]

    @property
    def step(self) -> Step:
        """The last step."""
        return self.order.step

    @property
    def says(self) -> list[str]:
        """What the caller is told by the last order."""
        return [said.text for said in (*self.order.notice, *getattr(self.step, "prompts", ()))]

    @property
    def rings(self) -> list[str]:
        """Who is rung by the last order."""
        return [leg.target.key for leg in self.order.legs]

    def arrive(self, caller: str, sip_to: str = "") -> None:
        """The call reaches the number."""
        gateway, number = self.company.gateway.id, self.company.line.number
        self._deliver(CallArrived(gateway, self.ref, number, caller, self._now(), sip_to))

    def dial(self, employee: int, dialled: str) -> None:
        """The phone of the employee with this id dials."""
        gateway = self.company.gateway.id
        self._deliver(CallDialled(gateway, self.ref, employee, dialled, self._now()))

    def press(self, digits: str) -> None:
        """The caller presses keys."""
        self.result(Result(ResultKind.DIGITS, digits=digits))

    def silence(self) -> None:
        """The caller presses nothing."""
        self.result(Result(ResultKind.NO_INPUT))

    def played(self) -> None:
        """The prompt is over."""
        self.result(Result(ResultKind.PLAYED))

    def waited(self, after: float = 10) -> None:
        """The caller has waited."""
        self._forward(after)
        self.result(Result(ResultKind.WAITED))

    def no_answer(self, ring: RingOutcome = RingOutcome.NO_ANSWER, after: float = 20) -> None:
        """Nobody answered."""
        self._forward(after)
        self.result(Result(ResultKind.RANG, ring=ring))

    def answered(self, leg: int | None = None, after: float = 5) -> None:
        """A phone is answered, and 1 is pressed on it."""
        self._forward(after)
        number = leg or self.order.legs[0].number
        for status in ("answered", "accepted"):
            gateway = self.company.gateway.id
            self._deliver(LegChanged(gateway, self.order.token, number, status, self._now()))

    def talked(self, seconds: int = 60, caller_gone: bool = False) -> None:
        """The operator hangs up, or, with ``caller_gone``, the caller."""
        self._forward(seconds)
        rang = Result(ResultKind.RANG, ring=RingOutcome.ANSWERED, seconds=seconds)
        self.result(replace(rang, caller_gone=caller_gone))

    def transferred(self, to: str, seconds: int = 60, by_caller: bool = False) -> None:
        """After so many seconds of talk, the other party is sent on, blind."""
        self._forward(seconds)
        rang = Result(ResultKind.RANG, ring=RingOutcome.ANSWERED, seconds=seconds)
        self.result(replace(rang, transfer=to, by_caller=by_caller))

    def handed_over(
        self, employee: int | None = None, number: str = "", after: float = 60, **by: bool
    ) -> None:
        """After so many seconds, the talk is handed over to another employee, or to a number."""
        self._forward(after)
        gateway, order = self.company.gateway.id, self.order
        handed = (gateway, order.token, order.number, employee, number, self._now())
        self._deliver(TalkHandedOver(*handed, **by))

    def left_message(self, seconds: int) -> None:
        """The caller spoke to the voicemail."""
        self._forward(seconds)
        self.result(Result(ResultKind.MESSAGE, seconds=seconds))

    def hang_up(self) -> None:
        """The caller hangs up."""
        self._deliver(CallEnded(self.company.gateway.id, self.ref, self._now()))

    def result(self, result: Result) -> None:
        """The last step has this result."""
        gateway, order = self.company.gateway.id, self.order
        self._deliver(StepEnded(gateway, order.token, order.number, result, self._now()))

    @property
    def trace(self) -> list[dict[str, Any]]:
        """All decisions so far."""
        rows = self.company.kit.app.store.rows(
            "SELECT e.trace FROM call_events e JOIN calls c ON c.id = e.call_id"
            " WHERE c.ref = ? ORDER BY e.id",
            (self.ref,),
        )
        return [entry for (text,) in rows for entry in json.loads(text)]

    @property
    def outcome(self) -> str | None:
        """What the call has become."""
        return self.company.kit.app.store.row(
            "SELECT outcome FROM calls WHERE ref = ?", (self.ref,)
        )[0]

    def _deliver(self, event: Any) -> None:
        self.company.kit.app.engine.deliver(event, self._render)

    def _render(self, order: Order) -> str:
        self.orders.append(order)
        return f"order {order.number}"

    def _now(self) -> datetime:
        return self.company.kit.clock()

    def _forward(self, seconds: float) -> None:
        self.company.kit.clock.forward(seconds=seconds)


def open_kit(
    folder: Path,
    registry: Registry | None = None,
    extra: Mapping[str, Any] | None = None,
    database: str = "",
    plans: Path | None = None,
    **config: Any,
) -> Kit:
    """A fresh installation in a folder; the caller closes its connection.

    Args:
        folder: for the database, the storage and the secret key.
        registry: default: all installed plugins.
        extra: further plugins, objects by name, beside all installed ones.
        database: another database than SQLite in the folder.
        plans: another plan file than a copy of the default matrix.
        config: other fields of ``core.config.Config``.
    """
    settings = Config(
        data=folder,
        database=database or f"sqlite:///{folder / 'centralino.db'}",
        plans=plans or _default_plans(folder),
        secret_key="a key for tests, and for nothing else",
    )
    settings = replace(settings, **config)
    registry = registry or registries.load(extra=extra)
    store = Store(settings.database)
    bind(store, registry)
    store.open()
    store.database.create_tables(tables(registry))
    clock = Clock()
    return Kit(Centralino(settings, registry, store, clock), clock)


def _default_plans(folder: Path) -> Path:
    """A copy, because whoever publishes writes it; an installation that is reopened keeps its."""
    path = folder / "plans.yaml"
    if not path.exists():
        shutil.copyfile(PROJECT / "plans.yaml", path)
    return path


@pytest.fixture
def centralino(tmp_path: Path) -> Iterator[Kit]:
    """A fresh installation with all installed plugins."""
    kit = open_kit(tmp_path)
    yield kit
    close_kit(kit)


def close_kit(kit: Kit) -> None:
    """Give the connection back, and close the pool."""
    kit.app.store.close()
    kit.app.store.database.close_all()
