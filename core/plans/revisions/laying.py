"""Lays changes upon a plan document without its text: what a draft shows after every key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from core.plans.file.applying import applied
from core.plans.file.changes import Change
from core.plans.file.inheritance import inherit
from core.plans.file.plan import Cell, Plan, PlanDocument
from core.plans.file.written import OwnPlan, own_plans

NO_LINE = 0
"""A cell that is in no file yet."""


def laid(document: PlanDocument, changes: Iterable[Change]) -> PlanDocument:
    """A document with changes; its cells stand on no line, and nobody is warned of anything.

    Args:
        document: the plans before.
        changes: one after the other.

    Raises:
        BadInput: a change does not fit, or the plans would not hold together in the end.
    """
    after = applied(own_plans(document), changes, document.features)
    plans = {key: _plan(key, one) for key, one in after.items()}
    return replace(document, plans=inherit(plans, {}, _never), warnings=())


def _plan(key: str, own: OwnPlan) -> Plan:
    cells = {
        feature: Cell(written.value, key, NO_LINE, written.warn_at)
        for feature, written in own.cells.items()
    }
    return Plan(key, own.title, own.extends, NO_LINE, cells)


def _never(*fault: object) -> None:
    """``applied`` has refused unknown parents and circles."""
    raise AssertionError(fault)
