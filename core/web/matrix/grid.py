"""What the plan grid shows: for each cell what the plan says itself, what it inherits from whom,
and what stood there before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.contract.features import Feature, FeatureKind
from core.plans.catalogue import Catalogue, plugin_of
from core.plans.file.changes import AddPlan, ChangePlan, MovePlan, diff
from core.plans.file.plan import Plan, PlanDocument
from core.plans.file.written import Written, own


@dataclass(frozen=True, slots=True)
class Said:
    """What holds in one cell.

    Args:
        own: what the plan says itself; None when it inherits.
        above: what it inherits, or would inherit; None when no plan above says anything.
        above_from: key of the plan that says so, "" for none.
        needs: key of the plugin without which it has no effect and which the plan lacks, or "".
    """

    own: Written | None = None
    above: Written | None = None
    above_from: str = ""
    needs: str = ""

    @property
    def value(self) -> Written | None:
        """Own or inherited; None when no plan in the line says anything."""
        return self.above if self.own is None else self.own

    @property
    def source(self) -> str:
        """Key of the plan that it inherits from; "" for own values and for none."""
        return self.above_from if self.own is None else ""

    @property
    def effect(self) -> Written | None:
        """What an account of the plan gets; None is nothing."""
        if self.needs or self.value is None or self.value.value is False:
            return None
        return self.value

    @property
    def shown(self) -> tuple[Written | None, str, str]:
        """All that is seen of it."""
        return self.value, self.source, self.needs


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the grid. ``before`` is what holds without the draft; None in a new plan."""

    plan: str
    feature: str
    now: Said
    before: Said | None

    @property
    def changed(self) -> bool:
        """Whether the draft changes what the plan itself says."""
        return self.before is not None and self.now.own != self.before.own

    @property
    def follows(self) -> bool:
        """Whether it is otherwise only because something else changes: the plan it inherits from,
        or its plugin."""
        return self.before is not None and not self.changed and self.now.shown != self.before.shown

    @property
    def marks(self) -> str:
        """What it is marked with: words for the style sheet."""
        marks = {
            "own": self.now.own is not None,
            "no": self.now.effect is None,
            "idle": self.now.needs,
            "changed": self.changed,
            "follows": self.follows,
        }
        return " ".join(word for word, holds in marks.items() if holds)

    @property
    def id(self) -> str:
        """The cell's anchor in the page."""
        return f"cell-{self.plan}-{self.feature}"


@dataclass(frozen=True, slots=True)
class Row:
    """One feature with a cell per plan."""

    feature: Feature
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether the plans give different amounts of it."""
        return len({one.now.effect for one in self.cells}) > 1

    @property
    def changed(self) -> bool:
        """Whether the draft changes anything in it."""
        return any(one.changed or one.follows for one in self.cells)


@dataclass(frozen=True, slots=True)
class Group:
    """The features of one plugin."""

    plugin: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One plan; ``extends`` is the plan that it extends, ``state`` "new", "changed" or ""."""

    plan: Plan
    extends: Plan | None
    state: str = ""


@dataclass(frozen=True)
class Grid:
    """The whole grid of a draft.

    Args:
        before: the plans without the draft.
        after: the plans with it.
        catalogue: the installed plugins; those without features have no group.
    """

    before: PlanDocument
    after: PlanDocument
    catalogue: Catalogue
    columns: tuple[Column, ...] = field(init=False)
    groups: tuple[Group, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(self._columns()))
        object.__setattr__(self, "groups", tuple(self._groups()))

    @property
    def cells(self) -> dict[str, Cell]:
        """Every cell by its anchor."""
        rows = (row for group in self.groups for row in group.rows)
        return {cell.id: cell for row in rows for cell in row.cells}

    @property
    def removed(self) -> list[Plan]:
        """The plans that the draft removes."""
        return [one for key, one in self.before.plans.items() if key not in self.after.plans]

    def _columns(self) -> Iterable[Column]:
        states: dict[str, str] = {}
        for change in diff(self.before, self.after):
            if isinstance(change, AddPlan):
                states[change.key] = "new"
            elif isinstance(change, ChangePlan | MovePlan):
                states.setdefault(change.key, "changed")
        for plan in self.after.plans.values():
            yield Column(plan, self.after.plans.get(plan.extends), states.get(plan.key, ""))

    def _groups(self) -> Iterable[Group]:
        rows: dict[str, list[Row]] = {}
        for feature in self.catalogue.features.values():
            cells = tuple(self._cell(plan, feature.key) for plan in self.after.plans)
            rows.setdefault(plugin_of(feature.key), []).append(Row(feature, cells))
        for plugin, found in rows.items():
            installed = self.catalogue.plugins.get(plugin)
            yield Group(plugin, installed.plugin.title if installed else plugin, tuple(found))

    def _cell(self, plan: str, feature: str) -> Cell:
        return cell_of(self.before, self.after, plan, feature)


def cell_of(before: PlanDocument, after: PlanDocument, plan: str, feature: str) -> Cell:
    """One cell, without and with the draft."""
    old = said(before, plan, feature) if plan in before.plans else None
    return Cell(plan, feature, said(after, plan, feature), old)


def said(document: PlanDocument, plan: str, feature: str) -> Said:
    """What holds in one cell of a document."""
    cell = document.cell(plan, feature)
    granted = cell is not None and cell.granted
    return Said(
        own(document, plan, feature),
        *_above(document, plan, feature),
        plugin_of(feature) if granted and not document.includes(plan, feature) else "",
    )


def _above(document: PlanDocument, plan: str, feature: str) -> tuple[Written | None, str]:
    cell = document.cell(document.plans[plan].extends, feature)
    return (Written(cell.value, cell.warn_at), cell.plan) if cell else (None, "")


def line_of(document: PlanDocument, plan: str) -> list[str]:
    """A plan and those it extends, nearest first."""
    line = [plan]
    while (above := document.plans[line[-1]].extends) and above in document.plans:
        line.append(above)
    return line


def heirs(document: PlanDocument, plan: str, feature: str) -> list[Plan]:
    """The plans that take over what a plan says of a feature."""
    return [
        one
        for one in document.plans.values()
        if one.key != plan
        and plan in (line := line_of(document, one.key))
        and not any(own(document, key, feature) for key in line[: line.index(plan)])
    ]


def counted(feature: Feature, written: Written | None) -> bool:
    """Whether a value is a number of units, which can warn."""
    return written is not None and feature.kind is FeatureKind.QUOTA and type(written.value) is int
