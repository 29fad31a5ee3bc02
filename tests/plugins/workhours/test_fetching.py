"""Fetching a calendar: what may be asked, how much may come, and how often."""

import gzip
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from plugins.workhours import fetching
from plugins.workhours.fetching import check_address, fetch
from plugins.workhours.importing import Unreadable

TEXT = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Handler(BaseHTTPRequestHandler):
    """Answers what its server was told to, and remembers what it was asked."""

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        status, headers, body = self.server.answers.get(self.path, (404, {}, b""))
        if self.headers.get("If-None-Match") and headers.get("ETag"):
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            for part in [body] if isinstance(body, bytes) else body:
                self.wfile.write(part)
        except OSError:
            self.server.cut_off = True

    def log_message(self, *args):
        """Silence."""


@pytest.fixture
def server(monkeypatch):
    """A server on this machine, which the operator allows."""
    monkeypatch.setenv("CENTRALINO_LOCAL_CALENDARS", "1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.answers, server.cut_off = [], {}, False
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def fault_of(url, *marks):
    with pytest.raises(Unreadable) as refused:
        fetch(url, *marks)
    return refused.value.fault


def test_a_calendar_comes_with_its_marks_and_is_not_sent_twice(server):
    headers = {"ETag": '"v1"', "Last-Modified": "Mon, 23 Nov 2026 09:00:00 GMT"}
    server.answers["/a.ics?key=1"] = (200, headers, TEXT)
    got = fetch(f"{server.url}/a.ics?key=1")
    assert (got.text, got.etag, got.modified) == (TEXT, '"v1"', headers["Last-Modified"])
    assert fetch(f"{server.url}/a.ics?key=1", got.etag, got.modified) is None
    asked = server.asked[1][1]
    assert asked["If-None-Match"] == '"v1"'
    assert asked["If-Modified-Since"] == headers["Last-Modified"]
    assert asked["Host"] == server.url.removeprefix("http://")


def test_redirects_are_followed_a_few_times(server):
    server.answers["/old"] = (301, {"Location": "/new.ics"}, b"")
    server.answers["/new.ics"] = (200, {}, TEXT)
    server.answers["/round"] = (302, {"Location": f"{server.url}/round"}, b"")
    assert fetch(f"{server.url}/old").text == TEXT
    assert fault_of(f"{server.url}/round") == "redirects"


@pytest.mark.parametrize("location", ["file:///etc/passwd", "gopher://x/", "http://u:p@host/"])
def test_a_redirect_leads_nowhere_else(server, location):
    server.answers["/away"] = (302, {"Location": location}, b"")
    assert fault_of(f"{server.url}/away") == "address"


def test_a_hundred_megabytes_are_not_read(server):
    """Neither as they are nor as a small file that grows when it is unpacked."""
    part = b"X" * 1024 * 1024
    server.answers["/big"] = (200, {}, (part for _ in range(100)))
    packed = gzip.compress(part * 100)
    assert len(packed) < 200_000
    server.answers["/packed"] = (200, {"Content-Encoding": "gzip"}, packed)
    assert fault_of(f"{server.url}/big") == "too-large"
    assert fault_of(f"{server.url}/packed") == "too-large"


def dripping(text):
    while True:
        time.sleep(0.05)
        yield text


def test_a_server_that_drips_is_left_after_the_time(server, monkeypatch):
    """A byte now and then never lets a socket's own timeout pass, and never ends."""
    monkeypatch.setattr(fetching, "LONGEST_SECONDS", 0.5)
    server.answers["/slow"] = (200, {}, dripping(b"x"))
    assert fault_of(f"{server.url}/slow") == "too-slow"


def test_a_server_that_drips_its_headers_is_left_after_the_time(server, monkeypatch):
    monkeypatch.setattr(fetching, "LONGEST_SECONDS", 0.5)

    def headers(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        with suppress(OSError):
            for part in dripping(b"x"):
                handler.wfile.write(part)

    monkeypatch.setattr(Handler, "do_GET", headers)
    assert fault_of(f"{server.url}/slow") == "too-slow"


@pytest.mark.parametrize("host", ["64:ff9b::7f00:1", "::127.0.0.1", "fec0::1", "2002:7f00:1::"])
def test_an_address_of_ipv6_that_leads_inside_is_not_asked(host):
    assert fault_of(f"http://[{host}]/a.ics") == "private"


def test_what_is_not_there_says_its_status(server):
    assert fault_of(f"{server.url}/none") == "status"


def test_nobody_answers():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CENTRALINO_LOCAL_CALENDARS", "1")
        assert fault_of(f"http://127.0.0.1:{port}/") == "unreachable"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.ics",
        "http://localhost/",
        "http://[::1]/",
        "http://10.1.2.3/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://127.1/",
        "http://224.0.0.1/",
    ],
)
def test_addresses_within_are_refused(url, monkeypatch):
    monkeypatch.delenv("CENTRALINO_LOCAL_CALENDARS", raising=False)
    assert fault_of(url) == "private"


def test_every_address_of_a_host_must_be_a_public_one(monkeypatch):
    """A name that has a public and a private address could be dialled either way."""
    monkeypatch.delenv("CENTRALINO_LOCAL_CALENDARS", raising=False)

    def resolve(host, port, **options):
        return [(2, 1, 6, "", (address, port)) for address in ("93.184.216.34", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert fault_of("http://two-faced.example/") == "private"


def test_the_address_that_was_checked_is_the_one_dialled(server, monkeypatch):
    """A name is resolved once: what it means a moment later does not matter."""
    server.answers["/a.ics"] = (200, {}, TEXT)
    port = server.server_address[1]
    answers = iter(["127.0.0.1"])
    real = socket.getaddrinfo

    def resolve(host, *args, **options):
        if host == "rebinding.example":
            return [(2, 1, 6, "", (next(answers), port))]
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert fetch(f"http://rebinding.example:{port}/a.ics").text == TEXT
    assert server.asked[0][1]["Host"] == f"rebinding.example:{port}"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "calendar.ics",
        "ftp://x/y.ics",
        "file:///etc/passwd",
        "https://",
        "http://x:99999/",
    ],
)
def test_only_addresses_of_the_web_are_asked(url):
    with pytest.raises(Unreadable) as refused:
        check_address(url)
    assert refused.value.fault == "address"


def test_a_calendars_own_kind_of_address_is_one_of_the_web():
    assert check_address("webcal://example.com/a.ics") == ("https", "example.com", 443, "/a.ics")


def test_a_host_that_does_not_exist():
    assert fault_of("https://nobody.invalid/a.ics") == "unknown-host"
