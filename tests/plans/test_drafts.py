"""Drafts: steps upon a revision, in the database, that no second window loses."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.contract.errors import BadInput, Conflict, NotFound
from core.plans.file.changes import ChangePlan, RemovePlan, SetCell
from core.plans.file.document import parse_plans
from core.plans.file.editing import apply_changes
from core.plans.file.written import Written, own_plans
from core.plans.revisions.drafts import Drafts
from core.plans.revisions.laying import laid
from core.store.people import UserRow
from tests.plans.conftest import NOON, book_of
from tests.plans.plan_texts import CATALOGUE, changes_of, file_of

PLANS = """schema: 1
plans:
  free:
    title: Free
    features: {crm: true, queue.max_groups: 1}
  plus: {title: Plus, extends: free}
"""


def groups(count, plan="free"):
    return SetCell(plan, "queue.max_groups", Written(count))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "plans.yaml"
    path.write_text(PLANS)
    return path


@pytest.fixture
def drafts(path, store, catalogue):
    with store.connection():
        for name in ("anna", "bill"):
            UserRow.create(email=f"{name}@example.com", name=name.title(), fs_uniquifier=name)
        yield Drafts(book_of(path, store, catalogue), catalogue)


ANNA, BILL = 1, 2


def value(drafts, draft, plan="free"):
    return drafts.lay(draft).cell(plan, "queue.max_groups").value


def test_steps_are_kept_undone_and_done_again(drafts):
    drafts.add(ANNA, [groups(2)], NOON)
    drafts.add(ANNA, [groups(3), groups(9, "plus")], NOON)
    assert value(drafts, drafts.of(ANNA)) == 3
    assert value(drafts, drafts.undo(ANNA, NOON)) == 2
    again = drafts.redo(ANNA, NOON)
    assert again == drafts.of(ANNA)
    assert value(drafts, again, "plus") == 9
    drafts.undo(ANNA, NOON)
    drafts.add(ANNA, [groups(5)], NOON)
    assert drafts.redo(ANNA, NOON) == drafts.of(ANNA)
    assert drafts.of(ANNA).undone == ()


def test_there_may_be_nothing_to_undo(drafts):
    assert drafts.undo(ANNA, NOON) is None
    assert drafts.redo(ANNA, NOON) is None
    drafts.add(ANNA, [groups(2)], NOON)
    drafts.undo(ANNA, NOON)
    assert drafts.undo(ANNA, NOON).steps == ()


def test_what_changes_nothing_is_no_step(drafts):
    assert drafts.add(ANNA, [groups(1)], NOON).steps == ()
    assert drafts.of(ANNA) is None
    assert drafts.add(ANNA, [groups(1), groups(4, "plus")], NOON).steps == ((groups(4, "plus"),),)


def test_zero_is_a_change_of_false(drafts):
    drafts.add(ANNA, [SetCell("free", "queue.max_groups", Written(False))], NOON)
    assert len(drafts.add(ANNA, [groups(0)], NOON).steps) == 2


def test_plans_that_do_not_hold_together_are_never_stored(drafts):
    for wrong in (RemovePlan("free"), ChangePlan("free", "Free", "plus"), groups(1, "nobody")):
        with pytest.raises(BadInput):
            drafts.add(ANNA, [wrong], NOON)
    assert drafts.of(ANNA) is None


def test_a_second_window_is_told_and_loses_nothing(drafts):
    seen = drafts.add(ANNA, [groups(2)], NOON)
    drafts.add(ANNA, [groups(3)], NOON)
    with pytest.raises(Conflict, match="another window"):
        drafts.rebase(ANNA, seen, 1, (groups(8),), NOON)
    assert value(drafts, drafts.of(ANNA)) == 3


def test_two_windows_may_begin_at_once(drafts, monkeypatch):
    drafts.add(ANNA, [groups(2)], NOON)
    with monkeypatch.context() as patched:
        patched.setattr(drafts, "of", lambda user: None)
        with pytest.raises(Conflict):
            drafts.add(ANNA, [groups(3)], NOON)
    assert value(drafts, drafts.of(ANNA)) == 2


def test_a_draft_is_ones_own_and_others_are_named(drafts):
    drafts.add(ANNA, [groups(2)], NOON)
    assert drafts.of(BILL) is None
    assert [(one.author, one.steps) for one in drafts.others(BILL)] == [("Anna", 1)]
    assert drafts.others(ANNA) == []
    drafts.undo(ANNA, NOON)
    assert drafts.others(BILL) == []
    drafts.discard(ANNA)
    assert drafts.of(ANNA) is None


def test_going_back_is_a_draft_until_more_is_changed(drafts, path):
    drafts.book.settled()
    path.write_text(PLANS.replace("max_groups: 1", "max_groups: 7"))
    drafts.book.look()
    draft = drafts.go_back(ANNA, 1, NOON)
    assert (draft.base, draft.reverts, value(drafts, draft)) == (2, 1, 1)
    assert drafts.text(draft) == PLANS
    more = drafts.add(ANNA, [groups(4, "plus")], NOON)
    assert more.reverts is None
    assert drafts.undo(ANNA, NOON).reverts == 1
    with pytest.raises(BadInput, match="not published"):
        drafts.go_back(ANNA, 1, NOON)
    drafts.discard(ANNA)
    with pytest.raises(BadInput, match="says the same"):
        drafts.go_back(ANNA, 2, NOON)
    with pytest.raises(NotFound):
        drafts.go_back(ANNA, 9, NOON)


def test_a_draft_is_brought_up_to_what_was_published_meanwhile(drafts, path):
    drafts.add(ANNA, [groups(4, "plus"), groups(5)], NOON)
    path.write_text(PLANS.replace("max_groups: 1", "max_groups: 7"))
    drafts.book.look()
    seen = drafts.of(ANNA)
    kept, clashes = drafts.merge(seen)
    assert kept == [groups(4, "plus")]
    assert [one.change for one in clashes] == [groups(5)]
    draft = drafts.rebase(ANNA, seen, 2, tuple(kept), NOON)
    assert (value(drafts, draft), value(drafts, draft, "plus")) == (7, 4)
    assert drafts.undo(ANNA, NOON).steps == ()


def test_a_draft_without_steps_begins_anew_on_what_is_settled(drafts, path):
    drafts.add(ANNA, [groups(5)], NOON)
    drafts.undo(ANNA, NOON)
    path.write_text(PLANS.replace("max_groups: 1", "max_groups: 7"))
    drafts.book.look()
    draft = drafts.add(ANNA, [groups(8)], NOON)
    assert (draft.base, draft.steps) == (2, ((groups(8),),))


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_a_draft_shows_what_the_file_will_say(seed):
    rng = Random(seed)
    text = file_of(rng).text
    before = parse_plans(text, CATALOGUE)
    changes = changes_of(own_plans(before), rng)
    shown = laid(before, changes)
    try:
        written = parse_plans(apply_changes(text, changes, CATALOGUE), CATALOGUE)
    except BadInput:  # a style of file that cannot be changed here: the review will say so
        return
    assert list(shown.plans) == list(written.plans)
    for key, plan in written.plans.items():
        said = [(one.value, one.plan, one.warn_at) for one in plan.cells.values()]
        assert [(plan.title, plan.extends), *sorted(map(repr, said))] == [
            (shown.plans[key].title, shown.plans[key].extends),
            *sorted(
                repr((one.value, one.plan, one.warn_at)) for one in shown.plans[key].cells.values()
            ),
        ]
