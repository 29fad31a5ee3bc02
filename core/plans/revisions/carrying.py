"""The line of texts: the settled one, and upon it the scheduled ones in the order of their starts.

A scheduled revision holds a whole file. Whatever is published before its day would be lost with it,
or it with what is published; so each is seen as what it changes of the text before it, and those
changes are laid upon whatever comes to stand before it later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.contract.errors import BadInput, NotFound
from core.contract.texts import N_, phrase
from core.plans.catalogue import Catalogue
from core.plans.file.changes import Change, diff
from core.plans.file.document import parse_plans
from core.plans.file.editing import apply_changes
from core.plans.file.faults import PlansFault
from core.plans.revisions.revisions import Entry, Revisions
from core.plans.revisions.starting import Start, comes_before

HERE_AND_THERE = N_(
    "Revision %(number)s starts %(theirs)s, in one part of the world before %(mine)s and in another"
    " after it; choose another start."
)
UNREADABLE = N_(
    "Revision %(number)s cannot be read with the plugins that are installed now; nothing can be"
    " laid upon it."
)
NOT_UPON_SCHEDULED = N_(
    "This does not go together with revision %(number)s, which starts before it: %(why)s"
)
NOT_WITH_SCHEDULED = N_(
    "Revision %(number)s, scheduled for %(start)s, does not go together with this: %(why)s"
    " Cancel it first."
)


@dataclass(frozen=True, slots=True)
class Link:
    """A revision of the line, with what it changes of the one before; None: cannot be read."""

    entry: Entry
    text: str
    changes: Sequence[Change] | None


class Line:
    """The settled revision and the scheduled ones, as the database has them now.

    Args:
        revisions: where they are kept.
        catalogue: the installed plugins.
        name: what faults call the file.
        at: now.
    """

    def __init__(self, revisions: Revisions, catalogue: Catalogue, name: str, at: datetime) -> None:
        self._catalogue = catalogue
        self._name = name
        links: list[Link] = []
        for entry in revisions.line(at):
            text = revisions.text(entry.number)
            changes = self._changes(links[-1].text, text) if links else ()
            links.append(Link(entry, text, changes))
        self.settled: Link | None = links[0] if links else None
        self.scheduled: Sequence[Link] = links[1:]

    def changes(self, text: str) -> tuple[Change, ...] | None:
        """What a text changes of the settled one; None when that cannot be read any more.

        Raises:
            PlansFault: the text itself cannot be read.
        """
        parse_plans(text, self._catalogue, self._name)
        return self._changes(self.settled.text, text) if self.settled else ()

    def insert(
        self,
        text: str,
        changes: Sequence[Change] | None,
        start: Start,
        counted_from: datetime,
    ) -> tuple[str, list[tuple[Entry, str]]]:
        """Put a text, made from the settled one, into its place.

        Args:
            text: the whole file.
            changes: what it changes.
            start: from when it holds.
            counted_from: what a next month is counted from.

        Returns:
            The text upon those that start before it, and the later ones upon it, each with the
            entry that it had.

        Raises:
            BadInput: they do not go together.
        """
        place = self._place(start, counted_from)
        if place:
            text = self._lay_upon(self.scheduled[place - 1], changes)
        return text, self._carry(text, self.scheduled[place:])

    def without(self, number: int) -> tuple[Link, list[tuple[Entry, str]]]:
        """Take a scheduled revision out.

        Returns:
            It, and the other scheduled ones upon the settled one.

        Raises:
            NotFound: it is not scheduled.
            BadInput: another one builds upon it.
        """
        for place, link in enumerate(self.scheduled):
            if link.entry.number == number:
                others = [*self.scheduled[:place], *self.scheduled[place + 1 :]]
                return link, self._carry(self.settled.text, others)
        raise NotFound(phrase(N_("Revision %(number)s is not scheduled."), number=number))

    def _place(self, start: Start, counted_from: datetime) -> int:
        """How many of the scheduled revisions start before."""
        for place, link in enumerate(self.scheduled):
            before = comes_before(link.entry.begins, (start, counted_from))
            if before is None:
                theirs, number = str(link.entry.start), link.entry.number
                sentence = phrase(HERE_AND_THERE, number=number, theirs=theirs, mine=str(start))
                raise BadInput(sentence, {"start": sentence})
            if not before:
                return place
        return len(self.scheduled)

    def _carry(self, text: str, links: Iterable[Link]) -> list[tuple[Entry, str]]:
        """Scheduled revisions with their own changes upon another text, one upon the other."""
        carried = []
        for link in links:
            number = link.entry.number
            try:
                text = self._lay(text, self._readable(link.changes, number))
            except BadInput as error:
                start, why = str(link.entry.start), error.message
                words = phrase(NOT_WITH_SCHEDULED, number=number, start=start, why=why)
                raise BadInput(words) from error
            carried.append((link.entry, text))
        return carried

    def _lay_upon(self, link: Link, changes: Sequence[Change] | None) -> str:
        number = link.entry.number
        try:
            return self._lay(link.text, self._readable(changes, self.settled.entry.number))
        except BadInput as error:
            words = phrase(NOT_UPON_SCHEDULED, number=number, why=error.message)
            raise BadInput(words) from error

    def _readable(self, changes: Sequence[Change] | None, number: int) -> Sequence[Change]:
        if changes is None:
            raise BadInput(phrase(UNREADABLE, number=number))
        return changes

    def _lay(self, text: str, changes: Sequence[Change]) -> str:
        return apply_changes(text, changes, self._catalogue, self._name)

    def _changes(self, before: str, after: str) -> tuple[Change, ...] | None:
        try:
            documents = (parse_plans(one, self._catalogue, self._name) for one in (before, after))
            return diff(*documents)
        except PlansFault:
            return None
