"""What one machine remembers of its plan file, in the data folder: whose turn it is, and which
revision the file mirrored last. Only so can an edit by hand be told from a file that lags behind.

The data folder may be shared by machines that have a plan file each: names carry the machine's own.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

PAUSE = 0.01
"""Seconds between two tries for the turn."""


@dataclass(frozen=True, slots=True)
class Mirrored:
    """The revision that the file held last, and the SHA-256 of its text."""

    number: int
    sha: str


class Machine:
    """The memory of one machine for one plan file.

    Args:
        data: the data folder.
        path: the plan file.
    """

    def __init__(self, data: Path, path: Path) -> None:
        name = hashlib.sha256(str(path).encode()).hexdigest()[:8]
        self._folder = Path(data) / "plan-file"
        self._name = f"{socket.gethostname()}-{name}"

    @contextmanager
    def turn(self, wait: float) -> Iterator[bool]:
        """Have the file to oneself among all threads and processes of the machine.

        Args:
            wait: seconds to wait for the others; 0: try once.

        Returns:
            Whether one has it.

        Raises:
            OSError: the data folder cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._file("lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            yield _lock(descriptor, time.monotonic() + wait)
        finally:
            os.close(descriptor)  # gives the lock back

    def mirrored(self) -> Mirrored | None:
        """What was remembered last; None when nothing was, or not readably."""
        try:
            return Mirrored(**json.loads(self._file("json").read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def remember(self, mirrored: Mirrored) -> None:
        """Remember what the file holds now; survives a power cut whole or not at all."""
        if mirrored == self.mirrored():
            return
        aside = self._file("new")
        with aside.open("w") as file:
            json.dump(asdict(mirrored), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, self._file("json"))

    def _file(self, kind: str) -> Path:
        return self._folder / f"{self._name}.{kind}"


def _lock(descriptor: int, deadline: float) -> bool:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(PAUSE)
        else:
            return True
