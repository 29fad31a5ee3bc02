"""Says on what was measured, and how noisy it was: another process's share of the processors."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from pathlib import Path
from time import monotonic, process_time, sleep
from typing import Any


def describe(folder: Path) -> dict[str, Any]:
    """The machine in a few words, and its noise in the second before the measuring."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "disk": _filesystem(folder),
        "load": os.getloadavg()[0],
        "busy": round(foreign_share(), 2),
        "commits": _commits_per_second(folder),
    }


def line(machine: dict[str, Any]) -> str:
    """The same as one line."""
    return (
        f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']},"
        f" SQLite {machine['sqlite']} on {machine['disk']}"
        f" ({machine['commits']:.0f} durable commits/s);"
        f" load {machine['load']:.1f}, others use {machine['busy']:.0%} of the processors"
    )


def foreign_share(seconds: float = 1.0) -> float:
    """How much of the processors others used while this process slept."""
    before, own, start = _busy_seconds(), process_time(), monotonic()
    sleep(seconds)
    took = monotonic() - start
    return max(0.0, (_busy_seconds() - before - (process_time() - own)) / took / os.cpu_count())


def _busy_seconds() -> float:
    """Seconds all processors have worked since the start; idle and waiting do not count."""
    if sys.platform != "linux":
        return 0.0
    user, nice, system, _, _, irq, soft, *_ = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


def _processor() -> str:
    try:
        for row in Path("/proc/cpuinfo").read_text().splitlines():
            if row.startswith("model name"):
                return row.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _filesystem(folder: Path) -> str:
    best, kind = "", "an unknown file system"
    try:
        for row in Path("/proc/mounts").read_text().splitlines():
            _, place, found, *_ = row.split()
            if str(folder.resolve()).startswith(place) and len(place) >= len(best):
                best, kind = place, found
    except OSError:
        pass
    return kind


def _commits_per_second(folder: Path, seconds: float = 0.5) -> float:
    """What the disk can do at all: tiny transactions, each made durable."""
    path = folder / "commits.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("PRAGMA synchronous = full")
    connection.execute("CREATE TABLE t (n INTEGER)")
    done, start = 0, monotonic()
    while monotonic() < start + seconds:
        connection.execute("INSERT INTO t VALUES (1)")
        done += 1
    connection.close()
    return done / seconds
