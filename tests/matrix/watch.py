"""Sends one request as a member of our account, and says what of the other account came of it.

Whatever a request wrote is undone after it, so that each finds the same rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import unquote_plus

from flask import Response

from core.store.snapshot import forget_all
from tests.matrix.site import Browser
from tests.matrix.two_accounts import TwoAccounts

SEVEN_DIGITS = re.compile(r"(?<!\d)\d{7}(?!\d)")
"""An id of the other account has so many."""

BEHIND = (403, 404, 405)
"""What an address answers that leads to something of another account."""


NOT_SENT = Response(status=204)


@dataclass
class Watch:
    """``findings`` are sentences, one for each hole in the wall; ``sent`` counts requests. With
    ``only``, addresses that begin otherwise are not asked."""

    accounts: TwoAccounts
    browser: Browser
    findings: list[str] = field(default_factory=list)
    sent: int = 0
    only: str | tuple[str, ...] = ""

    def __post_init__(self) -> None:
        self._ids = {str(id) for ids in self.accounts.ids.values() for id in ids}
        self._before = self.accounts.everything_else()

    def send(self, method: str, address: str, data: Any = None, behind: bool = False) -> Any:
        """Send a request.

        Args:
            method: of HTTP.
            address: path and query.
            data: of a form; a JSON body when it is wrapped in ``Body``.
            behind: whether the address itself leads to something of the other account, so that
                nothing but a refusal will do.
        """
        if not address.startswith(self.only):
            return NOT_SENT
        self.sent += 1
        database = self.accounts.site.store.database
        with database.atomic() as transaction:
            writes = database.connection().total_changes
            answer = self._open(method, address, data)
            self._check(answer, method, address, data, behind)
            if database.connection().total_changes != writes:
                self._check_written(method, address, data)
                transaction.rollback()
                forget_all()
        return answer

    def _open(self, method: str, address: str, data: Any) -> Any:
        if isinstance(data, Body):
            headers = {"X-CSRFToken": self.browser.token}
            return self.browser.open(method, address, json=data.json, headers=headers)
        return self.browser.write(method, address, data)

    def _check(self, answer: Any, method: str, address: str, data: Any, behind: bool) -> None:
        request = _request(method, address, data)
        if answer.status_code >= 500:
            self.findings.append(f"{request}: answers {answer.status_code}")
        if behind and answer.status_code not in BEHIND:
            self.findings.append(f"{request}: answers {answer.status_code}, not 403 or 404")
        text = unescape(answer.get_data(as_text=True)) + unquote_plus(str(answer.headers))
        sent = _squeezed(request)
        seen = [one for one in self.accounts.markers if one in text and _squeezed(one) not in sent]
        seen += sorted(self._ids_in(text) - self._ids_in(request))
        if seen:
            self.findings.append(f"{request}: shows {seen[:5]}")

    def _check_written(self, method: str, address: str, data: Any) -> None:
        request = _request(method, address, data)
        after = self.accounts.everything_else()
        for table, rows in self._before.items():
            if after[table] != rows:
                self.findings.append(f"{request}: changes {table} of the other account")
        led = self._ids_in(self.accounts.everything_ours())
        if led:
            self.findings.append(f"{request}: makes a row of ours lead to {sorted(led)}")

    def _ids_in(self, text: str) -> set[str]:
        return self._ids & set(SEVEN_DIGITS.findall(text))


def _request(method: str, address: str, data: Any) -> str:
    """A request in one line, as it was meant."""
    return f"{method} {unquote_plus(address)} {data or ''}".strip()


def _squeezed(text: str) -> str:
    """A text without its spaces: a number is shown as pages show numbers."""
    return "".join(text.split())


@dataclass(frozen=True)
class Body:
    """A JSON body."""

    json: Any
