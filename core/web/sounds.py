"""Sounds for people and for providers: what a key stands for, a text spoken, a public address.

A provider fetches a sound from an address that nobody can guess and that says nothing: the account
and the key, encrypted and authenticated with the installation's secret (AES-SIV). The same sound
always has the same address, so that the provider may keep what it has fetched.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from pathlib import Path

import peewee
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from flask import Response, send_file

from core.calls.sounding import find_sound, speak
from core.contract.call import Account
from core.contract.errors import NotFound, StoreUnavailable
from core.contract.sounds import SoundFile
from core.store.accounts import AccountRow
from core.web.host import host

FETCHED_AGAIN_SECONDS = 3600
"""So long a provider plays what it has fetched without asking again."""

FRAME = b"\xff"
"""The first byte of every frame of an mp3; the second is the same in all frames of a file."""


def sound_file(account: Account, key: str) -> SoundFile | None:
    """The files of a sound; None when no plugin has it, or its file is gone.

    Args:
        account: whose sound it must be.
        key: of the ``Sound``, such as ``melodies:17``.
    """
    return find_sound(host().registry, account, key)


def spoken(text: str, language: str) -> bytes | None:
    """A text as a WAV file, spoken by the first plugin that can; None when none can.

    Args:
        text: at most ``LONGEST_TEXT`` characters of it are spoken.
        language: a BCP 47 tag.
    """
    return speak(host().registry, text, language)


def speaks() -> bool:
    """Whether there is a synthesiser here, so that pages can offer to listen to a text."""
    return spoken("1", "en") is not None


def sound_token(account: Account, key: str) -> str:
    """The word that stands for a sound in a public address."""
    said = json.dumps([account.id, key]).encode()
    sealed = _cipher(host().config.secret_key).encrypt(said, None)
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def send_public_sound(token: str, first: int = 0, seconds: int = 0) -> Response:
    """The mp3 of a public address, whole or the part that is asked for.

    Args:
        token: see ``sound_token``.
        first: where to begin, in seconds, when only a piece is wanted.
        seconds: the length of the piece; 0: the whole sound.

    Raises:
        NotFound: nobody made this address, or its sound is gone.
    """
    try:
        sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        account_id, key = json.loads(_cipher(host().config.secret_key).decrypt(sealed, None))
    except (ValueError, InvalidTag):
        raise NotFound("There is no such sound.") from None
    try:
        row = AccountRow.get_or_none(AccountRow.id == account_id)
        file = row and sound_file(row.picture(), key)
    except (peewee.OperationalError, peewee.InterfaceError) as error:
        raise StoreUnavailable(f"The database does not answer: {error}") from error
    if not file:
        raise NotFound("There is no such sound.")
    if seconds:
        response = Response(piece(file, first, seconds), mimetype="audio/mpeg")
    else:
        response = send_sound(file.mp3, "audio/mpeg")
    response.headers["Cache-Control"] = f"public, max-age={FETCHED_AGAIN_SECONDS}"
    return response


def piece(file: SoundFile, first: int, seconds: int) -> bytes:
    """Some seconds of a sound's mp3; at its end it begins again.

    The files have a constant bit rate, so that seconds are bytes. A piece begins with a frame, and
    never with the first one, which may say how long the whole file is.

    Args:
        file: the sound.
        first: where to begin, in seconds; beyond the end, in the next round.
        seconds: how long.
    """
    data = file.mp3.read_bytes()
    per_second = len(data) / file.seconds
    wanted, length = int(first * per_second) % len(data), int(seconds * per_second)
    head = data.find(FRAME)
    rounds = (wanted + length) // len(data) + 2
    begin = (data * 2).find(data[head : head + 2], max(wanted, head + 2))
    return (data * rounds)[begin : begin + length]


def send_sound(path: Path, mimetype: str) -> Response:
    """A sound file, whole or the part that a player asks for; kept by the browser, asked again."""
    response = send_file(path, mimetype=mimetype, conditional=True, max_age=0)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@lru_cache(maxsize=4)
def _cipher(secret: str) -> AESSIV:
    return AESSIV(hmac.new(secret.encode(), b"public sounds", hashlib.sha512).digest())
