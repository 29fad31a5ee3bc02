"""The way to the real engine: numbers as providers write them, answers, and a database away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from time import sleep
from typing import Any

import peewee
import pytest

from core.api import (
    AccountRow,
    CallEnded,
    CallRow,
    Conflict,
    EmployeeRow,
    GatewayRow,
    LineProfile,
    LineRow,
    NotFound,
    Result,
    ResultKind,
    StepEnded,
    StoreUnavailable,
    Switchboard,
)
from plugins.asterisk.running import delivery as module
from plugins.asterisk.running.arriving import Arrival
from plugins.asterisk.running.delivery import Delivery, EngineDown
from tests.support import loops

AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.fixture
def gateway(centralino) -> GatewayRow:
    account = AccountRow.create(name="A", plan="professional", country="IT", created_at=AT)
    gateway = GatewayRow.create(account=account, kind="asterisk", provider="", name="Trunk")
    line = LineRow.create(account=account, gateway=gateway, number="+390612345678")
    greeting = {"greeting": True, "greeting_text": "Welcome."}
    LineProfile.create(account=account, line=line, plugin="extension", on=True, stored=greeting)
    EmployeeRow.create(account=account, name="Anna", extension="101", mobile="+393331234567")
    return gateway


@pytest.fixture
def board(centralino) -> Switchboard:
    return Switchboard(centralino.app)


def with_delivery(board: Any, work: Callable[[Delivery], Awaitable[Any]]) -> Any:
    async def all_of_it() -> Any:
        delivery = Delivery(board)
        try:
            return await work(delivery)
        finally:
            await delivery.close()

    return loops.run(all_of_it())


def arrival(gateway: GatewayRow, dialled: str, caller: str = "", **more: Any) -> Arrival:
    return Arrival("1.7", gateway.id, dialled, caller, AT, **more)


def nobody() -> None:
    """Need not know that the caller will hear something."""


@pytest.mark.parametrize("dialled", ["+390612345678", "390612345678", "00390612345678",
                                     "0612345678"])  # fmt: skip
def test_a_call_to_a_number_however_it_is_written(
    board: Switchboard, gateway: GatewayRow, dialled: str
) -> None:
    came = arrival(gateway, dialled, "3331112222", sip_to="anna")
    admission = with_delivery(board, lambda delivery: delivery.admit("one", came, nobody))
    assert not admission.repeated
    call = CallRow.get()
    assert (call.ref, call.called, call.caller) == ("one/1.7", "+390612345678", "+393331112222")
    assert admission.instruction.token == call.token
    assert admission.instruction.gateway == gateway.id


@pytest.mark.parametrize(
    ("dialled", "kind", "told"), [("+390612345678", "play", ["hears"]), ("101", "ring", [])]
)
def test_it_is_told_at_once_that_the_caller_will_hear_something(
    board: Switchboard, gateway: GatewayRow, dialled: str, kind: str, told: list[str]
) -> None:
    heard: list[str] = []

    async def work(delivery: Delivery) -> Any:
        employee = 0 if dialled.startswith("+") else EmployeeRow.get().id
        came = arrival(gateway, dialled, employee=employee)
        admission = await delivery.admit("one", came, lambda: heard.append("hears"))
        again = await delivery.admit("one", came, lambda: heard.append("again"))
        return admission.instruction, again.instruction

    first, again = with_delivery(board, work)
    assert first == again
    assert (first.kind, heard) == (kind, told)


def test_the_same_call_again_gets_the_same_answer(board: Switchboard, gateway: GatewayRow) -> None:
    async def twice(delivery: Delivery) -> Any:
        came = arrival(gateway, "+390612345678")
        return [await delivery.admit("one", came, nobody) for _ in range(2)]

    first, second = with_delivery(board, twice)
    assert second.repeated
    assert second.instruction == first.instruction


@pytest.mark.parametrize("dialled", ["+390699999999", "06", "*55", "112"])
def test_a_number_that_is_not_ours(board: Switchboard, gateway: GatewayRow, dialled: str) -> None:
    came = arrival(gateway, dialled)
    admission = with_delivery(board, lambda delivery: delivery.admit("one", came, nobody))
    assert admission.instruction is None
    assert admission.why == f"{dialled} is no number of this gateway."


def test_a_trunk_that_is_none_of_ours(board: Switchboard, gateway: GatewayRow) -> None:
    gateway.kind = "twiml"
    gateway.save()
    came = arrival(gateway, "+390612345678")
    assert "no trunk" in with_delivery(board, lambda one: one.admit("one", came, nobody)).why


def test_open_calls_are_found_by_channel_until_they_end(
    board: Switchboard, gateway: GatewayRow
) -> None:
    async def work(delivery: Delivery) -> None:
        admission = await delivery.admit("one", arrival(gateway, "+390612345678"), nobody)
        found = await delivery.open_calls("one")
        assert [call.token for call in found.values()] == [admission.instruction.token]
        assert list(found) == ["1.7"]
        assert await delivery.open_calls("on") == {}
        gone = Result(ResultKind.PLAYED, caller_gone=True)
        token = admission.instruction.token
        await delivery.deliver("one", StepEnded(gateway.id, token, 1, gone, AT))
        await delivery.deliver("one", CallEnded(gateway.id, "one/1.7", AT))
        assert await delivery.open_calls("one") == {}

    with_delivery(board, work)


class Away:
    """A database that answers only after some tries."""

    def __init__(self, board: Switchboard, *errors: Exception) -> None:
        self.board, self.errors = board, list(errors)
        self.connection = board.connection

    def deliver(self, event: Any, render: Any, decided: Any = None) -> Any:
        if self.errors:
            raise self.errors.pop(0)
        return self.board.deliver(event, render, decided)


def test_an_arrival_does_not_wait_for_the_database(board: Switchboard, gateway: GatewayRow) -> None:
    away = Away(board, StoreUnavailable("The database does not answer."))
    with pytest.raises(EngineDown, match="does not answer"):
        with_delivery(away, lambda one: one.admit("one", arrival(gateway, "+390612345678"), nobody))


@pytest.mark.parametrize("limit", ["ADMIT_SECONDS", "STEP_SECONDS"])
def test_nobody_waits_for_ever(
    board: Switchboard, gateway: GatewayRow, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """Neither who calls nor, in the middle of a call, who has heard a prompt."""
    came = arrival(gateway, "+390612345678")
    played = StepEnded(gateway.id, "A" * 24, 1, Result(ResultKind.PLAYED), AT)
    work = {
        "ADMIT_SECONDS": lambda one: one.admit("one", came, nobody),
        "STEP_SECONDS": lambda one: one.deliver("one", played),
    }[limit]
    monkeypatch.setattr(module, limit, 0.05)
    slow = Away(board)
    slow.deliver = lambda *said: sleep(0.3)
    with pytest.raises(EngineDown, match="in time"):
        with_delivery(slow, work)


@pytest.mark.parametrize("error", [StoreUnavailable("away"), Conflict("busy")])
def test_in_the_middle_of_a_call_it_is_asked_again_and_again(
    board: Switchboard,
    gateway: GatewayRow,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    monkeypatch.setattr(module, "PAUSES", (0, 0, 0))
    came = arrival(gateway, "+390612345678")
    with_delivery(board, lambda delivery: delivery.admit("one", came, nobody))
    ended = CallEnded(gateway.id, "one/1.7", AT)
    assert with_delivery(Away(board, *[error] * 3), lambda one: one.deliver("one", ended)) is None
    assert CallRow.get().ended_at == AT
    with pytest.raises(EngineDown):
        with_delivery(Away(board, *[error] * 4), lambda one: one.deliver("one", ended))


def test_a_mistake_of_ours_is_told_as_such_and_not_repeated(
    board: Switchboard, gateway: GatewayRow, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Away(board, KeyError("a mistake"))
    ended = CallEnded(gateway.id, "one/1.7", AT)
    with pytest.raises(EngineDown, match="a mistake"):
        with_delivery(broken, lambda one: one.deliver("one", ended))
    assert "the engine failed" in caplog.text


def test_a_database_that_is_locked_is_no_mistake_of_ours(
    board: Switchboard, caplog: pytest.LogCaptureFixture
) -> None:
    def renew() -> None:
        raise peewee.OperationalError("database is locked")

    with pytest.raises(StoreUnavailable, match="is locked"):
        with_delivery(board, lambda delivery: delivery.work(renew))
    assert "the engine failed" not in caplog.text


def test_an_event_of_a_call_that_is_over_needs_nothing(
    board: Switchboard, gateway: GatewayRow
) -> None:
    away = Away(board, NotFound("This step of the call is over."))
    ended = CallEnded(gateway.id, "one/1.7", AT)
    assert with_delivery(away, lambda one: one.deliver("one", ended)) is None
