"""Fills in what a plan inherits from the plan it extends (plans.md §1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.plans.catalogue import did_you_mean
from core.plans.file.cells import Complain
from core.plans.file.nodes import Node
from core.plans.file.plan import Plan


def inherit(
    own: Mapping[str, Plan], places: Mapping[str, Node], complain: Complain
) -> dict[str, Plan]:
    """The same plans, in the same order, with inherited cells.

    Args:
        own: the plans as written, each with its own cells only.
        places: where the ``extends`` of each plan stands, by its path.
        complain: takes faults: an unknown plan in ``extends``, a circle of them.
    """
    return {
        key: replace(plan, cells=_cells(_line(plan, own, places, complain)))
        for key, plan in own.items()
    }


def _line(
    plan: Plan, own: Mapping[str, Plan], places: Mapping[str, Node], complain: Complain
) -> list[Plan]:
    """The plan and those it extends, nearest first."""
    line = [plan]
    while line[-1].extends:
        here = line[-1]
        path = f"plans.{here.key}.extends"
        above = own.get(here.extends)
        if above is None:
            hint = did_you_mean(here.extends, [key for key in own if key != here.key])
            complain(places[path], path, f'there is no plan "{here.extends}"{hint}')
            break
        if above in line:
            if above is plan:
                circle = " → ".join(one.key for one in [*line, above])
                path = f"plans.{plan.key}.extends"
                complain(places[path], path, f"a circle: {circle}")
            break
        line.append(above)
    return line


def _cells(line: list[Plan]) -> dict:
    return {key: cell for plan in reversed(line) for key, cell in plan.cells.items()}
