"""The websocket to Asterisk, against a server that says what Asterisk says."""

from __future__ import annotations

import asyncio
import gc
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, basic_auth, serve
from websockets.exceptions import ConnectionClosedError
from websockets.http11 import Request, Response

from plugins.asterisk.ari.client import Ari, AriError, AriLost
from plugins.asterisk.ari.events import happened_at
from tests.support import loops

SECRET = "a-secret-nobody-may-read"


class Asterisk:
    """Answers each request with what the test says; sends events."""

    def __init__(self, answer: Callable[[dict[str, Any]], tuple[int, Any] | None]) -> None:
        self.answer = answer
        self.requests: list[dict[str, Any]] = []
        self.path = ""
        self.sockets: list[ServerConnection] = []

    async def __call__(self, socket: ServerConnection) -> None:
        self.path = socket.request.path
        self.sockets.append(socket)
        async for message in socket:
            request = json.loads(message)
            self.requests.append(request)
            answer = self.answer(request)
            if answer is not None:
                await self.say(response_to(request, *answer))

    def read(self, socket: ServerConnection, request: Request) -> Response | None:
        """What is asked over HTTP, if the user and the secret are right."""
        path = request.path.removeprefix("/ari/")
        if path.startswith("events"):
            return basic_auth(credentials=("centralino", SECRET))(socket, request)
        login = b64encode(f"centralino:{SECRET}".encode()).decode()
        if request.headers["Authorization"] != f"Basic {login}":
            return socket.respond(401, "")
        status, body = self.answer({"method": "HTTP", "uri": path})
        return socket.respond(status, json.dumps(body))

    async def say(self, event: dict[str, Any]) -> None:
        await self.sockets[-1].send(json.dumps(event))


def response_to(request: dict[str, Any], status: int, body: Any) -> dict[str, Any]:
    return {
        "type": "RESTResponse",
        "request_id": request["request_id"],
        "status_code": status,
        "reason_phrase": "OK" if status < 400 else "No",
        "message_body": "" if body is None else json.dumps(body),
    }


@asynccontextmanager
async def connected(
    asterisk: Asterisk, heard: list[dict[str, Any]] | None = None
) -> AsyncIterator[tuple[Ari, asyncio.Task[None]]]:
    async with serve(asterisk, "127.0.0.1", 0, process_request=asterisk.read) as server:
        port = server.sockets[0].getsockname()[1]
        hear = heard.append if heard is not None else lambda event: None
        url = f"http://127.0.0.1:{port}"
        ari = await Ari.connect(url, "centralino", SECRET, "centralino-1", hear)
        listening = asyncio.create_task(ari.listen())
        try:
            yield ari, listening
        finally:
            await ari.close()
            await asyncio.gather(listening, return_exceptions=True)


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(10):
            await work()

    loops.run(limited())


def test_a_request_and_its_answer() -> None:
    asterisk = Asterisk(lambda request: (200, {"id": "T.1"}))

    async def work() -> None:
        async with connected(asterisk) as (ari, _):
            answer = await ari.ask(
                "POST", "channels", {"variables": {"A": "1"}}, timeout=20, dual=True, none=None
            )
        assert answer == {"id": "T.1"}

    run(work)
    assert asterisk.path == "/ari/events?app=centralino-1"
    assert asterisk.requests == [
        {
            "type": "RESTRequest",
            "request_id": "1",
            "method": "POST",
            "uri": "channels",
            "query_strings": [
                {"name": "timeout", "value": "20"},
                {"name": "dual", "value": "true"},
            ],
            "content_type": "application/json",
            "message_body": '{"variables": {"A": "1"}}',
        }
    ]


def test_requests_at_once_get_their_own_answers_though_out_of_order() -> None:
    asterisk = Asterisk(lambda request: None)

    async def work() -> None:
        async with connected(asterisk) as (ari, _):
            asked = [asyncio.create_task(ari.ask("GET", path)) for path in ("a", "b", "c")]
            while len(asterisk.requests) < 3:
                await asyncio.sleep(0.01)
            for request in reversed(asterisk.requests):
                await asterisk.say(response_to(request, 200, request["uri"]))
            assert await asyncio.gather(*asked) == ["a", "b", "c"]

    run(work)


def test_no_content_is_none() -> None:
    async def work() -> None:
        async with connected(Asterisk(lambda request: (204, None))) as (ari, _):
            assert await ari.ask("DELETE", "channels/1.7") is None

    run(work)


