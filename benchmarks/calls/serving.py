"""Serves one of the two applications, as ``centralino serve`` does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from benchmarks.calls.bare import make_app
from benchmarks.calls.company import PLANS
from benchmarks.installation import configuration
from core.app import create_app
from core.cli.serving import THREADS

WORKERS = 2
FOLDER = "CENTRALINO_BENCHMARK"
START_SECONDS = 60


def engine() -> Flask:
    """Centralino, with all installed plugins."""
    return create_app(configuration(Path(os.environ[FOLDER]), PLANS))


def bare() -> Flask:
    """The bare view."""
    return make_app(Path(os.environ[FOLDER]))


@contextmanager
def served(which: str, folder: Path, port: int) -> Iterator[int]:
    """Serve ``engine`` or ``bare`` on a port of the loopback while the block lasts; gives the
    server's process."""
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, which, str(port)], env={**os.environ, FOLDER: str(folder)}
    )
    try:
        _wait(process, port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def cpu_seconds(server: int) -> float:
    """What a server and its workers have used of the processors so far."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(values[1]) == server or int(stat.parent.name) == server:
            ticks += int(values[11]) + int(values[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _wait(process: subprocess.Popen, port: int) -> None:
    until = monotonic() + START_SECONDS
    while monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("the server did not start; its message is above")
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("POST", "/twiml/0/voice")
            connection.getresponse()
            return
        except OSError:
            sleep(0.1)
    raise RuntimeError(f"the server did not answer within {START_SECONDS} s")


def main(which: str, port: int) -> None:
    """Run a server until it is terminated; the options are those of ``centralino serve``."""
    Granian(
        f"benchmarks.calls.serving:{which}",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        factory=True,
        respawn_failed_workers=True,
        log_access=False,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
