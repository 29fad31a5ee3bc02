"""Requests per second of whole calls: the engine, and a bare view that commits the same rows.

Both are served by granian with the options of ``centralino serve``, each on a copy of the same
database, and called by the same process. The callers' share of the two cores makes both slower by
the same number of microseconds and so moves the ratio towards 1; it is printed with the result.
"""

from __future__ import annotations

import pickle
import shutil
import socket
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.calls.bare import FILE
from benchmarks.calls.caller import place_calls
from benchmarks.calls.company import PLANS, Company, make_company
from benchmarks.calls.recorded import FIRST_ID, Calls, record
from benchmarks.calls.serving import cpu_seconds, served
from benchmarks.installation import SINCE, configuration
from benchmarks.ratio import Ratio, in_turns
from core import registry as registries
from core.app import create_app, tables
from core.calls.tables import CallRow
from core.store.database import Store

CONNECTIONS = 16
"""As many as there are companies: no two calls want the same employee."""

SECONDS = 4.0
"""How long one side is called at a time."""

GOAL = 0.7


def run(folder: Path, rounds: int) -> list[Ratio]:
    """Measure.

    Args:
        folder: an empty one, for the databases; on the disk that is to be measured.
        rounds: how often both sides are measured.
    """
    engine, bare = folder / "engine", folder / "bare"
    engine.mkdir()
    companies, calls = prepare(engine)
    shutil.copytree(engine, bare)
    (bare / FILE).write_bytes(pickle.dumps(calls))
    ports = _free_port(), _free_port()
    with (
        served("engine", engine, ports[0]) as our_server,
        served("bare", bare, ports[1]) as their_server,
    ):
        ours = Side(our_server, ports[0], companies)
        theirs = Side(their_server, ports[1], companies)
        ours.measure(), theirs.measure()  # warm: plans, snapshots, profiles, connections
        ours.forget(), theirs.forget()
        rates = in_turns(rounds, ours.measure, theirs.measure)
    events = calls[companies[0].gateway]
    print(
        f"  {len(events)} events and {sum(len(one.writes) for one in events.values())} statements"
        " that write per call; the caller's own CPU:"
        f" {median(ours.caller_cpu + theirs.caller_cpu):.0f} µs per event"
    )
    cpu = tuple(ours.server_cpu), tuple(theirs.server_cpu)
    return [
        Ratio("a full call over HTTP : a bare view", *rates, "req/s", GOAL),
        Ratio("the servers' CPU per event", *cpu, "µs", at_least=False),
    ]


class Side:
    """One of the two applications, and what was measured of it."""

    _numbers = count(1)

    def __init__(self, server: int, port: int, companies: list[Company]) -> None:
        self._server, self._port = server, port
        self._companies = companies
        self.forget()

    def forget(self) -> None:
        """Begin again."""
        self.server_cpu: list[float] = []
        self.caller_cpu: list[float] = []

    def measure(self) -> float:
        """Requests per second; notes the CPU per event, in microseconds."""
        start, cpu = next(self._numbers) * 1_000_000_000, cpu_seconds(self._server)
        events, took, own = place_calls(self._port, SECONDS, CONNECTIONS, start, self._companies)
        self.server_cpu.append(1e6 * (cpu_seconds(self._server) - cpu) / events)
        self.caller_cpu.append(1e6 * own / events)
        return events / took


def prepare(folder: Path) -> tuple[list[Company], Calls]:
    """The companies, and what a call of each writes."""
    config, registry = configuration(folder, PLANS), registries.load()
    app = create_app(config, registry)
    store: Store = app.extensions["centralino"].store
    with store.connection():
        store.database.create_tables(tables(registry))
        companies = [make_company(place) for place in range(1, CONNECTIONS + 1)]
        _number_calls_from(companies[0])
    calls = {}
    for place, company in enumerate(companies):
        for turn in range(2):  # the first call of a company makes rows that no other one makes
            calls[company.gateway] = record(app, store, company, f"CA{2 * place + turn:032x}")
    store.database.close_all()
    return companies, calls


def _number_calls_from(company: Company) -> None:
    first = {"ref": "first", "token": "first", "caller": "", "called": "", "state": "{}"}
    CallRow.insert(
        id=FIRST_ID, account=company.account, started_at=SINCE, outcome="missed", **first
    ).execute()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
