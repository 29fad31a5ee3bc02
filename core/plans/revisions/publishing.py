"""Publishes a revision of the plan matrix: checked, entered with its audit, written to the file.

Two who publish at once cannot overwrite each other, nor an edit of the file by hand: whoever did
not see the newest revision is told so, and by whom it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from core.contract.errors import BadInput, Conflict
from core.contract.texts import N_, phrase
from core.plans.revisions.book import PlanBook
from core.plans.revisions.entering import Publication
from core.plans.revisions.mirror import Mirror
from core.plans.revisions.revisions import Entry, sha_of
from core.plans.revisions.starting import Start, StartKind, require_to_come

if TYPE_CHECKING:
    from core.store.database import Store

LONGEST_MESSAGE = 500
"""Characters; what the tables hold."""

FASTER = N_(
    "Revision %(number)s by %(author)s came into force or was scheduled since you began; look at"
    " it, and publish again."
)
BY_HAND = N_(
    "%(file)s was edited by hand and is refused, so nothing can be published; correct the file or"
    " put it back: %(fault)s"
)


class Publisher:
    """Publishes, and cancels what is scheduled.

    Args:
        store: where revisions are kept.
        book: what is in force.
        mirror: the plan file.
    """

    def __init__(self, store: Store, book: PlanBook, mirror: Mirror) -> None:
        self._store = store
        self._book = book
        self._mirror = mirror

    def publish(
        self,
        text: str,
        *,
        base: int,
        newest: int,
        start: Start,
        author: str,
        message: str,
        source: str,
        at: datetime,
        reverts: int | None = None,
    ) -> Entry:
        """Publish a whole file.

        Args:
            text: the file, made from the settled revision.
            base: the number of that revision.
            newest: the number of the newest revision that the author saw.
            start: from when it holds.
            author: who publishes: an e-mail or a name.
            message: why, in their words.
            source: ``web``, ``command`` or ``api``.
            at: now.
            reverts: the revision that it goes back to.

        Raises:
            PlansFault: the text holds mistakes.
            BadInput: no message, nothing changed, a start that has begun somewhere, a removed plan
                that is in use, a scheduled revision that this does not go together with, or an edit
                of the file by hand that is refused.
            Conflict: somebody published meanwhile; ``details`` hold ``newest`` and ``author``.
        """
        publication = Publication(author, checked(message), source, at, start, reverts)
        require_to_come(start, at)
        with self._turn(newest, at):
            settled = self._book.revisions.line(at)[0]
            if settled.number != base:
                raise self._conflict(settled.number)
            if sha_of(text) == settled.sha:
                words = N_("Nothing was changed: revision %(number)s says the same.")
                raise BadInput(phrase(words, number=base))
            entry = self._mirror.enterer.enter(text, publication, newest)
            self._mirror.look_in_turn(at, create=start.kind is StartKind.NOW)
        self._book.look()
        return entry

    def cancel(
        self, number: int, *, newest: int, author: str, message: str, source: str, at: datetime
    ) -> Entry:
        """Take back a scheduled revision, by a new one that holds now.

        Args:
            number: of the scheduled revision.
            newest: the number of the newest revision that the author saw.
            author: who cancels.
            message: why, in their words.
            source: ``web``, ``command`` or ``api``.
            at: now.

        Raises:
            NotFound: it is not scheduled (any more).
            BadInput: no message, another scheduled revision builds upon it, or a refused edit of
                the file.
            Conflict: somebody published meanwhile; ``details`` hold ``newest`` and ``author``.
        """
        publication = Publication(author, checked(message), source, at)
        with self._turn(newest, at):
            entry = self._mirror.enterer.cancel(number, publication, newest)
            self._mirror.look_in_turn(at)
        self._book.look()
        return entry

    @contextmanager
    def _turn(self, newest: int, at: datetime) -> Iterator[None]:
        """Alone with the file, after what was done to it by hand has been taken or refused."""
        self._book.settled()  # a very first start takes the file before anything is published
        with self._store.connection(), self._mirror.turn():
            self._mirror.look_in_turn(at)
            if self._mirror.refused:
                fault = str(self._mirror.faults[0])
                raise BadInput(phrase(BY_HAND, file=self._mirror.path.name, fault=fault))
            if self._book.revisions.newest() != newest:
                raise self._conflict()
            try:
                yield
            except Conflict as error:
                raise self._conflict() from error

    def _conflict(self, number: int | None = None) -> Conflict:
        """Names who was faster; ``number``: what is settled now."""
        newest = self._book.revisions.newest()
        entry = self._book.revisions.entry(number or newest)
        while entry.carries:  # entered behind what was published, under the name of its author
            entry = self._book.revisions.entry(entry.number - 1)
        return Conflict(
            phrase(FASTER, number=entry.number, author=entry.author),
            newest=newest,
            author=entry.author,
        )


def checked(message: str) -> str:
    """The message in one line.

    Raises:
        BadInput: there is none, or it is too long.
    """
    words = "".join(one for one in " ".join(message.split()) if one.isprintable())
    if not words:
        missing = phrase(N_("Say why: the message is missing."))
        raise BadInput(missing, {"message": missing})
    if len(words) > LONGEST_MESSAGE:
        sentence = N_("The message has %(length)s characters; %(most)s are the most.")
        too_long = phrase(sentence, length=len(words), most=LONGEST_MESSAGE)
        raise BadInput(too_long, {"message": too_long})
    return words
