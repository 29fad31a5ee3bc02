"""Hostile requests against the real server: refused by their kind, never a 500, nothing leaks.

What Flask's test client cannot send: broken HTTP, lying lengths, NULs, many at once. The table of
wrongly signed requests is in tests/plugins/twiml/test_hostile.py.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from core.testing import Company, close_kit, open_kit
from tests.plugins.twiml.client import Provider
from tests.served.server import Server

PASSWORD = "a password for tests"
FORM = "Content-Type: application/x-www-form-urlencoded"
DUPLICATES = 200


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One served installation for all tests here."""
    folder = tmp_path_factory.mktemp("hostile")
    server = Server(folder, folder / "serve.log")
    done = server.run("init", "--email", "op@example.com", CENTRALINO_PASSWORD=PASSWORD)
    assert done.returncode == 0, done.stderr
    server.start("--no-jobs")
    yield server
    server.kill()


@pytest.fixture(scope="module")
def company(server: Server) -> Iterator[Company]:
    """A company whose number greets callers."""
    kit = open_kit(server.folder)
    company = kit.company("basic")
    company.profile("extension", greeting=True, greeting_text="Welcome.")
    yield company
    close_kit(kit)


@pytest.fixture(autouse=True)
def no_trace_of_a_fault(server: Server) -> Iterator[None]:
    """Whatever is sent: the log has no traceback and no error of ours."""
    yield
    log = server.log.read_text(errors="replace")
    assert "Traceback" not in log
    assert " ERROR " not in log


