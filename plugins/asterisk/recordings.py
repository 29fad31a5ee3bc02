"""Fetches a recording from the Asterisk server that has it, and has it removed there.

A conversation with each party on its own channel lies there as two files of one channel; they are
joined here: the caller left, the employee right. Only the server of the recording's address is
asked, straight and with its own user: no proxy, no redirect, no other host.
"""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING, Any

import requests

from core.api import RECORDING_WAIT_SECONDS, CentralinoError, Download, NotFound
from plugins.asterisk.models import ServerRow
from plugins.asterisk.names import quoted, read_recording_url

if TYPE_CHECKING:
    from collections.abc import Sequence

FRAME_BYTES = 2
"""Of one sample of one side: Asterisk records 16 bit."""


def fetch(row: Any, url: str) -> bytes:
    """The WAV file of a recording; of two sides, both in one.

    Args:
        row: the gateway's row.
        url: what ``names.recording_url`` made.

    Returns:
        The file.

    Raises:
        NotFound: the server has no such recording (any more).
        CentralinoError: the address is none of ours, its server is unknown or cannot be reached,
            refuses, takes too long or sends too much.
    """
    server, names = _found(url)
    download = Download(f"The Asterisk server {server.name!r}", "its ARI user and secret")
    with _session(server) as session:
        sides = [_get(session, server, name, download) for name in names]
    if all(side is None for side in sides):
        raise NotFound(f"The Asterisk server {server.name!r} has no such recording.")
    return _joined([_heard(side) for side in sides])


def discard(row: Any, url: str) -> None:
    """Have the server remove its files of a recording; those that are gone are gone.

    Args:
        row: the gateway's row.
        url: what ``names.recording_url`` made.

    Raises:
        CentralinoError: the address is none of ours, its server is unknown or cannot be reached,
            or refuses.
    """
    server, names = _found(url)
    with _session(server) as session:
        for name in names:
            status = _ask(session, server, "DELETE", quoted(name)).status_code
            if status not in (200, 204, 404):
                raise CentralinoError(
                    f"The Asterisk server {server.name!r} does not remove a recording: it answers"
                    f" {status}."
                )


def _found(url: str) -> tuple[ServerRow, list[str]]:
    """The server and the names of the files there."""
    read = read_recording_url(url)
    if read is None:
        raise CentralinoError(f"{url[:100]!r} is no address of a recording at Asterisk.")
    name, files = read
    server = ServerRow.get_or_none(ServerRow.name == name)
    if server is None:
        raise CentralinoError(f"There is no Asterisk server {name!r}: nothing is fetched from it.")
    return server, files


def _session(server: ServerRow) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy is to see the user and secret
    session.auth = (server.user, server.secret)
    return session


def _ask(session: requests.Session, server: ServerRow, method: str, path: str) -> requests.Response:
    address = f"{server.url.rstrip('/')}/ari/recordings/stored/{path}"
    try:
        return session.request(
            method, address, stream=True, timeout=RECORDING_WAIT_SECONDS, allow_redirects=False
        )
    except requests.RequestException as error:
        raise _unreachable(server, error) from error


def _unreachable(server: ServerRow, error: requests.RequestException) -> CentralinoError:
    return CentralinoError(f"The Asterisk server {server.name!r} cannot be reached: {error}")


def _get(
    session: requests.Session, server: ServerRow, name: str, download: Download
) -> bytes | None:
    """One file; None when it is not there: half a conversation is kept where a side is lost."""
    with _ask(session, server, "GET", f"{quoted(name)}/file") as answer:
        try:
            return download.read(answer)
        except NotFound:
            return None
        except requests.RequestException as error:
            raise _unreachable(server, error) from error


def _heard(sound: bytes | None) -> tuple[int, memoryview]:
    """The samples per second and the samples of a file of one channel.

    Asterisk writes the length into the file's head when it closes it: what a server that died was
    recording is longer than its head says, and is read to its end.
    """
    if sound is None:
        return 0, memoryview(b"")
    try:
        with wave.open(io.BytesIO(sound)) as file:
            shape = file.getnchannels(), file.getsampwidth()
            rate = file.getframerate()
    except (wave.Error, EOFError) as error:
        raise CentralinoError(f"What Asterisk sent is no WAV file: {error}.") from error
    if shape != (1, FRAME_BYTES):
        raise CentralinoError("What Asterisk sent is not one channel of 16 bit.")
    start = sound.index(b"data") + 8
    said = int.from_bytes(sound[start - 4 : start], "little")
    end = start + said if 0 < said <= len(sound) - start else len(sound)
    return rate, memoryview(sound)[start : end - (end - start) % FRAME_BYTES]


def _joined(sides: Sequence[tuple[int, memoryview]]) -> bytes:
    """One file with a channel for each side; a shorter one is silent at its end."""
    import numpy as np

    rates = {rate for rate, _ in sides} - {0}
    if len(rates) > 1:
        raise CentralinoError("Asterisk recorded the two sides at different rates.")
    longest = max(len(samples) // FRAME_BYTES for _, samples in sides)
    joined = np.zeros((longest, len(sides)), dtype="<i2")
    for column, (_, samples) in enumerate(sides):
        joined[: len(samples) // FRAME_BYTES, column] = np.frombuffer(samples, dtype="<i2")
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(len(sides))
        file.setsampwidth(FRAME_BYTES)
        file.setframerate(rates.pop())
        file.writeframes(joined.tobytes())
    return made.getvalue()
