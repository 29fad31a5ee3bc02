"""The box on the page of a call."""

from dataclasses import replace

import pytest

from core.api import CallEventRow, Talk
from plugins.recording.panel import EXPECTED, consent_sentence, panels, why_not_recorded
from tests.support.calls import NOON
from tests.support.tables import Company

TALK = Talk(1, "employee:1", 60, False)
SENTENCE = "Recordings per month: none left, 100 of 100 used (Free, plans.yaml:9)."
EXHAUSTED = {
    "stage": "before the talk",
    "plugin": "recording",
    "result": "refused",
    "reason": "quota-exhausted",
    "feature": "recording.monthly_calls",
    "decision": {"reason": "quota-exhausted", "sentence": SENTENCE},
}
REFUSED = {"stage": "consent", "plugin": "", "result": "refused", "reason": "pressed nothing"}
OTHER = {"stage": "ivr", "plugin": "ivr", "result": "gather", "reason": ""}
FAULT = {"stage": "prepare_talk", "plugin": "recording", "result": "fault", "reason": "KeyError: 1"}
GRANTED = {**EXHAUSTED, "result": "granted"}


@pytest.mark.parametrize(
    ("trace", "why"),
    [
        ([OTHER, EXHAUSTED], SENTENCE),
        ([GRANTED, OTHER, REFUSED], "The caller did not agree (pressed nothing)."),
        ([FAULT], "Recording failed: KeyError: 1."),
        ([OTHER], "This number did not record its calls."),
        ([], "This number did not record its calls."),
    ],
)
def test_the_trace_says_why_a_call_was_not_recorded(trace, why):
    assert why_not_recorded(trace) == why


@pytest.mark.parametrize(
    ("consent", "sentence"),
    [
        ({}, ""),
        ({"mode": "notice", "text": "Recorded."}, "“Recorded.”"),
        (
            {"mode": "opt-in", "text": "Press 1.", "key": "1", "answer": "agreed"},
            "“Press 1.” – the caller agreed (key 1)",
        ),
        (
            {"mode": "opt-out", "text": "Press 9.", "key": "9"},
            "“Press 9.” – the caller hung up (key 9)",
        ),
    ],
)
def test_what_was_said_and_answered_is_told(consent, sentence):
    assert consent_sentence(consent) == sentence


def test_a_call_without_a_talk_has_no_box(company):
    assert panels(company.call()) == []


def test_a_talk_without_a_recording_says_why(company):
    call = company.call(talk=TALK)
    for key, trace in (("arrived", [OTHER]), ("step-1", [EXHAUSTED])):
        CallEventRow.create(
            account=company.row, call=call.id, key=key, at=NOON, answer="", trace=trace
        )
    (panel,) = panels(call)
    assert panel.rows == (("Not recorded", SENTENCE),)
    assert panel.template == ""


def test_a_recording_that_the_provider_has_not_reported_is_waited_for(company):
    (panel,) = panels(company.call(talk=replace(TALK, recorded=True)))
    assert panel.rows == (("Recording", EXPECTED),)


def test_a_stored_recording_has_a_player(company, record):
    call = company.call(
        talk=TALK, facts={"recording": {"consent": {"mode": "notice", "text": "R"}}}
    )
    recording = record(call)
    (panel,) = panels(call)
    assert panel.rows == (("Before the recording", "“R”"),)
    assert panel.values == {"recordings": [recording]}
    assert panel.template == "recording/panel.html"


@pytest.mark.parametrize("status", ["announced", "absent", "failed", "deleted", "in-progress"])
def test_a_recording_that_cannot_be_heard_says_why(company, record, status):
    call = company.call(talk=TALK)
    record(call, status=status)
    (panel,) = panels(call)
    assert [label for label, _ in panel.rows] == ["Recording"]
    assert panel.values == {"recordings": []}


def test_messages_are_not_shown_here(company, record):
    call = company.call()
    record(call, kind="message")
    assert panels(call) == []


def test_another_accounts_recording_is_not_shown(company, record):
    call = company.call(talk=TALK)
    record(call, of=Company("Bianchi", "+390687654321"))
    (panel,) = panels(call)
    assert panel.values == {"recordings": []}
