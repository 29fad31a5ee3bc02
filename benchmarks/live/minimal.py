"""The minimal hand-written ARI script that the gateway is measured against.

    python -m benchmarks.live.minimal URL USER SECRET APP MEDIA

It answers every call that comes to its application and plays one sound; the caller hangs up. It
knows no accounts, keeps nothing, asks nobody, and does not look whether what it asked for was done.
Like the gateway it sends its requests over the websocket that brings the events, the fastest way
there is, and is spared the events that it does not want.
"""

from __future__ import annotations

import asyncio
import json
import sys
from itertools import count
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

READY = "ready"
"""Printed when calls can come."""


async def main(url: str, user: str, secret: str, app: str, media: str) -> None:
    """Answer calls for ever."""
    address = f"{url.replace('http', 'ws', 1)}/ari/events?app={app}&api_key={user}:{secret}"
    async with connect(address, compression=None) as ari:
        numbers = count()
        wanted = json.dumps({"allowed": [{"type": "StasisStart"}]})
        await _ask(ari, next(numbers), "PUT", f"applications/{app}/eventFilter", body=wanted)
        print(READY, flush=True)
        async for text in ari:
            event = json.loads(text)
            if event["type"] == "StasisStart":
                channel = f"channels/{event['channel']['id']}"
                await _ask(ari, next(numbers), "POST", f"{channel}/answer")
                await _ask(ari, next(numbers), "POST", f"{channel}/play", media=media)


async def _ask(
    ari: ClientConnection, number: int, method: str, uri: str, body: str = "", **query: str
) -> None:
    request: dict[str, Any] = {"type": "RESTRequest", "request_id": str(number)}
    request |= {"method": method, "uri": uri}
    request["query_strings"] = [{"name": name, "value": value} for name, value in query.items()]
    if body:
        request |= {"content_type": "application/json", "message_body": body}
    await ari.send(json.dumps(request))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
