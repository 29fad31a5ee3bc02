"""From the end of a publish, or of an edit of the file by hand, until every process answers by it.

Nobody tells a process anything: each looks for news by itself, every half second. So half of that
is what a change takes on average, and all of it at worst, plus what the looking costs.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import monotonic, sleep

from benchmarks.propagation import processes
from benchmarks.propagation.processes import Watched, running, wait
from benchmarks.ratio import Ratio, in_turns
from core.app import Centralino, installation
from core.config import PROJECT, Config
from core.plans.revisions.book import LOOK_EVERY_SECONDS
from core.plans.revisions.starting import Start

PROMISED_SECONDS = 1.0
CHANGES = 6
"""How many changes one measurement makes."""

WORDS = "queue.max_members: "
"""The cell of the default matrix that is changed again and again."""


def run(folder: Path, rounds: int) -> list[Ratio]:
    """Measure.

    Args:
        folder: an empty one, on the disk that is to be measured.
        rounds: how often both ways of changing the matrix are measured.
    """
    environment = _prepare(folder)
    config = Config.from_environment(environment)
    with running(folder, environment) as watched, installation(config) as centralino:
        changer = Changer(centralino, watched)
        published, edited = Side(changer, changer.publish), Side(changer, changer.edit)
        in_turns(rounds, published.measure, edited.measure)
    taken = sorted(changer.took)
    print(f"  a publish itself takes {1e3 * median(taken):.0f} ms, {1e3 * taken[-1]:.0f} at most")
    promised = (1e3 * PROMISED_SECONDS,) * rounds
    looks = (1e3 * LOOK_EVERY_SECONDS,) * rounds
    return [
        ratio
        for name, side in (("published", published), ("edited by hand", edited))
        for ratio in (
            Ratio(
                f"{name}, the last process : promised", tuple(side.worst), promised, "ms", 1, False
            ),
            Ratio(f"{name}, the median process : a look", tuple(side.middle), looks, "ms"),
        )
    ]


class Changer:
    """Changes the matrix in two ways."""

    def __init__(self, centralino: Centralino, watched: list[Watched]) -> None:
        self._centralino, self._watched = centralino, watched
        self._members = 3
        self.took: list[float] = []
        """Seconds of each publish."""

    def delays(self, change: Callable[[], None]) -> list[float]:
        """Seconds after a change until each process answered by it."""
        sleep(random.uniform(0.5, 0.5 + LOOK_EVERY_SECONDS))  # anywhere between two looks
        before = max(one.number for one in self._watched)
        change()
        done = monotonic()
        return [max(0.0, since - done) for since in wait(self._watched, before + 1)]

    def publish(self) -> None:
        """By the publisher, as the page and the command do."""
        book, begin = self._centralino.book, monotonic()
        book.look()
        self._centralino.publisher.publish(
            self._changed(book.settled().text),
            base=book.settled().number,
            newest=book.newest,
            start=Start.parse("now"),
            author="billing@example.com",
            message="Measured",
            source="command",
            at=self._centralino.clock(),
        )
        self.took.append(monotonic() - begin)

    def edit(self) -> None:
        """As an editor saves a file: written aside, and renamed."""
        path = self._centralino.book.path
        aside = path.with_suffix(".new")
        aside.write_text(self._changed(path.read_text()))
        aside.rename(path)

    def _changed(self, text: str) -> str:
        self._members += 1
        old = f"{WORDS}{self._members - 1}"
        if old not in text:
            raise RuntimeError(f"the plan file does not say {old}")
        return text.replace(old, f"{WORDS}{self._members}")


class Side:
    """One way of changing, and what was measured of it, in milliseconds per round."""

    def __init__(self, changer: Changer, change: Callable[[], None]) -> None:
        self._changer, self._change = changer, change
        self.worst: list[float] = []
        self.middle: list[float] = []

    def measure(self) -> float:
        """The slowest process of several changes."""
        delays = [one for _ in range(CHANGES) for one in self._changer.delays(self._change)]
        self.middle.append(1e3 * median(delays))
        self.worst.append(1e3 * max(delays))
        return self.worst[-1]


def _prepare(folder: Path) -> dict[str, str]:
    """An initialised installation with a plan file of its own and the watching plugin; the
    environment of its processes."""
    packages = folder / "packages"
    info = packages / "watch-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: watch\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[centralino.plugins]\nwatch = benchmarks.propagation.watch\n"
    )
    shutil.copy(PROJECT / "plans.yaml", folder / "plans.yaml")
    environment = os.environ | {
        "CENTRALINO_DATA": str(folder),
        "CENTRALINO_PLANS": str(folder / "plans.yaml"),
        "CENTRALINO_PASSWORD": "a password for benchmarks",
        "PYTHONPATH": os.pathsep.join((str(packages), str(PROJECT))),
    }
    environment.pop("CENTRALINO_DATABASE", None)
    subprocess.run(
        [processes.COMMAND, "init", "--email", "op@example.com"],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return environment
