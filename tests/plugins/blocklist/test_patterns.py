"""Patterns on plain data, against a slow reference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.api import BadInput
from plugins.blocklist.patterns import (
    countries_of,
    digits_of,
    is_exact,
    keys_of,
    literal,
    matches,
    read_pattern,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("+39 333 123 4567", "+393331234567"),
        ("333 123 4567", "+393331234567"),
        ("+39333*", "+39333*"),
        (" 0039 333-* ", "+39333*"),
        ("+39 333 12?? *", "+3933312??*"),
        ("+39333**", "+39333*"),
        ("*", "+*"),
        ("Withheld", "withheld"),
    ],
)
def test_what_people_type(typed, stored):
    assert read_pattern(typed, "IT") == stored


@pytest.mark.parametrize(
    "typed", ["", "333*", "39333*", "+39abc*", "+39333123456712345*", "12", "+*+", "anna"]
)
def test_what_is_no_pattern_is_refused_with_what_was_typed(typed):
    with pytest.raises(BadInput) as refused:
        read_pattern(typed, "IT")
    assert typed in refused.value.message


NUMBERS = st.from_regex(r"\+[0-3]{1,6}", fullmatch=True)
PATTERNS = st.from_regex(r"\+[0-3*?]{0,6}", fullmatch=True)


def slowly(pattern, number):
    """Whether a pattern stands for a number, letter by letter."""
    if not pattern:
        return not number
    if pattern[0] == "*":
        return slowly(pattern[1:], number) or (
            bool(number) and number[0].isdigit() and slowly(pattern, number[1:])
        )
    same = bool(number) and (pattern[0] == number[0] or (pattern[0] == "?" and number[0].isdigit()))
    return same and slowly(pattern[1:], number[1:])


@given(PATTERNS, NUMBERS)
def test_a_pattern_stands_for_what_a_slow_reading_of_it_says(pattern, number):
    assert matches(pattern, number) is slowly(pattern, number)


@given(PATTERNS, NUMBERS)
def test_whatever_stands_for_a_number_is_found_under_one_of_its_beginnings(pattern, number):
    if matches(pattern, number):
        assert literal(pattern) in keys_of(number)


def test_which_is_exact_and_how_much_it_names():
    assert (is_exact("+39333"), is_exact("+39?"), digits_of("+39?3*")) == (True, False, 4)
    assert keys_of("") == ["withheld"]


@pytest.mark.parametrize(
    ("pattern", "codes"),
    [
        ("+39333*", ()),
        ("+393331234567", ()),
        ("+39*", ("39",)),
        ("+39?*", ("39",)),
        ("+1*", ("1",)),
    ],
)
def test_what_takes_in_a_whole_country(pattern, codes):
    assert countries_of(pattern) == codes


def test_what_takes_in_many_countries():
    assert {"39", "33", "351"} <= set(countries_of("+3*"))
    assert len(countries_of("+*")) > 200
