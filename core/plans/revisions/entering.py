"""Enters a revision with its audit, and behind it, once more, the scheduled ones that start later.

Texts are read and laid upon each other before the transaction, which only adds rows: calls do not
wait for it. That nothing came in between is what the newest number tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.contract.errors import Conflict
from core.plans.catalogue import Catalogue
from core.plans.file.changes import RemovePlan, as_json
from core.plans.revisions.carrying import Line
from core.plans.revisions.removing import require_unused
from core.plans.revisions.revisions import Entry, Revisions, sha_of
from core.plans.revisions.starting import NOW, Start
from core.store.audit import note

if TYPE_CHECKING:
    from core.store.database import Store


@dataclass(frozen=True, slots=True)
class Publication:
    """Who publishes, why, through which door, when, and from when it shall hold.

    Args:
        author: an e-mail or a name.
        message: why, in the author's words.
        source: ``file``, ``web``, ``command`` or ``api``.
        at: now.
        start: from when it holds.
        reverts: the revision that it goes back to.
    """

    author: str
    message: str
    source: str
    at: datetime
    start: Start = NOW
    reverts: int | None = None


class Enterer:
    """Enters revisions into the database.

    Args:
        store, revisions: where they are kept.
        catalogue: the installed plugins.
        name: what faults call the file.
    """

    def __init__(self, store: Store, revisions: Revisions, catalogue: Catalogue, name: str) -> None:
        self.store = store
        self.revisions = revisions
        self.catalogue = catalogue
        self.name = name

    def enter(self, text: str, publication: Publication, newest: int) -> Entry:
        """Enter a text that was made from the settled one.

        Args:
            text: the whole file.
            publication: by whom, why, from when.
            newest: the newest revision's number, as the author knows it.

        Raises:
            PlansFault: the text cannot be read.
            BadInput: a removed plan is still in use, or a scheduled revision does not go together
                with this one.
            Conflict: somebody published meanwhile.
        """
        line = self._line(publication)
        changes = line.changes(text)
        text, later = line.insert(text, changes, publication.start, publication.at)
        before = {"revision": line.settled.entry.number} if line.settled else None
        with self.store.transaction():
            removed = [one.key for one in changes or () if isinstance(one, RemovePlan)]
            require_unused(removed, publication.at)
            entry, told = self._add(text, publication, newest, later)
            told["changes"] = [as_json(one) for one in changes or ()]
            _note("plans.publish", entry, publication, before, told)
        return entry

    def cancel(self, number: int, publication: Publication, newest: int) -> Entry:
        """Take a scheduled revision out of the line, by one with the settled text, now.

        Args:
            number: of the scheduled revision.
            publication: by whom, why.
            newest: the newest revision's number, as the author knows it.

        Raises:
            NotFound: it is not scheduled.
            BadInput: another scheduled one builds upon it.
            Conflict: somebody published meanwhile.
        """
        line = self._line(publication)
        cancelled, later = line.without(number)
        changes = [as_json(one) for one in cancelled.changes or ()]
        before = {"revision": number, "start": str(cancelled.entry.start), "changes": changes}
        with self.store.transaction():
            entry, told = self._add(line.settled.text, publication, newest, later)
            _note("plans.cancel", entry, publication, before, told)
        return entry

    def _line(self, publication: Publication) -> Line:
        return Line(self.revisions, self.catalogue, self.name, publication.at)

    def _add(
        self, text: str, by: Publication, newest: int, later: Iterable[tuple[Entry, str]]
    ) -> tuple[Entry, dict[str, Any]]:
        """Enter the rows; with what the audit tells of them."""
        if self.revisions.newest() != newest:
            raise Conflict("Somebody published meanwhile.")
        entry = Entry(
            newest + 1,
            sha_of(text),
            by.source,
            by.author,
            by.message,
            by.at,
            by.start,
            counted_from=by.at,
            reverts=by.reverts,
        )
        self.revisions.add(entry, text)
        told: dict[str, Any] = {"revision": entry.number, "start": str(by.start)}
        for number, (before, laid) in enumerate(later, entry.number + 1):
            again = replace(
                before, number=number, sha=sha_of(laid), published_at=by.at, carries=before.number
            )
            self.revisions.add(again, laid)
            told.setdefault("carried", []).append([before.number, number])
        return entry, told


def _note(action: str, entry: Entry, by: Publication, before: Any, after: dict[str, Any]) -> None:
    subject = f"revision {entry.number}"
    ref = str(entry.number)
    note(by.at, by.author, action, subject, ref=ref, before=before, after=after, message=by.message)
