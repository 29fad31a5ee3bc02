"""Changes are written into the file's own text, and nothing else is touched."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from core.config import PROJECT
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
    diff,
)
from core.plans.file.document import parse_plans
from core.plans.file.editing import apply_changes
from core.plans.file.faults import PlansFault
from core.plans.file.written import OwnPlan, own, own_plans
from core.registry import load
from tests.plans.conftest import QUOTA
from tests.plans.plan_texts import BY_KEY, CATALOGUE, File, Owner, changes_of, file_of

FEW = settings(max_examples=80)
RANDOM = st.randoms(use_true_random=True)


def touched(file: File, changes: Iterable[Change]) -> set[Owner]:
    """What may look different after changes; all else may not."""
    after = applied(file.plans, changes, BY_KEY)
    found: set[Owner] = set()
    for key, old in file.plans.items():
        new = after.get(key, OwnPlan("", "", {}))
        names = {one for one in BY_KEY if old.cells.get(one) != new.cells.get(one)}
        found |= {("cell", key, one) for one in names} | {("details", key, one) for one in names}
        found |= {("title", key)} if old.title != new.title else set()
        found |= {("extends", key)} if old.extends != new.extends else set()
        if old != new:
            found.add(("flow", key))
        if not (old.cells and new.cells):
            found |= {("features", key), ("plan", key)}
    if found or list(after) != list(file.plans):
        found.add(("flow", "*"))
    return found


@FEW
@given(RANDOM)
def test_the_text_says_what_the_changes_ask_for_and_the_rest_stays(rng):
    file = file_of(rng)
    assert own_plans(parse_plans(file.text, CATALOGUE)) == file.plans
    changes = changes_of(file.plans, rng)
    after = applied(file.plans, changes, BY_KEY)
    note(f"{file.text}\n{changes}")
    text = apply_changes(file.text, changes, CATALOGUE)
    note(text)
    found = own_plans(parse_plans(text, CATALOGUE))
    assert list(found.items()) == list(after.items())
    _comments_stay(file, text, touched(file, changes), after)
    _lines_stay(file, text, touched(file, changes), after)
    assert text.endswith(file.newline) == file.text.endswith(file.newline)
    assert "\n" not in text.replace(file.newline, "")


def _comments_stay(file: File, text: str, changed: set[Owner], after: dict) -> None:
    for comment, owner in file.comments.items():
        alive = len(owner) < 2 or not owner[1] or owner[1] in after
        removed = owner[0] in ("cell", "extends", "details") and owner in changed
        if alive and not removed:
            assert comment in text


def _lines_stay(file: File, text: str, changed: set[Owner], after: dict) -> None:
    order = [one for one in after if one in file.plans]
    unmoved = order == [one for one in file.plans if one in after]
    kept = [
        one.text
        for one in file.lines
        if one.text.strip() and not one.owners & changed and (not one.plan or one.plan in after)
    ]
    left = text.split(file.newline)
    for line in kept:
        assert line in left
        if unmoved:
            left = left[left.index(line) + 1 :]
        else:
            left.remove(line)


@FEW
@given(RANDOM)
def test_what_differs_between_two_files_makes_one_of_the_other(rng):
    one, other = file_of(rng), file_of(rng)
    before, after = (parse_plans(file.text, CATALOGUE) for file in (one, other))
    text = apply_changes(one.text, diff(before, after), CATALOGUE)
    found = parse_plans(text, CATALOGUE)
    assert list(own_plans(found).items()) == list(own_plans(after).items())
    assert diff(found, after) == ()


HEAD = """schema: 1
plans:
  free:
    title: Free      # the name
    features:
      crm: true            # who calls
      recording: true
      # … a month
      recording.monthly_calls: 100   # as promised

      ivr: false

  # for small companies
  basic:
    title: 'Basic'
    extends: free
