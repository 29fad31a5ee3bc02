"""The plan grid: plans across, features down, grouped by plugin (plans.md §5).

For the web page and for ``centralino plans show``; a new plugin's features appear by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.contract.features import Feature
from core.plans.catalogue import Catalogue, plugin_of
from core.plans.file.plan import Plan, PlanDocument

YES = "✓"
NO = "–"


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell as people read it.

    Args:
        plan: key of the plan whose column it stands in.
        text: ``✓``, ``–``, a count, ``unlimited`` or a word.
        inherited_from: title of the plan that names it, "" when this one does or nobody.
        line: where the file names it; None when nobody does, so that it is off.
    """

    plan: str
    text: str
    inherited_from: str
    line: int | None


@dataclass(frozen=True, slots=True)
class GridRow:
    """One feature with a cell per plan, in file order."""

    feature: Feature
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class GridGroup:
    """The features of one plugin, in the order it declares them."""

    plugin: str
    title: str
    rows: tuple[GridRow, ...]


def matrix(document: PlanDocument, catalogue: Catalogue) -> list[GridGroup]:
    """The grid of a plan document.

    Args:
        document: the plans.
        catalogue: the installed plugins; those without features have no group.
    """
    groups: dict[str, list[GridRow]] = {}
    for feature in catalogue.features.values():
        cells = tuple(_cell(document, plan, feature.key) for plan in document.plans.values())
        groups.setdefault(plugin_of(feature.key), []).append(GridRow(feature, cells))
    return [
        GridGroup(plugin, _title(catalogue, plugin), tuple(rows)) for plugin, rows in groups.items()
    ]


def _cell(document: PlanDocument, plan: Plan, feature: str) -> GridCell:
    cell = plan.cells.get(feature)
    if cell is None:
        return GridCell(plan.key, NO, "", None)
    above = plan.inherited_from(feature)
    inherited_from = document.plans[above].title if above else ""
    text = {True: YES, False: NO}[cell.value] if isinstance(cell.value, bool) else str(cell.value)
    return GridCell(plan.key, text, inherited_from, cell.line)


def _title(catalogue: Catalogue, plugin: str) -> str:
    installed = catalogue.plugins.get(plugin)
    return installed.plugin.title if installed else plugin
