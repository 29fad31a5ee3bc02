"""Q2: the retention period and the legal hold."""

from datetime import timedelta

import pytest

from core.api import BadInput, Conflict, RecordingRow
from plugins.recording.keeping import (
    count_expired,
    delete,
    hold,
    keep_for,
    purge,
    read_days,
    retention_days,
)
from tests.support.calls import NOON
from tests.support.tables import Company

DAY = timedelta(days=1)


def again(row):
    return RecordingRow.get_by_id(row.id)


def test_without_a_period_nothing_is_ever_purged(company, record):
    recording = record()
    assert purge(NOON + 36_500 * DAY) == 0
    keep_for(company.row.id, 0)
    assert purge(NOON + 36_500 * DAY) == 0
    assert again(recording).status == "stored"


def test_what_is_older_is_purged_and_the_row_is_kept(company, record):
    keep_for(company.row.id, 30)
    old, young = record(seconds=42), record(announced_at=NOON + DAY)
    assert purge(NOON + 30 * DAY + timedelta(seconds=1)) == 1
    assert (again(old).status, again(old).seconds) == ("deleted", 42)
    assert again(young).status == "stored"


def test_at_exactly_the_period_it_is_still_there(company, record):
    keep_for(company.row.id, 30)
    record()
    assert purge(NOON + 30 * DAY) == 0


def test_the_last_period_holds(company, record):
    keep_for(company.row.id, 30)
    keep_for(company.row.id, 60)
    record()
    assert retention_days(company.row.id) == 60
    assert purge(NOON + 45 * DAY) == 0


def test_a_legal_hold_is_stronger_than_the_period_and_than_any_hand(company, record):
    keep_for(company.row.id, 1)
    held = record()
    hold(held, True)
    assert purge(NOON + 99 * DAY) == 0
    assert delete(held) is False
    hold(held, False)
    assert purge(NOON + 99 * DAY) == 1


def test_a_hold_set_after_the_recording_was_read_still_counts(record):
    read_before = record()
    hold(again(read_before), True)
    assert delete(read_before) is False


def test_what_is_deleted_cannot_be_held(record):
    recording = record()
    assert delete(recording) is True
    with pytest.raises(Conflict, match="has been deleted"):
        hold(recording, True)


def test_messages_and_unfinished_recordings_are_not_purged(company, record):
    keep_for(company.row.id, 1)
    record(kind="message")
    record(status="announced")
    assert purge(NOON + 99 * DAY) == 0


def test_each_account_has_its_own_period(company, record):
    other = Company("Bianchi", "+390687654321")
    mine, theirs = record(), record(of=other)
    keep_for(other.row.id, 1)
    record(of=other, announced_at=NOON - DAY)
    assert count_expired(company.row.id, 1, NOON + 2 * DAY) == 1
    assert count_expired(company.row.id, 0, NOON + 2 * DAY) == 0
    assert purge(NOON + 99 * DAY) == 2
    assert (again(mine).status, again(theirs).status) == ("stored", "deleted")


def test_a_row_of_another_account_is_out_of_reach(company, record):
    theirs = record(of=Company("Bianchi", "+390687654321"))
    theirs.account = company.row
    assert delete(theirs) is False
    with pytest.raises(Conflict):
        hold(theirs, True)


@pytest.mark.parametrize(("typed", "days"), [("0", 0), (" 30 ", 30), ("36500", 36_500)])
def test_a_period_is_a_number_of_days(typed, days):
    assert read_days(typed) == days


@pytest.mark.parametrize("typed", ["", "-1", "1.5", "a month", "36501", "٣", "9" * 5000])
def test_what_is_no_number_of_days_is_refused_with_the_word_typed(typed):
    with pytest.raises(BadInput) as refused:
        read_days(typed)
    assert repr(typed.strip()) in refused.value.message
