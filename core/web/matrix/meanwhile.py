"""What was published while a draft was open: by whom, and who touched which cell last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from core.contract.errors import BadInput
from core.plans.file.changes import Change, SetCell, diff
from core.plans.revisions.revisions import Entry
from core.web.host import host, now
from core.web.matrix.desk import Desk

MOST = 50
"""So many revisions are looked through for the authors of changes."""

Target = tuple[str, str]
"""A plan, and a feature of it or "" for the plan itself."""


@dataclass(frozen=True)
class Meanwhile:
    """The revisions since a draft was begun.

    Args:
        entries: the newest first.
        by: the last of them that touched a cell or a plan.
    """

    entries: list[Entry]
    by: dict[Target, Entry] = field(default_factory=dict)

    def who(self, change: Change) -> Entry | None:
        """Which revision changed what this change is about."""
        return self.by.get(target_of(change)) or (self.entries[0] if self.entries else None)


def meanwhile(work: Desk) -> Meanwhile:
    """What became settled since the draft of a desk was begun."""
    page = host().book.revisions.page(work.settled.number + 1, MOST)
    at = now()
    entries = [one for one in page if one.number > work.base.number and one.settled(at)]
    return Meanwhile(entries, dict(_touched(work.base.number, entries)))


def target_of(change: Change) -> Target:
    """What a change is about."""
    return (change.plan, change.feature) if isinstance(change, SetCell) else (change.key, "")


def _touched(base: int, entries: list[Entry]) -> Iterator[tuple[Target, Entry]]:
    """Each target with the revision that touched it, the last one last."""
    book = host().book
    for before, entry in pairwise([None, *reversed(entries)]):
        number = before.number if before else base
        try:
            changes = diff(book.revision(number).document, book.revision(entry.number).document)
        except BadInput:  # the plugins of this process cannot read one of them
            continue
        for change in changes:
            yield target_of(change), entry
