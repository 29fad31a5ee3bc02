"""What the plan file itself says: each plan's own cells, without those it inherits.

Changes, merges and the text of the file speak of these; the gate asks for the effective ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.plans.decision import DEFAULT_WARN_AT
from core.plans.file.plan import Grant, PlanDocument


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """What one cell says.

    Args:
        value: true, false, a count, ``unlimited``, or a word of the feature's choices.
        warn_at: percents of a quota; kept in rising order.
    """

    value: Grant
    warn_at: tuple[int, ...] = DEFAULT_WARN_AT

    def __post_init__(self) -> None:
        object.__setattr__(self, "warn_at", tuple(sorted(self.warn_at)))

    def __eq__(self, other: object) -> bool:
        """For Python, ``0 == False``; in a plan, nothing differs more (plans.md §1)."""
        return isinstance(other, Written) and self._whole() == other._whole()

    def __hash__(self) -> int:
        return hash(self._whole())

    def _whole(self) -> tuple[type, Grant, tuple[int, ...]]:
        return type(self.value), self.value, self.warn_at


def written_json(written: Written | None) -> dict[str, Any] | None:
    """Plain data of a value."""
    return written and {"value": written.value, "warn_at": list(written.warn_at)}


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """A plan as the file writes it; ``cells`` by feature key, without inherited ones."""

    title: str
    extends: str
    cells: Mapping[str, Written]


def own(document: PlanDocument, plan: str, feature: str) -> Written | None:
    """What a plan itself says of a feature; None when it inherits or nobody says anything.

    Args:
        document: the plans.
        plan: a plan's key; an unknown one says nothing.
        feature: a feature's key.
    """
    cell = document.cell(plan, feature)
    if cell is None or cell.plan != plan:
        return None
    return Written(cell.value, cell.warn_at)


def own_plans(document: PlanDocument) -> dict[str, OwnPlan]:
    """All plans by key, in file order, as the file writes them."""
    return {
        plan.key: OwnPlan(plan.title, plan.extends, _own_cells(document, plan.key))
        for plan in document.plans.values()
    }


def _own_cells(document: PlanDocument, plan: str) -> dict[str, Written]:
    said = {key: own(document, plan, key) for key in document.plans[plan].cells}
    return {key: written for key, written in said.items() if written is not None}
