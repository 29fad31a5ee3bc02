"""A whole call: menu, group, talk with a recording, rating; tones tell who was heard where."""

from __future__ import annotations

import pytest

from plugins.quality_rating.models import RatingRow
from tests.live.office import Office
from tests.live.sound import ANNA, CALLER, NOTICE, PROMPT, SECOND_PROMPT, read
from tests.live.stack import Stack
from tests.live.waiting import until

TALK_SECONDS = 4


def test_menu_group_answer_recording_rating(stack: Stack, office: Office) -> None:
    group = office.group(office.anna)
    office.menu(PROMPT, _1=f"queue:{group.id}")
    office.tones(notice=NOTICE, rating=SECOND_PROMPT)
    office.profile("recording", record_all=True, dual_channel=True, consent="notice")
    office.profile("quality_rating", min_talk_seconds=1)
    anna = stack.telephone(office.anna, ANNA)
    caller = stack.caller(office, "+393331000001")

    caller.dial(office.number)
    until(lambda: caller.heard().heard(PROMPT) > 1, "the caller hears the menu")
    caller.press("1")
    until(lambda: caller.heard().heard(ANNA) > TALK_SECONDS, "the caller hears Anna")
    until(lambda: anna.heard().heard(CALLER) > TALK_SECONDS - 1, "Anna hears the caller")
    heard = caller.heard()
    assert 0.7 < heard.heard(NOTICE) < 2.5, heard.says()
    assert heard.first(PROMPT) < heard.first(NOTICE) < heard.first(ANNA), heard.says()
    assert heard.heard(CALLER) == 0, "nobody hears an echo"
    assert anna.heard().heard(NOTICE) == 0, "the notice is the caller's"

    anna.hang_up()
    until(lambda: caller.heard().heard(SECOND_PROMPT) > 0.5, "the caller is asked for a rating")
    caller.press("5")
    caller.wait("CALL_CLOSED")

    call = stack.installation.call("+393331000001")
    row = call.ended()
    assert row.outcome == "answered"
    assert row.employee_id == office.anna.id
    assert row.talk_seconds >= TALK_SECONDS - 1
    until(lambda: RatingRow.get_or_none(call=row.id), "the rating is kept")
    assert RatingRow.get(call=row.id).rating == 5

    recording = call.recording()
    assert (recording.channels, recording.kind) == (2, "conversation")
    assert recording.seconds == pytest.approx(row.talk_seconds, abs=2)
    said_by_caller, said_by_anna = read(call.file())
    assert said_by_caller.heard(CALLER, 0.9) > TALK_SECONDS / 2, said_by_caller.says()
    assert said_by_anna.heard(ANNA, 0.9) > TALK_SECONDS / 2, said_by_anna.says()
    assert said_by_caller.heard(ANNA, 0.1) == said_by_anna.heard(CALLER, 0.1) == 0
    for tone in (PROMPT, NOTICE, SECOND_PROMPT):
        assert said_by_anna.heard(tone) == 0, "recorded is the talk, nothing before or after it"
    stack.pbx.wait_empty()


def test_one_channel_when_each_party_is_not_wanted_apart(stack: Stack, office: Office) -> None:
    office.group(office.anna)
    office.profile("recording", record_all=True, dual_channel=False, consent="off")
    anna = stack.telephone(office.anna, ANNA)
    caller = stack.caller(office, "+393331000002")
    caller.dial(office.number)
    until(lambda: anna.heard().heard(CALLER) > 2, "Anna hears the caller")
    assert caller.heard().heard(NOTICE) == 0
    call = stack.installation.call("+393331000002")
    stack.check_recording(call, recorded=True)
    caller.hang_up()
    assert call.ended().outcome == "answered"
    assert call.recording().channels == 1
    (both,) = read(call.file())
    assert both.heard(CALLER, 0.2) > 1, both.says()
    assert both.heard(ANNA, 0.2) > 1, both.says()
