"""One websocket to Asterisk: events come in, requests go out on it and are answered on it.

REST over the websocket (Asterisk 22.4 and later) costs no connection per request, and keeps the
order in which requests were sent. Only lists, which may be long, are read over HTTP.
"""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any
from urllib.parse import urlencode

import requests
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from plugins.asterisk.ari.lists import Lists

CONNECT_SECONDS = 5
"""How long a connection may take."""

ASK_SECONDS = 10
"""How long an answer may take; Asterisk answers within milliseconds, or it hangs."""

PING_SECONDS = 5
"""A server that says nothing for twice as long is gone."""

Hear = Callable[[dict[str, Any]], None]


class AriError(Exception):
    """Asterisk refuses a request: ``status`` as in HTTP, ``text`` what it says."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status} {text}")
        self.status = status
        self.text = text


class AriLost(Exception):
    """There is no connection to Asterisk, or none any more."""


class Ari:
    """A connection under one application name.

    Args:
        socket: the open websocket.
        lists: reads what there is, however much.
        app: the application's name.
        hear: is told each event, in order; must not block.
    """

    def __init__(self, socket: ClientConnection, lists: Lists, app: str, hear: Hear) -> None:
        self.app = app
        self._socket = socket
        self._lists = lists
        self._hear = hear
        self._asked: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._ids = count(1)

    @classmethod
    async def connect(cls, url: str, user: str, secret: str, app: str, hear: Hear) -> Ari:
        """Connect; whoever was connected under this name before hears nothing any more.

        Args:
            url: of the server's HTTP, such as ``http://127.0.0.1:8088``.
            user: of ari.conf.
            secret: its password.
            app: the application's name.
            hear: is told each event.

        Raises:
            AriLost: nobody listens there, or they refuse us; the sentence says which.
        """
        try:
            socket = await connect(
                f"{_websocket(url)}/ari/events?{urlencode({'app': app})}",
                additional_headers={"Authorization": _basic(user, secret)},
                user_agent_header=None,
                compression=None,
                proxy=None,
                max_size=None,
                max_queue=None,
                open_timeout=CONNECT_SECONDS,
                close_timeout=1,
                ping_interval=PING_SECONDS,
                ping_timeout=PING_SECONDS,
            )
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
            raise AriLost(_told(error)) from error
        return cls(socket, Lists(url, user, secret, ASK_SECONDS), app, hear)

    async def listen(self) -> None:
        """Hear events until the connection is over.

        Raises:
            AriLost: always, in the end.
        """
        try:
            async for message in self._socket:
                self._take(json.loads(message))
            raise AriLost("Asterisk has closed the connection.")
        except ConnectionClosed as error:
            raise AriLost("The connection broke off.") from error
        finally:
            self._lose()

    async def ask(
        self, method: str, path: str, body: Any = None, **query: str | int | float | bool | None
    ) -> Any:
        """Send a request and wait for its answer.

        Args:
            method: ``GET``, ``POST`` …
            path: below ``/ari/``, quoted: ``channels/T.1/answer``.
            body: sent as JSON.
            query: what stands behind the question mark; what is None is left out.

        Returns:
            The answer's JSON; None when it is empty.

        Raises:
            AriError: Asterisk refuses.
            AriLost: the connection is gone, or the answer does not come.
        """
        number = str(next(self._ids))
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send(_request(number, method, path, body, query))
            async with asyncio.timeout(ASK_SECONDS):
                response = await answer
        except ConnectionClosed as error:
            raise AriLost("The connection broke off.") from error
        except TimeoutError as error:
            self.drop()  # nobody could say what has become of its calls
            raise AriLost(f"Asterisk does not answer {method} {path}.") from error
        finally:
            self._asked.pop(number, None)
        return _answer(response)

    async def read(self, path: str) -> Any:
        """Read what there is, however much: ``channels``, ``bridges``; see ``Lists``.

        Args:
            path: below ``/ari/``.

        Returns:
            The answer's JSON.

        Raises:
            AriLost: it cannot be read; the connection is over then, too.
        """
        try:
            return await asyncio.to_thread(self._lists.read, path)
        except requests.RequestException as error:
            self.drop()  # nobody could say what has become of its calls
            raise AriLost(f"Asterisk does not answer GET {path}.") from error

    async def filter(self, types: Iterable[str]) -> None:
        """Hear only events of these types: most of what Asterisk says is of no use to us."""
        allowed = [{"type": type_} for type_ in types]
        await self.ask("PUT", f"applications/{self.app}/eventFilter", {"allowed": allowed})

    async def close(self) -> None:
        """Say goodbye; calls stay where they are."""
        await self._socket.close()

    def drop(self) -> None:
        """End the connection at once: whatever is on its way is lost."""
        self._socket.transport.abort()

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] != "RESTResponse":
            self._hear(message)
            return
        answer = self._asked.get(message["request_id"])
        if answer is not None and not answer.done():
            answer.set_result(message)

    def _lose(self) -> None:
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(AriLost("The connection broke off."))
                answer.exception()  # who was still sending never looks, and asyncio logs that


def _websocket(url: str) -> str:
    scheme, _, rest = url.rstrip("/").partition("://")
    return f"{'wss' if scheme == 'https' else 'ws'}://{rest}"


def _basic(user: str, secret: str) -> str:
    return "Basic " + b64encode(f"{user}:{secret}".encode()).decode()


def _request(number: str, method: str, path: str, body: Any, query: dict[str, Any]) -> str:
    request: dict[str, Any] = {
        "type": "RESTRequest",
        "request_id": number,
        "method": method,
        "uri": path,
    }
    said = [{"name": name, "value": _word(value)} for name, value in query.items()
            if value is not None]  # fmt: skip
    if said:
        request["query_strings"] = said
    if body is not None:
        request["content_type"] = "application/json"
        request["message_body"] = json.dumps(body)
    return json.dumps(request)


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _answer(response: dict[str, Any]) -> Any:
    text = response.get("message_body") or ""
    status = response["status_code"]
    if status >= 400:
        raise AriError(status, text or response.get("reason_phrase", ""))
    return json.loads(text) if text else None


def _told(error: Exception) -> str:
    """Why there is no connection, in words that never hold the secret."""
    response = getattr(error, "response", None)
    if response is not None and response.status_code == 401:
        return "Asterisk refuses the user or the secret of its ARI."
    if response is not None:
        return f"What answers there is not Asterisk's ARI ({response.status_code})."
    if isinstance(error, TimeoutError):
        return "Asterisk does not answer."
    return f"Nobody answers there ({error})."
