"""Starts what is compared: Asterisk, the minimal script, the gateway; and ends it again."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import requests

from benchmarks.installation import configuration
from benchmarks.live.asterisk import ADDRESS, PROGRAMS, Server, address
from benchmarks.live.caller import Call, Caller
from benchmarks.live.company import PLANS, PROMPT, Company, make_company
from benchmarks.live.records import recorded
from benchmarks.live.running import Running, Script
from benchmarks.live.sides import Side, Sides
from core.app import Centralino, installation
from core.config import Config
from core.migrating import migrate
from plugins.asterisk.models import ServerRow
from plugins.melodies import ready
from tests.live.programs import run

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
        slots = ServerRow.get(name=SERVER).slots
        minimal = Script(asterisk, sound)
        running = Running(asterisk, minimal, environment, slots, folder / "gateway.log")
        stack.callback(running.stop)
        running.start()
        processes = zip(
            NAMES, (lambda: 0, lambda: minimal.pid, lambda: running.gateway), strict=True
        )
        native, script, gateway = (
            Side(name, _caller(place, companies, folder / name), asterisk, process, running.start)
            for place, (name, process) in enumerate(processes)
        )
        gateway = replace(gateway, records=partial(recorded, centralino))
        try:
            yield Ground(Sides(native, script, gateway), asterisk, centralino)
        except requests.ConnectionError as error:
            words = asterisk.log()[-2000:]
            raise RuntimeError(f"Asterisk is gone. Its last words: {words}") from error


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


def _caller(side: int, companies: list[Company], folder: Path) -> Caller:
    return Caller(PROGRAMS / "sipp", ADDRESS, _calls(side, companies), folder)
