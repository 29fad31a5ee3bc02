"""What people type into the grid: one meaning or one sentence, never a guess."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contract.errors import BadInput
from core.contract.features import Feature, FeatureKind
from core.plans.file import writing
from core.plans.file.document import parse_plans
from core.plans.file.faults import PlansFault
from core.plans.file.typed import cell_text, takes, typed_cell
from core.plans.file.written import Written, own
from tests.plans.conftest import catalogue_of

SWITCH = Feature("crm", "CRM")
METERED = Feature("sms", "Texts", FeatureKind.METERED)
NUMBER = Feature("ivr.max_depth", "Depth of menus", FeatureKind.NUMBER)
QUOTA = Feature("recording.monthly_calls", "Calls per month", FeatureKind.QUOTA)
CHOICE = Feature("keep", "Keep", FeatureKind.CHOICE, choices=("month", "Year", "off", "Inherit"))
ALL = (SWITCH, METERED, NUMBER, QUOTA, CHOICE)
CATALOGUE = catalogue_of(*ALL)
YES = ["true", "yes", "on", "sì", "si", "✓", "x", "vero", "TRUE", "Vero", "SÌ", "X"]


@pytest.mark.parametrize("feature", [SWITCH, METERED])
@pytest.mark.parametrize("word", YES)
def test_in_the_plan(word, feature):
    assert typed_cell(f" {word} ", feature) == Written(True)


@pytest.mark.parametrize("feature", [SWITCH, METERED, NUMBER, QUOTA])
@pytest.mark.parametrize("word", ["false", "no", "off", "–", "-", "—", "falso", "FALSO", "No"])
def test_not_in_the_plan(word, feature):
    assert typed_cell(word, feature) == Written(False)


@pytest.mark.parametrize("feature", ALL)
@pytest.mark.parametrize("word", ["", "  ", "eredita", "Eredita", "\u00a0"])
def test_inherit(word, feature):
    assert typed_cell(word, feature) is None


@pytest.mark.parametrize("feature", [NUMBER, QUOTA])
@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("0", 0),
        ("100", 100),
        ("1,000", 1000),
        ("1.000", 1000),
        ("1 000", 1000),
        ("1\u00a0000", 1000),
        ("1\u202f000", 1000),
        ("1'000", 1000),
        ("12.345.678", 12345678),
        ("999999999", 999999999),
        ("unlimited", "unlimited"),
        ("Illimitato", "unlimited"),
        ("∞", "unlimited"),
    ],
)
def test_counts(word, value, feature):
    assert typed_cell(word, feature) == Written(value)


@pytest.mark.parametrize(
    ("word", "limit", "warn_at"),
    [
        ("100 @ 80, 100", 100, (80, 100)),
        ("100@50", 100, (50,)),
        ("1.000 @ 90 % 50 %", 1000, (50, 90)),
        ("100 (80 %, 100 %)", 100, (80, 100)),
        ("100 (25%; 75%)", 100, (25, 75)),
        ("100 @ none", 100, ()),
        ("100 @ –", 100, ()),
        ("100 @ mai", 100, ()),
    ],
)
def test_warnings_of_a_quota(word, limit, warn_at):
    assert typed_cell(word, QUOTA) == Written(limit, warn_at)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("MONTH", "month"),
        ("year", "Year"),
        ("off", "off"),
        ("INHERIT", "Inherit"),
        ("no", False),
        ("–", False),
    ],
)
def test_words_of_a_choice(word, value):
    assert typed_cell(word, CHOICE) == Written(value)


def test_a_choice_that_differs_only_in_its_letters_is_typed_exactly():
    feature = Feature("keep", "Keep", FeatureKind.CHOICE, choices=("a", "A"))
    assert (typed_cell("a", feature), typed_cell("A", feature)) == (Written("a"), Written("A"))


TAKES_COUNT = "takes false, a whole number such as 0 or 100, or unlimited"
TAKES_QUOTA = (
    "takes false, a whole number such as 100, also with warnings such as 100 @ 80, 100,"
    " or unlimited"
)
WARNS = "warns at different percents from 1 to 100, such as 100 @ 80, 100, or never: 100 @ none"


@pytest.mark.parametrize(
    ("word", "feature", "sentence"),
    [
        *((word, SWITCH, f'"{word}" cannot be granted; "CRM" takes true or false')
          for word in ("1", "0", "maybe", "unlimited", "100", "100 @ 80", "xx")),
        *((word, NUMBER, f'"{word}" cannot be granted; "Depth of menus" {TAKES_COUNT}')
          for word in ("yes", "✓", "x", "-1", "1.5", "1,5", "1,00", "0.500", "1,000.00",
                       "1.000,000", "010", "1e3", "5 %", "+5", "٣", "５", "1 0000", "5 @ 80",
                       "5 @ 80, 100")),
        *((word, QUOTA, f'"{word}" cannot be granted; "Calls per month" {TAKES_QUOTA}')
          for word in ("many", "sì", "@ 80", "(80)", "unlimited @ 80", "100 @ 80 @ 90",
                       "1,5 @ 80")),
        *((word, QUOTA, f'"{word}" cannot be granted; "Calls per month" {WARNS}')
          for word in ("100 @", "100 ()", "100 @ 0", "100 @ 101", "100 @ 80, 80", "100 @ soon",
                       "100 @ 8.5", "100 @ -5")),
        ("week", CHOICE,
         '"week" cannot be granted; "Keep" takes false or one of: month, Year, off, Inherit'),
        ("1000000000", NUMBER, '"1000000000" is too much for "Depth of menus"; write up to'
                               " 999999999, or unlimited"),
        ("1.000.000.000", QUOTA, '"1.000.000.000" is too much for "Calls per month"; write up to'
                                 " 999999999, or unlimited"),
        ("a\nb\t\x1bc", SWITCH, '"a b  c" cannot be granted; "CRM" takes true or false'),
        ("z" * 99, SWITCH, f'"{"z" * 60}…" cannot be granted; "CRM" takes true or false'),
    ],
)  # fmt: skip
def test_all_else_is_refused_with_one_sentence(word, feature, sentence):
    with pytest.raises(BadInput) as refused:
        typed_cell(word, feature)
    assert str(refused.value) == sentence


def test_a_number_of_any_length_is_refused():
    with pytest.raises(BadInput, match="is too much"):
        typed_cell("9" * 10_000, NUMBER)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (None, ""),
        (Written(True), "true"),
        (Written(False), "false"),
        (Written(0), "0"),
        (Written("unlimited"), "unlimited"),
        (Written(1000), "1000"),
        (Written(100, (90, 50)), "100 @ 50, 90"),
        (Written(100, ()), "100 @ none"),
        (Written("Year"), "Year"),
    ],
)
def test_the_text_of_a_cell(written, text):
    assert cell_text(written) == text


percents = st.lists(st.integers(1, 100), unique=True, max_size=4).map(tuple)
cells = st.one_of(
    st.tuples(st.sampled_from((SWITCH, METERED)), st.booleans().map(Written)),
    st.tuples(st.just(NUMBER), st.integers(0, 999_999_999).map(Written)),
    st.tuples(st.just(QUOTA), st.builds(Written, st.integers(0, 999_999_999), percents)),
    st.tuples(st.sampled_from((NUMBER, QUOTA)), st.sampled_from(("unlimited", False)).map(Written)),
    st.tuples(st.just(CHOICE), st.sampled_from((False, *CHOICE.choices)).map(Written)),
    st.tuples(st.sampled_from(ALL), st.none()),
)


@given(cells)
def test_the_text_of_a_cell_is_read_back(cell):
    feature, written = cell
    assert typed_cell(cell_text(written), feature) == written


values = st.one_of(
    st.booleans(),
    st.integers(-2, 101),
    st.sampled_from((10**9, 10**9 - 1, "unlimited", "month", "year", "true", "100", "")),
)
warnings = st.one_of(st.just((80, 100)), st.lists(st.integers(0, 101), max_size=2).map(tuple))


@given(st.sampled_from(ALL), values, warnings)
def test_a_feature_takes_what_the_plan_file_takes(feature, value, warn_at):
    written = Written(value, warn_at)
    text = f"schema: 1\nplans: {{a: {{features: {{{feature.key}: {writing.cell(written)}}}}}}}\n"
    try:
        found = own(parse_plans(text, CATALOGUE), "a", feature.key)
    except PlansFault:
        found = None
    assert takes(feature, written) == (found == written)


@given(st.text(max_size=12), st.sampled_from(ALL))
def test_any_text_is_read_or_refused(word, feature):
    with suppress(BadInput):
        written = typed_cell(word, feature)
        assert written is None or takes(feature, written)
