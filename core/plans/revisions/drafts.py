"""What billers are changing and have not published yet: one draft per user, kept in the database.

A draft is a list of steps upon the revision that was settled when it was begun. It is only ever
replaced by compare and swap, so that two windows of one user cannot lose a step of each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import peewee

from core.contract.errors import BadInput, Conflict
from core.contract.texts import N_, phrase
from core.plans.catalogue import Catalogue
from core.plans.file.changes import Change, SetCell, as_json, diff, from_json
from core.plans.file.editing import apply_changes
from core.plans.file.merging import Conflict as Clash
from core.plans.file.merging import merge
from core.plans.file.plan import PlanDocument
from core.plans.file.written import own
from core.plans.revisions.laying import laid
from core.plans.tables import PlanDraft
from core.store.people import UserRow

if TYPE_CHECKING:
    from core.plans.revisions.book import PlanBook

Step = tuple[Change, ...]
"""What was done at once: one cell, or a whole block that was pasted."""

ELSEWHERE = N_("Your draft was changed in another window. Here it is as it stands now.")
UNPUBLISHED = N_("You have a draft that is not published; publish or discard it first.")
SAME = N_("Revision %(number)s says the same as what is in force.")


@dataclass(frozen=True, slots=True)
class Draft:
    """One user's draft.

    Args:
        base: number of the revision whose text the steps change.
        steps: in order.
        undone: steps taken back, the last one first to come again.
        back_to: the revision that the first step goes back to, if it was begun so.
        changed_at: when it was changed last.
    """

    base: int
    steps: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()
    back_to: int | None = None
    changed_at: datetime | None = None

    @property
    def changes(self) -> Step:
        """All changes, in order."""
        return tuple(change for step in self.steps for change in step)

    @property
    def reverts(self) -> int | None:
        """The revision that it goes back to, unless more was changed since."""
        return self.back_to if len(self.steps) == 1 else None


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """Somebody's draft, as others are told of it."""

    author: str
    steps: int
    changed_at: datetime