def exchange(server: Server, sent: bytes) -> str:
    """What the server answers to these bytes, all of it."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        with suppress(ConnectionError):  # a refusal may come before all is sent
            connection.sendall(sent)
        return receive(connection)


def receive(connection: socket.socket) -> str:
    parts = []
    with suppress(ConnectionResetError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts).decode("latin-1")


def post(
    *headers: str | bytes,
    path: str = "/twiml/{gateway}/voice",
    method: str = "POST",
    version: str = "HTTP/1.1",
    host: str | bytes | None = "voice.example.com",
    body: bytes = b"a=b",
    length: str | None = None,
) -> bytes:
    """A request in bytes; by default an unsigned form."""
    lines: list[str | bytes] = [f"{method} {path} {version}"]
    if host is not None:
        lines.append(b"Host: " + (host if isinstance(host, bytes) else host.encode()))
    lines += headers or [FORM]
    lines += [f"Content-Length: {length or len(body)}"] if length != "" else []
    lines += ["Connection: close", "", ""]
    head = b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    return head + body


CHUNKED = (FORM, "Transfer-Encoding: chunked")
TLS_HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200) + b"\r\n\r\n"

HOSTILE = {
    # signature
    "no signature": (403, post()),
    "wrong signature": (403, post(FORM, "X-Twilio-Signature: AAAA")),
    "signature that is no text": (403, post(FORM, b"X-Twilio-Signature: \xff\xfe")),
    "a NUL in the signature": (400, post(FORM, b"X-Twilio-Signature: a\0b")),
    "news without a signature": (403, post(path="/twiml/{gateway}/status")),
    # method
    **{
        f"method {method}": (405, post(method=method, body=b""))
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT")
    },
    "method nobody knows": (405, post(method="BREW", body=b"")),
    # content type
    "JSON": (415, post("Content-Type: application/json", body=b'{"a": 1}')),
    "broken JSON as news": (
        415,
        post("Content-Type: application/json", body=b"{", path="/twiml/{gateway}/status"),
    ),
    "no content type": (415, post("X-Nothing: 1")),
    # host
    "port out of range": (403, post(host="x:99999")),
    "port that is a word": (403, post(host="x:abc")),
    "half an address": (403, post(host="[::1")),
    "host that is no text": (403, post(host=b"\xff\xfe")),
    "an address in the request line": (403, post(path="http://evil:99999/twiml/{gateway}/voice")),
    "HTTP/1.0 without a host": (403, post(version="HTTP/1.0", host=None)),
    "HTTP/1.1 without a host": (403, post(host=None)),
    # address
    "another place": (404, post(path="/twiml/{gateway}/nothing")),
    "no gateway": (404, post(path="/twiml")),
    "a NUL, quoted": (404, post(path="/twiml/{gateway}/%00")),
    "a NUL": (400, post(path="/twiml/{gateway}/voice\0")),
    "no UTF-8, quoted": (404, post(path="/twiml/{gateway}/%ff%fe")),
    "half a quoted sign": (404, post(path="/twiml/{gateway}/%zz%")),
    "up and down again": (404, post(path="/twiml/../twiml/{gateway}/voice")),
    "a very long path": (414, post(path="/twiml/" + "a" * 70_000)),
    # size
    "too much": (413, post(body=b"x" * 70_000)),
    "said to be too much": (413, post(length="99999999999999")),
    "less than nothing": (400, post(length="-1")),
    "a length that is a word": (400, post(length="many")),
    "two lengths": (400, post(FORM, "Content-Length: 9")),
    "long headers": (431, post(FORM, "X-Long: " + "a" * 500_000)),
    "many headers": (431, post(FORM, *(f"X-{number}: a" for number in range(500)))),
    "in chunks": (403, post(*CHUNKED, length="", body=b"3\r\na=b\r\n0\r\n\r\n")),
    "endless chunks": (
        403,
        post(*CHUNKED, length="", body=(b"10000\r\n" + b"x" * 65536 + b"\r\n") * 2 + b"0\r\n\r\n"),
    ),
    "chunks that are none": (403, post(*CHUNKED, length="", body=b"zz\r\n")),
    "chunks and a length": (403, post(*CHUNKED, body=b"3\r\na=b\r\n0\r\n\r\n")),
    # no HTTP
    "another protocol": (400, TLS_HELLO),
    "a word": (400, b"hello\r\n\r\n"),
    "HTTP/0.9": (400, b"GET /twiml/1/voice\r\n\r\n"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_refused_by_its_kind(server, company, name):
    status, request = HOSTILE[name]
    answer = exchange(server, request.replace(b"{gateway}", str(company.gateway.id).encode()))
    head, _, body = answer.partition("\r\n\r\n")
    assert head.split("\r\n")[0].split(" ")[1] == str(status), head
    assert "Traceback" not in body
    assert "File " not in body
    assert len(body) < 200, "one plain sentence"
    if name == "method HEAD":
        assert body == ""


def test_garbage_behind_a_request_is_no_second_request(server, company):
    first = post().replace(b"Connection: close\r\n", b"")
    first = first.replace(b"{gateway}", str(company.gateway.id).encode())
    answer = exchange(server, first + b"\0\xffgarbage garbage\r\n\r\n")
    assert re.findall(r"HTTP/1\.1 (\d+)", answer) == ["403", "400"]


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /login HTTP/1.0\r\n\r\n",
        b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /login HTTP/1.1\r\nHost: x:99999\r\n\r\n",
        b"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /calls/?from=%ff&caller=%00 HTTP/1.1\r\nHost: [::1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nCookie: session=.a.b; remember_token=1|\xff\r\n\r\n",
        b"GET /api/calls?x=%00 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\r\n\r\n",
        b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 2\r\n\r\n[]",
        b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data\r\n"
        b"Content-Length: 3\r\n\r\n--x",
    ],
)
def test_the_admin_beside_the_webhooks_does_not_stumble_either(server, request_):
    answer = exchange(server, request_.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
    assert re.match(r"HTTP/1\.[01] [234]\d\d ", answer), answer[:200]
    assert "Traceback" not in answer


def arrival(provider: Provider, caller: str) -> bytes:
    """A signed arrival in bytes."""
    fields = provider.fields(CallStatus="ringing", From=caller)
    url = provider.url("voice")
    signature = provider.sign(url + "".join(key + fields[key] for key in sorted(fields)))
    body = urlencode(fields).encode()
    return post(FORM, f"X-Twilio-Signature: {signature}", path=urlsplit(url).path, body=body)


def test_many_copies_of_one_arrival_at_once_are_one_call(server, company):
    provider = Provider(server.url, company.gateway)
    provider.ref, provider.to = "CA" + "d" * 32, company.line.number
    request = arrival(provider, "+393331234567")
    address = ("127.0.0.1", server.port)
    connections = [socket.create_connection(address, timeout=60) for _ in range(DUPLICATES)]
    try:
        for connection in connections:
            connection.sendall(request)
        answers = [receive(connection) for connection in connections]
    finally:
        for connection in connections:
            connection.close()

    heads = {answer.split("\r\n", 1)[0] for answer in answers}
    bodies = {answer.partition("\r\n\r\n")[2] for answer in answers}
    assert heads == {"HTTP/1.1 200 OK"}
    assert len(bodies) == 1
    assert "Welcome." in bodies.pop()
    store = company.kit.app.store
    assert store.rows("SELECT ref FROM calls") == [(provider.ref,)]
    assert store.rows("SELECT count(*) FROM call_events") == [(1,)]


def test_the_log_holds_no_secret(server: Server, company: Company):
    assert company.gateway.secret not in Path(server.log).read_text(errors="replace")
