"""``centralino serve`` as a process of its own, that a test starts and kills."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import requests

from core.config import PROJECT
from tests.support.patience import ENVIRONMENT
from tests.support.ports import claim, port_of

STARTS_WITHIN_SECONDS = 120


@dataclass
class Server:
    """The served application of one data folder."""

    folder: Path
    log: Path
    process: subprocess.Popen | None = None
    port: int = 0
    _claim: socket.socket | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        """A command of this installation, to its end."""
        return subprocess.run(
            [command(), *arguments],
            env=self._environment(environment),
            capture_output=True,
            text=True,
            timeout=STARTS_WITHIN_SECONDS,
            check=False,
        )

    def start(self, *options: str) -> None:
        """Start it, and wait until it answers."""
        self._claim = claim()
        self.port = port_of(self._claim)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [command(), "serve", "--port", str(self.port), *options],
                env=self._environment({}),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while not self._answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """``kill -9`` of the server and all its processes."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
        if self._claim is not None:
            self._claim.close()
            self._claim = None

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/login", timeout=5).ok
        except requests.RequestException:  # also of a time that was over
            return False

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        plans = self.folder / "plans.yaml"  # a copy, because whoever publishes writes it
        if not plans.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PROJECT / "plans.yaml", plans)
        own = {"CENTRALINO_DATA": str(self.folder), "CENTRALINO_PLANS": str(plans)}
        return ENVIRONMENT | os.environ | own | more


def command() -> str:
    """The command that was installed with the project."""
    return str(Path(sys.executable).with_name("centralino"))
