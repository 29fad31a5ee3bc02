"""The revisions in force: what the gate asks for an account, and the grid for all.

Every process keeps the settled revision and the scheduled ones, and notices by itself when a new
one was published or the file was saved: no process tells another.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import peewee
from playhouse.pool import MaxConnectionsExceeded

from core.contract.errors import StoreUnavailable
from core.plans.catalogue import Catalogue
from core.plans.file.document import parse_plans
from core.plans.file.faults import Fault, PlansFault
from core.plans.file.plan import PlanDocument
from core.plans.revisions.mirror import WAIT_SECONDS, Mirror
from core.plans.revisions.revisions import Entry, Revisions, sha_of
from core.plans.revisions.starting import starts_at

if TYPE_CHECKING:
    from core.store.database import Store

LOOK_EVERY_SECONDS = 0.5
"""How often a process looks for news; a change is taken within a second (plans.md §4)."""

LOOK_AGAIN_SECONDS = 0.1
"""The same while another process is writing the file."""

REMEMBERED_REVISIONS = 64
"""How many documents one process remembers beside those in force."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Revision:
    """A plan document with its number, the SHA-256 of its text, and the text."""

    document: PlanDocument
    number: int
    sha: str
    text: str


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A revision that has not started everywhere, with what is known of it."""

    revision: Revision
    entry: Entry


@dataclass(frozen=True, slots=True)
class _Line:
    """What one process knows of now: replaced whole, so that no thread sees half of it.

    ``newest`` is the newest number it was made from, ``until`` when it settles anew.
    """

    settled: Revision
    scheduled: tuple[Scheduled, ...]
    newest: int
    until: datetime | None
    _starts: dict[ZoneInfo, list[tuple[datetime, Revision]]] = field(default_factory=dict)

    def starts(self, zone: ZoneInfo) -> list[tuple[datetime, Revision]]:
        """When the scheduled revisions start for the accounts of a zone, the last first."""
        found = self._starts.get(zone)
        if found is None:
            found = self._starts[zone] = [
                (starts_at(*one.entry.begins, zone), one.revision)
                for one in reversed(self.scheduled)
            ]
        return found


class PlanBook:
    """The revisions of this installation.

    Args:
        mirror: the plan file.
        store: where revisions are kept.
        catalogue: the installed plugins.
        clock: says what time it is.
    """

    def __init__(
        self, mirror: Mirror, store: Store, catalogue: Catalogue, clock: Callable[[], datetime]
    ) -> None:
        self.mirror = mirror
        self.store = store
        self.catalogue = catalogue
        self.clock = clock
        self.revisions = Revisions(store)
        self._known: dict[int, Revision] = {}
        self._line: _Line | None = None
        self._unreadable: tuple[Fault, ...] = ()
        self._look_at = 0.0
        self._lock = Lock()

    @property
    def path(self) -> Path:
        """The plan file."""
        return self.mirror.path

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Why the file does not say what is in force, or this process cannot read what is."""
        return self.mirror.faults + self._unreadable

    @property
    def newest(self) -> int:
        """The newest revision's number, as this process knows it."""
        return self._now().newest

    def settled(self) -> Revision:
        """The revision that has started for everybody: what grid, pages and commands show.

        Raises:
            PlansFault: at the very first start, with a bad file and no earlier revision.
            StoreUnavailable: at the start, when the database does not answer.
        """
        return self._now().settled

    def scheduled(self) -> tuple[Scheduled, ...]:
        """The revisions that have not started everywhere yet, in the order of their starts."""
        return self._now().scheduled

    def in_force(self, zone: ZoneInfo, at: datetime) -> Revision:
        """The revision in force for an account. Costs nothing more where nothing is scheduled.

        Args:
            zone: the account's zone.
            at: now, aware.
        """
        line = self._now()
        if line.scheduled:
            for begin, revision in line.starts(zone):
                if begin <= at:
                    return revision
        return line.settled

    def as_of(self, zone: ZoneInfo, at: datetime) -> Revision:
        """The revision that was in force for an account at an earlier instant.

        Args:
            zone: the account's zone.
            at: the instant; before the first revision the first one answers.
        """
        self._now()
        with self.store.connection():
            number = self.revisions.number_at(zone, at)
        return self.revision(number)

    def revision(self, number: int) -> Revision:
        """A revision by its number, as calls in flight need it.

        Raises:
            NotFound: there is no such revision.
            PlansFault: the plugins that are installed now cannot read it any more.
        """
        found = self._known.get(number)
        if found is None:
            text = self.revisions.text(number)
            document = parse_plans(text, self.catalogue, self.path.name)
            found = Revision(document, number, sha_of(text), text)
            if len(self._known) >= REMEMBERED_REVISIONS:
                self._known.clear()
            found = self._known.setdefault(number, found)
        return found

    def look(self) -> None:
        """Look for news at once: after a publish, or before one."""
        self._now()
        with self._lock:
            self._look()

    def _now(self) -> _Line:
        if self._line is None:
            with self._lock:
                if self._line is None:
                    self._start()
        elif time.monotonic() >= self._look_at and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._line

    def _start(self) -> None:
        with self.store.connection():
            first = self.revisions.newest() == 0
            self.mirror.look(self.clock(), WAIT_SECONDS if first else 0)
            if self.revisions.newest() == 0:
                raise PlansFault(self.mirror.faults)
            self._line = self._read(self.clock())
        self._look_at = time.monotonic() + LOOK_EVERY_SECONDS

    def _look(self) -> None:
        """One ``stat`` and one number; more only when they changed. Not inside a transaction,
        which might roll back what was entered."""
        if self.store.database.in_transaction():
            return
        self._look_at = time.monotonic() + LOOK_EVERY_SECONDS
        try:
            with self.store.connection():
                self._compare(self.clock())
        except (StoreUnavailable, peewee.PeeweeException, MaxConnectionsExceeded) as error:
            log.warning("News of the plans could not be read yet: %s", error)

    def _compare(self, at: datetime) -> None:
        line = self._line
        moved = self.revisions.newest() != line.newest or (line.until and line.until <= at)
        if not moved and not self.mirror.changed():
            return
        if not self.mirror.look(at):
            self._look_at = time.monotonic() + LOOK_AGAIN_SECONDS
        try:
            self._line = self._read(at)
            self._unreadable = ()
        except PlansFault as fault:
            self._line = replace(line, newest=self.revisions.newest(), until=None)
            self._unreadable = fault.faults
            log.error(
                "What is in force cannot be read with the plugins of this process:\n%s", fault
            )

    def _read(self, at: datetime) -> _Line:
        newest = self.revisions.newest()
        settled, *waiting = self.revisions.line(at)
        return _Line(
            self.revision(settled.number),
            tuple(Scheduled(self.revision(one.number), one) for one in waiting),
            newest,
            min((one.settles_at for one in waiting), default=None),
        )
