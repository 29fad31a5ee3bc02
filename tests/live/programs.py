"""Processes that the tests start and kill: Centralino's own, as an operator starts them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.live import watching

ENDS_WITHIN_SECONDS = 30
COMMAND_SECONDS = 150
"""How long a command may take: three seconds of a processor, on a machine that has twenty others to
serve."""


class Program:
    """One process of an installation.

    Args:
        words: after ``centralino``.
        environment: of the installation.
        log: where it writes.
    """

    def __init__(self, words: list[str], environment: dict[str, str], log: Path) -> None:
        self.words, self.log = words, log
        self._ended = False
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [command(), *words],
                env=os.environ | environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        watching.watch(f"centralino {' '.join(words)}", self._process, log)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def lives(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    @property
    def died(self) -> bool:
        """Whether it is gone, though nobody has ended it."""
        return not self.lives and not self._ended

    def check(self) -> None:
        """It must be running."""
        assert self._process.poll() is None, f"{self.words} ended: {self.told()}"

    def said(self, words: str) -> int:
        """How often it has written this so far."""
        return self.log.read_text(errors="replace").count(words)

    def told(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text(errors="replace")[-4000:]

    def kill(self) -> None:
        """``kill -9``, and not a moment to prepare."""
        self._ended = True
        watching.forget(self._process)
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def kill_child(self) -> None:
        """``kill -9`` of one of the processes that it has started."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        os.kill(max(map(int, children)), signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end, and wait; returns its status."""
        self._ended = True
        watching.forget(self._process)
        if self._process.poll() is None:
            self._process.terminate()
        try:
            return self._process.wait(ENDS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.words} does not end: {self.told()}") from None


def command() -> str:
    """The command that was installed with the project."""
    return str(Path(sys.executable).with_name("centralino"))


def run(words: list[str], environment: dict[str, str], must: bool = True) -> str:
    """A command, to its end; returns what it says. It ``must`` succeed.

    Raises:
        AssertionError: it failed.
    """
    done = subprocess.run(
        [command(), *words],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    assert not (must and done.returncode), (
        f"centralino {' '.join(words)}: {done.stdout}{done.stderr}"
    )
    return done.stdout + ("" if must else done.stderr)
