"""How the hours of a day are typed."""

import pytest

from core.api import BadInput
from plugins.workhours.hours import Interval, read_hours, write_hours


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("09:00-13:00, 14:00-18:00", "09:00-13:00, 14:00-18:00"),
        ("14-18; 9–13", "09:00-13:00, 14:00-18:00"),
        ("9.30—13.00", "09:30-13:00"),
        ("", ""),
        (" , ", ""),
        ("00:00-24:00", "00:00-24:00"),
        ("22:00-06:00", "22:00-06:00"),
        ("20:00-00:00", "20:00-24:00"),
        ("09:00-13:00,13:00-14:00", "09:00-13:00, 13:00-14:00"),
    ],
)
def test_what_is_typed_is_read_and_written_in_one_way(typed, kept):
    assert write_hours(read_hours(typed)) == kept
    assert read_hours(kept) == read_hours(typed)


def test_an_overnight_interval_belongs_to_the_day_it_starts():
    assert read_hours("22:00-06:00") == (Interval(22 * 60, 30 * 60),)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("morning", "'morning'"),
        ("9:00-13:00-18:00", "'9:00-13:00-18:00'"),
        ("09:60-10:00", "'09:60-10:00'"),
        ("09:00-25:00", "'09:00-25:00'"),
        ("24:00-06:00", "'24:00-06:00'"),
        ("23:00-24:30", "'23:00-24:30'"),
        ("09:00-09:00", "'09:00-09:00'"),
        ("09:00-13:00, 12:59-14:00", "09:00-13:00 and 12:59-14:00"),
    ],
)
def test_one_sentence_names_what_was_typed(typed, word):
    with pytest.raises(BadInput) as refused:
        read_hours(typed)
    assert word in refused.value.message
    assert refused.value.message.endswith(".")
