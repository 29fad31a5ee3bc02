"""Lets only those webhooks in that a gateway's own provider has signed; closed by default.

Parameters are taken from the part that was signed and from nowhere else: the body. The address is
built from the gateway's configured public address, never from what the request says of itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_plus

from flask import Request
from werkzeug.exceptions import UnsupportedMediaType

from core.api import WebhookRefused
from plugins.twiml.gateway import Gateway, find_gateway
from plugins.twiml.reading import Fields, call_ref
from plugins.twiml.signature import Pairs, body_is_signed, form_is_signed

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

BODY_BYTES = 64 * 1024
"""The largest body that is read; providers send two or three kilobytes."""

REMEMBERED_CHARACTERS = 60
"""Longer values are decoded anew: nobody may fill the memory with them."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A request that is what it says. ``fields``: the parameters that were given once."""

    gateway: Gateway
    fields: Fields


def receive(request: Request, gateway_id: int, json_allowed: bool = False) -> Webhook:
    """Check a request and read its parameters.

    Args:
        request: the request, unread.
        gateway_id: whom it claims to be for.
        json_allowed: whether this address takes news, which some providers send as JSON.

    Raises:
        UnsupportedMediaType: neither a form nor an allowed JSON (415).
        RequestEntityTooLarge: no provider sends so much (413).
        WebhookRefused: unsigned, wrongly signed, not from the gateway's project, or about no call
            (403).
        StoreUnavailable: the gateway cannot be looked up.
    """
    mimetype = request.mimetype
    if mimetype != FORM and not (mimetype == JSON and json_allowed):
        raise UnsupportedMediaType()
    gateway = find_gateway(gateway_id)
    if gateway is None:
        raise WebhookRefused(f"There is no gateway {gateway_id} that can receive calls.")
    if mimetype == JSON and not gateway.provider.signs_json:
        raise UnsupportedMediaType()
    body = _body(request)
    fields = _json_fields(request, gateway, body) if mimetype == JSON else None
    if fields is None:
        fields = _form_fields(request, gateway, body)
    if fields.get("AccountSid") != gateway.ref:
        raise WebhookRefused("The field AccountSid does not name the gateway's project.")
    call_ref(fields)
    return Webhook(gateway, fields)


def _body(request: Request) -> bytes:
    """The body; read straight from the server where its length is known, which costs a tenth."""
    length = request.environ.get("CONTENT_LENGTH", "")
    if length.isdecimal() and int(length) <= BODY_BYTES:
        return request.environ["wsgi.input"].read(int(length))
    request.max_content_length = BODY_BYTES
    return request.get_data(cache=False)


def _form_fields(request: Request, gateway: Gateway, body: bytes) -> Fields:
    pairs = parse_form(body)
    addresses, signatures = _addresses(request, gateway), _signatures(request, gateway)
    order = gateway.provider.submission_order
    if not form_is_signed(gateway.secret, addresses, pairs, signatures, order):
        raise _wrongly_signed(gateway, signatures)
    return once(pairs)


def _json_fields(request: Request, gateway: Gateway, body: bytes) -> Fields:
    addresses, signatures = _addresses(request, gateway), _signatures(request, gateway)
    if not body_is_signed(gateway.secret, addresses, body, signatures):
        raise _wrongly_signed(gateway, signatures)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise WebhookRefused("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise WebhookRefused("The body is not a JSON object.")
    return {name: str(one) for name, one in value.items() if isinstance(one, str | int | float)}


def _wrongly_signed(gateway: Gateway, signatures: list[str]) -> WebhookRefused:
    if not signatures:
        return WebhookRefused("There is no signature.")
    return WebhookRefused(
        "The signature does not fit; check that the gateway's secret is the provider's, and that"
        f" {gateway.public_url} is the address the provider calls."
    )


def _addresses(request: Request, gateway: Gateway) -> list[str]:
    """The address called, as the provider may have signed it, with its percent signs untouched."""
    environ = request.environ
    raw = environ.get("RAW_URI", "")
    if not raw.startswith("/"):  # not every server keeps it; our own paths need no quoting
        query = environ.get("QUERY_STRING", "")
        raw = environ.get("PATH_INFO", "") + (f"?{query}" if query else "")
    return [base + raw for base in gateway.bases]


def _signatures(request: Request, gateway: Gateway) -> list[str]:
    headers = request.headers
    return [headers[name] for name in gateway.provider.signature_headers if headers.get(name)]


def parse_form(body: bytes) -> Pairs:
    """The parameters of a form, in their order; empty ones are signed too. A third of the time of
    the standard library's, which cannot know that the same few numbers come again and again."""
    if not body:
        return []
    pairs = []
    for pair in body.decode("utf-8", "replace").split("&"):
        name, _, value = pair.partition("=")
        if "%" in pair or "+" in pair:
            name, value = _unquote(name), _unquote(value)
        pairs.append((name, value))
    return pairs


def _unquote(text: str) -> str:
    return _remembered(text) if len(text) <= REMEMBERED_CHARACTERS else unquote_plus(text)


_remembered = lru_cache(maxsize=1000)(unquote_plus)


def once(pairs: Pairs) -> Fields:
    """The parameters that were given once. One given twice is ambiguous, as reader and signer may
    each mean another value: it is not read."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        fields = {name: value for name, value in pairs if names.count(name) == 1}
    return fields
