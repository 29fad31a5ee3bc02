"""Tells whether a webhook was signed with the gateway's secret. Answers, never raises.

Written by hand because the official validator raises on hostile input: without a header, on JSON,
on a bad port. Two schemes, both HMAC, both over the address *as the provider was given it*:

* a form: base64 of HMAC-SHA1 over the address and all parameters, sorted by name;
* JSON (SignalWire): hex of HMAC-SHA1 or HMAC-SHA256 over the address and the raw body.

There is no nonce: a captured request stays valid. The token in a step's address and the state of
the call are what stops a replay.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

Pairs = Sequence[tuple[str, str]]


def form_is_signed(
    secret: str,
    addresses: Iterable[str],
    pairs: Pairs,
    signatures: Iterable[str],
    submission_order: bool = False,
) -> bool:
    """Whether one of the signatures fits a form.

    Args:
        secret: the token or signing key; "" fits nothing, for anybody could sign with it.
        addresses: how the provider may have written the address (with and without port).
        pairs: every parameter received, decoded, in the order of the body.
        signatures: what the signature headers say.
        submission_order: accept repeated names as they were sent, beside sorted and once each.
    """
    texts = [_sorted_once(pairs)]
    if submission_order:
        as_sent = "".join([name + value for name, value in sorted(pairs, key=_name)])
        if as_sent != texts[0]:
            texts.append(as_sent)
    return bool(secret) and any(
        _same(_base64(secret, address + text), signature)
        for address in addresses
        for text in texts
        for signature in signatures
    )


def body_is_signed(
    secret: str, addresses: Iterable[str], body: bytes, signatures: Iterable[str]
) -> bool:
    """Whether one of the signatures fits a JSON body: in hex over address and body, or over an
    address that holds the body's hash as ``bodySHA256``."""
    return bool(secret) and any(
        _body_fits(secret, address, body, signature)
        for address in addresses
        for signature in signatures
    )


def _body_fits(secret: str, address: str, body: bytes, signature: str) -> bool:
    signed = _bytes(address) + body
    if any(
        _same(hmac.new(_bytes(secret), signed, algorithm).hexdigest(), signature)
        for algorithm in ("sha1", "sha256")
    ):
        return True
    hashes = parse_qs(urlsplit(address).query).get("bodySHA256", [""])
    return _same(sha256(body).hexdigest(), hashes[0]) and _same(_base64(secret, address), signature)


def signed_bases(public_url: str) -> tuple[str, ...]:
    """How a provider may write a public address when it signs: never with user and password, with
    and without the port, the likelier way first.

    Args:
        public_url: the gateway's own public address, without a slash at its end.

    Returns:
        The bases to put before a path; none when the address cannot be one.
    """
    try:
        parts = urlsplit(public_url)
        port = parts.port
    except ValueError:
        return ()
    standard = {"https": 443, "http": 80}.get(parts.scheme)
    if standard is None or not parts.hostname:
        return ()
    host = parts.netloc.rpartition("@")[2]
    if port is not None:
        host = host.removesuffix(f":{port}")
    bare = f"{parts.scheme}://{host}{parts.path}"
    ported = f"{parts.scheme}://{host}:{port or standard}{parts.path}"
    # Over https the port is dropped before signing, over http it is kept.
    return (ported, bare) if port and parts.scheme == "http" else (bare, ported)


def _sorted_once(pairs: Pairs) -> str:
    """The parameters by name, repeated ones by value and once each."""
    fields = dict(pairs)
    if len(fields) == len(pairs):
        return "".join([name + fields[name] for name in sorted(fields)])
    return "".join([name + value for name, value in sorted(set(pairs))])


def _name(pair: tuple[str, str]) -> str:
    return pair[0]


def _base64(secret: str, text: str) -> str:
    return b64encode(hmac.digest(_bytes(secret), _bytes(text), "sha1")).decode()


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(_bytes(expected), _bytes(given))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
