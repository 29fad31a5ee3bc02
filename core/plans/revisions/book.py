"""The plan file in force: notices a change, keeps the last good content, numbers revisions.

Every process looks at the file itself; the database gives each good content one number, so that a
call can keep the decisions it started with in whatever process its next event arrives.
"""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import peewee

from core.contract.errors import NotFound, StoreUnavailable
from core.plans.catalogue import Catalogue
from core.plans.file.document import parse_plans
from core.plans.file.faults import Fault, PlansFault
from core.plans.file.nodes import decode
from core.plans.file.plan import PlanDocument

if TYPE_CHECKING:
    from core.store.database import Store

LOOK_EVERY_SECONDS = 0.5
"""How often a process looks at the file; a change is taken within a second (plans.md §4)."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Revision:
    """A plan document with the number the database gave it and the SHA-256 of its text."""

    document: PlanDocument
    number: int
    sha: str


class PlanBook:
    """The plan file of this installation and its revisions.

    Args:
        path: the plan file.
        store: where revisions are kept.
        catalogue: the installed plugins.
    """

    def __init__(self, path: Path, store: Store, catalogue: Catalogue) -> None:
        self.path = Path(path)
        self.store = store
        self.catalogue = catalogue
        self.faults: tuple[Fault, ...] = ()
        self._revisions: dict[int, Revision] = {}
        self._current: Revision | None = None
        self._seen: tuple[int, ...] | None = None
        self._look_at = 0.0
        self._lock = Lock()

    def settled(self) -> Revision:
        """The revision in force.

        ``faults`` then says what is wrong with the file, when the last good revision is in force
        in its stead.

        Raises:
            PlansFault: at the very first start, with a bad file and no earlier revision.
            StoreUnavailable: at the start, when the database does not answer.
        """
        if self._current is None:
            with self._lock:
                if self._current is None:
                    self._start()
        elif time.monotonic() >= self._look_at and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._current

    def in_force(self, zone: ZoneInfo, at: datetime) -> Revision:
        """The revision in force for an account.

        Args:
            zone: the account's zone.
            at: the instant, aware.
        """
        return self.settled()

    def revision(self, number: int) -> Revision:
        """An earlier revision, as calls in flight need it.

        Raises:
            NotFound: there is no such revision.
            PlansFault: the plugins that are installed now cannot read it any more.
        """
        found = self._revisions.get(number)
        if found is None:
            with self.store.connection():
                row = self.store.row(
                    "SELECT text, sha FROM plan_revisions WHERE number = ?", (number,)
                )
            if row is None:
                raise NotFound(f"There is no plan revision {number}.")
            found = self._remember(
                parse_plans(row[0], self.catalogue, self.path.name), number, row[1]
            )
        return found

    def _remember(self, document: PlanDocument, number: int, sha: str) -> Revision:
        return self._revisions.setdefault(number, Revision(document, number, sha))

    def _start(self) -> None:
        self._seen = _stamp(self.path)
        try:
            self._current = self._take()
        except PlansFault as fault:
            newest = self._newest()
            if newest is None:
                raise
            self._complain(fault)
            self._current = self.revision(newest)

    def _look(self) -> None:
        """Read the file when it has changed; not inside a transaction, which might roll back the
        row that a number was taken from."""
        self._look_at = time.monotonic() + LOOK_EVERY_SECONDS
        stamp = _stamp(self.path)
        if stamp == self._seen or self.store.database.in_transaction():
            return
        try:
            self._current = self._take()
            self.faults = ()
        except PlansFault as fault:
            self._complain(fault)
        except (StoreUnavailable, peewee.PeeweeException) as error:
            log.warning("The changed plan file could not be recorded yet: %s", error)
            return
        self._seen = stamp

    def _complain(self, fault: PlansFault) -> None:
        self.faults = fault.faults
        log.error("The plan file is refused, the last good revision stays in force:\n%s", fault)

    def _take(self) -> Revision:
        try:
            content = self.path.read_bytes()
        except OSError as error:
            sentence = f"the file cannot be read: {error.strerror}"
            raise PlansFault([Fault(1, 1, "", sentence, self.path.name)]) from error
        text = decode(content, self.path.name)
        document = parse_plans(text, self.catalogue, self.path.name)
        sha = hashlib.sha256(content).hexdigest()
        with self.store.connection(), self.store.transaction():
            return self._remember(document, self._record(text, sha), sha)

    def _record(self, text: str, sha: str) -> int:
        """The number of a content; several processes that find it at once get the same.

        Asked before it is entered: on PostgreSQL an insert that finds its row there already would
        still use up a number, at every start of every process.
        """
        now = self.store.instant(datetime.now(UTC))
        number = self._number(sha)
        if number is None:
            self.store.execute(
                "INSERT INTO plan_revisions"
                " (number, sha, text, source, author, message, published_at, start, counted_from)"
                " VALUES (?, ?, ?, 'file', '', '', ?, 'now', ?)",
                (self._newest_number() + 1, sha, text, now, now),
            )
            number = self._number(sha)
        return number

    def _newest_number(self) -> int:
        row = self.store.row("SELECT max(number) FROM plan_revisions")
        return row[0] or 0

    def _number(self, sha: str) -> int | None:
        row = self.store.row("SELECT max(number) FROM plan_revisions WHERE sha = ?", (sha,))
        return row[0] if row else None

    def _newest(self) -> int | None:
        with self.store.connection():
            row = self.store.row("SELECT number FROM plan_revisions ORDER BY number DESC LIMIT 1")
        return row[0] if row else None


def _stamp(path: Path) -> tuple[int, ...] | None:
    """What tells a changed file from the same one; None when it cannot be read."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
