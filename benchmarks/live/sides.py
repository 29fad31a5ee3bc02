"""The three sides of the comparison, and one block of calls to one of them.

The calls of the three differ in nothing but the caller's address, by which Asterisk tells who
answers them.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, sleep

from benchmarks.live.asterisk import Server
from benchmarks.live.caller import Block, Caller
from benchmarks.live.processors import busy_seconds, seconds

QUIET_SECONDS = 60
"""How long Asterisk may take until the last channel of a block is gone."""

RECORD_SECONDS = 5
"""How long after that the last record may take."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A block of calls, and what it cost.

    Args:
        block: how the calls went.
        asterisk, python: milliseconds of a processor per call, in Asterisk and in who answers.
        others: the share of all processors that had nothing to do with it.
    """

    block: Block
    asterisk: float
    python: float
    others: float


@dataclass(frozen=True, slots=True)
class Side:
    """Who answers.

    Args:
        name: as it is printed.
        caller: places the calls.
        asterisk: who is called.
        python: the process that answers; 0: it is Asterisk itself.
        restart: starts Asterisk again, and who answers.
        records: how many calls have been recorded, with their outcome; None: nobody does that.
    """

    name: str
    caller: Caller
    asterisk: Server
    python: Callable[[], int]
    restart: Callable[[], None]
    records: Callable[[], int] | None = None

    def measure(self, rate: float, length: float) -> Measured:
        """Call for ``length`` seconds at a rate per second, and wait until all is quiet again.

        Raises:
            RuntimeError: channels are left behind.
        """
        before, start = self._used(), monotonic()
        block = self.caller.call(rate, length)
        self._wait_for_quiet()
        took = monotonic() - start
        busy, asterisk, python, own = (
            now - then for now, then in zip(self._used(), before, strict=True)
        )
        return Measured(
            block,
            1e3 * asterisk / block.calls,
            1e3 * python / block.calls,
            max(0.0, busy - asterisk - python - own) / took / (os.cpu_count() or 1),
        )

    def _used(self) -> tuple[float, float, float, float]:
        """Seconds of: all processors, Asterisk, who answers, and this process with its sipp."""
        process = self.python()
        python = seconds(process) if process else 0.0
        return busy_seconds(), seconds(self.asterisk.process), python, sum(os.times()[:4])

    def clear(self) -> None:
        """Hang up what is left of calls that failed, and wait until all is quiet.

        Raises:
            requests.ConnectionError: Asterisk is dead.
            RuntimeError: channels are left behind all the same.
        """
        sleep(1)  # the last callers hang up themselves
        for channel in self.asterisk.ask("GET", "channels"):
            self.asterisk.hang_up(channel["id"])
        self._wait_for_quiet()

    def recorded(self, calls: int, before: int) -> bool:
        """Whether so many calls more than before are recorded, now or soon."""
        until = monotonic() + RECORD_SECONDS
        while self.records and self.records() < before + calls:
            if monotonic() > until:
                return False
            sleep(0.1)
        return True

    def _wait_for_quiet(self) -> None:
        until = monotonic() + QUIET_SECONDS
        while left := len(self.asterisk.channels()):
            if monotonic() > until:
                raise RuntimeError(f"{self.name} leaves {left} channels behind")
            sleep(0.1)


@dataclass(frozen=True, slots=True)
class Sides:
    """Who is compared."""

    native: Side
    script: Side
    gateway: Side

    @property
    def all(self) -> tuple[Side, ...]:
        """In the order of naming."""
        return self.native, self.script, self.gateway

    def shuffled(self) -> list[Side]:
        """In random order: none of them is always behind the same other one."""
        return random.sample(self.all, 3)
