"""An event where there are 100 plugins (9 enabled), 100,000 accounts and 1,000,000 stored calls,
beside one where there are 5, 10 and 1,000.

Both ring the same group through the same five built-in plugins; the large one has four more that
are enabled, look at the call and leave it, and 91 that the plan does not include.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.ratio import Ratio, in_turns

SMALL, LARGE = ("5", "10", "1000"), ("100", "100000", "1000000")
"""Plugins, accounts and stored calls."""

GOAL = 1.2


def run(folder: Path, rounds: int) -> list[Ratio]:
    """Measure.

    Args:
        folder: an empty one; the large database takes about a gigabyte of it.
        rounds: how often both are measured.
    """
    with _site(folder / "small", SMALL) as small, _site(folder / "large", LARGE) as large:
        cpu: dict[Site, list[float]] = {small: [], large: []}

        def known(site: Site) -> float:
            clock, processor = site.ask("known")
            cpu[site].append(processor)
            return clock

        clock = in_turns(rounds, lambda: known(large), lambda: known(small))
        forgotten = in_turns(
            rounds, lambda: large.ask("forgotten")[1], lambda: small.ask("forgotten")[1]
        )
    processor = tuple(cpu[large]), tuple(cpu[small])
    return [
        Ratio("an event, by the clock", *clock, "µs", GOAL, at_least=False),
        Ratio("an event, by the processor", *processor, "µs", GOAL, at_least=False),
        Ratio("of an account not called lately (processor)", *forgotten, "µs", at_least=False),
    ]


class Site:
    """An installation in its own process."""

    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process

    def ready(self) -> None:
        """Wait until its database is filled."""
        if self._read() != "ready":
            raise RuntimeError("the installation did not start; its message is above")

    def ask(self, what: str) -> tuple[float, float]:
        """Measure once: microseconds per event, by the clock and by the processor."""
        self._process.stdin.write(what + "\n")
        self._process.stdin.flush()
        clock, processor = self._read().split()
        return float(clock), float(processor)

    def _read(self) -> str:
        return self._process.stdout.readline().strip()


@contextmanager
def _site(folder: Path, size: tuple[str, ...]) -> Iterator[Site]:
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.scale.site", str(folder), *size],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        site = Site(process)
        site.ready()
        yield site
    finally:
        process.stdin.close()
        process.wait(timeout=60)
