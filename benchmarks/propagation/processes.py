"""The processes of an installation, and what each of them says of its revision.

``centralino serve`` runs as it is, without its jobs; the jobs run in a process that also says what
it sees. Every worker is asked over a connection of its own.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

from benchmarks.propagation.watch import NAME, revision
from core.app import installation

COMMAND = str(Path(sys.executable).with_name("centralino"))
"""The command that was installed with the project."""

WORKERS = 4
ASK_SECONDS = 0.01
"""How often each process is asked: how exact the measuring is."""

START_SECONDS = 60
CONNECTIONS = 400
"""How many may be opened until every worker has one."""


class Watched:
    """What one process said last, and since when it has said so."""

    def __init__(self) -> None:
        self.number = 0
        self.since = 0.0

    def saw(self, number: int, at: float) -> None:
        """It answers by this revision at an instant of the monotonic clock."""
        if number != self.number:
            self.since, self.number = at, number


@contextmanager
def running(folder: Path, environment: dict[str, str]) -> Iterator[list[Watched]]:
    """Run everything while the block lasts; gives one ``Watched`` per process.

    Args:
        folder: an initialised installation's data folder.
        environment: of the processes.
    """
    port, over = _free_port(), Event()
    serve = [COMMAND, "serve", "--port", str(port), "--workers", str(WORKERS), "--no-jobs"]
    jobs = [sys.executable, "-m", __name__]
    with ExitStack() as stack:
        server = stack.enter_context(_process(serve, environment, subprocess.DEVNULL))
        beside = stack.enter_context(_process(jobs, environment, subprocess.PIPE))
        connections = _connections(server, port)
        watched = [Watched() for _ in (*connections, beside)]
        threads = [
            Thread(target=_ask, args=(one, seen, over))
            for one, seen in zip(connections.values(), watched[1:], strict=True)
        ]
        threads.append(Thread(target=_listen, args=(beside, watched[0])))
        for thread in threads:
            thread.start()
        try:
            wait(watched, 1)
            yield watched
        finally:
            over.set()
            beside.terminate()
            for thread in threads:
                thread.join()


def wait(watched: list[Watched], number: int) -> list[float]:
    """Wait until all processes answer by a revision; since when each does.

    Raises:
        RuntimeError: one of them never does.
    """
    deadline = monotonic() + START_SECONDS
    while any(one.number < number for one in watched):
        if monotonic() > deadline:
            raise RuntimeError(f"not every process answers by revision {number}")
        sleep(ASK_SECONDS)
    return [one.since for one in watched]


@contextmanager
def _process(
    command: list[str], environment: dict[str, str], out: int
) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(command, env=environment, stdout=out, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)
        if process.stdout:
            process.stdout.close()


def _connections(server: subprocess.Popen, port: int) -> dict[int, HTTPConnection]:
    """A kept-alive connection to each worker, by its process."""
    found, spare = {}, []
    deadline = monotonic() + START_SECONDS
    while len(found) < WORKERS:
        if server.poll() is not None or monotonic() > deadline or len(spare) > CONNECTIONS:
            raise RuntimeError("the server did not start, or not with all its workers")
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            process = _told(connection)[0]
        except OSError:
            sleep(0.1)
            continue
        if process in found:
            spare.append(connection)  # kept open, so that the next one goes elsewhere
        found.setdefault(process, connection)
    for connection in spare:
        connection.close()
    return found


def _told(connection: HTTPConnection) -> tuple[int, int]:
    connection.request("GET", f"/{NAME}/")
    process, number = connection.getresponse().read().decode().split()
    return int(process), int(number)


def _ask(connection: HTTPConnection, seen: Watched, over: Event) -> None:
    while not over.wait(ASK_SECONDS):
        number = _told(connection)[1]
        seen.saw(number, monotonic())
    connection.close()


def _listen(process: subprocess.Popen, seen: Watched) -> None:
    for line in process.stdout:
        at, number = line.split()
        seen.saw(int(number), float(at))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def jobs() -> None:
    """Run the jobs, and print a line whenever the process answers by another revision."""
    with installation() as centralino:
        works = Thread(target=centralino.jobs().serve, args=(lambda: False,), daemon=True)
        works.start()
        number = 0
        while os.getppid() != 1:
            found = revision(centralino)
            if found != number:
                number = found
                print(monotonic(), number, flush=True)
            sleep(ASK_SECONDS)


if __name__ == "__main__":
    jobs()
