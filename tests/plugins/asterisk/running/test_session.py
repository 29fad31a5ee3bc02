"""What a connection does with events: to whom they go, and what happens when nobody can say."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from core.api import LegChanged, OpenCall, Result, ResultKind, StepEnded, StoreUnavailable
from plugins.asterisk.ari.client import AriError, AriLost
from plugins.asterisk.instructions import Instruction
from plugins.asterisk.running import session as module
from plugins.asterisk.running.care import care
from plugins.asterisk.running.delivery import Admission, EngineDown
from plugins.asterisk.running.leases import Lease, Server
from plugins.asterisk.running.session import Session
from tests.support import loops

TOKEN = "A" * 24
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
PLAY = Instruction(kind="play", token=TOKEN, number=1, gateway=7, account=1)


class Board:
    def now(self) -> datetime:
        return NOW


class Delivery:
    """The engine, which thinks until it is told to go on; ``speaks``: it knows at once that the
    caller will hear something."""

    speaks = False

    def __init__(self, *answers: Any) -> None:
        self.board = Board()
        self.answers = list(answers)
        self.calls: dict[str, OpenCall] = {}
        self.thinks = asyncio.Event()
        self.thinks.set()

    async def admit(self, server: str, arrival: Any, will_hear: Callable[[], None]) -> Admission:
        if self.speaks:
            will_hear()
            await asyncio.sleep(0)
        await self.thinks.wait()
        self.will_hear = will_hear
        return self._answer()

    async def deliver(self, server: str, event: Any) -> Instruction | None:
        return self._answer()

    async def open_calls(self, server: str) -> dict[str, OpenCall]:
        if self.calls is None:
            raise StoreUnavailable("away")
        return self.calls

    def _answer(self) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Ari:
    """Asterisk: notes requests, answers what a test prepared."""

    dropped = False

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.answers: dict[str, Any] = {
            "channels": [],
            "bridges": [],
            "applications/centralino-1": {"channel_ids": []},
        }

    async def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        self.asked.append((method, path, query))
        answer = self.answers.get(path)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def read(self, path: str) -> Any:
        return await self.ask("GET", path)

    def drop(self) -> None:
        self.dropped = True

    @property
    def done(self) -> list[tuple[str, str, dict[str, Any]]]:
        return [one for one in self.asked if one[0] != "GET"]


class Call:
    """A call that lives until it is told to end."""

    made: list[Call] = []

    def __init__(
        self,
        ground: Any,
        channel: str,
        instruction: Any,
        gateway: int,
        resumed: Any,
        answering: Any = None,
    ):
        self.token, self.channel, self.resumed = instruction.token, channel, resumed
        self.answering = answering
        self.events: list[str] = []
        self.ends = asyncio.Event()
        self.fails: Exception | None = None
        Call.made.append(self)

    def take(self, event: dict[str, Any]) -> None:
        self.events.append(event["type"])

    async def run(self) -> None:
        await self.ends.wait()
        if self.fails:
            raise self.fails


@pytest.fixture(autouse=True)
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    monkeypatch.setattr(module, "LiveCall", Call)
    Call.made = []
    return Call.made


def event(type_: str, channel: str = "1.7", *args: str, **more: Any) -> dict[str, Any]:
    return {
        "type": type_,
        "timestamp": "2026-11-23T06:00:00.000+0000",
        "channel": {"id": channel, "caller": {"number": "+393331112222"}},
        "args": list(args),
    } | more


ARRIVES = event("StasisStart", "1.7", "in", "7", "+390612345678", "", "allowed")
DIALS = event("StasisStart", "1.7", "out", "7", "12", "101")


def on(*answers: Any, found: bool = True) -> tuple[Session, Delivery, Ari]:
    """A session whose engine answers so."""
    delivery = Delivery(*answers)
    server = Server("one", "http://127.0.0.1:8088", "centralino", "s", 1)
    session = Session(Lease(1, server, 1, "me", None), delivery)
    session._ari = ari = Ari()
    if found:
        session.found_all()
    return session, delivery, ari


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def run(work: Callable[[], Awaitable[None]]) -> None:
    loops.run(work())


def test_a_call_comes_and_hears_its_events_also_those_of_before(calls: list[Call]) -> None:
    async def work() -> None:
        session, delivery, ari = on(Admission(PLAY))
        delivery.thinks.clear()
        session.hear(ARRIVES)
        await settle()
        session.hear(event("ChannelDtmfReceived"))
        assert calls == []
        delivery.thinks.set()
        await settle()
        session.hear(event("StasisEnd"))
        session.hear(event("StasisStart", f"{TOKEN}.1", "leg", TOKEN, "1"))
        session.hear(event("StasisEnd", "1.8"))
        assert calls[0].events == ["ChannelDtmfReceived", "StasisEnd", "StasisStart"]
        assert ari.asked == []
        calls[0].ends.set()
        await settle()
        assert len(session.roster) == 0

    run(work)


ANSWER = ("POST", "channels/1.7/answer", {})


def test_a_caller_who_will_hear_something_is_answered_while_it_is_written(
    calls: list[Call],
) -> None:
    async def work() -> None:
        session, delivery, ari = on(Admission(PLAY))
        delivery.speaks = True
        delivery.thinks.clear()
        session.hear(ARRIVES)
        await settle()
        assert ari.asked == [ANSWER]
        delivery.thinks.set()
        await settle()
        delivery.will_hear()  # the engine had to think again
        await calls[0].answering
        assert ari.asked == [ANSWER]

    run(work)


def test_a_caller_who_is_answered_and_whose_call_cannot_be_written_goes_to_the_dialplan(
    calls: list[Call],
) -> None:
    async def work() -> None:
        session, delivery, ari = on(EngineDown("The database does not answer."))
        delivery.speaks = True
        session.hear(ARRIVES)
        await settle()
        assert [path for _, path, _ in ari.asked] == [
            "channels/1.7/answer",
            "channels/1.7/continue",
        ]
        delivery.will_hear()  # too late: the dialplan has the call
        await settle()
        assert len(ari.asked) == 2

    run(work)


def test_a_caller_who_is_gone_before_the_answer_stops_nothing(calls: list[Call]) -> None:
    async def work() -> None:
        session, delivery, ari = on(Admission(PLAY))
        delivery.speaks = True
        ari.answers["channels/1.7/answer"] = AriError(404, "Channel not found")
        session.hear(ARRIVES)
        await settle()
        with pytest.raises(AriError):
            await calls[0].answering

    run(work)


def test_a_channel_that_is_told_twice_comes_once(calls: list[Call]) -> None:
    async def work() -> None:
        session, _, _ = on(Admission(PLAY))
        session.hear(ARRIVES)
        session.hear(ARRIVES)
        await settle()
        session.hear(ARRIVES)
        await settle()
        assert len(calls) == 1

    run(work)


def test_a_number_that_is_not_ours_is_not_in_service(
    calls: list[Call], caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> None:
        session, _, ari = on(Admission(None, why="+390612345678 is no number of this gateway."))
        session.hear(ARRIVES)
        await settle()
        assert ari.asked == [("DELETE", "channels/1.7", {"reason_code": 1})]
        assert calls == []
        assert len(session.roster) == 0

    run(work)
    assert "is no number of this gateway" in caplog.text


@pytest.mark.parametrize(
    ("arrives", "context", "number"),
    [(ARRIVES, "centralino-backup-7", "+390612345678"), (DIALS, "centralino-alone-7", "101")],
)
def test_nobody_can_say_the_dialplan_can(
    calls: list[Call], arrives: dict[str, Any], context: str, number: str
) -> None:
    async def work() -> None:
        session, _, ari = on(EngineDown("The database does not answer."))
        session.hear(arrives)
        await settle()
        where = {"context": context, "extension": number, "priority": 1}
        assert ari.asked == [("POST", "channels/1.7/continue", where)]
        assert calls == []
        assert len(session.roster) == 0

    run(work)


def test_in_the_middle_of_a_call_only_the_end_of_a_step_needs_an_answer() -> None:
    async def work() -> None:
        down = EngineDown("The database does not answer.")
        session, _, ari = on(Admission(PLAY), down, down, down)
        session.hear(ARRIVES)
        await settle()
        assert await session.deliver(LegChanged(7, TOKEN, 1, "ringing", NOW)) is None
        gone = Result(ResultKind.PLAYED, caller_gone=True)
        assert await session.deliver(StepEnded(7, TOKEN, 1, gone, NOW)) is None
        assert ari.asked == []
        played = Result(ResultKind.PLAYED)
        assert await session.deliver(StepEnded(7, TOKEN, 1, played, NOW)) is None
        assert [path for _, path, _ in ari.asked] == ["channels/1.7/continue"]

    run(work)


def test_a_call_that_breaks_off_goes_to_the_dialplan(calls: list[Call]) -> None:
    async def work() -> None:
        session, _, ari = on(Admission(PLAY))
        session.hear(ARRIVES)
        await settle()
        calls[0].fails = KeyError("a mistake of ours")
        calls[0].ends.set()
        await settle()
        assert [path for _, path, _ in ari.asked] == ["channels/1.7/continue"]
        assert len(session.roster) == 0

    run(work)


def test_a_lost_connection_leaves_a_call_as_it_is(calls: list[Call]) -> None:
    async def work() -> None:
        session, _, ari = on(Admission(PLAY))
        session.hear(ARRIVES)
        await settle()
        calls[0].fails = AriLost("The connection broke off.")
        calls[0].ends.set()
        await settle()
        assert ari.asked == []

    run(work)


def test_a_phone_that_answers_too_late_is_hung_up() -> None:
    async def work() -> None:
        session, _, ari = on()
        ari.answers[f"channels/{TOKEN}.1"] = AriError(404, "Channel not found")
        session.hear(event("StasisStart", f"{TOKEN}.1", "leg", TOKEN, "1"))
        session.hear(event("ChannelDestroyed", f"{TOKEN}.2"))
        await settle()
        assert ari.asked == [("DELETE", f"channels/{TOKEN}.1", {"reason_code": None})]

    run(work)


def test_an_event_that_nobody_understands_stops_nothing(
    calls: list[Call], caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> None:
        session, _, _ = on(Admission(PLAY))
        session.hear({"type": "StasisStart", "channel": {}, "args": ["in", "7", "061", "", ""]})
        session.hear(ARRIVES)
        await settle()
        assert len(calls) == 1

    run(work)
    assert "StasisStart could not be understood" in caplog.text


def test_who_follows_another_channel_hears_it(calls: list[Call]) -> None:
    async def work() -> None:
        session, _, _ = on(Admission(PLAY))
        session.hear(ARRIVES)
        await settle()
        session.follow("9.9", calls[0])
        session.hear(event("ChannelDestroyed", "9.9"))
        session.forget(calls[0])
        session.hear(event("ChannelDestroyed", "9.9"))
        assert calls[0].events == ["ChannelDestroyed"]

    run(work)


# --- After a connection -------------------------------------------------------------------------


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def open_call(channel: str) -> OpenCall:
    return OpenCall(1, 7, f"one/{channel}", TOKEN, 1, "play", PLAY.as_text(), 0, None, None)


def there(id: str, app_data: str) -> dict[str, Any]:
    return {
        "id": id,
        "caller": {"number": ""},
        "creationtime": "2026-11-23T06:00:00.000+0000",
        "dialplan": {"app_name": "Stasis", "app_data": app_data, "exten": "s"},
    }


DATA = "centralino-1,in,7,+390612345678,,allowed"


def test_a_call_is_found_and_gets_what_was_held_for_it(calls: list[Call]) -> None:
    async def work() -> None:
        session, delivery, ari = on(found=False)
        ari.answers["channels"] = [there("1.7", DATA), there(f"{'B' * 24}.1", "leg")]
        ari.answers["applications/centralino-1"] = {"channel_ids": ["1.7", f"{'B' * 24}.1"]}
        delivery.calls["1.7"] = open_call("1.7")
        session.hear(event("ChannelDtmfReceived"))
        caring = asyncio.create_task(care(session))
        await settle()
        assert calls[0].resumed == open_call("1.7")
        assert calls[0].events == ["ChannelDtmfReceived"]
        assert ari.done == [("DELETE", f"channels/{'B' * 24}.1", {"reason_code": None})]
        caring.cancel()

    run(work)


@pytest.mark.parametrize("ended", [False, True])
def test_a_call_that_came_while_nobody_listened(calls: list[Call], ended: bool) -> None:
    """The engine may know it already: from a process that was killed before it heard the answer."""

    async def work() -> None:
        session, _, ari = on(Admission(PLAY, repeated=ended), found=False)
        ari.answers["channels"] = [there("1.7", DATA)]
        ari.answers["applications/centralino-1"] = {"channel_ids": ["1.7"]}
        caring = asyncio.create_task(care(session))
        await settle()
        assert len(calls) == (0 if ended else 1)
        assert [path for _, path, _ in ari.done] == (["channels/1.7"] if ended else [])
        caring.cancel()

    run(work)


def test_new_calls_are_taken_while_the_database_is_away(
    calls: list[Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugins.asterisk.running.care.AGAIN_SECONDS", 0.01)

    async def work() -> None:
        session, delivery, ari = on(EngineDown("away"), found=False)
        delivery.calls = None
        caring = asyncio.create_task(care(session))
        await settle()
        session.hear(ARRIVES)
        await settle()
        assert [path for _, path, _ in ari.done] == ["channels/1.7/continue"]
        session.hear(event("ChannelHold", "1.9"))
        delivery.calls = {"1.9": open_call("1.9")}
        ari.answers["channels"] = [there("1.9", DATA)]
        ari.answers["applications/centralino-1"] = {"channel_ids": ["1.9"]}
        await asyncio.sleep(0.1)
        assert calls[0].events == ["ChannelHold"]
        caring.cancel()

    run(work)


def test_nobody_waits_in_silence_for_a_database(calls: list[Call]) -> None:
    """A connection was lost while a caller waited, and nobody can say whose channels there are:
    who talks goes on, who talks to nobody is given to the dialplan."""

    async def work() -> None:
        session, delivery, ari = on(EngineDown("away"), found=False)
        delivery.calls = None
        ari.answers["channels"] = [there("1.7", DATA), there("1.8", DATA), there("1.9", "leg")]
        ari.answers["applications/centralino-1"] = {"channel_ids": ["1.7", "1.8", "1.9"]}
        ari.answers["bridges"] = [{"id": "B" * 24, "channels": ["1.8"]}]
        caring = asyncio.create_task(care(session))
        await settle()
        assert [path for _, path, _ in ari.done] == ["channels/1.7/continue"]
        caring.cancel()

    run(work)


def test_a_caller_who_has_gone_is_looked_for_twice(
    calls: list[Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugins.asterisk.running.care.AGAIN_SECONDS", 0.05)
    monkeypatch.setattr("plugins.asterisk.running.care.TURN_SECONDS", 0)

    async def work() -> None:
        session, delivery, _ = on(found=False)
        session.quiet_since = NOON
        other = OpenCall(1, 7, "one/1.8", "C" * 24, 1, "play", PLAY.as_text(), 0, None, None)
        delivery.calls = {"1.7": open_call("1.7"), "1.8": other}
        caring = asyncio.create_task(care(session))
        await settle()
        assert calls == []
        del delivery.calls["1.8"]
        await asyncio.sleep(0.1)
        assert [(call.channel, call.resumed.ended_at) for call in calls] == [("1.7", NOON)]
        caring.cancel()

    run(work)


def test_a_phone_that_rang_before_is_hung_up_when_the_call_is_over(calls: list[Call]) -> None:
    async def work() -> None:
        session, delivery, ari = on(found=False)
        ids = ["1.7", f"{TOKEN}.1", f"{TOKEN}.2", "1.9"]
        ari.answers["channels"] = [there(id, DATA) for id in ids[:3]] + [there("1.9", "")]
        ari.answers["applications/centralino-1"] = {"channel_ids": ids[:3]}
        delivery.calls["1.7"] = open_call("1.7")
        caring = asyncio.create_task(care(session))
        await settle()
        assert ari.done == []
        session.follow(f"{TOKEN}.2", Call(session, "1.8", PLAY, 7, None))
        calls[0].ends.set()
        await settle()
        assert [path for _, path, _ in ari.done] == [f"channels/{TOKEN}.1"]
        caring.cancel()

    run(work)


def test_somebody_else_serves_the_slot() -> None:
    async def work() -> None:
        session, _, ari = on()
        session.hear({"type": "ApplicationReplaced"})
        assert session.replaced
        assert ari.dropped

    run(work)
