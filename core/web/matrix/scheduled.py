"""Where a draft and a scheduled revision speak of the same cell: the later one will win there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.plans.file.changes import Change, diff
from core.plans.revisions.book import Scheduled
from core.plans.revisions.revisions import Entry
from core.web.host import host
from core.web.matrix.meanwhile import target_of


@dataclass(frozen=True, slots=True)
class Overlap:
    """A scheduled revision, and those of its changes that speak of what a draft changes."""

    entry: Entry
    changes: tuple[Change, ...]


def overlapping(changes: Iterable[Change], scheduled: Sequence[Scheduled]) -> list[Overlap]:
    """The scheduled revisions that change what these changes change, too.

    Args:
        changes: a draft's.
        scheduled: in the order of their starts.
    """
    mine = {target_of(one) for one in changes}
    found, before = [], host().book.settled().document
    for one in scheduled:
        theirs = diff(before, one.revision.document)
        before = one.revision.document
        same = tuple(change for change in theirs if target_of(change) in mine)
        if same:
            found.append(Overlap(one.entry, same))
    return found
