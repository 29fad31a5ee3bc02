"""Recordings come from the provider's own hosts, and credentials go to its API only."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from core.api import CentralinoError, NotFound
from core.calls import downloading
from plugins.twiml import recordings
from plugins.twiml.providers import PROVIDERS

WAV = b"RIFF" + bytes(200_000)
PATH = "/2010-04-01/Accounts/AC1/Recordings/"


class Storage(BaseHTTPRequestHandler):
    """A provider's API that remembers who asked."""

    asked: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("Authorization", "")))
        name = self.path.rpartition("/")[2].removesuffix(".wav")
        location = {
            "moved": f"http://127.0.0.1:{self.server.server_port}{PATH}RE1.wav",
            "outside": f"http://localhost:{self.server.server_port}{PATH}RE1.wav",
            "round": f"{PATH}round.wav",
        }.get(name)
        status = {"RE1": 200, "big": 200, "gone": 404, "secret": 401}.get(name, 500)
        self.send_response(302 if location else status)
        if location:
            self.send_header("Location", location)
        self.end_headers()
        if status == 200:
            self.wfile.write(WAV)

    def log_message(self, *args: object) -> None:
        """Tests are silent."""


@pytest.fixture
def api() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Storage)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    Storage.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def row(api: str) -> SimpleNamespace:
    return SimpleNamespace(
        provider="twilio", name="Main", ref="AC1", secret="token", api_secret="", api_url=api
    )


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize("ending", ["", ".wav"])
def test_the_file_is_asked_for_as_wav_with_the_gateways_credentials(row, api, ending) -> None:
    assert recordings.fetch(row, f"{api}{PATH}RE1{ending}") == WAV
    assert Storage.asked == [(f"{PATH}RE1.wav", basic("AC1", "token"))]


def test_the_api_has_a_secret_of_its_own(row, api) -> None:
    row.api_secret = "api token"
    recordings.fetch(row, f"{api}{PATH}RE1")
    assert Storage.asked[0][1] == basic("AC1", "api token")


def test_a_redirect_within_the_api_is_followed(row, api) -> None:
    assert recordings.fetch(row, f"{api}{PATH}moved") == WAV


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("outside", "'localhost' is not a host of Twilio"),
        ("round", "from address to address"),
        ("secret", "check the gateway's API secret"),
        ("broken", "answers 500"),
    ],
)
def test_what_the_provider_may_not_do(row, api, name, sentence) -> None:
    with pytest.raises(CentralinoError, match=sentence):
        recordings.fetch(row, f"{api}{PATH}{name}")
    assert len(Storage.asked) <= 4


def test_no_such_recording(row, api) -> None:
    with pytest.raises(NotFound):
        recordings.fetch(row, f"{api}{PATH}gone")


def test_a_recording_has_a_largest_size(row, api, monkeypatch) -> None:
    monkeypatch.setattr(downloading, "LARGEST_BYTES", 100_000)
    with pytest.raises(CentralinoError, match="larger than 100000 bytes"):
        recordings.fetch(row, f"{api}{PATH}big")


def test_a_recording_has_a_longest_time(row, api, monkeypatch) -> None:
    monkeypatch.setattr(downloading, "LONGEST_SECONDS", -1)
    with pytest.raises(CentralinoError, match="did not come within"):
        recordings.fetch(row, f"{api}{PATH}big")


def test_a_provider_that_is_not_there(row, api) -> None:
    row.api_url = "http://127.0.0.1:9"
    with pytest.raises(CentralinoError, match="cannot be reached"):
        recordings.fetch(row, f"http://127.0.0.1:9{PATH}RE1")


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:{port}/x",
        "http://127.0.0.1:9/x",
        "https://127.0.0.1:{port}/x",
        "http://127.0.0.1:{port}@localhost:{port}/x",
        "http://localhost:{port}\\@127.0.0.1:{port}/x",
        "http://ec2-1-2-3-4.compute.amazonaws.com/x",
        "https://ec2-1-2-3-4.compute.amazonaws.com/x",
        "https://evil-twilio.com/x",
        "https://api.twilio.com.evil.example/x",
        "http://api.twilio.com/x",
        "https://api.twilio.com:8443/x",
        "file:///etc/passwd",
        "http://[::1",
        "http://127.0.0.1:99999/x",
        "",
        "\x00",
    ],
)
def test_no_other_host_is_asked(row, api, url, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(recordings.requests, "get", lambda *args, **more: asked.append(args))
    with pytest.raises(CentralinoError):
        recordings.fetch(row, url.replace("{port}", api.rpartition(":")[2]))
    assert asked == []


def test_storage_gets_no_credentials(row, monkeypatch) -> None:
    asked = []

    def get(url, auth, **more):
        asked.append((url, auth))
        raise recordings.requests.ConnectionError("enough")

    monkeypatch.setattr(recordings.requests, "get", get)
    for url in (
        "https://media.twiliocdn.com/x",
        "https://com-twilio-us1-recordings.s3.eu-west-1.amazonaws.com/x",
    ):
        with pytest.raises(CentralinoError, match="enough"):
            recordings.fetch(row, url)
    assert [auth for _, auth in asked] == [recordings._no_credentials] * 2


def test_signalwire_has_an_address_per_customer(row) -> None:
    row.provider, row.api_url = "signalwire", ""
    with pytest.raises(CentralinoError, match="needs an API address"):
        recordings.fetch(row, "https://acme.signalwire.com/x")


def test_twilio_has_one_for_all() -> None:
    assert PROVIDERS["twilio"].api_url == "https://api.twilio.com"
