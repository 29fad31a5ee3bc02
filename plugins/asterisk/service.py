"""What a server and a trunk must be, for pages and commands alike, and the gateway of a trunk."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from core.api import BadInput, GatewayRow, gettext
from plugins.asterisk.dialling import bare_host
from plugins.asterisk.models import KIND, ServerRow, TrunkRow
from plugins.asterisk.setup import safe

MOST_SLOTS = 32
"""Processes that share one server; far more than it has calls for."""

LONGEST_NAME = 120
"""Characters of a gateway's name that its column holds."""

PASSWORD_SIGNS = 16
"""Letters and digits of a new password: nobody guesses them, and they can be typed on a phone."""

EASY = "abcdefghijkmnpqrstuvwxyz23456789"
"""Signs that are not taken for one another."""


def new_password() -> str:
    """A password for a phone or for ARI."""
    return "".join(secrets.choice(EASY) for _ in range(PASSWORD_SIGNS))


def check_server(row: ServerRow) -> None:
    """Refuse what a configuration could not be written from.

    Raises:
        BadInput: one value is wrong; it names the field.
    """
    if not safe.SERVER.fullmatch(row.name):
        _refuse(
            "name",
            gettext("“%(typed)s” is no name; use a-z, 0-9 and -, at most 20.", typed=row.name),
        )
    _check_url(row.url)
    if not safe.USER.fullmatch(row.user):
        _refuse("user", gettext("“%(typed)s” is no user name for ARI.", typed=row.user))
    with _field("secret"):
        safe.secret(row.secret)
    with _field("sip_host"):
        safe.host(row.sip_host)
    if not 1 <= (row.slots or 0) <= MOST_SLOTS:
        told = {"most": MOST_SLOTS, "n": row.slots or 0}
        _refuse("slots", gettext("A server has 1 to %(most)s slots, not %(n)s.", **told))


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        wrong = parts.scheme not in ("http", "https") or not safe.HOST.fullmatch(parts.netloc)
        wrong = wrong or parts.port == 0
    except ValueError:
        wrong = True
    if wrong or parts.path.strip("/") or parts.query or parts.fragment:
        _refuse(
            "url",
            gettext("“%(typed)s” is no address; write http://127.0.0.1:8088.", typed=url),
        )


def check_trunk(row: TrunkRow) -> None:
    """Refuse what a configuration could not be written from, and addresses that are another's.

    Raises:
        BadInput: one value is wrong; it names the field.
    """
    with _field("host"):
        safe.host(row.host)
    if row.user and not safe.USER.fullmatch(row.user):
        _refuse("user", gettext("“%(typed)s” is no user name for SIP.", typed=row.user))
    if row.secret:
        with _field("secret"):
            safe.secret(row.secret)
    if row.register and not (row.user and row.secret):
        _refuse("user", gettext("A trunk that registers needs the user name and password of it."))
    with _field("match"):
        places = sources(row)
    if bare_host(row.server.sip_host) in places:
        _refuse("match", gettext("%(host)s is the server itself.", host=row.server.sip_host))
    _check_taken(row, places)


def sources(row: TrunkRow) -> list[str]:
    """Where a trunk's calls come from; a trunk that registers is known by its registration."""
    return safe.addresses(row.match) or ([] if row.register else [bare_host(row.host)])


def _check_taken(row: TrunkRow, places: Iterable[str]) -> None:
    """An address that two trunks had would bring one account's calls to the other, however each of
    them writes it."""
    networks = cache(_networks)
    others = TrunkRow.select().where(TrunkRow.server == row.server_id)
    for other in others:
        if other.gateway_id == row.gateway_id:
            continue
        for theirs in sources(other):
            for ours in places:
                if _meet(networks(ours), networks(theirs)):
                    _refuse(
                        "match",
                        gettext(
                            "Calls from %(place)s belong to another trunk already. Let this one"
                            " register at the provider instead, or use another server.",
                            place=ours,
                        ),
                    )


def _networks(place: str) -> frozenset[ipaddress.IPv4Network | str]:
    """The addresses of a place; a name has its own, too, for when nobody can look it up."""
    try:
        return frozenset({ipaddress.IPv4Network(place, strict=False)})
    except ValueError:
        name = place.lower()
    try:
        found = socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        found = []
    return frozenset({name, *(ipaddress.IPv4Network(address[0]) for *_, address in found)})


def _meet(ours: Collection[Any], theirs: Collection[Any]) -> bool:
    if not set(ours).isdisjoint(theirs):
        return True
    pairs = [(one, other) for one in ours for other in theirs]
    return any(
        one.overlaps(other)
        for one, other in pairs
        if not isinstance(one, str) and not isinstance(other, str)
    )


def make_gateway(row: TrunkRow, name: str) -> None:
    """Make the gateway of a new trunk, or give an old one another name; in the caller's
    transaction.

    Raises:
        BadInput: it is no name, or the account has another gateway of this name.
    """
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        most = gettext("A name has 1 to %(most)s characters.", most=LONGEST_NAME)
        _refuse("name", most)
    found = (GatewayRow.account == row.account_id) & (GatewayRow.name == name)
    other = GatewayRow.get_or_none(found)
    if other is not None and other.id != row.gateway_id:
        _refuse("name", gettext("There is a gateway “%(name)s” already.", name=name))
    if row.gateway_id:
        row.gateway.name = name
        row.gateway.save()
    else:
        row.gateway = GatewayRow.create(account=row.account_id, kind=KIND, provider="", name=name)


class _field:
    """Says of which field a rule speaks."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BadInput):
            _refuse(self._name, error.message)


def _refuse(field: str, sentence: str) -> None:
    raise BadInput(sentence, {field: sentence})
