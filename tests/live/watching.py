"""Programs that a test has started and that should run: whoever waits in vain is told which of them
died, and its last words."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

LAST_WORDS = 1500
"""Letters of a log."""

_watched: dict[int, tuple[str, subprocess.Popen, Path]] = {}


def watch(name: str, process: subprocess.Popen, log: Path) -> None:
    """A program should run from now on; it writes what it has to say into ``log``."""
    _watched[process.pid] = name, process, log


def forget(process: subprocess.Popen) -> None:
    """It is about to be ended, or has done its work."""
    _watched.pop(process.pid, None)


def deaths() -> list[str]:
    """Of each program that died: how, and its last words."""
    return [
        f"{name} died ({_how(process.returncode)}); its last words: {_last_words(log)}"
        for name, process, log in _watched.values()
        if process.poll()
    ]


def _how(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"status {status}"


def _last_words(log: Path) -> str:
    return log.read_text(errors="replace")[-LAST_WORDS:] if log.exists() else "none"
