"""A slot stays connected while it is ours: again and again, until somebody else serves it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from plugins.asterisk.running import slot as module
from plugins.asterisk.running.leases import Lease, Server
from plugins.asterisk.running.slot import Slot
from tests.support import loops

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Board:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOON


class Delivery:
    """An engine without calls."""

    board = Board()

    async def open_calls(self, server: str) -> dict[str, Any]:
        return {}


class Asterisk:
    """Takes connections, and hands each to the test when it is used."""

    def __init__(self) -> None:
        self.sockets: asyncio.Queue[ServerConnection] = asyncio.Queue()
        self.answers = {
            "channels": [],
            "bridges": [],
            "applications/centralino-1": {"channel_ids": []},
        }

    async def __call__(self, socket: ServerConnection) -> None:
        async for message in socket:
            request = json.loads(message)
            if request["uri"] == "applications/centralino-1/eventFilter":
                await self.sockets.put(socket)
            answer = {"type": "RESTResponse", "status_code": 200}
            await socket.send(json.dumps(answer | {"request_id": request["request_id"]}))

    def read(self, socket: ServerConnection, request: Request) -> Response | None:
        """Lists are read over HTTP."""
        answer = self.answers.get(request.path.removeprefix("/ari/"))
        return None if answer is None else socket.respond(200, json.dumps(answer))


def lease(port: int) -> Lease:
    return Lease(1, Server("one", f"http://127.0.0.1:{port}", "u", "s", 1), 1, "me", None)


async def until_connected(asterisk: Asterisk) -> ServerConnection:
    async with asyncio.timeout(5):
        return await asterisk.sockets.get()


def test_a_broken_connection_is_made_again_and_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "PAUSES", (0.02,))
    caplog.set_level("INFO", logger="centralino.asterisk")

    async def work() -> None:
        asterisk = Asterisk()
        async with serve(asterisk, "127.0.0.1", 0, process_request=asterisk.read) as server:
            port = server.sockets[0].getsockname()[1]
            serving = asyncio.create_task(Slot(lease(port), Delivery()).serve())
            (await until_connected(asterisk)).transport.abort()
            await until_connected(asterisk)
            server.close()
            await server.wait_closed()
            await asyncio.sleep(0.2)
        async with serve(asterisk, "127.0.0.1", port, process_request=asterisk.read):
            socket = await until_connected(asterisk)
            await socket.send('{"type": "ApplicationReplaced"}')
            async with asyncio.timeout(5):
                await serving

    loops.run(work())
    said = [record.getMessage() for record in caplog.records]
    assert said.count("centralino-1 of one: connected") == 3
    assert len([one for one in said if "Nobody answers there" in one]) == 1
    assert said[-1] == "centralino-1 of one is served by somebody else now"


def test_a_slot_that_is_given_up_says_goodbye() -> None:
    async def work() -> None:
        asterisk = Asterisk()
        async with serve(asterisk, "127.0.0.1", 0, process_request=asterisk.read) as server:
            slot = Slot(lease(server.sockets[0].getsockname()[1]), Delivery())
            serving = asyncio.create_task(slot.serve())
            socket = await until_connected(asterisk)
            serving.cancel()
            with pytest.raises(asyncio.CancelledError):
                await serving
            async with asyncio.timeout(5):
                await socket.wait_closed()
            assert socket.close_code == 1000

    loops.run(work())
