"""Asks Asterisk over HTTP, for commands: one question, one answer."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from core.api import CentralinoError, NotAllowed
from plugins.asterisk.models import ServerRow

SECONDS = 5
"""How long an answer is waited for."""

NO_ARI = (
    "What answers at its address is not Asterisk's ARI: are address and port right, and is"
    " http.conf ours (centralino asterisk config)?"
)


class Refused(CentralinoError):
    """Asterisk is there, and cannot do what was asked."""


class Asking:
    """A server's ARI.

    Args:
        server: its row.
    """

    def __init__(self, server: ServerRow) -> None:
        self._server = server
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy is to see the user and secret
        self._session.auth = (server.user, server.secret)
        self.date: datetime | None = None

    def ask(self, method: str, path: str, **query: Any) -> Any:
        """One request.

        Args:
            method: ``GET`` and so on.
            path: below ``/ari/``.
            query: its parameters; ``json`` is the body.

        Returns:
            The answer; None when it is empty, or there is no such thing (404). ``date`` is then
            the server's own clock.

        Raises:
            NotAllowed: Asterisk does not know the user or the password.
            Refused: it cannot do this.
            CentralinoError: it cannot be reached, or is none.
        """
        body = query.pop("json", None)
        address = f"{self._server.url.rstrip('/')}/ari/{path}"
        try:
            answer = self._session.request(
                method, address, params=query, json=body, timeout=SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            raise CentralinoError(
                f"Asterisk cannot be reached at {self._server.url} ({_short(error)}): is it running"
                " (systemctl status asterisk), and is http.conf ours (centralino asterisk config)?"
            ) from error
        self.date = _date(answer.headers.get("Date", ""))
        if answer.status_code in (401, 403):
            raise NotAllowed(
                f"Asterisk does not take the password of {self._server.user!r}: centralino asterisk"
                f" config --server {self._server.name}, then restart Asterisk."
            )
        if answer.status_code == 404:
            return None
        if not answer.ok:
            raise Refused(f"Asterisk answers {answer.status_code} to {method} {path}.")
        try:
            return answer.json() if answer.content else None
        except ValueError as error:
            raise CentralinoError(NO_ARI) from error


def read_version(asking: Asking) -> str:
    """The version of Asterisk, as it says it.

    Raises:
        CentralinoError: whoever answers is no Asterisk.
    """
    match asking.ask("GET", "asterisk/info"):
        case {"system": {"version": str(version)}}:
            return version
    raise CentralinoError(NO_ARI)


def _short(error: requests.RequestException) -> str:
    """The innermost reason, without the address repeated."""
    found: BaseException = error
    while inner := found.__cause__ or found.__context__:
        found = inner
    return " ".join(str(found).split())[:100] or type(error).__name__


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return None
