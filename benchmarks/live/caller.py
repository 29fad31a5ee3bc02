"""The calling side: sipp places calls at a steady rate and writes down how each went.

``caller.xml`` is one call: INVITE, wait for 200 OK, listen for a second, BYE. A call has failed
when it is not answered within two seconds, or when anything comes that does not belong to it.
"""

from __future__ import annotations

import csv
import socket
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

SCENARIO = Path(__file__).with_name("caller.xml")
CALLS, COUNTS, TIMES = "calls.txt", "counts.csv", "*_rtt.csv"
"""Files for sipp and of sipp."""

SIP_PORT = 5060
SOUND_PORT = 6000
"""Where ``caller.xml`` says it listens."""

KEPT_RATE = 0.97
"""A block counts as called at its rate when sipp placed its calls at least so fast."""

SPARE_SECONDS = 15
"""How long after its last INVITE a block may take to end."""


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls whom, and from which address of the loopback."""

    number: str
    caller: str
    address: str


@dataclass(frozen=True, slots=True)
class Block:
    """What one block of calls gave.

    Args:
        calls, failed: how many were placed, and how many of them failed.
        answered: milliseconds from INVITE to 200 OK of each call that was answered.
        kept: whether sipp itself kept the rate.
    """

    calls: int
    failed: int
    answered: Sequence[float]
    kept: bool

    @property
    def median(self) -> float:
        """Of the milliseconds to 200 OK."""
        return median(self.answered)

    @property
    def p99(self) -> float:
        """99 of 100 calls were answered as fast."""
        return quantiles(self.answered, n=100, method="inclusive")[98]


class Caller:
    """One side's callers, at addresses of their own, by which Asterisk knows whom they call.

    Args:
        sipp: the program.
        target: Asterisk's address.
        calls: the calls that are placed in turn.
        folder: for what sipp writes; is made.
    """

    def __init__(self, sipp: Path, target: str, calls: Sequence[Call], folder: Path) -> None:
        folder.mkdir()
        rows = (f"{one.number};{one.caller};{one.address};" for one in calls)
        (folder / CALLS).write_text("\n".join(("SEQUENTIAL", *rows, "")))
        self._addresses = sorted({one.address for one in calls})
        self._folder = folder
        self.placed = 0
        """Calls placed so far."""
        self._command = [str(sipp), f"{target}:{SIP_PORT}", "-sf", str(SCENARIO), "-nostdin"]
        self._command += ["-i", self._addresses[0], "-p", str(SIP_PORT), "-max_socket", "1000"]
        self._command += ["-t", "ui", "-inf", CALLS, "-ip_field", "2", "-l", "1000000"]
        self._command += ["-trace_rtt", "-rtt_freq", "1"]
        self._command += ["-trace_stat", "-stf", COUNTS, "-fd", "3600"]

    def call(self, rate: float, seconds: float) -> Block:
        """Place ``rate`` calls per second for so long; returns when all of them are over.

        Raises:
            RuntimeError: sipp could not run at all.
        """
        for old in self._folder.glob("*.csv"):
            old.unlink()
        calls = max(2, round(rate * seconds))
        self.placed += calls
        command = [*self._command, "-r", f"{rate:g}", "-m", str(calls)]
        command += ["-timeout", f"{seconds + SPARE_SECONDS:g}"]
        with _listening(self._addresses):
            done = subprocess.run(
                command, cwd=self._folder, capture_output=True, text=True, check=False
            )
        if not (self._folder / COUNTS).exists():
            raise RuntimeError(f"sipp did not run: {done.stderr.strip()[-300:]}")
        return self._read(calls, calls / rate)

    def _read(self, calls: int, seconds: float) -> Block:
        with (self._folder / COUNTS).open(newline="") as file:
            last = list(csv.DictReader(file, delimiter=";"))[-1]
        answers = [
            (float(row["Date_ms"]), float(row["response_time_ms"]))
            for path in self._folder.glob(TIMES)
            for row in csv.DictReader(path.read_text().splitlines(), delimiter=";")
        ]
        placed = [at - took for at, took in answers] or [0.0]
        return Block(
            calls,
            calls - int(last["SuccessfulCall(C)"]),
            [took for _, took in answers],
            kept=(max(placed) - min(placed)) / 1e3 * KEPT_RATE <= seconds,
        )


@contextmanager
def _listening(addresses: Iterable[str]) -> Iterator[None]:
    """Somebody listens where the sound goes, or each packet would be answered with an error."""
    with ExitStack() as stack:
        for address in addresses:
            ear = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            ear.bind((address, SOUND_PORT))
        yield
