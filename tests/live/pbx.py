"""An Asterisk of the test's own: started from unpacked programs with the files that
``centralino asterisk config`` wrote, on one loopback address."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from tests.live import watching
from tests.live.waiting import until

BYTES_PER_SECOND = 16_000
"""Of a recording: 8 kHz, 16 bit."""

STARTS_WITHIN_SECONDS = 60


@dataclass
class Pbx:
    """One Asterisk.

    Args:
        programs: the folder of the unpacked programs.
        folder: for its state; short, because a Unix socket's name must fit (107 letters).
        address: where it listens for SIP and ARI.
        user / secret: of ARI.
    """

    programs: Path
    folder: Path
    address: str
    user: str = "centralino"
    secret: str = "a-secret-for-tests"
    _process: subprocess.Popen | None = None

    @property
    def etc(self) -> Path:
        """The folder of its configuration."""
        return self.folder / "etc"

    @property
    def recordings(self) -> Path:
        """Where it keeps recordings until they are fetched."""
        return self.folder / "spool/recording"

    @property
    def places(self) -> list[str]:
        """Options of ``centralino asterisk config``: where this copy keeps things."""
        return [
            *("--bind", self.address),
            *("--modules", str(self.programs / "modules")),
            *("--programs", str(self.programs / "root/usr/share/asterisk")),
            *("--state", str(self.folder)),
            *("--language", "en_US_f_Allison"),
        ]

    def start(self) -> Pbx:
        """Start it, and wait until it takes calls."""
        for name in ("lib", "spool/recording", "run", "log"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        with (self.folder / "log/stdout").open("ab") as out:
            self._process = subprocess.Popen(
                [self.programs / "asterisk", "-f", "-C", self.etc / "asterisk.conf"],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=os.environ | {"LANG": "C.UTF-8"},
                start_new_session=True,
                preexec_fn=_many_files,
            )
        watching.watch(f"Asterisk at {self.address}", self._process, self.folder / "log/stdout")
        until(self._is_up, "Asterisk is up", STARTS_WITHIN_SECONDS)
        assert "Address already in use" not in self.log(), "somebody has its address"
        return self

    def _is_up(self) -> bool:
        assert self.lives, self.log()[-3000:]
        return "fully booted" in self.console("core waitfullybooted")

    def console(self, command: str) -> str:
        """What Asterisk's own console answers."""
        asked = [self.programs / "asterisk", "-C", self.etc / "asterisk.conf", "-rx", command]
        return subprocess.run(
            asked, capture_output=True, text=True, timeout=60, check=False, cwd=self.folder
        ).stdout

    def ask(self, method: str, path: str, **query: Any) -> Any:
        """ARI as a test asks it: what there is, not what the gateway thinks there is."""
        answer = requests.request(
            method,
            f"http://{self.address}:8088/ari/{quote(path)}",
            params=query,
            auth=(self.user, self.secret),
            timeout=30,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def hang_up(self, channel: str) -> None:
        """End a channel, if it is still there."""
        try:
            self.ask("DELETE", f"channels/{channel}")
        except requests.HTTPError as error:
            if error.response.status_code != requests.codes.not_found:
                raise

    def channels(self) -> list[str]:
        """Names of all channels."""
        return [channel["name"] for channel in self.ask("GET", "channels")]

    def left(self) -> dict[str, Any]:
        """What is there of calls: channels, bridges, recordings; nothing when all is over."""
        found = {
            "channels": self.channels(),
            "bridges": [bridge["id"] for bridge in self.ask("GET", "bridges")],
            "recordings": [str(path) for path in self.recordings.rglob("*") if path.is_file()],
        }
        return {name: values for name, values in found.items() if values}

    def wait_empty(self) -> None:
        """Until nothing of calls is there any more."""
        until(lambda: not self.left(), lambda: f"nothing is left: {self.left()}")

    def recorded(self, token: str) -> float:
        """Seconds recorded so far of a call with this token; of each side, where there are two."""
        sizes = [path.stat().st_size for path in self.recordings.rglob(f"*{token}*.wav")]
        return min(sizes, default=0) / BYTES_PER_SECOND

    def dialog(self, call: str) -> str:
        """A call of a telephone's, named as in a Replaces header that Asterisk is sent.

        Args:
            call: its Call-ID.
        """
        there = self.ask("GET", "channels")
        channel = next(one["id"] for one in there if one["protocol_id"] == call)

        def tag(side: str) -> str:
            name = f"CHANNEL(pjsip,{side}_tag)"
            return self.ask("GET", f"channels/{channel}/variable", variable=name)["value"]

        return f"{call};to-tag={tag('local')};from-tag={tag('remote')}"

    def log(self) -> str:
        """What it has said."""
        paths = [self.folder / "log" / name for name in ("stdout", "messages.log")]
        return "".join(path.read_text(errors="replace") for path in paths if path.exists())

    @property
    def lives(self) -> bool:
        """Whether it was started, and runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End it; nobody needs its state."""
        if self._process is None:
            return
        watching.forget(self._process)
        if self.lives:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _many_files() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
