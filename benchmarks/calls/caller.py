"""The provider's side: places calls over kept-alive connections, in a process of its own.

    python -m benchmarks.calls.caller PORT SECONDS CONNECTIONS START < companies

prints ``events seconds cpu-seconds`` of what was answered. Raw sockets, because ``http.client``
costs more than the bare view that is measured.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from dataclasses import asdict
from time import perf_counter, process_time

from benchmarks.calls.company import Company
from benchmarks.calls.script import Writer, full_call


def place_calls(
    port: int, seconds: float, connections: int, start: int, companies: list[Company]
) -> tuple[int, float, float]:
    """Run this module as a process; returns events answered, seconds, and its own CPU seconds."""
    arguments = [str(port), str(seconds), str(connections), str(start)]
    given = json.dumps([asdict(company) for company in companies])
    done = subprocess.run(
        [sys.executable, "-m", __name__, *arguments],
        input=given,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    events, took, cpu = done.stdout.split()
    return int(events), float(took), float(cpu)


class Line(threading.Thread):
    """One connection: calls to one company, one after the other, until the time is over."""

    def __init__(self, port: int, company: Company, first: int, until: float) -> None:
        super().__init__(daemon=True)
        self._port, self._company, self._number, self._until = port, company, first, until
        self.events = 0
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=30) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._talk(connection)
        except BaseException as error:
            self.error = error

    def _talk(self, connection: socket.socket) -> None:
        while perf_counter() < self._until:
            ref = f"CA{self._number:032x}"
            self._number += 1
            writer, call = Writer(self._company, ref), full_call(self._company, ref)
            path, fields = next(call)
            try:
                while True:
                    answer = _send(connection, path, *writer.request(path, fields))
                    if perf_counter() < self._until:
                        self.events += 1
                    path, fields = call.send(answer)
            except StopIteration:
                pass


def _send(connection: socket.socket, path: str, body: bytes, signature: str) -> str:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Twilio-Signature: {signature}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    connection.sendall(head.encode() + body)
    data = connection.recv(65536)
    while b"\r\n\r\n" not in data:
        data += _more(connection, path)
    head, _, body = data.partition(b"\r\n\r\n")
    if head[9:12] not in (b"200", b"204"):
        raise RuntimeError(f"{path} was answered with {head[9:12].decode()}")
    length = _length(head)
    while len(body) < length:
        body += _more(connection, path)
    return body.decode()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


def _more(connection: socket.socket, path: str) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise RuntimeError(f"the connection was closed at {path}")
    return data


def main(port: int, seconds: float, connections: int, start: int) -> None:
    """Place the calls, print what was answered."""
    companies = [Company(**one) for one in json.load(sys.stdin)]
    began, cpu = perf_counter(), process_time()
    lines = [
        Line(port, companies[place % len(companies)], start + place * 1_000_000, began + seconds)
        for place in range(connections)
    ]
    for line in lines:
        line.start()
    for line in lines:
        line.join()
    errors = [line.error for line in lines if line.error]
    if errors:
        raise errors[0]
    print(sum(line.events for line in lines), seconds, process_time() - cpu)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
