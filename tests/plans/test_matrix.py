"""The project's own ``plans.yaml`` is the matrix of plans.md §2, cell by cell."""

from __future__ import annotations

import pytest

from core.config import PROJECT
from core.plans.file.document import parse_plans
from core.plans.matrix import matrix
from core.registry import load
from tests.plans.conftest import NOON, QUOTA, catalogue_of, make_account

PLANS = ("free", "basic", "standard", "professional", "enterprise")

MATRIX = {
    "recording": "✓ ✓ ✓ ✓ ✓",
    QUOTA: "100 unlimited unlimited unlimited unlimited",
    "recording.dual_channel": "– ✓ ✓ ✓ ✓",
    "ivr": "– – ✓ ✓ ✓",
    "ivr.max_depth": "– – 2 unlimited unlimited",
    "quality_rating": "– ✓ ✓ ✓ ✓",
    "crm": "✓ ✓ ✓ ✓ ✓",
    "queue.ring_all": "– ✓ ✓ ✓ ✓",
    "queue.overflow": "– ✓ ✓ ✓ ✓",
    "queue.max_groups": "1 unlimited unlimited unlimited unlimited",
    "queue.max_members": "3 unlimited unlimited unlimited unlimited",
    "workhours": "✓ ✓ ✓ ✓ ✓",
    "workhours.presence": "– – – ✓ ✓",
}

CELLS = [
    (feature, plan, text)
    for feature, row in MATRIX.items()
    for plan, text in zip(PLANS, row.split(), strict=True)
]


def file_text() -> str:
    return (PROJECT / "plans.yaml").read_text(encoding="utf-8")


def rows(document, catalogue) -> dict:
    groups = matrix(document, catalogue)
    return {row.feature.key: row.cells for group in groups for row in group.rows}


@pytest.mark.parametrize(("feature", "plan", "text"), CELLS)
def test_each_cell_shows_what_the_specification_says(feature, plan, text, catalogue):
    document = parse_plans(file_text(), catalogue)
    cell = rows(document, catalogue)[feature][PLANS.index(plan)]
    assert (cell.plan, cell.text) == (plan, text)


@pytest.mark.parametrize(("feature", "plan", "text"), CELLS)
def test_each_cell_is_what_the_gate_answers(feature, plan, text, make_gate, sqlite_store):
    gate = make_gate(file_text())
    decision = gate.grants(make_account(sqlite_store, plan=plan), NOON).ask(feature)
    expected = {"✓": True, "–": None, "unlimited": "unlimited"}
    assert decision.value == (expected[text] if text in expected else int(text))
    assert decision.allowed == (text != "–")


def test_the_file_has_every_row_and_no_other(catalogue):
    document = parse_plans(file_text(), catalogue)
    assert tuple(document.plans) == PLANS
    assert {key for plan in document.plans.values() for key in plan.cells} == set(MATRIX)
    assert document.warnings == ()


def test_the_file_fits_the_plugins_that_are_installed():
    registry = load()
    assert registry.broken == {}
    assert parse_plans(file_text(), registry).warnings == ()
    assert set(registry.features) >= set(MATRIX)


def test_the_grid_is_grouped_by_plugin_and_knows_where_a_cell_comes_from(catalogue):
    document = parse_plans(
        "schema: 1\nplans:\n  a: {title: A, features: {crm: true}}\n  b: {extends: a}\n", catalogue
    )
    groups = matrix(document, catalogue)
    assert [(one.plugin, one.title) for one in groups[:2]] == [
        ("crm", "Crm"),
        ("recording", "Recording"),
    ]
    own, inherited = groups[0].rows[0].cells
    assert (own.text, own.inherited_from, own.line) == ("✓", "", 3)
    assert (inherited.text, inherited.inherited_from, inherited.line) == ("✓", "A", 3)
    off = groups[1].rows[0].cells[0]
    assert (off.text, off.inherited_from, off.line) == ("–", "", None)


def test_a_plugin_that_is_only_a_name_still_has_a_title(catalogue):
    alone = catalogue_of(*catalogue.features.values())
    alone.plugins.clear()
    document = parse_plans("schema: 1\nplans: {a: {}}\n", alone)
    assert matrix(document, alone)[0].title == "crm"
