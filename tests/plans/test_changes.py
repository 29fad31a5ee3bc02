"""Changes of the matrix as plain data, and what makes one document of another."""

from __future__ import annotations

import json

import pytest

from core.contract.errors import BadInput
from core.plans.file.changes import (
    AddPlan,
    ChangePlan,
    MovePlan,
    RemovePlan,
    SetCell,
    Written,
    as_json,
    diff,
    from_json,
    own,
    staying,
)
from core.plans.file.document import parse_plans
from tests.plans.conftest import QUOTA

BEFORE = """schema: 1
plans:
  free:
    title: Free
    features:
      crm: true
      ivr.max_depth: 0
      recording.monthly_calls: 100
  basic: {extends: free, features: {ivr: true}}
  top: {extends: basic}
"""
AFTER = """schema: 1
plans:
  top: {title: The top}
  small: {extends: free, features: {crm: false}}
  free:
    title: Free
    features:
      crm: true
      ivr.max_depth: false
      recording.monthly_calls: {limit: 100, warn_at: [90, 50]}
      ivr: true
"""


@pytest.mark.parametrize(
    "change",
    [
        SetCell("free", "crm", Written(True)),
        SetCell("free", QUOTA, Written(100, (50, 90))),
        SetCell("free", QUOTA, None),
        AddPlan("top", "Top", "free", ""),
        ChangePlan("top", "Top", ""),
        MovePlan("top", "free"),
        RemovePlan("top"),
    ],
)
def test_a_change_survives_json(change):
    assert from_json(json.loads(json.dumps(as_json(change)))) == change


def test_the_json_of_a_cell():
    assert as_json(SetCell("free", QUOTA, Written(5, (90, 50)))) == {
        "change": "set-cell",
        "plan": "free",
        "feature": QUOTA,
        "written": {"value": 5, "warn_at": [50, 90]},
    }


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (None, '"change" is missing or unknown; give one of: set-cell, add-plan, '),
        ({"change": ["move"]}, '"change" is missing or unknown'),
        ({"change": "remove-plan"}, '"key" is missing; remove-plan takes: key'),
        ({"change": "remove-plan", "key": "a", "by": 1}, '"by" is unknown; remove-plan takes: key'),
        ({"change": "remove-plan", "key": 1}, '"key" must be a text, not 1'),
        ({"change": "set-cell", "plan": "a", "feature": "b", "written": 5}, '"written" takes null'),
        ({"change": "set-cell", "plan": "a", "feature": "b", "written": {"value": 1, "x": 1}},
         '"written" takes null'),
        ({"change": "set-cell", "plan": "a", "feature": "b", "written": {"value": 1.5}},
         '"value" takes true, false, a whole number or a word, not 1.5'),
        ({"change": "set-cell", "plan": "a", "feature": "b",
          "written": {"value": 1, "warn_at": [True]}}, '"warn_at" takes a list of percents'),
        ({"change": "set-cell", "plan": "a", "feature": "b",
          "written": {"value": 1, "warn_at": 80}}, '"warn_at" takes a list of percents'),
    ],
)  # fmt: skip
def test_json_that_is_no_change(data, sentence):
    with pytest.raises(BadInput) as refused:
        from_json(data)
    assert str(refused.value).startswith(sentence)


def test_none_left_and_not_in_the_plan_are_two_things():
    assert Written(0) != Written(False)
    assert Written(1) != Written(True)
    assert Written(5, (90, 50)) == Written(5, (50, 90))
    assert len({Written(0), Written(False), Written(0)}) == 2


def test_own_cells_are_those_that_a_plan_writes_itself(catalogue):
    document = parse_plans(BEFORE, catalogue)
    assert own(document, "free", QUOTA) == Written(100)
    assert own(document, "basic", QUOTA) is None
    assert own(document, "basic", "ivr") == Written(True)
    assert own(document, "gone", "ivr") is None


def test_what_differs_between_two_documents(catalogue):
    before, after = parse_plans(BEFORE, catalogue), parse_plans(AFTER, catalogue)
    assert diff(before, before) == ()
    assert diff(before, after) == (
        RemovePlan("basic"),
        MovePlan("top", ""),
        AddPlan("small", "small", "free", "top"),
        ChangePlan("top", "The top", ""),
        SetCell("small", "crm", Written(False)),
        SetCell("free", "ivr.max_depth", Written(False)),
        SetCell("free", QUOTA, Written(100, (50, 90))),
        SetCell("free", "ivr", Written(True)),
    )


@pytest.mark.parametrize(
    ("before", "after", "stay"),
    [
        ("abc", "abc", "abc"),
        ("abcd", "dabc", "abc"),
        ("abcd", "bcda", "bcd"),
        ("abc", "xby", "b"),
        ("", "a", ""),
    ],
)
def test_as_few_as_possible_move(before, after, stay):
    assert staying(before, after) == set(stay)
