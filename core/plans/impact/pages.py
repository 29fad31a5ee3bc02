"""Lists of an impact are told in pages: a matrix may concern a hundred thousand accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")
Other = TypeVar("Other")

PAGE = 50
"""How many rows a page has when nobody says."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page of each list is wanted: the one after this account's name; "" is the first.

    Args:
        size: rows per page; an account's rows are never parted, so a page may be a little longer.
    """

    size: int = PAGE
    gaining: str = ""
    losing: str = ""
    over: str = ""
    shielding: str = ""
    redundant: str = ""
    on_removed: str = ""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list that is sorted by the accounts' names.

    Args:
        rows: those of this page; each has an ``account`` and an ``as_json``.
        total: how many rows the whole list has.
        next: the name after which the next page begins; "" when this is the last one.
    """

    rows: tuple[Row, ...] = ()
    total: int = 0
    next: str = ""

    def of(self, build: Callable[[Row], Other]) -> Page[Other]:
        """The same page, with something made of each row."""
        return Page(tuple(map(build, self.rows)), self.total, self.next)

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        rows = [row.as_json() for row in self.rows]
        return {"total": self.total, "next": self.next, "rows": rows}


def page_of(rows: Iterable[Row], name: Callable[[Row], str], size: int, after: str) -> Page[Row]:
    """A page of rows that are all there.

    Args:
        rows: all of them, an account's own in their order.
        name: gives the name of a row's account.
        size: how many are wanted.
        after: the name after which the page begins.
    """
    everything = sorted(rows, key=name)
    left = [row for row in everything if name(row) > after] if after else everything
    end = min(size, len(left))
    while 0 < end < len(left) and name(left[end]) == name(left[end - 1]):
        end += 1
    following = name(left[end - 1]) if 0 < end < len(left) else ""
    return Page(tuple(left[:end]), len(everything), following)
