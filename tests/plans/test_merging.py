"""Two people change the same plans: both changes hold, or somebody is asked."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from core.contract.errors import BadInput
from core.plans.file.applying import applied
from core.plans.file.changes import (
    AddPlan,
    Change,
    ChangePlan,
    MovePlan,
    RemovePlan,
    SetCell,
    Written,
    diff_plans,
)
from core.plans.file.document import parse_plans
from core.plans.file.editing import apply_changes
from core.plans.file.merging import Conflict, merge, plan_of
from core.plans.file.plan import Cell, Plan, PlanDocument
from core.plans.file.written import OwnPlan
from tests.plans.plan_texts import BY_KEY, CATALOGUE, TITLES, changes_of, plans_of, value_of

YES, NO = Written(True), Written(False)
BASE = """schema: 1
plans:
  free: {title: Free, features: {crm: true, ivr.depth: 5}}
  basic: {title: Basic, extends: free}
  plus: {title: Plus, extends: basic}
  top: {title: Top}
"""


def document(*changes: Change) -> PlanDocument:
    return parse_plans(apply_changes(BASE, changes, CATALOGUE), CATALOGUE)


def merged(theirs: list[Change], mine: list[Change]):
    return merge(document(), document(*theirs), mine)


@pytest.mark.parametrize(
    ("theirs", "mine", "kept"),
    [
        ([SetCell("free", "ivr", YES)], [SetCell("free", "crm", NO)], None),
        ([SetCell("free", "crm", NO)], [SetCell("free", "crm", NO)], []),
        ([SetCell("free", "crm", NO)], [], []),
        ([ChangePlan("free", "Gratis", "")], [ChangePlan("free", "Free", "top")],
         [ChangePlan("free", "Gratis", "top")]),
        ([ChangePlan("free", "Gratis", "")], [SetCell("free", "crm", NO)], None),
        ([RemovePlan("top")], [RemovePlan("top")], []),
        ([RemovePlan("plus")], [RemovePlan("top")], None),
        ([AddPlan("new", "New", "", "")], [AddPlan("new", "New", "", "")], []),
        ([AddPlan("new", "New", "", "")], [AddPlan("more", "More", "free", "top")], None),
        ([RemovePlan("top")], [AddPlan("new", "New", "", "top")],
         [AddPlan("new", "New", "", "plus")]),
        ([MovePlan("top", "")], [SetCell("top", "crm", YES)], None),
        ([MovePlan("top", "")], [MovePlan("top", "")], []),
        ([MovePlan("top", "")], [MovePlan("basic", "plus")], [MovePlan("plus", "free")]),
        ([SetCell("free", "crm", NO)], [MovePlan("top", "")], None),
    ],
)  # fmt: skip
def test_changes_that_do_not_contradict(theirs, mine, kept):
    assert merged(theirs, mine) == (mine if kept is None else kept, [])


def conflict(theirs: list[Change], mine: list[Change]):
    kept, conflicts = merged(theirs, mine)
    assert kept == []
    (one,) = conflicts
    return one


def test_a_cell_that_both_changed():
    mine, theirs = SetCell("free", "ivr.depth", Written(0)), SetCell("free", "ivr.depth", NO)
    one = conflict([theirs], [mine])
    assert (one.change, one.theirs_change, one.changes) == (mine, theirs, (mine,))
    assert (one.base, one.theirs, one.mine) == (Written(5), NO, Written(0))


def test_a_cell_that_one_made_inherit():
    mine, theirs = SetCell("free", "crm", None), SetCell("free", "crm", NO)
    one = conflict([theirs], [mine])
    assert (one.base, one.theirs, one.mine) == (YES, NO, None)


def test_a_title_that_both_changed_with_what_one_extends():
    mine = ChangePlan("plus", "Più", "free")
    kept, (one,) = merged([ChangePlan("plus", "More", "basic")], [mine])
    assert kept == [ChangePlan("plus", "More", "free")]
    assert one.change == mine
    assert (one.base.title, one.theirs.title, one.mine.title) == ("Plus", "More", "Più")


def test_a_plan_that_they_removed_and_i_changed():
    one = conflict([RemovePlan("plus")], [SetCell("plus", "crm", NO)])
    assert one.change == SetCell("plus", "crm", NO)
    assert one.theirs_change == RemovePlan("plus")
    assert (one.theirs, one.mine) == (None, OwnPlan("Plus", "basic", {"crm": NO}))
    assert one.changes == (AddPlan("plus", "Plus", "basic", "basic"), SetCell("plus", "crm", NO))


def test_a_plan_that_i_removed_and_they_changed():
    one = conflict([SetCell("plus", "crm", NO)], [RemovePlan("plus")])
    assert (one.change, one.changes) == (RemovePlan("plus"), (RemovePlan("plus"),))
    assert one.theirs_change == SetCell("plus", "crm", NO)
    assert one.mine is None


def test_the_same_plan_added_on_both_sides_in_two_ways():
    mine = [AddPlan("new", "New", "free", "top"), SetCell("new", "crm", NO)]
    one = conflict([AddPlan("new", "New", "", "top"), SetCell("new", "ivr", YES)], mine)
    assert one.theirs_change == AddPlan("new", "New", "", "top")
    assert (one.base, one.theirs.cells, one.mine.cells) == (None, {"ivr": YES}, {"crm": NO})
    assert one.changes == (
        ChangePlan("new", "New", "free"),
        SetCell("new", "ivr", None),
        SetCell("new", "crm", NO),
    )


def test_a_plan_that_both_moved():
    one = conflict([MovePlan("top", "")], [MovePlan("top", "free")])
    assert (one.change, one.theirs_change) == (MovePlan("top", "free"), MovePlan("top", ""))


def test_a_plan_that_i_removed_and_that_a_new_one_of_theirs_extends():
    one = conflict([AddPlan("new", "New", "top", "top")], [RemovePlan("top")])
    assert one.change == RemovePlan("top")
    assert one.theirs_change == AddPlan("new", "New", "top", "top")


def test_a_new_plan_of_mine_that_extends_one_that_they_removed():
    one = conflict([RemovePlan("top")], [AddPlan("new", "New", "top", "top")])
    assert one.change == AddPlan("new", "New", "top", "top")
    assert one.theirs_change == RemovePlan("top")


def test_two_changes_that_make_a_circle_together():
    one = conflict([ChangePlan("free", "Free", "top")], [ChangePlan("top", "Top", "free")])
    assert one.change == ChangePlan("top", "Top", "free")
    assert one.theirs_change == ChangePlan("free", "Free", "top")


def test_both_together_removed_all_plans():
    theirs = [RemovePlan("plus"), RemovePlan("basic"), RemovePlan("free")]
    one = conflict(theirs, [RemovePlan("top")])
    assert one.change == RemovePlan("top")


def test_changes_that_do_not_fit_their_own_base():
    with pytest.raises(BadInput, match="There is no plan"):
        merged([], [SetCell("gone", "crm", NO)])


def as_document(plans: dict[str, OwnPlan]) -> PlanDocument:
    """A document of these plans without its text; inherited cells are left out."""
    found = {}
    for key, plan in plans.items():
        cells = {one: Cell(said.value, key, 1, said.warn_at) for one, said in plan.cells.items()}
        found[key] = Plan(key, plan.title, plan.extends, 1, cells)
    return PlanDocument("plans.yaml", found, BY_KEY)


@given(st.randoms(use_true_random=True))
def test_what_i_changed_is_there_or_i_am_asked(rng: Random):
    base = plans_of(rng)
    theirs, mine = (applied(base, changes_of(base, rng, 6), BY_KEY) for _ in range(2))
    note(f"{base}\n{theirs}\n{mine}")
    kept, conflicts = merge(as_document(base), as_document(theirs), diff_plans(base, mine))
    result = applied(theirs, kept, BY_KEY)
    asked = {plan_of(one.change) for one in conflicts if not _of_cell(one)}
    cells = {(one.change.plan, one.change.feature) for one in conflicts if _of_cell(one)}
    assert len(conflicts) == len({one.change for one in conflicts})
    for one in [*base, *mine]:
        if one not in asked:
            sides = [side.get(one) for side in (base, theirs, mine, result)]
            _nothing_is_lost(*sides, {feature for plan, feature in cells if plan == one})


def _of_cell(conflict: Conflict) -> bool:
    return isinstance(conflict.change, SetCell) and not isinstance(conflict.mine, OwnPlan)


def _nothing_is_lost(
    base: OwnPlan | None,
    theirs: OwnPlan | None,
    mine: OwnPlan | None,
    result: OwnPlan | None,
    asked: set[str],
) -> None:
    """What only one side changed is as that side has it."""
    if not (base and theirs and mine):
        assert result == (theirs if mine == base else mine)
        return
    for name in ("title", "extends"):
        old, other, new, found = (getattr(one, name) for one in (base, theirs, mine, result))
        assert found == (other if new == old else new)
    for feature in set(BY_KEY) - asked:
        old, other, new, found = (one.cells.get(feature) for one in (base, theirs, mine, result))
        assert found == (other if new == old else new)


@given(st.randoms(use_true_random=True))
def test_a_conflict_can_be_settled_for_either_side(rng: Random):
    base = plans_of(rng)
    theirs, mine = (applied(base, changes_of(base, rng, 6), BY_KEY) for _ in range(2))
    kept, conflicts = merge(as_document(base), as_document(theirs), diff_plans(base, mine))
    note(f"{base}\n{theirs}\n{mine}\n{kept}\n{conflicts}")
    changes = [change for one in conflicts for change in one.changes]
    try:
        result = applied(theirs, [*kept, *changes], BY_KEY)
    except BadInput:  # what they did and what I want cannot both be; theirs has to stay
        assert _entangled(base, theirs, mine)
        return
    for one in conflicts:
        if isinstance(one.change, RemovePlan):
            assert one.change.key not in result
        elif isinstance(one.change, AddPlan):
            assert result[one.change.key] == mine[one.change.key]


def _entangled(*sides: dict[str, OwnPlan]) -> bool:
    """Whether a plan was removed on one side, or extends another one there."""
    base = sides[0]
    return any(
        key not in side or side[key].extends != base[key].extends
        for side in sides[1:]
        for key in base
    )


@given(st.randoms(use_true_random=True))
def test_changes_of_different_things_can_be_made_in_either_order(rng: Random):
    base = plans_of(rng)
    targets = [(plan, feature) for plan in base for feature in (*BY_KEY, "title")]
    rng.shuffle(targets)
    half = len(targets) // 2
    one, other = (
        [_set(base, *target, rng) for target in part] for part in (targets[:half], targets[half:])
    )
    results = []
    for first, second in ((one, other), (other, one)):
        now = applied(base, first, BY_KEY)
        kept, conflicts = merge(as_document(base), as_document(now), second)
        assert conflicts == []
        results.append(applied(now, kept, BY_KEY))
    assert results[0] == results[1] == applied(base, [*one, *other], BY_KEY)


def _set(base: dict[str, OwnPlan], plan: str, what: str, rng: Random) -> Change:
    if what == "title":
        return ChangePlan(plan, rng.choice(TITLES), base[plan].extends)
    return SetCell(plan, what, rng.choice((None, value_of(BY_KEY[what], rng))))
