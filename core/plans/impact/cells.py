"""What changes in the matrix itself: per plan and feature, by what takes effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.plans.catalogue import plugin_of
from core.plans.file.plan import Plan
from core.plans.file.written import Written, written_json
from core.plans.impact.matrices import Matrices
from core.plans.impact.values import Difference, Direction


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that takes effect otherwise than before.

    Args:
        plan, feature: keys.
        before, after: what takes effect; None is "not in the plan".
        direction: for the accounts of the plan.
        says: key of the plan that says the new value: this one, or one that it inherits from; ""
            when nobody does any more.
        through: the plugin that comes or goes and takes this part along, its own value being the
            same as before; "" for a cell that changes itself.
    """

    plan: str
    feature: str
    before: Written | None
    after: Written | None
    direction: Direction
    says: str
    through: str = ""

    @property
    def inherited(self) -> bool:
        """Whether the plan says nothing itself and inherits the new value."""
        return self.says not in ("", self.plan)

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "plan": self.plan,
            "feature": self.feature,
            "before": written_json(self.before),
            "after": written_json(self.after),
            "direction": str(self.direction),
            "says": self.says,
            "inherited": self.inherited,
            "through": self.through,
        }


@dataclass(frozen=True, slots=True)
class PlanChange:
    """A plan that is added or removed, with all that takes effect in it; ``cells`` in the
    features' order, each gained or lost whole."""

    key: str
    title: str
    extends: str
    cells: tuple[CellChange, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        cells = [cell.as_json() for cell in self.cells]
        return {"key": self.key, "title": self.title, "extends": self.extends, "cells": cells}


@dataclass(frozen=True, slots=True)
class MatrixChange:
    """All cells that change, of plans that stay, in the order of the plans; plans that come and
    that go."""

    cells: tuple[CellChange, ...]
    added: tuple[PlanChange, ...]
    removed: tuple[PlanChange, ...]

    def __bool__(self) -> bool:
        return bool(self.cells or self.added or self.removed)

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "cells": [cell.as_json() for cell in self.cells],
            "added": [plan.as_json() for plan in self.added],
            "removed": [plan.as_json() for plan in self.removed],
        }


def matrix_change(matrices: Matrices) -> MatrixChange:
    """What changes from one matrix to another."""
    before, after = matrices.before.plans, matrices.after.plans
    return MatrixChange(
        tuple(cell for key in after if key in before for cell in _cells(matrices, key)),
        tuple(_plan(matrices, plan) for key, plan in after.items() if key not in before),
        tuple(_plan(matrices, before[key]) for key in matrices.removed),
    )


def _plan(matrices: Matrices, plan: Plan) -> PlanChange:
    return PlanChange(plan.key, plan.title, plan.extends, _cells(matrices, plan.key))


def _cells(matrices: Matrices, plan: str) -> tuple[CellChange, ...]:
    return tuple(_cell(matrices, plan, one) for one in matrices.ordinary(plan))


def _cell(matrices: Matrices, plan: str, change: Difference) -> CellChange:
    says = matrices.after.cell(plan, change.feature)
    through = "" if matrices.says_otherwise(plan, change.feature) else plugin_of(change.feature)
    return CellChange(
        plan,
        change.feature,
        change.before,
        change.after,
        change.direction,
        says.plan if says else "",
        through,
    )
