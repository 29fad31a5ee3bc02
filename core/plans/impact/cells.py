"""What changes in the matrix itself: per plan and feature, by what takes effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.plans.catalogue import plugin_of
from core.plans.file.changes import Written
from core.plans.file.plan import PlanDocument
from core.plans.impact.values import (
    Difference,
    Direction,
    difference,
    in_effect,
    said_by,
    written_json,
)


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


def matrix_change(before: PlanDocument, after: PlanDocument) -> MatrixChange:
    """What changes from one matrix to another."""
    stay = [key for key in after.plans if key in before.plans]
    return MatrixChange(
        tuple(cell for key in stay for cell in _cells(before, after, key)),
        tuple(_plan(before, after, key, after) for key in after.plans if key not in before.plans),
        tuple(_plan(before, after, key, before) for key in before.plans if key not in after.plans),
    )


def plan_difference(before: PlanDocument, after: PlanDocument, plan: str) -> tuple[Difference, ...]:
    """What changes for an account of a plan that has nothing of its own."""
    features = after.features
    had = in_effect(said_by(before, plan), features)
    has = in_effect(said_by(after, plan), features)
    return difference(had, has, features)


def _plan(before: PlanDocument, after: PlanDocument, key: str, there: PlanDocument) -> PlanChange:
    plan = there.plans[key]
    return PlanChange(key, plan.title, plan.extends, tuple(_cells(before, after, key)))


def _cells(before: PlanDocument, after: PlanDocument, plan: str) -> list[CellChange]:
    said, says = said_by(before, plan), said_by(after, plan)
    return [
        CellChange(
            plan,
            one.feature,
            one.before,
            one.after,
            one.direction,
            _speaker(after, plan, one.feature),
            plugin_of(one.feature) if said.get(one.feature) == says.get(one.feature) else "",
        )
        for one in plan_difference(before, after, plan)
    ]


def _speaker(document: PlanDocument, plan: str, feature: str) -> str:
    cell = document.cell(plan, feature)
    return cell.plan if cell else ""