class Drafts:
    """The drafts of this installation.

    Args:
        book: the revisions they change.
        catalogue: the installed plugins.
    """

    def __init__(self, book: PlanBook, catalogue: Catalogue) -> None:
        self.book = book
        self.catalogue = catalogue
        self._lay = lru_cache(maxsize=32)(self._lay_upon)

    def of(self, user: int) -> Draft | None:
        """The user's draft; None when there is none."""
        row = PlanDraft.get_or_none(PlanDraft.user == user)
        return _draft(row) if row else None

    def others(self, user: int) -> list[OpenDraft]:
        """Who else has an unpublished draft, the last one changed first."""
        rows = (
            PlanDraft.select(PlanDraft, UserRow)
            .join(UserRow)
            .where(PlanDraft.user != user)
            .order_by(PlanDraft.changed_at.desc())
        )
        return [
            OpenDraft(str(one.user), len(one.steps), one.changed_at) for one in rows if one.steps
        ]

    def lay(self, draft: Draft) -> PlanDocument:
        """The plans as the draft would have them.

        Raises:
            BadInput: the installed plugins cannot read its base, or a change of it, any more.
        """
        return self._lay(draft.base, draft.changes)

    def text(self, draft: Draft) -> str:
        """The plan file as the draft would have it; all that it does not change stays.

        Raises:
            BadInput: as for ``lay``, or the file is written so that this cannot be put into it.
        """
        text = self.book.revision(draft.base).text
        return apply_changes(text, draft.changes, self.catalogue, self.book.path.name)

    def add(self, user: int, step: Iterable[Change], at: datetime) -> Draft:
        """Change something; begins a draft upon the settled revision when there is none.

        Args:
            user: id of the user.
            step: what is done at once, and undone at once. What changes nothing is left out.
            at: the instant.

        Raises:
            BadInput: the plans would not hold together; nothing is changed.
            Conflict: the draft was changed in another window.
        """
        seen = self.of(user)
        draft = seen if seen and seen.steps else Draft(self.book.settled().number)
        kept = _without_idle(step, self.lay(draft))
        if not kept:
            return draft
        return self._write(user, seen, replace(draft, steps=(*draft.steps, kept), undone=()), at)

    def undo(self, user: int, at: datetime) -> Draft | None:
        """Take the last step back; it can come again. Nothing happens when there is none."""
        seen = self.of(user)
        if seen is None or not seen.steps:
            return seen
        *steps, last = seen.steps
        return self._write(
            user, seen, replace(seen, steps=tuple(steps), undone=(*seen.undone, last)), at
        )

    def redo(self, user: int, at: datetime) -> Draft | None:
        """Take the last step that was undone again."""
        seen = self.of(user)
        if seen is None or not seen.undone:
            return seen
        *undone, last = seen.undone
        return self._write(
            user, seen, replace(seen, steps=(*seen.steps, last), undone=tuple(undone)), at
        )

    def discard(self, user: int) -> None:
        """Drop the draft, whatever it holds."""
        PlanDraft.delete().where(PlanDraft.user == user).execute()

    def go_back(self, user: int, number: int, at: datetime) -> Draft:
        """Begin a draft of the changes that lead from what is settled back to a revision.

        Args:
            user: id of the user.
            number: the revision whose plans shall be in force again.
            at: the instant.

        Raises:
            BadInput: there is an unpublished draft, or nothing to go back to.
            NotFound: there is no such revision.
        """
        seen = self.of(user)
        if seen is not None and seen.steps:
            raise BadInput(phrase(UNPUBLISHED))
        settled = self.book.settled()
        changes = diff(settled.document, self.book.revision(number).document)
        if not changes:
            raise BadInput(phrase(SAME, number=number))
        return self._write(user, seen, Draft(settled.number, (changes,), back_to=number), at)

    def merge(self, draft: Draft) -> tuple[list[Change], list[Clash]]:
        """The draft's changes seen from the settled revision: those that can be laid upon it, and
        those that contradict what was changed there meanwhile."""
        base = self.book.revision(draft.base).document
        return merge(base, self.book.settled().document, draft.changes)

    def rebase(self, user: int, seen: Draft, base: int, changes: Step, at: datetime) -> Draft:
        """Put the draft upon a newer revision, with these changes as its one step.

        Args:
            user: id of the user.
            seen: the draft that was merged.
            base: number of the revision that the changes were merged with.
            changes: what is left of the draft.
            at: the instant.

        Raises:
            Conflict: the draft was changed meanwhile.
        """
        kept = _without_idle(changes, self.book.revision(base).document)
        return self._write(user, seen, Draft(base, (kept,) if kept else ()), at)

    def _write(self, user: int, seen: Draft | None, draft: Draft, at: datetime) -> Draft:
        """Compare and swap; what does not hold together is never stored."""
        self.lay(draft)
        columns = {**_columns(draft), "changed_at": at}
        try:
            if seen is None:
                written = PlanDraft.insert(user=user, **columns).execute()
            else:
                unchanged = [_holds(key, one) for key, one in _columns(seen).items()]
                written = (
                    PlanDraft.update(columns).where(PlanDraft.user == user, *unchanged).execute()
                )
        except peewee.IntegrityError:
            written = 0
        if not written:
            raise Conflict(phrase(ELSEWHERE))
        return replace(draft, changed_at=at)

    def _lay_upon(self, base: int, changes: Step) -> PlanDocument:
        """Without the text: a grid is changed with every key, the file is written once."""
        document = self.book.revision(base).document
        return laid(document, changes) if changes else document


def _without_idle(step: Iterable[Change], document: PlanDocument) -> Step:
    """A step without the cells that already say what they shall."""
    return tuple(
        one
        for one in step
        if not isinstance(one, SetCell) or own(document, one.plan, one.feature) != one.written
    )


def _draft(row: PlanDraft) -> Draft:
    steps, undone = (
        tuple(tuple(map(from_json, step)) for step in steps) for steps in (row.steps, row.undone)
    )
    return Draft(row.base, steps, undone, row.reverts, row.changed_at)


def _columns(draft: Draft) -> dict[str, Any]:
    steps, undone = (
        [list(map(as_json, step)) for step in steps] for steps in (draft.steps, draft.undone)
    )
    return {"base": draft.base, "steps": steps, "undone": undone, "reverts": draft.back_to}


def _holds(column: str, value: Any) -> peewee.Expression:
    """Whether a column holds a value; peewee would take a list for several values."""
    field = getattr(PlanDraft, column)
    if value is None:
        return field.is_null()
    return field == peewee.Value(field.db_value(value), converter=False)
