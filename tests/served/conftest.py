"""A served application, and a provider's recordings to fetch, all on loopback."""

from __future__ import annotations

import io
import threading
import wave
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from core.app import tables
from core.testing import Company


def sound(seconds: float = 1.0) -> bytes:
    """A WAV file of silence; of no length, a file without sound."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(b"\0\0" * int(8000 * seconds))
    return file.getvalue()


def group_of(company: Company) -> Any:
    """A group with all employees of a company."""
    by_name = {table._meta.table_name: table for table in tables(company.kit.app.registry)}
    group = by_name["queue_groups"].create(account=company.account, name="Sales")
    for employee in company.account.employees:
        by_name["queue_members"].create(
            account=company.account, group=group, employee=employee, position=1
        )
    return group


class _Recordings(BaseHTTPRequestHandler):
    """Gives a WAV for every address, an empty one where the address says so."""

    def do_GET(self) -> None:
        body = sound(0) if "empty" in self.path else sound()
        self.send_response(404 if "absent" in self.path else 200)
        self.send_header("Content-Type", "audio/wav")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests say what failed."""


@pytest.fixture
def recordings() -> Iterator[str]:
    """The address of a provider's recordings."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Recordings)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
