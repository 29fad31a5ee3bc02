"""Fetches a calendar from an address that an admin typed, without opening our network to them.

The host's name is resolved once, every address it has must be a public one, and exactly that
address is dialled: a name that changes its mind between the check and the connection gains nothing.
Each redirect is checked the same way. ``CENTRALINO_LOCAL_CALENDARS=1`` lets calendars lie in the
company's own network.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import requests.certs
import urllib3

from plugins.workhours.importing import Unreadable

LARGEST_BYTES = 5 * 1024 * 1024
LONGEST_SECONDS = 15.0
WAIT = urllib3.Timeout(connect=4, read=6)
REDIRECTS = 4
REDIRECTING = (301, 302, 303, 307, 308)
NOT_MODIFIED = 304
PORTS = {"http": 80, "https": 443}
WRAPPED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))
"""IPv6 networks whose last 32 bits are an IPv4 address: NAT64, and what came before it."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered: the text, and the marks by which it knows this version again."""

    text: bytes
    etag: str = ""
    modified: str = ""


class Patience:
    """Hangs up when the time is over: a server that sends a byte now and then keeps nobody waiting.

    A socket's own timeout only counts the silence between two bytes.
    """

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._sockets: list[socket.socket] = []
        self._timer = Timer(seconds, self._hang_up)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        for one in self._sockets:
            one.close()

    def watch(self, connected: socket.socket) -> None:
        """Hang up on this one, too; a duplicate, because TLS takes the socket itself away."""
        self._sockets.append(connected.dup())
        if self.over:
            self._hang_up()

    def _hang_up(self) -> None:
        self.over = True
        for one in list(self._sockets):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


def fetch(url: str, etag: str = "", modified: str = "") -> Fetched | None:
    """The calendar at an address; None when it is still the version with these marks.

    Raises:
        Unreadable: the address may not be asked, nobody answers there, or not with a text of a
            size we take.
    """
    marks = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = {name: mark for name, mark in marks.items() if mark}
    with Patience(LONGEST_SECONDS) as patience:
        try:
            return _followed(url, headers, patience)
        except Unreadable:
            if patience.over:
                raise Unreadable("too-slow", f"{LONGEST_SECONDS:.0f}") from None
            raise


def _followed(url: str, headers: dict[str, str], patience: Patience) -> Fetched | None:
    """What the last of a few redirects leads to."""
    for _ in range(REDIRECTS + 1):
        answer = _ask(url, headers, patience)
        try:
            if answer.status not in REDIRECTING:
                return _read(answer, patience)
            url = urljoin(url, answer.headers.get("Location", ""))
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise Unreadable("unreachable", _short(error)) from error
        finally:
            answer.close()
    raise Unreadable("redirects")


def check_address(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of an address that may be asked; ``webcal:`` means ``https:``.

    Raises:
        Unreadable: it is none.
    """
    try:
        parts = urlsplit(re.sub("^webcals?:", "https:", url, flags=re.IGNORECASE))
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise Unreadable("address") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.username or "\\" in url:
        raise Unreadable("address")
    path = parts.path or "/"
    return parts.scheme, parts.hostname, port, f"{path}?{parts.query}" if parts.query else path


def _ask(url: str, headers: dict[str, str], patience: Patience) -> urllib3.BaseHTTPResponse:
    scheme, host, port, path = check_address(url)
    address = _resolve(host, port)
    if scheme == "https":
        pool: urllib3.HTTPConnectionPool = urllib3.HTTPSConnectionPool(
            address,
            port,
            assert_hostname=host,
            server_hostname=host,
            ca_certs=requests.certs.where(),
            cert_reqs="CERT_REQUIRED",
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port)
    pool.ConnectionCls = _watched(pool.ConnectionCls, patience)
    shown = host if port == PORTS[scheme] else f"{host}:{port}"
    asked = {"Host": shown, "Accept": "text/calendar, */*;q=0.5", "Accept-Encoding": "identity"}
    try:
        return pool.urlopen(
            "GET",
            path,
            headers={**asked, "User-Agent": "Centralino", **headers},
            timeout=WAIT,
            retries=False,
            redirect=False,
            preload_content=False,
        )
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise Unreadable("unreachable", _short(error)) from error


def _watched(kind: Any, patience: Patience) -> Any:
    """A kind of connection that ends with somebody's patience."""

    class Watched(kind):
        def _new_conn(self) -> socket.socket:
            connected = super()._new_conn()
            patience.watch(connected)
            return connected

    return Watched


def _resolve(host: str, port: int) -> str:
    """An address of the host; all of them must be public ones."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreadable("unknown-host", host[:200]) from error
    addresses = [str(one[4][0]) for one in found]
    if os.environ.get("CENTRALINO_LOCAL_CALENDARS") != "1":
        private = [one for one in addresses if not _is_public(one)]
        if private:
            raise Unreadable("private", private[0])
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if inner is None and any(address in network for network in WRAPPED):
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None and not inner.is_global:
        return False
    is_local = getattr(address, "is_site_local", False)
    return address.is_global and not address.is_multicast and not is_local


def _read(answer: urllib3.BaseHTTPResponse, patience: Patience) -> Fetched | None:
    if answer.status == NOT_MODIFIED:
        return None
    if answer.status != 200:
        raise Unreadable("status", str(answer.status))
    text = bytearray()
    for part in answer.stream(64 * 1024, decode_content=True):
        text += part
        if len(text) > LARGEST_BYTES:
            raise Unreadable("too-large", str(LARGEST_BYTES // 1024 // 1024))
    if patience.over:
        raise Unreadable("too-slow")
    headers = answer.headers
    return Fetched(
        bytes(text), headers.get("ETag", "")[:300], headers.get("Last-Modified", "")[:100]
    )


def _short(error: Exception) -> str:
    """The innermost reason, without addresses of objects."""
    reason = error
    while reason.__cause__ is not None:
        reason = reason.__cause__
    return str(reason)[:200]
