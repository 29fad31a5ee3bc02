"""Recordings come from the server of their address and no other; two sides become one file."""

from __future__ import annotations

import base64
import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import numpy as np
import peewee
import pytest
import soundfile

from core.api import CentralinoError, NotFound
from core.calls import downloading
from plugins.asterisk import names, recordings
from plugins.asterisk.models import ServerRow

TOKEN = "AbC-1_x"
ONE = names.recording_url("pbx", TOKEN, 3, dual=False)
TWO = names.recording_url("pbx", TOKEN, 3, dual=True)


def wav(hertz: int, seconds: float, rate: int = 8000, channels: int = 1) -> bytes:
    made = io.BytesIO()
    one = 0.3 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)
    soundfile.write(made, np.column_stack([one] * channels), rate, format="WAV", subtype="PCM_16")
    return made.getvalue()


def pitch(samples) -> int:
    """The loudest frequency of a second at 8 kHz, in hertz."""
    return int(np.abs(np.fft.rfft(samples[:8000])).argmax())


class Asterisk(BaseHTTPRequestHandler):
    """A server with some recordings that remembers who asked for what."""

    files: dict[str, bytes | int] = {}
    asked: list[tuple[str, str]] = []
    users: set[str] = set()

    def do_GET(self) -> None:
        self._answer(self.files.get(self._name(), 404))

    def do_DELETE(self) -> None:
        found = self.files.get(self._name(), 404)
        self._answer(found if isinstance(found, int) else self.files.pop(self._name()))

    def _name(self) -> str:
        path = self.path.removeprefix("/ari/recordings/stored/").removesuffix("/file")
        assert "/" not in path
        return unquote(path)

    def _answer(self, found: bytes | int) -> None:
        self.asked.append((self.command, self._name()))
        self.users.add(self.headers.get("Authorization", ""))
        status = found if isinstance(found, int) else 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()
        if isinstance(found, bytes):
            self.wfile.write(found)

    def log_message(self, *args: object) -> None:
        """Tests are silent."""


