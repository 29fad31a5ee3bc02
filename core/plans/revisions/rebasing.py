"""Lays what somebody changed of an older revision upon the settled one, when both go together.

For commands and programs: they send a whole file, and the number of the revision it was made from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.contract.errors import BadInput
from core.contract.errors import Conflict as Outdated
from core.plans.file.changes import Change, SetCell, as_json, diff
from core.plans.file.document import parse_plans
from core.plans.file.editing import apply_changes
from core.plans.file.merging import Conflict, Side, merge
from core.plans.file.plan import PlanDocument
from core.plans.file.written import Written, written_json
from core.plans.revisions.book import PlanBook
from core.plans.revisions.revisions import Entry

NAMED = 3
"""So many contradictions are named in a sentence; the details hold all."""


@dataclass(frozen=True, slots=True)
class Rebased:
    """Somebody's changes of an older revision, seen from the settled one.

    Args:
        entry: the settled revision, which they did not know.
        changes: those that are laid upon it.
        conflicts: what was changed since, too, and to something else.
        text: the settled file with the changes; None when there are conflicts.
    """

    entry: Entry
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    text: str | None

    def as_json(self) -> dict[str, Any]:
        """Plain data, for the details of a conflict."""
        return {
            "settled": self.entry.number,
            "author": self.entry.author,
            "changes": [as_json(one) for one in self.changes],
            "conflicts": [_conflict(one) for one in self.conflicts],
            "merged": self.text,
        }


def rebase(book: PlanBook, document: PlanDocument, base: int) -> Rebased:
    """Merge what a document changes of a revision with what is settled by now.

    Args:
        book: the revisions.
        document: made from the revision ``base``.
        base: its number.

    Raises:
        NotFound: there is no such revision.
    """
    settled, older = book.settled(), book.revision(base).document
    changes, conflicts = merge(older, settled.document, diff(older, document))
    text = None
    if not conflicts:
        text = apply_changes(settled.text, changes, book.catalogue, book.path.name)
        parse_plans(text, book.catalogue, book.path.name)
    entry = book.revisions.entry(settled.number)
    return Rebased(entry, tuple(changes), tuple(conflicts), text)


def require_settled(book: PlanBook, document: PlanDocument, base: int) -> None:
    """Stop what was made from an older revision than the settled one.

    Args:
        book: the revisions.
        document: what would be published.
        base: number of the revision that it was made from.

    Raises:
        BadInput: the settled revision says all of it already.
        Outdated: ``details`` hold the settled revision, the changes that can be merged with it,
            those that contradict it, and the merged file when none does.
        NotFound: there is no such revision.
    """
    if base == book.settled().number:
        return
    found = rebase(book, document, base)
    entry = found.entry
    if not found.changes and not found.conflicts:
        raise BadInput(f"Nothing was changed: revision {entry.number} says all of it already.")
    raise Outdated(_outdated(found, base), newest=book.newest, **found.as_json())


def _outdated(found: Rebased, base: int) -> str:
    entry = found.entry
    said = f" (“{entry.message}”)" if entry.message else ""
    fits = "both go together and can be merged"
    if found.conflicts:
        fits = f"they contradict each other in {_named(found.conflicts)}"
    return (
        f"This was made from revision {base}, and revision {entry.number} by"
        f" {entry.author}{said} holds by now: {fits}."
    )


def _named(conflicts: Sequence[Conflict]) -> str:
    """The cells and plans in question, the first few by name."""
    names = list(dict.fromkeys(_target(one.change) for one in conflicts))
    left = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {left} more" if left > 0 else "")


def _target(change: Change) -> str:
    cell = isinstance(change, SetCell)
    return f"{change.plan}: {change.feature}" if cell else f"plan {change.key}"


def _conflict(one: Conflict) -> dict[str, Any]:
    return {
        "change": as_json(one.change),
        "theirs_change": as_json(one.theirs_change),
        "base": _side(one.base),
        "theirs": _side(one.theirs),
        "mine": _side(one.mine),
    }


def _side(side: Side) -> dict[str, Any] | None:
    if side is None or isinstance(side, Written):
        return written_json(side)
    cells = {key: written_json(written) for key, written in side.cells.items()}
    return {**asdict(side), "cells": cells}
