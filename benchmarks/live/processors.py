"""What processes, and all of them together, have used of the processors."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def seconds(process: int) -> float:
    """What a process and those that it started have used so far.

    Args:
        process: its id.
    """
    used, parents = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        one = int(stat.parent.name)
        parents[one] = int(values[1])
        used[one] = int(values[11]) + int(values[12])
    return sum(ticks for one, ticks in used.items() if _within(one, process, parents)) / TICKS


def busy_seconds() -> float:
    """What all processors have worked since the start, for us or for other machines on the same
    hardware; idle and waiting do not count."""
    first = Path("/proc/stat").read_text().split("\n", 1)[0]
    user, nice, system, _, _, irq, soft, stolen, *_ = map(int, first.split()[1:])
    return (user + nice + system + irq + soft + stolen) / TICKS


def _within(one: int, process: int, parents: dict[int, int]) -> bool:
    while one not in (0, process):
        one = parents.get(one, 0)
    return one == process