def test_a_refusal() -> None:
    async def work() -> None:
        refusing = Asterisk(lambda request: (404, {"message": "Channel not found"}))
        async with connected(refusing) as (ari, _):
            with pytest.raises(AriError, match="Channel not found") as refused:
                await ari.ask("GET", "channels/1.7")
        assert refused.value.status == 404

    run(work)


def test_events_are_heard_in_order_and_answers_are_no_events() -> None:
    heard: list[dict[str, Any]] = []
    asterisk = Asterisk(lambda request: (200, None))

    async def work() -> None:
        async with connected(asterisk, heard) as (ari, _):
            await ari.filter(["StasisStart", "RESTResponse"])
            for type_ in ("StasisStart", "StasisEnd"):
                await asterisk.say({"type": type_})
            while len(heard) < 2:
                await asyncio.sleep(0.01)

    run(work)
    assert [event["type"] for event in heard] == ["StasisStart", "StasisEnd"]
    assert asterisk.requests[0]["uri"] == "applications/centralino-1/eventFilter"
    assert json.loads(asterisk.requests[0]["message_body"]) == {
        "allowed": [{"type": "StasisStart"}, {"type": "RESTResponse"}]
    }


def test_who_waits_for_an_answer_is_told_that_the_connection_is_lost() -> None:
    asterisk = Asterisk(lambda request: None)

    async def work() -> None:
        async with connected(asterisk) as (ari, listening):
            asked = asyncio.create_task(ari.ask("GET", "channels"))
            while not asterisk.requests:
                await asyncio.sleep(0.01)
            asterisk.sockets[0].transport.abort()
            with pytest.raises(AriLost):
                await asked
            with pytest.raises(AriLost):
                await listening
            with pytest.raises(AriLost):
                await ari.ask("GET", "channels")

    run(work)


class Stuck:
    """A websocket that takes nothing any more, and then breaks off."""

    def __init__(self) -> None:
        self.sending, self.broken = asyncio.Event(), asyncio.Event()

    async def send(self, message: str) -> None:
        self.sending.set()
        await self.broken.wait()
        raise ConnectionClosedError(None, None)

    async def __aiter__(self) -> AsyncIterator[str]:
        await self.sending.wait()
        return
        yield


def test_who_was_still_sending_leaves_no_error_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        socket = Stuck()
        ari = Ari(socket, None, "centralino-1", print)
        asked = asyncio.create_task(ari.ask("GET", "channels"))
        with pytest.raises(AriLost):
            await ari.listen()
        socket.broken.set()
        with pytest.raises(AriLost):
            await asked

    gc.collect()  # what earlier tests have left is not ours
    caplog.clear()
    run(work)
    gc.collect()
    assert not caplog.messages


def test_an_answer_that_does_not_come_ends_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugins.asterisk.ari.client.ASK_SECONDS", 0.05)

    async def work() -> None:
        async with connected(Asterisk(lambda request: None)) as (ari, listening):
            with pytest.raises(AriLost, match="does not answer GET channels"):
                await ari.ask("GET", "channels")
            with pytest.raises(AriLost):
                await listening

    run(work)


def test_a_list_is_read_over_http_however_long_it_is() -> None:
    channels = [{"id": f"{'T' * 24}.{number}"} for number in range(20_000)]
    asterisk = Asterisk(lambda request: (200, channels if request["method"] == "HTTP" else None))

    async def work() -> None:
        async with connected(asterisk) as (ari, _):
            assert await ari.read("channels") == channels

    run(work)
    assert asterisk.requests == []


def test_a_list_that_cannot_be_read_ends_the_connection() -> None:
    async def work() -> None:
        async with connected(Asterisk(lambda request: (500, None))) as (ari, listening):
            with pytest.raises(AriLost, match="does not answer GET bridges"):
                await ari.read("bridges")
            with pytest.raises(AriLost):
                await listening

    run(work)


def test_why_there_is_no_connection_is_said_without_the_secret() -> None:
    async def work() -> None:
        check = basic_auth(credentials=("centralino", "another"))
        async with serve(Asterisk(lambda _: None), "127.0.0.1", 0, process_request=check) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            with pytest.raises(AriLost, match="refuses the user or the secret") as refused:
                await Ari.connect(url, "centralino", SECRET, "x", lambda event: None)
        with pytest.raises(AriLost, match="Nobody answers there") as nobody:
            await Ari.connect(url, "centralino", SECRET, "x", lambda event: None)
        for told in (refused, nobody):
            assert SECRET not in str(told.value)

    run(work)


def test_when() -> None:
    at = happened_at({"timestamp": "2026-11-23T05:59:25.979+0000"})
    assert at.isoformat() == "2026-11-23T05:59:25.979000+00:00"
