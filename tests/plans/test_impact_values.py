"""What a change of one value is for an account, and what takes effect of what is said."""

from __future__ import annotations

import pytest

from core.contract.features import Feature, FeatureKind
from core.plans.decision import DEFAULT_WARN_AT
from core.plans.file.written import Written
from core.plans.impact.values import difference, direction, in_effect

KINDS = {
    "switch": Feature("x.part", "Part"),
    "metered": Feature("x.part", "Part", FeatureKind.METERED),
    "number": Feature("x.part", "Part", FeatureKind.NUMBER),
    "quota": Feature("x.part", "Part", FeatureKind.QUOTA),
    "choice": Feature("x.part", "Part", FeatureKind.CHOICE, choices=("mail", "phone")),
}

OFF = object()
"""Not in the plan."""


def written(value):
    return None if value is OFF else Written(value)


@pytest.mark.parametrize(
    ("kind", "less", "more"),
    [
        ("switch", OFF, True),
        ("metered", OFF, True),
        ("number", OFF, 0),
        ("number", 0, 1),
        ("number", 9, 10),
        ("number", 999_999_999, "unlimited"),
        ("number", OFF, "unlimited"),
        ("quota", OFF, 0),
        ("quota", 99, 100),
        ("quota", 100, "unlimited"),
        ("choice", OFF, "mail"),
        ("choice", "mail", "phone"),
    ],
)
def test_more_is_a_gain_and_less_a_loss(kind, less, more):
    assert direction(KINDS[kind], written(less), written(more)) == "gain"
    assert direction(KINDS[kind], written(more), written(less)) == "lose"


def test_other_warnings_are_neither():
    assert direction(KINDS["quota"], Written(100), Written(100, (50,))) == "different"


@pytest.mark.parametrize("kind", ["number", "choice"])
def test_a_word_that_the_plugin_knows_no_more_is_less_than_any_it_knows(kind):
    known = {"number": 1, "choice": "phone"}[kind]
    assert direction(KINDS[kind], Written("post"), Written(known)) == "gain"
    assert direction(KINDS[kind], Written("post"), None) == "lose"


FEATURES = {"x": Feature("x", "X"), "x.part": KINDS["quota"], "y.size": KINDS["number"]}


@pytest.mark.parametrize(
    ("said", "included"),
    [
        ({"x": True, "x.part": 5}, {"x", "x.part"}),
        ({"x.part": 5}, set()),
        ({"x": False, "x.part": 5}, set()),
        ({"x": True, "x.part": False}, {"x"}),
        ({"x": True, "x.part": 0}, {"x", "x.part"}),
        ({"y.size": 5}, {"y.size"}),
        ({"z.gone": True}, set()),
    ],
)
def test_a_part_takes_effect_with_its_plugin_only(said, included):
    assert in_effect({key: Written(value) for key, value in said.items()}, FEATURES).keys() == (
        included
    )


def test_only_a_counted_limit_warns():
    said = {
        "x": Written(True, ()),
        "x.part": Written("unlimited", (50,)),
        "y.size": Written(3, (50,)),
    }
    values = in_effect(said, FEATURES)
    assert {key: one.warn_at for key, one in values.items()} == dict.fromkeys(said, DEFAULT_WARN_AT)
    counted = in_effect({"x": Written(True), "x.part": Written(3, (50,))}, FEATURES)
    assert counted["x.part"].warn_at == (50,)


def test_differences_stand_in_the_order_of_the_features():
    before = {"y.size": Written(3), "x": Written(True)}
    after = {"y.size": Written(2), "x.part": Written(0)}
    told = difference(before, after, FEATURES)
    assert [(one.feature, str(one.direction)) for one in told] == [
        ("x", "lose"),
        ("x.part", "gain"),
        ("y.size", "lose"),
    ]
    assert told[1].as_json() == {
        "feature": "x.part",
        "before": None,
        "after": {"value": 0, "warn_at": [80, 100]},
        "direction": "gain",
    }
