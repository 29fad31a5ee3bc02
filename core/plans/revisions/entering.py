"""Enters a revision, and behind it, once more, the scheduled ones that start later.

A scheduled revision holds a whole file. Whatever is published before its day would be lost with it,
or it with what is published; so its own changes are laid upon the new text, with its own start kept
(``carries``). What each account sees changes on the day that was chosen, and on no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.contract.errors import BadInput, Conflict, NotFound
from core.plans.catalogue import Catalogue
from core.plans.file.changes import Change, RemovePlan, as_json, diff
from core.plans.file.document import parse_plans
from core.plans.file.editing import apply_changes
from core.plans.file.faults import PlansFault
from core.plans.file.plan import PlanDocument
from core.plans.revisions.removing import require_unused
from core.plans.revisions.revisions import Entry, Revisions, sha_of
from core.plans.revisions.starting import NOW, Start, comes_before
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


@dataclass(frozen=True, slots=True)
class Link:
    """A revision of the line, with what it changes of the one before; None: cannot be read."""

    entry: Entry
    text: str
    changes: Sequence[Change] | None


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
            BadInput: a removed plan is still in use, or a scheduled revision cannot be laid upon
                this one.
            Conflict: somebody published meanwhile.
        """
        document = self._parse(text)
        links = self._line(publication.at)
        changes = self._changes(links[0].text, document) if links else None
        behind = _place(links[1:], publication)
        if behind:
            text = self._lay(links[behind].text, changes, publication.start, None)
        later = self._carried(text, links[behind + 1 :])
        with self.store.transaction():
            removed = [one.key for one in changes or () if isinstance(one, RemovePlan)]
            require_unused(removed, publication.at)
            entry, told = self._add(text, publication, newest, later)
            before = {"revision": links[0].entry.number} if links else None
            after = {"changes": [as_json(one) for one in changes or ()], **told}
            _note("plans.publish", entry, publication, before, after)
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
        links = self._line(publication.at)
        cancelled = next((one for one in links[1:] if one.entry.number == number), None)
        if cancelled is None:
            raise NotFound(f"Revision {number} is not scheduled.")
        text = links[0].text
        later = self._carried(text, [one for one in links[1:] if one is not cancelled])
        with self.store.transaction():
            entry, told = self._add(text, publication, newest, later)
            changes = [as_json(one) for one in cancelled.changes or ()]
            before = {"revision": number, "start": str(cancelled.entry.start), "changes": changes}
            _note("plans.cancel", entry, publication, before, told)
        return entry

    def _line(self, at: datetime) -> list[Link]:
        """The settled revision and the scheduled ones; what each changes of the one before."""
        links: list[Link] = []
        for entry in self.revisions.line(at):
            text = self.revisions.text(entry.number)
            changes = self._changes(links[-1].text, text) if links else ()
            links.append(Link(entry, text, changes))
        return links

    def _changes(self, before: str, after: str | PlanDocument) -> tuple[Change, ...] | None:
        """None: the plugins that are installed now cannot read one of them."""
        try:
            return diff(
                self._parse(before), self._parse(after) if isinstance(after, str) else after
            )
        except PlansFault:
            return None

    def _parse(self, text: str) -> PlanDocument:
        return parse_plans(text, self.catalogue, self.name)

    def _carried(self, text: str, links: Iterable[Link]) -> list[tuple[Entry, str]]:
        """Scheduled revisions with their own changes upon another text, one upon the other."""
        carried = []
        for one in links:
            text = self._lay(text, one.changes, one.entry.start, one.entry.number)
            carried.append((one.entry, text))
        return carried

    def _lay(
        self, text: str, changes: Sequence[Change] | None, start: Start, number: int | None
    ) -> str:
        """The text with changes; ``number`` is the scheduled revision whose changes they are."""
        whose = f"Revision {number}, scheduled for {start}," if number else "This"
        if changes is None:
            raise BadInput(f"{whose} cannot be read with the plugins that are installed now.")
        try:
            laid = apply_changes(text, changes, self.catalogue, self.name)
            self._parse(laid)
        except BadInput as error:
            other = "this one" if number else "what is scheduled before it"
            raise BadInput(
                f"{whose} does not go together with {other}: {error}"
                f" Cancel the scheduled revision first."
            ) from error
        return laid

    def _add(
        self,
        text: str,
        by: Publication,
        newest: int,
        later: Iterable[tuple[Entry, str]],
    ) -> tuple[Entry, dict[str, Any]]:
        """Enter the rows; what the audit tells of them."""
        if self.revisions.newest() != newest:
            raise Conflict("Somebody published meanwhile.")
        first = Entry(
            newest + 1,
            sha_of(text),
            by.source,
            by.author,
            by.message,
            by.at,
            by.start,
            by.at,
            by.reverts,
        )
        self.revisions.add(first, text)
        told = {"revision": first.number, "start": str(by.start)}
        for number, (entry, laid) in enumerate(later, first.number + 1):
            again = replace(
                entry, number=number, sha=sha_of(laid), published_at=by.at, carries=entry.number
            )
            self.revisions.add(again, laid)
            told.setdefault("carried", []).append([entry.number, number])
        return first, told


def _place(scheduled: Sequence[Link], by: Publication) -> int:
    """How many of the scheduled revisions start before a new one.

    Raises:
        BadInput: one starts before it for some accounts and after it for others.
    """
    for place, link in enumerate(scheduled):
        before = comes_before(link.entry.begins, (by.start, by.at))
        if before is None:
            raise BadInput(
                f"Revision {link.entry.number} starts {link.entry.start}, in one part of the world"
                f" before {by.start} and in another after it; choose another start.",
                {"start": str(by.start)},
            )
        if not before:
            return place
    return len(scheduled)


def _note(action: str, entry: Entry, by: Publication, before: Any, after: dict[str, Any]) -> None:
    subject = f"revision {entry.number}"
    ref = str(entry.number)
    note(by.at, by.author, action, subject, ref=ref, before=before, after=after, message=by.message)