@pytest.fixture
def files() -> Iterator[dict[str, bytes | int]]:
    """What lies on a server that the installation knows as ``pbx``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Asterisk)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    Asterisk.asked, Asterisk.users, Asterisk.files = [], set(), {}
    database = peewee.SqliteDatabase(":memory:")
    with database.bind_ctx([ServerRow], bind_refs=False, bind_backrefs=False):
        database.create_tables([ServerRow])
        ServerRow.create(
            name="pbx",
            url=f"http://127.0.0.1:{server.server_port}/",
            user="centralino",
            secret="s e c:ret",
            sip_host="127.0.0.1",
        )
        yield Asterisk.files
    database.close()
    server.shutdown()
    server.server_close()
    thread.join()


def name(side: str = "") -> str:
    return names.recording(TOKEN, 3, side)


def channels(sound: bytes):
    samples, rate = soundfile.read(io.BytesIO(sound), always_2d=True)
    assert rate == 8000
    return samples.T


def test_a_recording_is_fetched_with_the_servers_own_user(files) -> None:
    files[name()] = wav(440, 2)
    (heard,) = channels(recordings.fetch(None, ONE))
    assert (len(heard), pitch(heard)) == (16000, 440)
    assert Asterisk.asked == [("GET", name())]
    assert Asterisk.users == {"Basic " + base64.b64encode(b"centralino:s e c:ret").decode()}


def test_two_sides_are_one_file_the_caller_left(files) -> None:
    files[name("in")], files[name("out")] = wav(440, 2), wav(880, 1.5)
    caller, employee = channels(recordings.fetch(None, TWO))
    assert (pitch(caller), pitch(employee)) == (440, 880)
    assert len(caller) == len(employee) == 16000
    assert abs(employee[11_900:12_000]).max() > 0.2
    assert abs(employee[12_000:]).max() == 0


@pytest.mark.parametrize("lost", ["in", "out"])
def test_one_side_is_kept_where_the_other_is_lost(files, lost) -> None:
    files[name("in")], files[name("out")] = wav(440, 1), wav(880, 1)
    del files[name(lost)]
    caller, employee = channels(recordings.fetch(None, TWO))
    heard, silent = (employee, caller) if lost == "in" else (caller, employee)
    assert pitch(heard) == (880 if lost == "in" else 440)
    assert abs(silent).max() == 0


@pytest.mark.parametrize("claims", [0, 2**31 - 1])
def test_what_a_dying_server_was_recording_is_read_to_its_end(files, claims) -> None:
    sound = bytearray(wav(440, 1))
    place = sound.index(b"data") + 4
    sound[place : place + 4] = claims.to_bytes(4, "little")
    files[name()] = bytes(sound) + b"\x01"
    (heard,) = channels(recordings.fetch(None, ONE))
    assert (len(heard), pitch(heard)) == (8000, 440)


@pytest.mark.parametrize("url", [ONE, TWO])
def test_no_such_recording(files, url) -> None:
    with pytest.raises(NotFound, match="The Asterisk server 'pbx' has no such recording"):
        recordings.fetch(None, url)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (401, "'pbx' refuses; check its ARI user and secret"),
        (500, "'pbx' answers 500"),
        (302, "'pbx' answers 302"),
        (b"<html>", "no WAV file"),
        (b"", "no WAV file"),
        (wav(440, 0.1, channels=2), "not one channel"),
    ],
)
def test_what_asterisk_may_not_do(files, found, sentence) -> None:
    files[name()] = found
    with pytest.raises(CentralinoError, match=sentence):
        recordings.fetch(None, ONE)
    assert len(Asterisk.asked) == 1


def test_two_sides_have_one_rate(files) -> None:
    files[name("in")], files[name("out")] = wav(440, 1), wav(880, 1, rate=16000)
    with pytest.raises(CentralinoError, match="different rates"):
        recordings.fetch(None, TWO)


def test_a_recording_has_a_largest_size_and_a_longest_time(files, monkeypatch) -> None:
    files[name()] = wav(440, 2)
    monkeypatch.setattr(downloading, "LARGEST_BYTES", 10_000)
    with pytest.raises(CentralinoError, match="larger than 10000 bytes"):
        recordings.fetch(None, ONE)
    monkeypatch.undo()
    monkeypatch.setattr(downloading, "LONGEST_SECONDS", -1)
    with pytest.raises(CentralinoError, match="did not come within"):
        recordings.fetch(None, ONE)


def test_a_server_that_is_not_there(files) -> None:
    ServerRow.update(url="http://127.0.0.1:9").execute()
    for ask in (recordings.fetch, recordings.discard):
        with pytest.raises(CentralinoError, match="The Asterisk server 'pbx' cannot be reached"):
            ask(None, TWO)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (f"other/centralino/{TOKEN}.3", "no Asterisk server 'other'"),
        (f"127.0.0.1:9/centralino/{TOKEN}.3", "no address of a recording"),
        (f"http://pbx/centralino/{TOKEN}.3", "no address of a recording"),
        (f"pbx/../centralino/{TOKEN}.3", "no address of a recording"),
        ("pbx/centralino/../voicemail/3", "no address of a recording"),
        ("pbx/somebody-elses", "no address of a recording"),
        (f"pbx/centralino/{TOKEN}.3?sides=2#x", "no address of a recording"),
        (f"pbx/centralino/{TOKEN}.3\n", "no address of a recording"),
        ("", "no address of a recording"),
    ],
)
def test_nobody_else_is_asked(files, url, sentence) -> None:
    for ask in (recordings.fetch, recordings.discard):
        with pytest.raises(CentralinoError, match=sentence):
            ask(None, url)
    assert Asterisk.asked == []


def test_no_proxy_sees_the_secret(files, monkeypatch) -> None:
    files[name()] = wav(440, 1)
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    assert len(recordings.fetch(None, ONE)) > 16000


@pytest.mark.parametrize(("url", "sides"), [(ONE, ("",)), (TWO, ("in", "out"))])
def test_what_was_fetched_is_removed(files, url, sides) -> None:
    files.update({name(side): wav(440, 0.1) for side in sides})
    files["centralino/other.3"] = b"stays"
    recordings.discard(None, url)
    assert list(files) == ["centralino/other.3"]
    recordings.discard(None, url)
    assert Asterisk.asked == [("DELETE", name(side)) for side in sides] * 2


def test_what_is_not_removed_is_told(files) -> None:
    files[name("in")], files[name("out")] = wav(440, 0.1), 401
    with pytest.raises(CentralinoError, match="does not remove a recording: it answers 401"):
        recordings.discard(None, TWO)
