"""The rows of published revisions: only ever added to, numbered without a gap (plans.md §5).

Whoever adds one takes the number after the newest; of two at once the second finds its number
taken. That is the whole coordination between processes and machines.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import peewee

from core.contract.errors import Conflict, NotFound
from core.plans.revisions.starting import Start, has_started, settles_at
from core.store.database import read_instant

if TYPE_CHECKING:
    from core.store.database import Store

OF_PUBLISHED = "FROM plan_revisions WHERE published_at <= ?"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a revision without its text; the fields are those of ``PlanRevision``."""

    number: int
    sha: str
    source: str
    author: str
    message: str
    published_at: datetime
    start: Start
    counted_from: datetime
    reverts: int | None = None
    carries: int | None = None

    @property
    def begins(self) -> tuple[Start, datetime]:
        """From when it holds: the start, and what a next month is counted from."""
        return self.start, self.counted_from

    @property
    def settles_at(self) -> datetime | None:
        """When it has started for everybody; None: it always has."""
        return settles_at(self.start, self.counted_from)

    def settled(self, at: datetime) -> bool:
        """Whether it has started for everybody at an instant."""
        settles = self.settles_at
        return settles is None or settles <= at


NAMES = tuple(one.name for one in fields(Entry))
COLUMNS = ", ".join(NAMES)


def sha_of(text: str) -> str:
    """The SHA-256 by which equal texts are known."""
    return hashlib.sha256(text.encode()).hexdigest()


class Revisions:
    """The table of revisions, in statements sent by hand: every process asks it for its newest."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def newest(self) -> int:
        """The number of the newest revision, 0 when there is none yet."""
        row = self.store.row("SELECT max(number) FROM plan_revisions")
        return row[0] or 0

    def entry(self, number: int) -> Entry:
        """A revision without its text.

        Raises:
            NotFound: there is no such revision.
        """
        return _entry(self._one(COLUMNS, number))

    def text(self, number: int) -> str:
        """The whole file of a revision.

        Raises:
            NotFound: there is no such revision.
        """
        return self._one("text", number)[0]

    def page(self, before: int | None = None, most: int = 50) -> list[Entry]:
        """Revisions, the newest first.

        Args:
            before: only those with a lower number; None: from the newest.
            most: how many at most.
        """
        where, parameters = ("WHERE number < ?", [before]) if before is not None else ("", [])
        rows = self.store.rows(
            f"SELECT {COLUMNS} FROM plan_revisions {where} ORDER BY number DESC LIMIT ?",
            [*parameters, most],
        )
        return [_entry(row) for row in rows]

    def line(self, at: datetime) -> list[Entry]:
        """The settled revision, and after it the scheduled ones in the order of their starts.

        A scheduled one that was entered again (``carries``) counts once. Empty before the first
        revision.

        Args:
            at: now.
        """
        rows = self.store.rows(
            f"SELECT {COLUMNS} FROM plan_revisions WHERE number >="
            " (SELECT max(number) FROM plan_revisions WHERE start = 'now') ORDER BY number"
        )
        entries = [_entry(row) for row in rows]
        carried = {one.carries for one in entries}
        last = max((one.number for one in entries if one.settled(at)), default=0)
        waiting = (one for one in entries if one.number > last and one.number not in carried)
        return [*(one for one in entries if one.number == last), *waiting]

    def number_at(self, zone: ZoneInfo, at: datetime) -> int:
        """The revision that was in force for the accounts of a zone, as was known then.

        Args:
            zone: the account's zone.
            at: an instant, usually a past one; before the first revision the first one answers.
        """
        rows = self.store.rows(
            f"SELECT number, start, counted_from {OF_PUBLISHED} AND number >="
            f" (SELECT max(number) {OF_PUBLISHED} AND start = 'now') ORDER BY number DESC",
            [self.store.instant(at)] * 2,
        )
        started = (
            number
            for number, start, counted_from in rows
            if has_started(Start.parse(start), read_instant(counted_from), zone, at)
        )
        return next(started, 1)

    def with_text(self, sha: str) -> list[int]:
        """The numbers of all revisions with one text, in order."""
        rows = self.store.rows(
            "SELECT number FROM plan_revisions WHERE sha = ? ORDER BY number", (sha,)
        )
        return [number for (number,) in rows]

    def add(self, entry: Entry, text: str) -> None:
        """Enter a revision, inside the caller's transaction.

        Args:
            entry: with the number after the newest one.
            text: the whole file.

        Raises:
            Conflict: somebody entered one since that number was chosen.
        """
        taken = Conflict("Somebody published meanwhile.")
        if self.newest() != entry.number - 1:
            raise taken
        values = {
            **{name: getattr(entry, name) for name in NAMES},
            "published_at": self.store.instant(entry.published_at),
            "start": str(entry.start),
            "counted_from": self.store.instant(entry.counted_from),
        }
        marks = ", ".join("?" * (len(values) + 1))
        try:
            self.store.execute(
                f"INSERT INTO plan_revisions ({COLUMNS}, text) VALUES ({marks})",
                [*values.values(), text],
            )
        except peewee.IntegrityError as error:
            raise taken from error

    def _one(self, columns: str, number: int) -> tuple:
        with self.store.connection():
            row = self.store.row(
                f"SELECT {columns} FROM plan_revisions WHERE number = ?", (number,)
            )
        if row is None:
            raise NotFound(f"There is no plan revision {number}.")
        return row


def _entry(row: tuple[Any, ...]) -> Entry:
    values = dict(zip(NAMES, row, strict=True))
    values["start"] = Start.parse(values["start"])
    for name in ("published_at", "counted_from"):
        values[name] = read_instant(values[name])
    return Entry(**values)
