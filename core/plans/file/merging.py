"""Brings together what two people changed of the same plans: cell by cell, plan by plan.

Only what both changed, each to something else, is a conflict; nobody's change is overwritten in
silence (plans.md §5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile

from core.plans.file.applying import applied, circle_of, line_of
from core.plans.file.changes import (
    Change,
    ChangePlan,
    MovePlan,
    RemovePlan,
    SetCell,
    diff_plans,
    staying,
)
from core.plans.file.plan import PlanDocument
from core.plans.file.written import OwnPlan, Written, own_plans

Side = OwnPlan | Written | None
"""What one side says of the target of a conflict: a plan, or a cell; None: it has no such one."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides changed one thing, each to something else.

    Args:
        change: mine.
        base: what stood there before both.
        theirs: what stands there now.
        mine: what I want there.
        theirs_change: theirs.
        changes: what makes mine hold, laid upon theirs and the changes that are no conflict.
    """

    change: Change
    base: Side
    theirs: Side
    mine: Side
    theirs_change: Change
    changes: tuple[Change, ...]


def merge(
    base: PlanDocument, theirs: PlanDocument, mine: Iterable[Change]
) -> tuple[list[Change], list[Conflict]]:
    """Lay my changes upon what others made of the same plans.

    Args:
        base: the plans that my changes were made from.
        theirs: what others made of them since.
        mine: my changes of ``base``.

    Returns:
        Those of my changes that can be laid upon ``theirs`` and are not there yet, and the
        conflicts.

    Raises:
        BadInput: my changes do not fit ``base``.
    """
    before = own_plans(base)
    merging = _Merging(before, own_plans(theirs), applied(before, mine, theirs.features))
    merging.run()
    return list(diff_plans(merging.theirs, merging.result)), merging.conflicts


class _Merging:
    """``result`` becomes theirs with all of mine that contradicts nothing."""

    def __init__(
        self, base: dict[str, OwnPlan], theirs: dict[str, OwnPlan], mine: dict[str, OwnPlan]
    ) -> None:
        self.base, self.theirs, self.mine = base, theirs, mine
        self.my_changes = diff_plans(base, mine)
        self.their_changes = diff_plans(base, theirs)
        self.result = dict(theirs)
        self.conflicts: list[Conflict] = []
        self.torn: list[str] = []
        """Plans of which only one whole can stay: removed here and changed there, added twice."""

    def run(self) -> None:
        for key in dict.fromkeys([*self.base, *self.mine]):
            base, theirs, mine = (one.get(key) for one in self._sides())
            if mine in (base, theirs):
                continue
            if base and theirs and mine:
                self._attributes(key)
                self._cells(key)
            elif base != theirs:
                self.torn.append(key)
            elif mine:
                self._place(key, mine)
            else:
                del self.result[key]
        contested = self._order()
        self._hold_together()
        for key in self.torn:
            self._tear(key)
        for key in contested:
            self._contest(key)

    def _sides(self) -> tuple[dict[str, OwnPlan], dict[str, OwnPlan], dict[str, OwnPlan]]:
        return self.base, self.theirs, self.mine

    def _attributes(self, key: str) -> None:
        """Title and the extended plan; both are one change, and one conflict."""
        base, theirs, mine = (one[key] for one in self._sides())
        wanted, merged = {}, {}
        for name in ("title", "extends"):
            old, other, new = (getattr(one, name) for one in (base, theirs, mine))
            wanted[name] = other if new == old else new
            merged[name] = new if other == old else other
        self.result[key] = replace(self.result[key], **merged)
        if wanted != merged:
            self._clash(ChangePlan(key, **wanted), (base, theirs, mine), [key])

    def _cells(self, key: str) -> None:
        cells = [one[key].cells for one in self._sides()]
        for feature in dict.fromkeys([*cells[0], *cells[2]]):
            base, theirs, mine = sides = tuple(one.get(feature) for one in cells)
            if mine in (base, theirs):
                continue
            if theirs == base:
                self._set(key, feature, mine)
            else:
                self._clash(SetCell(key, feature, mine), sides, [key])

    def _set(self, key: str, feature: str, written: Written | None) -> None:
        cells = {**self.result[key].cells, feature: written}
        kept = {one: said for one, said in cells.items() if said is not None}
        self.result[key] = replace(self.result[key], cells=kept)

    def _order(self) -> list[str]:
        """Move what I moved; returns the plans that were moved elsewhere meanwhile."""
        common = [key for key in self.base if key in self.mine and key in self.result]
        mine = [key for key in self.mine if key in common]
        theirs = [key for key in self.result if key in common]
        if mine == theirs:
            return []
        moved = [key for key in mine if key not in staying(common, mine)]
        unmoved = staying(common, theirs)
        for key in moved:
            if key in unmoved:
                self._place(key, self.result.pop(key))
        return [key for key in moved if key not in unmoved]

    def _place(self, key: str, plan: OwnPlan) -> None:
        behind = _behind(key, self.mine, self.result)
        self.result = _placed(self.result, key, plan, behind)

    def _hold_together(self) -> None:
        """Changes that fit one by one may leave a plan without the one that it extends."""
        while (key := self._orphan()) is not None:
            above = self.result[key].extends
            if above in self.theirs:
                self._bring_back(above, [key])
            elif key in self.theirs:
                self._extend_as_theirs(key, line_of(self.mine, above))
            else:
                del self.result[key]
                self.torn.append(key)
        while circle := circle_of(self.result):
            changed = (one for one in circle if self._extends_mine(one))
            self._extend_as_theirs(next(changed), circle)
        if not self.result:
            self._bring_back(next(iter(self.theirs)), list(self.base))

    def _orphan(self) -> str | None:
        """Key of a plan whose extended plan is not there."""
        result = self.result
        orphans = (key for key, one in result.items() if one.extends and one.extends not in result)
        return next(orphans, None)

    def _bring_back(self, key: str, because: list[str]) -> None:
        """A plan that I removed is needed by what they did."""
        behind = _behind(key, self.theirs, self.result)
        self.result = _placed(self.result, key, self.theirs[key], behind)
        self._clash(RemovePlan(key), (self.base[key], self.theirs[key], None), because)

    def _extends_mine(self, key: str) -> bool:
        return key in self.theirs and self.result[key].extends != self.theirs[key].extends

    def _extend_as_theirs(self, key: str, because: list[str]) -> None:
        """A plan that I let extend another one cannot, after what they did."""
        sides = tuple(one[key] for one in self._sides())
        plan = self.result[key]
        self.result[key] = replace(plan, extends=self.theirs[key].extends)
        told = {one.change.key for one in self.conflicts if isinstance(one.change, ChangePlan)}
        if key not in told:
            others = [one for one in because if one != key]
            self._clash(ChangePlan(key, plan.title, plan.extends), sides, others)

    def _tear(self, key: str) -> None:
        mine = self.mine.get(key)
        rest = {one: plan for one, plan in self.result.items() if one != key}
        if mine is None:
            wanted = rest
        elif key in self.result:
            wanted = {**self.result, key: mine}
        else:
            wanted = _placed(rest, key, mine, _behind(key, self.mine, rest))
        change = next(one for one in self.my_changes if plan_of(one) == key)
        changes = diff_plans(self.result, wanted)
        sides = tuple(one.get(key) for one in self._sides())
        self._clash(change, sides, line_of(self.mine, key) or [key], changes)

    def _contest(self, key: str) -> None:
        change = MovePlan(key, _behind(key, self.mine, self.result))
        theirs = MovePlan(key, _behind(key, self.theirs, self.theirs))
        plan = self.result[key]
        self.conflicts.append(Conflict(change, plan, plan, plan, theirs, (change,)))

    def _clash(
        self,
        change: Change,
        sides: tuple[Side, Side, Side],
        because: list[str],
        changes: tuple[Change, ...] = (),
    ) -> None:
        """Note a conflict with the change of theirs, of a plan in ``because``, that is nearest."""
        named = [one for key in because for one in self.their_changes if plan_of(one) == key]
        same = [one for one in named if _target(one) == _target(change)]
        whole = [one for one in named if not isinstance(one, SetCell | MovePlan)]
        theirs = (same or whole or named)[0]
        self.conflicts.append(Conflict(change, *sides, theirs, changes or (change,)))


def plan_of(change: Change) -> str:
    """Key of the plan that a change is about."""
    return change.plan if isinstance(change, SetCell) else change.key


def _target(change: Change) -> tuple[str, ...]:
    if isinstance(change, SetCell):
        return ("cell", change.plan, change.feature)
    return (type(change).__name__, change.key)


def _behind(key: str, order: Mapping[str, OwnPlan], known: Mapping[str, OwnPlan]) -> str:
    """The nearest plan before it in an order that is among the known; "" when there is none."""
    before = takewhile(lambda one: one != key, order)
    return next((one for one in reversed(list(before)) if one in known), "")


def _placed(
    plans: Mapping[str, OwnPlan], key: str, plan: OwnPlan, behind: str
) -> dict[str, OwnPlan]:
    keys = list(plans)
    keys.insert(keys.index(behind) + 1 if behind else 0, key)
    return {one: plan if one == key else plans[one] for one in keys}
