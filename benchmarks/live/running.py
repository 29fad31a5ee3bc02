"""The processes that are compared: started, started again when Asterisk has died, and ended."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.live.asterisk import ADDRESS, APP, Server
from benchmarks.live.minimal import READY
from core.config import PROJECT
from tests.live.programs import Program
from tests.live.waiting import until

STARTS_WITHIN_SECONDS = 30


class Script:
    """The minimal script; its process ends with the connection to Asterisk.

    Args:
        asterisk: whose calls it answers.
        sound: what it plays, without the end of its name.
    """

    def __init__(self, asterisk: Server, sound: Path) -> None:
        self._command = [sys.executable, "-m", "benchmarks.live.minimal", f"http://{ADDRESS}:8088"]
        self._command += [asterisk.user, asterisk.secret, APP, f"sound:{sound}"]
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, and wait until it takes calls."""
        self.stop()
        self._process = subprocess.Popen(
            self._command, cwd=PROJECT, stdout=subprocess.PIPE, text=True
        )
        until(lambda: self._process.stdout.readline().strip() == READY, "the script is there")

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            with self._process as process:
                process.terminate()

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid


class Running:
    """All of them.

    Args:
        asterisk: configured.
        script: not started yet.
        environment: of the gateway's installation.
        slots: how many of them the gateway serves.
        log: where the gateway writes.
    """

    def __init__(
        self, asterisk: Server, script: Script, environment: dict[str, str], slots: int, log: Path
    ) -> None:
        self.asterisk, self.script = asterisk, script
        self._environment, self._slots, self._log = environment, slots, log
        self._gateway: Program | None = None

    def start(self) -> None:
        """Start what does not run, and wait until all three take calls. A gateway that runs finds
        an Asterisk that was started again by itself."""
        self.asterisk.stop()
        self.asterisk.start()
        self.script.start()
        if self._gateway is None:
            self._gateway = Program(["asterisk", "run"], self._environment, self._log)
        until(self._serves, "the gateway has taken all slots", STARTS_WITHIN_SECONDS)

    def stop(self) -> None:
        """End them."""
        if self._gateway is not None:
            self._gateway.stop()
        self.script.stop()
        self.asterisk.stop()

    @property
    def gateway(self) -> int:
        """The gateway's process."""
        return self._gateway.pid

    def _serves(self) -> bool:
        self._gateway.check()
        return sum(app.startswith("centralino-") for app in self.asterisk.apps()) >= self._slots
