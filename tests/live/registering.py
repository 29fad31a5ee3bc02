"""Registers a telephone that cannot do it itself (sipp): one SIP REGISTER with a digest."""

from __future__ import annotations

import hashlib
import re
import socket
import uuid

PORT = 5060
"""The telephone's own, before it is switched on: Asterisk calls back where it was asked from."""

TRIES, TRY_SECONDS = 15, 2
"""A question is sent again after so long, as SIP over UDP wants it."""


def register(server: str, user: str, password: str, address: str, seconds: int = 600) -> None:
    """Tell Asterisk that a user's telephone is at ``address`` for so long; 0: no more.

    Raises:
        AssertionError: it was refused.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind((address, PORT))
        own.settimeout(TRY_SECONDS)
        call = uuid.uuid4().hex
        challenge = _ask(own, server, user, call, 1, seconds)
        realm, nonce = (
            re.search(rf'{name}="([^"]*)"', challenge)[1] for name in ("realm", "nonce")
        )
        signed = _digest(server, user, password, realm, nonce)
        answer = _ask(own, server, user, call, 2, seconds, signed)
        assert answer.startswith("SIP/2.0 200"), answer


def _ask(
    own: socket.socket, server: str, user: str, call: str, number: int, seconds: int, auth: str = ""
) -> str:
    address = own.getsockname()[0]
    lines = (
        f"REGISTER sip:{server} SIP/2.0",
        f"Via: SIP/2.0/UDP {address}:{PORT};branch=z9hG4bK{uuid.uuid4().hex}",
        f"From: <sip:{user}@{server}>;tag={call[:8]}",
        f"To: <sip:{user}@{server}>",
        f"Call-ID: {call}",
        f"CSeq: {number} REGISTER",
        f"Contact: <sip:{user}@{address}:5060>",
        "Max-Forwards: 70",
        f"Expires: {seconds}",
        *([auth] if auth else []),
        "Content-Length: 0",
    )
    asked = "\r\n".join((*lines, "", "")).encode()
    for _ in range(TRIES):
        own.sendto(asked, (server, 5060))
        try:
            return own.recv(65536).decode()
        except TimeoutError:
            continue
    raise AssertionError(f"{server} does not answer the REGISTER of {user}")


def _digest(server: str, user: str, password: str, realm: str, nonce: str) -> str:
    def hashed(*words: str) -> str:
        return hashlib.md5(":".join(words).encode()).hexdigest()

    uri, count, word = f"sip:{server}", "00000001", "a"
    own, asked = hashed(user, realm, password), hashed("REGISTER", uri)
    response = hashed(own, nonce, count, word, "auth", asked)
    return (
        f'Authorization: Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{uri}",'
        f' response="{response}", algorithm=MD5, qop=auth, nc={count}, cnonce="{word}"'
    )
