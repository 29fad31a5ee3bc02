"""Processes that publish, edit by hand, and are killed: ``python -m tests.served.publishers``.

A program of its own, because it forks and kills. Every step of a publish is a place to die: before
and after each thing that is done to the disk or the database. What is left is looked at as it lies,
and again after another process has looked at it once. Prints one JSON object per death or race.

    publishers.py kill URL FOLDER publish|edit
    publishers.py race URL FOLDER publish|edit REPEATS
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from core.contract.errors import BadInput, Conflict
from core.plans.revisions import entering, placing
from core.plans.revisions.book import PlanBook
from core.plans.revisions.publishing import Publisher
from core.plans.revisions.revisions import Revisions
from core.plans.revisions.starting import NOW, Start
from core.plans.tables import TABLES
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry
from core.store.database import Store
from core.store.people import UserRow
from tests.plans.conftest import FEATURES, book_of, catalogue_of
from tests.plans.race import forked

EVERYTHING = [AccountRow, UserRow, AuditEntry, *TABLES]
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEW_YEAR = Start.parse("2027-01-01")


def plans(groups: int, members: int = 1) -> str:
    """A plan file."""
    cells = f"queue.max_groups: {groups}, queue.max_members: {members}"
    return f"schema: 1\nplans:\n  free: {{title: Free, features: {{{cells}}}}}  # for all\n"


class House:
    """One installation, opened anew by every process."""

    def __init__(self, url: str, folder: Path) -> None:
        self.path = folder / "plans.yaml"
        self.store = Store(url)
        self.store.database.bind(EVERYTHING)
        self.book: PlanBook = book_of(
            self.path, self.store, catalogue_of(*FEATURES), lambda: datetime.now(UTC)
        )
        self.publisher = Publisher(self.store, self.book, self.book.mirror)

    def publish(self, text: str, start: Start = NOW, author: str = "ada") -> str:
        """Publish what this process believes to be the next one; what came of it."""
        base, newest = self.book.settled().number, self.book.newest
        try:
            self.publisher.publish(
                text,
                base=base,
                newest=newest,
                start=start,
                author=author,
                message="why",
                source="web",
                at=AT,
            )
        except Conflict as error:
            return f"conflict with {error.details['author']}"
        except BadInput as error:
            return f"refused: {error}"
        return "published"

    def state(self) -> dict[str, Any]:
        """What a fresh process finds after one look."""
        with self.store.connection():
            settled = self.book.settled()
            numbers = self.store.rows("SELECT number, sha FROM plan_revisions ORDER BY number")
            return {
                "in_force": settled.text,
                "file_after_a_look": self.path.read_text(),
                "numbers": [number for number, _ in numbers],
                "scheduled": [one.entry.carries for one in self.book.scheduled()],
                "shas": [sha for _, sha in numbers],
                "audited": AuditEntry.select().where(AuditEntry.action == "plans.publish").count(),
                "faults": [str(one) for one in self.book.faults],
                "beside": sorted(one.name for one in self.path.parent.glob("*plans.yaml?*")),
            }


def begin(url: str, folder: Path) -> None:
    """Tables, a first revision, and one that is scheduled."""
    (folder / "plans.yaml").write_text(plans(0))
    house = House(url, folder)
    with house.store.connection():
        house.store.database.create_tables(EVERYTHING)
        house.publish(plans(0, members=7), NEW_YEAR)
    house.store.database.close_all()


class Steps:
    """Counts the steps of this process, and ends it at one of them."""

    def __init__(self, store: Store, fatal: int) -> None:
        self.names: list[str] = []
        self.fatal = fatal
        database = store.database
        for owner, name, called in (
            (fcntl, "flock", "lock"),
            (database, "begin", "begin"),
            (Revisions, "add", "row"),
            (entering, "note", "audit"),
            (database, "commit", "commit"),
            (placing, "_write_aside", "write aside"),
            (os, "fsync", "sync"),
            (placing, "exchange", "exchange"),
            (placing, "_sync_folder", "sync folder"),
            (os, "replace", "remember"),
        ):
            self._watch(owner, name, called)

    def _watch(self, owner: Any, name: str, called: str) -> None:
        original = getattr(owner, name)

        def watched(*args: Any, **options: Any) -> Any:
            self._at(f"before {called}")
            result = original(*args, **options)
            self._at(f"after {called}")
            return result

        setattr(owner, name, watched)

    def _at(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) - 1 == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)


def act(url: str, folder: Path, mode: str, text: str, fatal: int) -> list[str]:
    """Publish a text, or look after it was saved by hand; die at a step. Returns all steps."""
    house = House(url, folder)
    house.book.settled()
    if mode == "edit":
        house.path.write_text(text)
    steps = Steps(house.store, fatal)
    if mode == "edit":
        house.book.look()
    else:
        assert house.publish(text) == "published"
    return steps.names


def kill(url: str, folder: Path, mode: str) -> None:
    """Die at every step in turn; each time the next text is published or saved."""
    begin(url, folder)
    names = piped(lambda: act(url, folder, mode, plans(1), -1))
    for fatal, name in enumerate(names):
        before, text = (folder / "plans.yaml").read_text(), plans(fatal + 2)
        before = text if mode == "edit" else before
        dying = forked(partial(act, url, folder, mode, text, fatal))
        assert os.waitpid(dying, 0)[1] == signal.SIGKILL
        left = (folder / "plans.yaml").read_text()
        found = piped(lambda: House(url, folder).state())
        again = piped(lambda: House(url, folder).state())
        death = {"step": f"{fatal:02} {name}", "before": before, "text": text, "left": left}
        print(json.dumps(death | found | {"again": again == found}), flush=True)


def race(url: str, folder: Path, mode: str, repeats: int) -> None:
    """Two at once: two publishers, or a publisher and an editor that saves by hand."""
    begin(url, folder)
    for repeat in range(repeats):
        newest = len(piped(lambda: House(url, folder).state())["numbers"])
        ready = get_context("fork").Barrier(2)
        one, other = plans(2 * repeat + 1), plans(2 * repeat + 2)
        second = partial(_publish, url, folder, other, "bob", ready)
        if mode == "edit":
            second = partial(_save, folder, other, ready)
        running = [_pipe(partial(_publish, url, folder, one, "ada", ready)), _pipe(second)]
        said = [_read(pipe) for pipe in running]
        found = piped(lambda: House(url, folder).state())
        print(json.dumps({"said": said, "texts": [one, other], "newest": newest} | found))
        if found["faults"]:
            _put_back(url, folder)


def _publish(url: str, folder: Path, text: str, author: str, ready: Any) -> str:
    house = House(url, folder)
    house.book.settled()
    ready.wait(60)
    return house.publish(text, author=author)


def _save(folder: Path, text: str, ready: Any) -> str:
    """Save as editors do, one way or the other, at any moment of the publish."""
    path = folder / "plans.yaml"
    ready.wait(60)
    time.sleep(random.choice([0, random.uniform(0, 0.3)]))
    if random.random() < 0.5:
        path.write_text(text)
        return "saved in place"
    path.with_suffix(".tmp").write_text(text)
    path.with_suffix(".tmp").rename(path)
    return "saved by a rename"


def _put_back(url: str, folder: Path) -> None:
    house = House(url, folder)
    house.book.settled()
    house.book.mirror.restore("ada", AT)
    for kept in folder.glob("plans.yaml.refused-*"):
        kept.unlink()
    house.store.database.close_all()


def piped(work: Callable[[], Any]) -> Any:
    """What a function answers in a process of its own."""
    return _read(_pipe(work))


def _pipe(work: Callable[[], Any]) -> tuple[int, int]:
    readable, writable = os.pipe()
    process = forked(lambda: os.write(writable, json.dumps(work()).encode()))
    os.close(writable)
    return process, readable


def _read(pipe: tuple[int, int]) -> Any:
    process, readable = pipe
    with os.fdopen(readable, "rb") as file:
        answer = file.read()
    status = os.waitpid(process, 0)[1]
    if status != 0:
        raise SystemExit(f"a process ended with {status}")
    return json.loads(answer)


if __name__ == "__main__":
    what, url, folder, mode, *more = sys.argv[1:]
    if what == "kill":
        kill(url, Path(folder), mode)
    else:
        race(url, Path(folder), mode, int(more[0]))
