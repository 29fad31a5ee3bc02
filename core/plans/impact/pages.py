"""Lists of an impact are told in pages: a matrix may concern a hundred thousand accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")

PAGE = 50
"""How many rows a page has when nobody says."""


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

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "total": self.total,
            "next": self.next,
            "rows": [row.as_json() for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page of each list is wanted: the one after this account's name; "" is the first.

    Args:
        size: rows per page; an account's rows are never parted, so that a page may be longer.
    """

    size: int = PAGE
    gaining: str = ""
    losing: str = ""
    over: str = ""
    shielding: str = ""
    redundant: str = ""
    removed: str = ""


def page_of(rows: Iterable[Row], size: int, after: str) -> Page[Row]:
    """A page of rows that are all there.

    Args:
        rows: each has an ``account`` with a ``name``.
        size: how many are wanted.
        after: the name after which the page begins.
    """
    everything = sorted(rows, key=_name)
    left = [row for row in everything if _name(row) > after]
    end = _end_of_account(left, size, _name)
    more = _name(left[end - 1]) if end < len(left) else ""
    return Page(tuple(left[:end]), len(everything), more)


def _end_of_account(rows: list[Any], size: int, name: Callable[[Any], str]) -> int:
    end = min(size, len(rows))
    while 0 < end < len(rows) and name(rows[end]) == name(rows[end - 1]):
        end += 1
    return end


def _name(row: Any) -> str:
    return row.account.name
