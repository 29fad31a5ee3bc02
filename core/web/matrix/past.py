"""The published revisions as a list tells them: which is in force, which are to come, which are
over, and which one stood before another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.contract.texts import N_
from core.plans.revisions.revisions import Entry
from core.web.host import host

PAGE = 30
"""Revisions on one page of the history."""

LOOKED_BACK = 200
"""So far back the revision before another one is looked for."""

IN_FORCE, SCHEDULED, CARRIED, WITHDRAWN, EARLIER = (
    N_("in force"),
    N_("scheduled"),
    N_("entered again"),
    N_("never held"),
    N_("earlier"),
)


@dataclass(frozen=True, slots=True)
class Past:
    """One revision. ``state`` is a word of this module, ``again`` the revision that repeats it."""

    entry: Entry
    state: str
    again: int | None = None


def past(entries: list[Entry], at: datetime) -> list[Past]:
    """What has become of revisions.

    Args:
        entries: any of them.
        at: now.
    """
    book = host().book
    settled, waiting = book.settled().number, {one.entry.number for one in book.scheduled()}
    again = _repeated(entries)
    return [
        Past(one, _state(one, settled, waiting, again, at), again.get(one.number))
        for one in entries
    ]


def before(entry: Entry) -> int | None:
    """The number of the revision that another one was made from; None for the first.

    For a scheduled one it is what will hold before it; else what was settled when it came.
    """
    book = host().book
    line = [book.settled().number, *(one.entry.number for one in book.scheduled())]
    if entry.number in line[1:]:
        return line[line.index(entry.number) - 1]
    earlier = book.revisions.page(entry.number, LOOKED_BACK)
    return next((one.number for one in earlier if one.settled(entry.published_at)), None)


def _repeated(entries: list[Entry]) -> dict[int, int]:
    """By number, the revision that enters it again; those of the same page or newer."""
    if not entries:
        return {}
    rows = host().store.rows(
        "SELECT carries, min(number) FROM plan_revisions WHERE carries >= ? GROUP BY carries",
        (entries[-1].number,),
    )
    return dict(rows)


def _state(
    entry: Entry, settled: int, waiting: set[int], again: dict[int, int], at: datetime
) -> str:
    if entry.number == settled:
        return IN_FORCE
    if entry.number in waiting:
        return SCHEDULED
    if entry.number in again:
        return CARRIED
    return EARLIER if entry.settled(at) else WITHDRAWN
