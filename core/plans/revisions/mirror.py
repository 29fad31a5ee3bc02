"""The plan file on disk mirrors the settled revision, both ways (plans.md §5).

One look does all: it finishes a rename that a killed process left undone, takes an edit by hand as
a revision, or says why it cannot. So a publish only enters its revision and looks.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from core.contract.errors import BadInput, Conflict, StoreUnavailable
from core.contract.texts import N_, phrase
from core.plans.file.faults import Fault, PlansFault
from core.plans.file.nodes import decode
from core.plans.revisions.copies import Copy
from core.plans.revisions.entering import Enterer, Publication
from core.plans.revisions.revisions import Entry, Revisions, sha_of
from core.store.audit import note

BY_HAND = "file"
"""Author and source of a revision that is an edit of the file."""

TRY_AGAIN_SECONDS = 5
"""How long a file that could not be written is left alone."""

WAIT_SECONDS = 10
"""How long a publish waits for another one on the same machine."""

BUSY = N_("Somebody else is publishing; try again in a moment.")
NOTHING_REFUSED = N_("%(file)s says what is in force; there is nothing to put back.")
NOT_PUT_BACK = N_("%(file)s cannot be put back: %(why)s.")
SAVED_AGAIN = N_("%(file)s was saved at this very moment; look at it again.")

log = logging.getLogger(__name__)


class Mirror:
    """The plan file of this machine.

    Args:
        path: the configured file.
        data: the data folder, where the machine remembers what the file mirrors.
        revisions: the rows.
        enterer: enters an edit by hand as a revision.
    """

    def __init__(self, path: Path, data: Path, revisions: Revisions, enterer: Enterer) -> None:
        self.path = Path(path)
        self.revisions = revisions
        self.enterer = enterer
        self.faults: tuple[Fault, ...] = ()
        self.refused = False
        """Whether the file holds an edit by hand that is not taken; ``faults`` say why."""
        self._copy = Copy(path, data, revisions)
        self._seen: tuple[int, ...] | None = None
        self._again_at: float | None = 0.0

    def changed(self) -> bool:
        """Whether the file must be looked at: one ``stat``."""
        if self._again_at is not None and time.monotonic() >= self._again_at:
            return True
        return self._copy.stamp() != self._seen

    def look(self, at: datetime, wait: float = 0) -> bool:
        """Bring file and revisions together.

        Args:
            at: now.
            wait: seconds to wait for another process that does the same.

        Returns:
            False when another one was at it; look again soon.
        """
        with ExitStack() as stack:
            try:
                mine = stack.enter_context(self._copy.machine.turn(wait))
            except OSError as error:
                self._complain(f"the data folder cannot be written: {error.strerror}")
                return True
            if mine:
                self.look_in_turn(at)
            return mine

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Have the file to oneself, to publish or to put it back.

        Raises:
            Conflict: another process does not let go of it.
            StoreUnavailable: the data folder cannot be written.
        """
        with ExitStack() as stack:
            try:
                mine = stack.enter_context(self._copy.machine.turn(WAIT_SECONDS))
            except OSError as error:
                raise StoreUnavailable(
                    f"The data folder cannot be written: {error.strerror}."
                ) from error
            if not mine:
                raise Conflict(phrase(BUSY))
            yield

    def look_in_turn(self, at: datetime, create: bool = False) -> None:
        """The same for those who have the turn.

        Args:
            at: now.
            create: write the file where there is none. A file that vanished stays away otherwise:
                its folder may be missing only for now, and something else may stand there soon.
        """
        self._again_at = None
        seen = self._copy.stamp()
        try:
            content = self.path.read_bytes()
        except OSError as error:
            settled = self.revisions.line(at)[:1]
            if create and settled and isinstance(error, FileNotFoundError):
                self._write(settled[0], None)
            else:
                self._complain(f"the file cannot be read: {error.strerror}")
        else:
            self._compare(content, at)
        self._seen = seen

    def restore(self, author: str, at: datetime) -> Path | None:
        """Put the file back to the settled revision.

        Args:
            author: who orders it, for the audit.
            at: now.

        Returns:
            Where the refused text is kept; None when there was none.

        Raises:
            BadInput: the file mirrors the revision already, or cannot be read or written.
            Conflict: the file was saved again at this moment.
        """
        with self.revisions.store.connection(), self.turn():
            self.look_in_turn(at)
            if not self.faults:
                raise BadInput(phrase(NOTHING_REFUSED, file=self.path.name))
            settled = self.revisions.line(at)[0]
            try:
                kept = self._put_back(settled, at)
            except OSError as error:
                words = phrase(NOT_PUT_BACK, file=self.path.name, why=error.strerror)
                raise BadInput(words) from error
            after = {"revision": settled.number, "kept": kept.name if kept else None}
            note(at, author, "plans.restore", self.path.name, ref=str(settled.number), after=after)
        return kept

    def _put_back(self, settled: Entry, at: datetime) -> Path | None:
        content = self.path.read_bytes() if self.path.exists() else None
        kept = self._copy.keep(content, at) if self.refused else None
        if not self._copy.write(settled, content):
            raise Conflict(phrase(SAVED_AGAIN, file=self.path.name))
        self._in_sync(settled)
        return kept

    def _compare(self, content: bytes, at: datetime) -> None:
        try:
            text = decode(content, self.path.name)
        except PlansFault as fault:
            self._refuse(fault.faults)
            return
        newest = self.revisions.newest()  # before the rest: what comes later is a conflict
        settled = next(iter(self.revisions.line(at)), None)
        if settled is not None and sha_of(text) == settled.sha:
            self._in_sync(settled)
        elif settled is not None and self._copy.lags(sha_of(text), settled):
            self._write(settled, content)
        elif settled is None or self._copy.base() in (settled.number, None):
            self._take(text, newest, at)
        else:
            self._refuse_outdated(settled)

    def _refuse_outdated(self, settled: Entry) -> None:
        sentence = (
            f"this was edited on top of revision {self._copy.base()}, but revision"
            f" {settled.number} came into force meanwhile; put the file back with"
            " `centralino plans restore`, which keeps your text beside it, and make the changes"
            " again"
        )
        self._refuse(self._fault(sentence))

    def _take(self, text: str, newest: int, at: datetime) -> None:
        """An edit by hand becomes a revision."""
        message = "edited by hand" if newest else "taken from the file at the first start"
        publication = Publication(BY_HAND, message, BY_HAND, at)
        try:
            entry = self.enterer.enter(text, publication, newest)
        except Conflict:  # another machine was faster; what it published decides what this is
            self._again_at = 0.0
        except PlansFault as fault:
            self._refuse(fault.faults)
        except BadInput as error:
            self._refuse(self._fault(error.message))
        else:
            self._in_sync(entry)

    def _write(self, settled: Entry, content: bytes | None) -> None:
        try:
            placed = self._copy.write(settled, content)
        except OSError as error:
            self._complain(
                f"revision {settled.number} is in force, but the file could not be written:"
                f" {error.strerror}"
            )
            self._again_at = time.monotonic() + TRY_AGAIN_SECONDS
            return
        self._again_at = 0.0  # our own change, or one of the same moment: the next look tells
        if placed:
            self._in_sync(settled)

    def _in_sync(self, settled: Entry) -> None:
        self.faults, self.refused = (), False
        try:
            self._copy.remember(settled)
        except OSError as error:
            self._complain(f"what it mirrors could not be remembered: {error.strerror}")

    def _refuse(self, faults: tuple[Fault, ...]) -> None:
        self.refused = True
        self._tell(faults, "is refused, the last good revision stays in force")

    def _complain(self, sentence: str) -> None:
        self.refused = False
        self._tell(self._fault(sentence), "and what is in force differ")

    def _tell(self, faults: tuple[Fault, ...], what: str) -> None:
        if faults != self.faults:
            log.error("The plan file %s:\n%s", what, "\n".join(map(str, faults)))
        self.faults = faults

    def _fault(self, sentence: str) -> tuple[Fault, ...]:
        return (Fault(1, 1, "", sentence, self.path.name),)
