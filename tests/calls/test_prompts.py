"""What callers hear while they wait, ring and agree: every melody is found before it goes out."""

from __future__ import annotations

from typing import Any

import pytest

from core.api import (
    Destination,
    Hangup,
    Plugin,
    ResultKind,
    Ring,
    Say,
    Sip,
    Sound,
    Tone,
    Wait,
    hookimpl,
)
from core.calls.conductor import MAX_WAITS
from core.calls.state import prompts_from_json
from tests.calls.plugins import Desk, Stager

MUSIC = Tone("waiting", "Please hold the line.")
SOUND = Sound("sounds:waiting", "music")


class Sounds:
    """Has a sound for every melody."""

    @hookimpl
    def register_plugin(self) -> Plugin:
        return Plugin("sounds", "Sounds", on_by_default=True)

    @hookimpl
    def find_tone(self, tone: Any) -> Any:
        return Sound(f"sounds:{tone.name}", "music")


def waits(call: Any) -> Wait:
    return Wait((MUSIC,), seconds=10, state={"tries": 0})


def test_a_caller_waits_with_music_and_the_plugin_is_asked_again(install):
    def proceed(call: Any, result: Any, state: Any) -> Any:
        assert result.kind is ResultKind.WAITED
        if state["tries"] == 2:
            return Ring((Sip("desk@pbx.example"),), 20)
        return Wait((MUSIC,), seconds=10, state={"tries": state["tries"] + 1})

    partner = Stager(route=waits, proceed=proceed)
    call = install(partner=partner, sounds=Sounds()).company("full").call()
    for _ in range(3):
        assert call.step.prompts == (SOUND,)
        call.waited()
    assert call.rings == ["sip:desk@pbx.example"]


def test_waiting_ends_however_long_a_plugin_would_let_it_last(install):
    partner = Stager(route=waits, proceed=lambda call, result, state: waits(call))
    call = install(partner=partner).company("full").call()
    waited = 0
    while isinstance(call.step, Wait):
        call.waited()
        waited += 1
    assert waited == MAX_WAITS
    assert isinstance(call.step, Hangup)
    assert any("round in circles" in entry["reason"] for entry in call.trace)


def test_who_waits_may_be_rung_more_often_than_who_does_not(install):
    def proceed(call: Any, result: Any, state: Any) -> Any:
        if result.kind is ResultKind.WAITED:
            return Ring((Sip("desk@pbx.example"),), 5)
        return waits(call)

    call = install(partner=Stager(route=waits, proceed=proceed)).company("full").call()
    for _ in range(60):
        call.waited()
        assert call.rings
        call.no_answer(after=5)
    assert isinstance(call.step, Wait)


def test_a_notice_and_the_music_of_ringing_are_found_before_anybody_is_rung(install):
    ring = Ring((Sip("desk@pbx.example"),), 20, music=(MUSIC,))
    terms = {"notice": (Tone("notice", "This call will be recorded."),)}
    desk = Desk(terms=terms)
    call = install(partner=Stager(route=lambda call: ring), desk=desk, sounds=Sounds())
    call = call.company("full").call()
    assert call.order.notice == (Sound("sounds:notice", "music"),)
    assert call.step.music == (SOUND,)


def test_the_music_of_ringing_outlives_the_question_for_consent(install):
    ring = Ring((Sip("desk@pbx.example"),), 20, music=(MUSIC,))
    terms = {"notice": (Say("May we record? Press 1."),), "consent": "opt-in", "key": "1"}
    kit = install(partner=Stager(route=lambda call: ring), desk=Desk(terms=terms), sounds=Sounds())
    call = kit.company("full").call()
    call.press("1")
    assert call.step.music == (SOUND,)
    assert call.order.record


def test_a_rule_of_the_trace_says_where_on_the_flow_it_happened(install):
    partner = Stager(route=lambda call: Wait((Say("Hello."),), place="desk:9"))
    call = install(partner=partner).company("full").call()
    assert [entry.get("place") for entry in call.trace if entry["plugin"] == "partner"] == [
        "desk:9"
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        Wait((Say("Hello."),), seconds=0),
        Wait((Say("Hello."),), seconds=61),
        Wait(("Hello.",)),
        Wait((Tone("waiting", 7),)),
        Wait((Sound(7),)),
        Ring((Sip("desk@pbx.example"),), 20, music="music"),
        Wait((Say("Hello."),), place=Destination("desk", "9")),
    ],
)
def test_rubbish_is_the_fault_of_its_plugin(install, wrong):
    partner = Stager(route=lambda call: wrong)
    call = install(partner=partner).company("full").call()
    assert isinstance(call.step, Hangup)
    assert [entry["plugin"] for entry in call.trace if entry["result"] == "fault"] == ["partner"]


def test_prompts_of_a_call_from_before_sounds_are_still_read():
    assert prompts_from_json([["This call will be recorded.", ""]]) == (
        Say("This call will be recorded."),
    )