"""


def changed(catalogue, *changes: Change, text: str = HEAD) -> str:
    """The lines that go (-) and come (+)."""
    result = apply_changes(text, changes, catalogue)
    lines = difflib.unified_diff(text.splitlines(), result.splitlines(), n=0, lineterm="")
    return "\n".join(one for one in list(lines)[2:] if not one.startswith("@"))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([SetCell("free", "crm", Written(False))],
         "-      crm: true            # who calls\n"
         "+      crm: false           # who calls"),
        ([SetCell("free", QUOTA, Written("unlimited"))],
         "-      recording.monthly_calls: 100   # as promised\n"
         "+      recording.monthly_calls: unlimited  # as promised"),
        ([SetCell("free", QUOTA, Written(50, (90, 50)))],
         "-      recording.monthly_calls: 100   # as promised\n"
         "+      recording.monthly_calls: {limit: 50, warn_at: [50, 90]}  # as promised"),
        ([SetCell("free", "crm", None)], "-      crm: true            # who calls"),
        ([SetCell("free", "ivr", None)], "-      ivr: false\n-"),
        ([SetCell("free", "recording.dual_channel", Written(True))],
         "+      recording.dual_channel: true"),
        ([SetCell("free", "workhours", Written(True))], "+      workhours: true"),
        ([SetCell("basic", "ivr", Written(True)), SetCell("basic", "ivr.max_depth", Written(2))],
         "+    features:\n+      ivr: true\n+      ivr.max_depth: 2"),
        ([SetCell("basic", "ivr", Written(True)), SetCell("basic", "ivr", None)], ""),
        ([ChangePlan("basic", "Small", "free")], "-    title: 'Basic'\n+    title: 'Small'"),
        ([ChangePlan("basic", "it's", "free")], "-    title: 'Basic'\n+    title: \"it's\""),
        ([ChangePlan("free", "No", "")],
         "-    title: Free      # the name\n+    title: \"No\"      # the name"),
        ([ChangePlan("basic", "Basic", "")], "-    extends: free"),
        ([ChangePlan("free", "Free", "basic"), ChangePlan("basic", "Basic", "")],
         "+    extends: basic\n-    extends: free"),
        ([AddPlan("plus", "Plus", "free", "free"), SetCell("plus", "crm", Written(False))],
         "+  plus:\n+    title: Plus\n+    extends: free\n+    features:\n+      crm: false\n+"),
        ([AddPlan("plus", "", "", "")], "+  plus: {}\n+"),
        ([AddPlan("no", "24:00", "", "basic")], '+\n+  "no":\n+    title: "24:00"'),
        ([RemovePlan("basic")],
         "-\n-  # for small companies\n-  basic:\n-    title: 'Basic'\n-    extends: free"),
        ([MovePlan("basic", "")],
         "+  # for small companies\n+  basic:\n+    title: 'Basic'\n+    extends: free\n+\n"
         "-\n-  # for small companies\n-  basic:\n-    title: 'Basic'\n-    extends: free"),
    ],
)  # fmt: skip
def test_only_these_lines_change(changes, expected, catalogue):
    assert changed(catalogue, *changes) == expected


@pytest.mark.parametrize(
    ("features", "change", "expected"),
    [
        ("features: {crm: true}", SetCell("free", "crm", None), "features: {}"),
        ("features: { crm: true }", SetCell("free", "ivr", Written(True)),
         "features: { crm: true, ivr: true }"),
        ("features: {crm: true,}  # x", SetCell("free", "crm", Written(False)),
         "features: {crm: false,}  # x"),
        ("features: {crm: true, ivr: true, recording: true}", SetCell("free", "ivr", None),
         "features: {crm: true, recording: true}"),
        ("features: {crm: true, ivr: true}", SetCell("free", "ivr", None), "features: {crm: true}"),
        ("features: {}  # x", SetCell("free", "crm", Written(True)),
         "features:     # x\n      crm: true"),
        ("features:  # x\n      crm: true", SetCell("free", "crm", None), "features: {}  # x"),
        (f"features: {{{QUOTA}: {{limit: 1, warn_at: [5]}}}}",
         SetCell("free", QUOTA, Written(7, (5,))),
         f"features: {{{QUOTA}: {{limit: 7, warn_at: [5]}}}}"),
        (f"features: {{{QUOTA}: {{limit: 1, warn_at: [5]}}}}", SetCell("free", QUOTA, Written(1)),
         f"features: {{{QUOTA}: 1}}"),
        (f"features:\n      {QUOTA}: # a\n        limit: 1  # b\n        warn_at:\n        - 5",
         SetCell("free", QUOTA, Written(10, (50,))),
         f"features:\n      {QUOTA}: # a\n        limit: 10  # b\n        warn_at: [50]"),
        (f"features:\n      {QUOTA}:   # a\n        # b\n        limit: 1",
         SetCell("free", QUOTA, Written(False)),
         f"features:\n      {QUOTA}: false  # a\n        # b"),
        ("features: {\n      crm: true, # a\n      # b\n      ivr: true # c\n    }",
         SetCell("free", "workhours", Written(True)),
         "features: {\n      crm: true, # a\n      # b\n      ivr: true, # c\n"
         "      workhours: true\n    }"),
    ],
)  # fmt: skip
def test_every_style_is_kept(features, change, expected, catalogue):
    text = "schema: 1\nplans:\n  free:\n    title: Free\n    {}\n"
    result = apply_changes(text.replace("{}", features), [change], catalogue)
    assert result == text.replace("{}", expected)


def test_breaks_of_lines_and_the_end_of_the_file_are_kept(catalogue):
    text = HEAD.replace("\n", "\r\n").removesuffix("\r\n")
    result = apply_changes(text, [AddPlan("plus", "Plus", "", "basic")], catalogue)
    assert result == text + "\r\n\r\n  plus:\r\n    title: Plus"


def test_a_new_plan_is_indented_and_spaced_as_the_others(catalogue):
    text = "schema: 1\nplans:\n    a:\n       title: A\n    b:\n       title: B\n"
    change = [AddPlan("c", "C", "a", "a"), SetCell("c", "crm", Written(True))]
    assert changed(catalogue, *change, text=text) == (
        "+    c:\n+       title: C\n+       extends: a\n+       features:\n+          crm: true"
    )


def test_cells_of_a_plugin_that_does_not_load_stay(catalogue):
    text = HEAD + "    features:\n      acme.gold: 5 # theirs\n"
    change = SetCell("basic", "crm", Written(True))
    assert changed(catalogue, change, text=text) == "+      crm: true"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (SetCell("fre", "crm", None), "There is no plan “fre”; did you mean “free”?"),
        (SetCell("free", "crmm", None), "There is no feature “crmm”; did you mean “crm”?"),
        (SetCell("free", "acme.gold", None), "There is no feature “acme.gold”."),
        (SetCell("free", "crm", Written(5)), '"5" cannot be granted; "CRM" takes true or false'),
        (SetCell("free", QUOTA, Written(5, (0,))),
         '"5 @ 0" cannot be granted; "Recorded calls per month" warns at different percents from 1'
         " to 100, such as 100 @ 80, 100, or never: 100 @ none"),
        (AddPlan("free", "", "", ""), "There is a plan “free” already; choose another key."),
        (AddPlan("Plus!", "", "", ""),
         "“Plus!” cannot be a plan's key; take a lower-case word such as free or basic-2."),
        (AddPlan("plus", "", "", "top"), "There is no plan “top”."),
        (AddPlan("plus", "", "top", ""), "The plan “plus” extends “top”, and there is no such plan;"
         " let it extend another one, or none."),
        (AddPlan("plus", "\ud800", "", ""),
         "The title of the plan “plus” holds a character that cannot be stored."),
        (ChangePlan("free", "", "basic"),
         "These plans extend each other in a circle: free → basic → free."),
        (ChangePlan("gone", "", ""), "There is no plan “gone”."),
        (MovePlan("free", "free"), "The plan “free” cannot stand behind itself."),
        (RemovePlan("free"), "The plan “basic” extends “free”, and there is no such plan; let it"
         " extend another one, or none."),
    ],
)  # fmt: skip
def test_changes_that_do_not_fit(change, sentence, catalogue):
    with pytest.raises(BadInput) as refused:
        apply_changes(HEAD, [change], catalogue)
    assert str(refused.value) == sentence


def test_the_last_plan_stays(catalogue):
    with pytest.raises(BadInput, match=r"^One plan must stay\.$"):
        apply_changes(HEAD, [RemovePlan("basic"), RemovePlan("free")], catalogue)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("schema: 1\nplans:\n  ? free\n  : {features: {crm: true}}\n", 3),
        ("schema: 1\nplans:\n  free:\n    features:\n      ? crm\n      : true\n", 5),
        ("schema: 1\nplans:\n  free:\n    features: {? crm : true}\n", 4),
    ],
)
def test_a_way_of_writing_that_nobody_uses_is_refused_with_its_line(text, line, catalogue):
    with pytest.raises(BadInput, match=f"^Line {line} of the plan file cannot be changed here"):
        apply_changes(text, [SetCell("free", "crm", Written(False))], catalogue)


def test_a_text_that_would_say_something_else_is_never_handed_out(catalogue):
    text = "schema: 1\nplans:\n  free:\n    title: |\n      Free"  # a break more is another title
    with pytest.raises(BadInput, match=r"^This cannot be written into p\.yaml without"):
        apply_changes(text, [SetCell("free", "crm", Written(False))], catalogue, "p.yaml")


def test_a_file_with_faults_is_not_changed(catalogue):
    with pytest.raises(PlansFault):
        apply_changes(HEAD + "  top: {extends: gone}\n", [RemovePlan("basic")], catalogue)


def test_every_single_change_of_the_shipped_file_is_small():
    catalogue = load()
    text = (PROJECT / "plans.yaml").read_text(encoding="utf-8")
    document = parse_plans(text, catalogue)
    for plan in document.plans:
        for feature in catalogue.features.values():
            said = own(document, plan, feature.key)
            new = Written(not said.value if said and isinstance(said.value, bool) else False)
            lines = changed(catalogue, SetCell(plan, feature.key, new), text=text).split("\n")
            has_cells = any(own(document, plan, one) for one in catalogue.features)
            assert len(lines) == (2 if said or not has_cells else 1)
            if said:
                gone = changed(catalogue, SetCell(plan, feature.key, None), text=text)
                assert feature.key in gone
                assert gone.count("\n") <= 2
