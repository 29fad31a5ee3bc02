"""The changes between two matrices as people read them: each with what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.plans.catalogue import plugin_of
from core.plans.file.changes import (
    AddPlan,
    Change,
    ChangePlan,
    MovePlan,
    RemovePlan,
    SetCell,
    diff,
)
from core.plans.file.plan import PlanDocument
from core.plans.impact.cells import CellChange, MatrixChange
from core.web.matrix.grid import Said, line_of, said
from core.web.matrix.meanwhile import Target, target_of

KINDS = {
    SetCell: "cell",
    AddPlan: "added",
    ChangePlan: "changed",
    MovePlan: "moved",
    RemovePlan: "removed",
}


@dataclass(slots=True)
class Told:
    """One change that somebody made.

    Args:
        change: what they wrote.
        title: of the plan.
        before: what held in its cell; None for changes of plans.
        after: what will hold.
        felt: how it takes effect in the plan itself; None when it has no effect there.
        follows: what takes effect otherwise because of it: plans that inherit, parts of a plugin.
    """

    change: Change
    title: str
    before: Said | None = None
    after: Said | None = None
    felt: CellChange | None = None
    follows: list[CellChange] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """``cell``, or what happens to a plan: ``added``, ``changed``, ``moved``, ``removed``."""
        return KINDS[type(self.change)]


def titles(*documents: PlanDocument) -> dict[str, str]:
    """The plans' titles by key; of the last document that has them."""
    return {key: plan.title for one in documents for key, plan in one.plans.items()}


def told(before: PlanDocument, after: PlanDocument, matrix: MatrixChange) -> list[Told]:
    """All changes, each effect under the change that causes it.

    Args:
        before: the matrix as it is.
        after: the matrix as it will be.
        matrix: what takes effect otherwise.
    """
    whole = {one.key: one.cells for one in (*matrix.added, *matrix.removed)}
    heads = {}
    for change in diff(before, after):
        key = target_of(change)
        if isinstance(change, SetCell) and change.plan in whole:
            continue  # stands under the new plan
        head = heads[key] = _head(before, after, change)
        if isinstance(change, AddPlan | RemovePlan):
            head.follows.extend(whole[change.key])
    for cell in matrix.cells:
        _file(cell, heads, line_of(after, cell.plan))
    return list(heads.values())


def _head(before: PlanDocument, after: PlanDocument, change: Change) -> Told:
    if not isinstance(change, SetCell):
        plan = after.plans.get(change.key) or before.plans[change.key]
        return Told(change, plan.title)
    title = after.plans[change.plan].title
    states = [
        said(document, change.plan, change.feature) if change.plan in document.plans else Said()
        for document in (before, after)
    ]
    return Told(change, title, *states)


def _file(cell: CellChange, heads: dict[Target, Told], line: list[str]) -> None:
    """Put an effect under its cause: the cell itself, one that it inherits from, its plugin's, or a
    plan of its line that extends another one now."""
    if (cell.plan, cell.feature) in heads:
        heads[cell.plan, cell.feature].felt = cell
        return
    for cause in _causes(cell, line):
        if cause in heads:
            heads[cause].follows.append(cell)
            return


def _causes(cell: CellChange, line: list[str]) -> Iterable[Target]:
    yield from ((plan, cell.feature) for plan in line)
    yield from ((plan, plugin_of(cell.feature)) for plan in line)
    yield from ((plan, "") for plan in line)
