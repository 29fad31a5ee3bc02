"""``serve`` and ``jobs``: the processes of a running installation."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from core.app import create_app, installation
from core.config import Config
from core.contract.errors import BadInput
from core.migrating import pending

THREADS = 16
"""Requests that one worker can have in hand; a slow plugin holds one of them for a second."""

END_SECONDS = 10
"""How long a worker may finish what it has in hand when the server ends."""

log = logging.getLogger("centralino")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--no-jobs", is_flag=True, help="Do not run the jobs process beside the server.")
def serve(host: str, port: int, workers: int, no_jobs: bool) -> None:
    """Serve the admin, the API and the webhooks, and run the jobs beside them."""
    _check_ready()
    _check_free(host, port)
    click.echo(f"Centralino is at http://{host}:{port} (stop with Ctrl-C)")
    beside = None if no_jobs else _Beside([sys.argv[0], "jobs", "--beside", str(os.getpid())])
    try:
        Granian(
            "core.cli.serving:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            factory=True,
            respawn_failed_workers=True,
            workers_kill_timeout=END_SECONDS,
            log_access=False,
            log_level=LogLevels.error,
        ).serve()
    finally:
        if beside:
            beside.stop()


def application() -> object:
    """What each worker process serves."""
    _can_be_ended()
    _log_to_stderr()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    return create_app()


@click.command()
@click.option("--beside", type=int, hidden=True, help="End with this process, the parent.")
def jobs(beside: int | None) -> None:
    """Tell plugins what has happened, fetch recordings, close calls; `serve` runs this too."""
    _log_to_stderr()
    _check_ready()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with installation() as centralino:
        centralino.jobs().serve(lambda: stopped.is_set() or _orphaned(beside))


def _can_be_ended() -> None:
    """A worker has its server's signal handlers until it is loaded, and would forget that it was
    told to end. Ctrl-C reaches it, too, but it is for the server to say."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_with(parent: int) -> None:
    """A worker whose server was killed would keep the port from the next one."""
    while not _orphaned(parent):
        time.sleep(1)
    os._exit(1)


def _orphaned(parent: int | None) -> bool:
    """Whether the process that started this one is gone."""
    return parent is not None and os.getppid() != parent


class _Beside:
    """The jobs process beside the server, started again when it dies."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._stopping = threading.Event()
        self._process = subprocess.Popen(command)
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._stopping.is_set():
            status = self._process.wait()
            if not self._stopping.wait(timeout=1):
                log.warning("the jobs process ended with %s; it is started again", status)
                self._process = subprocess.Popen(self._command)

    def stop(self) -> None:
        """End it, too."""
        self._stopping.set()
        self._process.terminate()
        self._process.wait()


def _check_ready() -> None:
    config = Config.from_environment()
    waiting = pending(config)
    if waiting:
        raise BadInput(
            f"The database is not prepared ({len(waiting)} migrations to do)."
            " Run `centralino migrate`, or `centralino init` for a new installation."
        )
    with installation(config) as centralino:
        centralino.book.settled()  # a first start with a bad plan file ends here, in its lines


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        told = str(error.strerror).partition(" (")[0]
        raise BadInput(
            f"Nothing can listen on {host}:{port}: {told}. Choose another --port."
        ) from error


def _log_to_stderr() -> None:
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
