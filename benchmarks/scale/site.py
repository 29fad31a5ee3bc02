"""One of the two installations, in a process of its own: tables know one database per process.

    python -m benchmarks.scale.site FOLDER PLUGINS ACCOUNTS CALLS

fills its database, then measures once for every line it reads, ``known`` or ``forgotten``: calls of
companies whose configuration is remembered, or is not. It prints microseconds per event, by the
clock and by the processor.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.installation import installed
from benchmarks.scale.filling import Called, fill
from benchmarks.scale.plugins import REAL, install, plans
from core.calls.engine import Engine
from core.calls.order import Order
from core.contract.events import (
    CallArrived,
    CallEnded,
    LegChanged,
    Result,
    ResultKind,
    RingOutcome,
    StepEnded,
)
from core.contract.steps import Ring
from core.store.snapshot import forget_all

CALLS = 40
EVENTS = 4
AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
ANSWERED = Result(ResultKind.RANG, ring=RingOutcome.ANSWERED, seconds=42)


class Calls:
    """Places calls, through the engine, to one company after the other."""

    def __init__(self, engine: Engine, companies: list[Called]) -> None:
        self._engine, self._companies = engine, cycle(companies)
        self._refs = count(1)
        self._order: Order | None = None

    def place(self) -> None:
        """One call: it arrives, the group rings, somebody answers, both hang up."""
        company, ref = next(self._companies), f"ref-{next(self._refs)}"
        gateway, at = company.gateway, AT + timedelta(seconds=next(self._refs))
        self._tell(CallArrived(gateway, ref, company.number, "+393331234567", at))
        order = self._order
        if not isinstance(order.step, Ring):
            raise RuntimeError(f"nobody is rung: {order.step}")
        self._tell(LegChanged(gateway, order.token, order.legs[0].number, "answered", at))
        self._tell(StepEnded(gateway, order.token, order.number, ANSWERED, at))
        self._tell(CallEnded(gateway, ref, at))

    def _tell(self, event: object) -> None:
        self._engine.deliver(event, self._render)

    def _render(self, order: Order) -> str:
        self._order = order
        return "<Response/>"


def measure(calls: Calls, forget: bool) -> tuple[float, float]:
    """Microseconds per event, by the clock and by the processor."""
    clock, processor = perf_counter(), process_time()
    for _ in range(CALLS):
        if forget:
            forget_all()
        calls.place()
    events = CALLS * EVENTS
    return 1e6 * (perf_counter() - clock) / events, 1e6 * (process_time() - processor) / events


def main(folder: Path, how_many_plugins: int, accounts: int, calls: int) -> None:
    """Fill, then measure as often as asked."""
    partners = how_many_plugins - len(REAL)
    with installed(folder, plans(partners), install(partners)) as centralino:
        companies = fill(centralino.store, accounts, calls)
        placed = Calls(centralino.engine, companies)
        measure(placed, forget=False)
        print("ready", flush=True)
        for line in sys.stdin:
            print(*measure(placed, line.strip() == "forgotten"), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
