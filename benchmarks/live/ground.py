"""Starts what is compared: Asterisk, the minimal script, the gateway; and ends it again."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.installation import configuration
from benchmarks.live.asterisk import ADDRESS, APP, PROGRAMS, Server, address
from benchmarks.live.caller import Call, Caller
from benchmarks.live.company import PLANS, PROMPT, Company, make_company
from benchmarks.live.minimal import READY
from benchmarks.live.sides import Side, Sides
from core.app import Centralino, installation
from core.config import PROJECT
from plugins.asterisk.models import ServerRow
from plugins.melodies import ready
from tests.live.waiting import until

COMMAND = str(Path(sys.executable).with_name("centralino"))
"""The command that was installed with the project."""

COMPANIES = 8
SERVER, USER = "measured", "centralino"
NAMES = ("native", "script", "gateway")


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands while the benchmark runs.

    Args:
        sides: who is compared.
        asterisk: who is called.
        centralino: the installation of the gateway.
    """

    sides: Sides
    asterisk: Server
    centralino: Centralino


@contextmanager
def standing(folder: Path) -> Iterator[Ground]:
    """Start everything, and end it with the block.

    Args:
        folder: an empty one, for the database; on the disk that is to be measured.
    """
    with ExitStack() as stack:
        state = stack.enter_context(tempfile.TemporaryDirectory(prefix="pbx-"))
        asterisk = Server(PROGRAMS, Path(state), ADDRESS, USER, secrets.token_urlsafe(18))
        environment = _prepare(folder)
        centralino = stack.enter_context(installation(configuration(folder, PLANS)))
        with centralino.store.transaction():
            companies = _companies(asterisk)
        sound = ready.find(PROMPT).wav.with_suffix("")
        asterisk.configure(lambda etc: _write(etc, environment), companies, sound)
        stack.callback(asterisk.start().stop)
        script = stack.enter_context(_script(asterisk, sound))
        gateway = stack.enter_context(_gateway(asterisk, environment))
        sides = (
            Side(
                name,
                Caller(PROGRAMS / "sipp", ADDRESS, _calls(place, companies), folder / name),
                asterisk.process,
                process,
                lambda: len(asterisk.channels()),
            )
            for place, (name, process) in enumerate(
                zip(NAMES, (0, script.pid, gateway.pid), strict=True)
            )
        )
        yield Ground(Sides(*sides), asterisk, centralino)


def _prepare(folder: Path) -> dict[str, str]:
    """An initialised installation; the environment of its processes."""
    plans = folder / "plans.yaml"
    plans.write_text(PLANS)
    environment = os.environ | {
        "CENTRALINO_DATA": str(folder),
        "CENTRALINO_PLANS": str(plans),
        "CENTRALINO_SECRET_KEY": configuration(folder, PLANS).secret_key,
        "CENTRALINO_PASSWORD": "a password for benchmarks",
    }
    environment.pop("CENTRALINO_DATABASE", None)
    _run(["init", "--email", "op@example.com"], environment)
    return environment


def _companies(asterisk: Server) -> list[Company]:
    server = ServerRow.create(
        name=SERVER,
        url=f"http://{ADDRESS}:8088",
        user=USER,
        secret=asterisk.secret,
        sip_host=ADDRESS,
    )
    return [
        make_company(place, server, [address(side, place) for side in range(len(NAMES))])
        for place in range(COMPANIES)
    ]


def _calls(side: int, companies: list[Company]) -> list[Call]:
    """The calls of a side: to each company in turn, from a client and from a stranger."""
    return [
        Call(company.number, company.callers[which], address(side, place))
        for which in range(2)
        for place, company in enumerate(companies)
    ]


@contextmanager
def _script(asterisk: Server, sound: Path) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-m", "benchmarks.live.minimal", f"http://{ADDRESS}:8088"]
    command += [USER, asterisk.secret, APP, f"sound:{sound}"]
    with _process(command, dict(os.environ), subprocess.PIPE) as process:
        until(lambda: process.stdout.readline().strip() == READY, "the script is there")
        yield process


@contextmanager
def _gateway(asterisk: Server, environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    command = [COMMAND, "asterisk", "run", "--server", SERVER]
    slots = ServerRow.get(name=SERVER).slots

    def serves() -> bool:
        if process.poll() is not None:
            raise RuntimeError("the gateway did not start; its message is above")
        return sum(name.startswith("centralino-") for name in asterisk.apps()) >= slots

    with _process(command, environment, subprocess.DEVNULL) as process:
        until(serves, "the gateway has taken all slots", 30)
        yield process


def _write(etc: Path, environment: dict[str, str]) -> None:
    _run(["asterisk", "config", "--server", SERVER, "--to", str(etc)], environment)


def _run(words: list[str], environment: dict[str, str]) -> None:
    subprocess.run([COMMAND, *words], env=environment, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _process(
    command: list[str], environment: dict[str, str], out: int
) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(command, env=environment, cwd=PROJECT, stdout=out, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)
        if process.stdout:
            process.stdout.close()
