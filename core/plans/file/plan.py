"""Plans, what each includes, and where the plan file says so (plans.md §1).

No plan has a name or a rank in code. The order of the file is the order of the plans, cheapest
first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.contract.features import Feature, FeatureKind
from core.plans.catalogue import plugin_of
from core.plans.decision import DEFAULT_WARN_AT, UNLIMITED
from core.plans.file.faults import Fault

Grant = bool | int | str
"""The value of a cell: true, false, a count, ``unlimited``, or a word of the feature's choices."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One grant. ``plan`` is the key of the plan that names it, ``line`` where it does."""

    value: Grant
    plan: str
    line: int
    warn_at: tuple[int, ...] = DEFAULT_WARN_AT

    @property
    def granted(self) -> bool:
        """Whether the feature is in the plan; a count of 0 is (plans.md §1)."""
        return self.value is not False

    @property
    def text(self) -> str:
        """The value as the file writes it."""
        return str(self.value).lower() if isinstance(self.value, bool) else str(self.value)


@dataclass(frozen=True, slots=True)
class Plan:
    """A column of the matrix; ``cells`` holds inherited ones too, by feature key."""

    key: str
    title: str
    extends: str
    line: int
    cells: Mapping[str, Cell]

    def inherited_from(self, feature: str) -> str:
        """Key of the plan that names a cell of this one, "" for its own cells and for none."""
        cell = self.cells.get(feature)
        return cell.plan if cell is not None and cell.plan != self.key else ""


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """All plans in file order. ``features`` are the declared ones it was checked against."""

    name: str
    plans: Mapping[str, Plan]
    features: Mapping[str, Feature]
    warnings: tuple[Fault, ...] = ()

    def cell(self, plan: str, feature: str) -> Cell | None:
        """The cell of a plan, own or inherited; None when no plan in its line names it."""
        found = self.plans.get(plan)
        return found.cells.get(feature) if found else None

    def includes(self, plan: str, feature: str) -> bool:
        """Whether a plan grants a feature, and the plugin that it is a part of."""
        plugin = plugin_of(feature)
        needed = {feature, plugin} if plugin in self.features else {feature}
        cells = [self.cell(plan, key) for key in needed]
        return all(cell is not None and cell.granted for cell in cells)

    def first_plan_with(self, feature: str, value: Grant | None = None) -> str | None:
        """Key of the first plan of the file that includes a feature, or None.

        Args:
            feature: a feature key.
            value: how much of it is wanted: a count, ``unlimited``, or a word of its choices.
        """
        for key in self.plans:
            if self.includes(key, feature) and self._enough(feature, key, value):
                return key
        return None

    def _enough(self, feature: str, plan: str, wanted: Grant | None) -> bool:
        if wanted is None:
            return True
        given = self.plans[plan].cells[feature].value
        declared = self.features.get(feature)
        if declared is not None and declared.kind is FeatureKind.CHOICE:
            return declared.choices.index(given) >= declared.choices.index(wanted)
        if UNLIMITED in (given, wanted):
            return given == UNLIMITED
        return given >= wanted
