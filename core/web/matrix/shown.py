"""Which rows and columns of the plan grid are shown: said by the address, so that it also works
without a script."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from core.plans.file.plan import PlanDocument
from core.web.host import host
from core.web.matrix.grid import Grid, Group, Row
from core.web.words import say

KEPT = ("q", "differences", "changed", "show")
"""What the grid's address says of rows and columns."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What was asked for.

    Args:
        search: words that a row must have.
        differences: only rows in which the plans differ.
        changed: only rows that the draft changes.
        plan: key of the plan that a small screen shows.
    """

    search: str
    differences: bool
    changed: bool
    plan: str

    @classmethod
    def asked(cls, document: PlanDocument) -> Shown:
        """By the address of this request, or by the form that leads back to the grid."""
        given = request.values
        plan = given.get("show", "")
        return cls(
            given.get("q", "").strip(),
            bool(given.get("differences")),
            bool(given.get("changed")),
            plan if plan in document.plans else next(iter(document.plans)),
        )

    def row(self, row: Row, group: Group) -> bool:
        """Whether a row is shown."""
        words = self.text(row, group)
        return (
            all(one in words for one in self.search.lower().split())
            and (row.differs or not self.differences)
            and (row.changed or not self.changed)
        )

    def any(self, group: Group) -> bool:
        """Whether a row of a group is shown."""
        return any(self.row(row, group) for row in group.rows)

    def nothing(self, grid: Grid) -> bool:
        """Whether no row at all is shown."""
        return not any(map(self.any, grid.groups))

    @staticmethod
    def text(row: Row, group: Group) -> str:
        """What a row is found by: titles and keys of feature and plugin, in small letters."""
        feature = row.feature
        return " ".join((say(feature.title), feature.key, say(group.title), group.plugin)).lower()


def accounts_by_plan() -> dict[str, int]:
    """How many accounts have each plan."""
    return dict(host().store.rows("SELECT plan, count(*) FROM accounts GROUP BY plan"))
