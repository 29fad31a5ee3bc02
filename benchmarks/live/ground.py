"""Starts what is compared: Asterisk, the minimal script, the gateway; and ends it again."""

from __future__ import annotations

import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from benchmarks.installation import configuration
from benchmarks.live.asterisk import ADDRESS, APP, PROGRAMS, Server, address
from benchmarks.live.caller import Call, Caller
from benchmarks.live.company import PLANS, PROMPT, Company, make_company
from benchmarks.live.minimal import READY
from benchmarks.live.sides import Side, Sides
from core.app import Centralino, installation
from core.config import PROJECT, Config
from core.migrating import migrate
from plugins.asterisk.models import ServerRow
from plugins.melodies import ready
from tests.live.programs import Program, run
from tests.live.waiting import until

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
    config = configuration(folder, PLANS)
    migrate(config)
    with ExitStack() as stack:
        state = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pbx-")))
        asterisk = Server(PROGRAMS, state, ADDRESS, USER, secrets.token_urlsafe(18))
        centralino = stack.enter_context(installation(config))
        with centralino.store.transaction():
            companies = _companies(asterisk)
        environment = _environment(config)
        where = ["--server", SERVER, "--to", str(asterisk.etc), *asterisk.places]
        run(["asterisk", "config", *where], environment)
        sound = ready.find(PROMPT).wav.with_suffix("")
        asterisk.divert(companies, sound)
        stack.enter_context(_up(asterisk))
        script = stack.enter_context(_script(asterisk, sound))
        gateway = stack.enter_context(_gateway(asterisk, environment, folder))
        processes = zip(NAMES, (0, script.pid, gateway.pid), strict=True)
        sides = (
            _side(name, process, asterisk, _calls(place, companies), folder)
            for place, (name, process) in enumerate(processes)
        )
        yield Ground(Sides(*sides), asterisk, centralino)


def _environment(config: Config) -> dict[str, str]:
    """What the gateway's processes are told."""
    return {
        "CENTRALINO_DATA": str(config.data),
        "CENTRALINO_DATABASE": config.database,
        "CENTRALINO_PLANS": str(config.plans),
    }


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
    """The calls of a side: to each company in turn, always from somebody else."""
    return [
        Call(company.number, caller, address(side, place))
        for callers in zip(*(company.callers for company in companies), strict=True)
        for place, (company, caller) in enumerate(zip(companies, callers, strict=True))
    ]


def _side(name: str, process: int, asterisk: Server, calls: list[Call], folder: Path) -> Side:
    caller = Caller(PROGRAMS / "sipp", ADDRESS, calls, folder / name)
    return Side(name, caller, asterisk.process, process, lambda: len(asterisk.channels()))


@contextmanager
def _up(asterisk: Server) -> Iterator[None]:
    try:
        asterisk.start()
        yield
    except requests.ConnectionError as error:
        raise RuntimeError(f"Asterisk is gone. Its last words: {asterisk.log()[-2000:]}") from error
    finally:
        asterisk.stop()


@contextmanager
def _script(asterisk: Server, sound: Path) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-m", "benchmarks.live.minimal", f"http://{ADDRESS}:8088"]
    command += [USER, asterisk.secret, APP, f"sound:{sound}"]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            until(lambda: process.stdout.readline().strip() == READY, "the script is there")
            yield process
        finally:
            process.terminate()


@contextmanager
def _gateway(asterisk: Server, environment: dict[str, str], folder: Path) -> Iterator[Program]:
    program = Program(["asterisk", "run"], environment, folder / "gateway.log")
    slots = ServerRow.get(name=SERVER).slots

    def serves() -> bool:
        program.check()
        return sum(name.startswith("centralino-") for name in asterisk.apps()) >= slots

    try:
        until(serves, "the gateway has taken all slots", 30)
        yield program
    finally:
        program.stop()
