"""Reads over HTTP what Asterisk may have many of.

Over the websocket a long list kills Asterisk, and all calls with it: ``ast_websocket_write`` (seen
in 22.10.1) copies each message onto the stack of a thread, which has 496 kB. The list of a thousand
channels is longer.
"""

from __future__ import annotations

from typing import Any

import requests


class Lists:
    """A server's ARI, read over HTTP.

    Args:
        url, user, secret: see ``Ari.connect``.
        seconds: how long an answer may take to begin.
    """

    def __init__(self, url: str, user: str, secret: str, seconds: float) -> None:
        self._url = url.rstrip("/")
        self._login = (user, secret)
        self._seconds = seconds

    def read(self, path: str) -> Any:
        """What there is; blocks.

        Args:
            path: below ``/ari/``.

        Returns:
            The answer's JSON.

        Raises:
            requests.RequestException: Asterisk cannot be reached, refuses, or takes too long.
        """
        with requests.Session() as session:
            session.trust_env = False  # no proxy is to see the user and secret
            session.auth = self._login
            address = f"{self._url}/ari/{path}"
            answer = session.get(address, timeout=self._seconds, allow_redirects=False)
            answer.raise_for_status()
            return answer.json()
