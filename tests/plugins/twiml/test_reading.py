"""What a provider says, read into events."""

from datetime import UTC, datetime

import pytest

from core.api import LegChanged, Result, ResultKind, RingOutcome, WebhookRefused
from plugins.twiml import reading

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SID = "CA" + "1" * 32
URL = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE7"


@pytest.mark.parametrize(
    ("given", "caller"),
    [
        ("+393331234567", "+393331234567"),
        ("+266696687", ""),
        ("+7378742833", ""),
        ("+2562533", ""),
        ("+8656696", ""),
        ("+86282452253", ""),
        ("anonymous", ""),
        ("Restricted", ""),
        ("", ""),
        ("client:anna", ""),
        ("sip:+393331234567@pbx.example", "+393331234567"),
        ("sip:+266696687@pbx.example;user=phone", ""),
        ("sip:101@pbx.example", ""),
        ("sip:anonymous@anonymous.invalid", ""),
        ("3331234567", ""),
        ("+0123456789", ""),
        ("+39333123456789012", ""),
        ("+39333\n1234", ""),
        ("+39333123４56", ""),
    ],
)
def test_the_caller(given: str, caller: str) -> None:
    assert reading.caller(given) == caller


@pytest.mark.parametrize(
    ("fields", "number", "sip_to"),
    [
        ({"To": "+390612345678"}, "+390612345678", ""),
        ({"To": "", "Called": "+390612345678"}, "+390612345678", ""),
        ({"To": ""}, "", ""),
        ({"To": "client:shop"}, "", ""),
        ({"To": "sip:+390612345678@acme.sip.twilio.com"}, "+390612345678", ""),
        (
            {"To": "sip:+390612345678@acme.sip.twilio.com", "SipHeader_X-Extension": "101"},
            "+390612345678",
            "101",
        ),
        (
            {"To": "sips:101@acme.sip.twilio.com:5061", "SipHeader_X-Number": "+390612345678"},
            "+390612345678",
            "101",
        ),
        ({"To": "sip:101@acme.sip.twilio.com"}, "", "101"),
        ({"To": "+390612345678", "SipHeader_X-Number": "+39069"}, "+390612345678", ""),
    ],
)
def test_who_is_called(fields: dict, number: str, sip_to: str) -> None:
    event = reading.arrival(1, {"CallSid": SID, "From": "+393331234567", **fields}, AT)
    assert (event.number, event.sip_to) == (number, sip_to)


@pytest.mark.parametrize("ref", ["", "x" * 101, "a b", "CA\x00", "CA\n", "чё"])
def test_a_call_without_a_sensible_name_is_refused(ref: str) -> None:
    with pytest.raises(WebhookRefused, match="CallSid"):
        reading.arrival(1, {"CallSid": ref, "To": "+390612345678"}, AT)


@pytest.mark.parametrize(
    ("kind", "fields", "result"),
    [
        ("play", {}, Result(ResultKind.PLAYED)),
        ("wait", {}, Result(ResultKind.WAITED)),
        ("play", {"Digits": "1"}, Result(ResultKind.PLAYED)),
        ("gather", {}, Result(ResultKind.NO_INPUT)),
        ("gather", {"Digits": ""}, Result(ResultKind.NO_INPUT)),
        ("gather", {"Digits": "12*#"}, Result(ResultKind.DIGITS, digits="12*#")),
        (
            "gather",
            {"Digits": "1", "CallStatus": "completed"},
            Result(ResultKind.DIGITS, digits="1", caller_gone=True),
        ),
        ("gather", {"CallStatus": "canceled"}, Result(ResultKind.NO_INPUT, caller_gone=True)),
        ("ring", {}, Result(ResultKind.RANG, ring=RingOutcome.FAILED)),
        (
            "ring",
            {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "42"},
            Result(ResultKind.RANG, ring=RingOutcome.ANSWERED, seconds=42),
        ),
        (
            "ring",
            {"DialCallStatus": "completed", "DialCallDuration": "x42"},
            Result(ResultKind.RANG, ring=RingOutcome.ANSWERED),
        ),
        (
            "ring",
            {"DialCallStatus": "completed", "DialBridged": "false", "DialCallDuration": "9"},
            Result(ResultKind.RANG, ring=RingOutcome.NO_ANSWER),
        ),
        (
            "ring",
            {"DialCallStatus": "answered", "CallStatus": "completed"},
            Result(ResultKind.RANG, ring=RingOutcome.ANSWERED, caller_gone=True),
        ),
        ("ring", {"DialCallStatus": "busy"}, Result(ResultKind.RANG, ring=RingOutcome.BUSY)),
        (
            "ring",
            {"DialCallStatus": "busy", "DialBridged": "false"},
            Result(ResultKind.RANG, ring=RingOutcome.BUSY),
        ),
        (
            "ring",
            {"DialCallStatus": "busy", "DialSipResponseCode": "603"},
            Result(ResultKind.RANG, ring=RingOutcome.DECLINED),
        ),
        (
            "ring",
            {"DialCallStatus": "no-answer"},
            Result(ResultKind.RANG, ring=RingOutcome.NO_ANSWER),
        ),
        ("ring", {"DialCallStatus": "failed"}, Result(ResultKind.RANG, ring=RingOutcome.FAILED)),
        (
            "ring",
            {"DialCallStatus": "early-media"},
            Result(ResultKind.RANG, ring=RingOutcome.NO_ANSWER),
        ),
        (
            "ring",
            {"DialCallStatus": "canceled", "CallStatus": "completed"},
            Result(ResultKind.RANG, ring=RingOutcome.NO_ANSWER, caller_gone=True),
        ),
        ("message", {}, Result(ResultKind.MESSAGE)),
        (
            "message",
            {"RecordingUrl": URL, "RecordingDuration": "7", "Digits": "hangup"},
            Result(
                ResultKind.MESSAGE,
                seconds=7,
                caller_gone=True,
                recording_ref="RE7",
                recording_url=URL,
            ),
        ),
        (
            "message",
            {"RecordingUrl": URL, "RecordingSid": "RE8", "RecordingDuration": "7", "Digits": "#"},
            Result(ResultKind.MESSAGE, seconds=7, recording_ref="RE8", recording_url=URL),
        ),
    ],
)
def test_how_a_step_ended(kind: str, fields: dict, result: Result) -> None:
    assert reading.step_result(kind, fields) == result


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("gather", {"Digits": "12e"}),
        ("gather", {"Digits": "1" * 65}),
        ("gather", {"Digits": "1\x002"}),
        ("gather", {"Digits": "１"}),
        ("gather", {"Digits": "1DialCallStatusbusy"}),
        ("message", {"RecordingUrl": "file:///etc/passwd"}),
        ("message", {"RecordingUrl": "https://x.example/" + "a" * 500}),
        ("message", {"RecordingUrl": "https://x.example/a b"}),
        ("message", {"RecordingUrl": "https://x.example/"}),
    ],
)
def test_fields_without_a_sensible_shape_are_refused(kind: str, fields: dict) -> None:
    with pytest.raises(WebhookRefused, match="The field"):
        reading.step_result(kind, fields)


@pytest.mark.parametrize(
    ("fields", "status", "ring"),
    [
        ({"CallStatus": "ringing"}, "ringing", None),
        ({"CallStatus": "in-progress"}, "answered", None),
        ({"CallStatus": "answered"}, "answered", None),
        ({"CallStatus": "completed"}, "ended", RingOutcome.ANSWERED),
        ({"CallStatus": "busy"}, "ended", RingOutcome.BUSY),
        ({"CallStatus": "busy", "SipResponseCode": "603"}, "ended", RingOutcome.DECLINED),
        ({"CallStatus": "completed", "SipResponseCode": "603"}, "ended", RingOutcome.ANSWERED),
        ({"CallStatus": "no-answer"}, "ended", RingOutcome.NO_ANSWER),
        ({"CallStatus": "canceled"}, "ended", RingOutcome.NO_ANSWER),
        ({"CallStatus": "failed"}, "ended", RingOutcome.FAILED),
    ],
)
def test_news_of_a_phone(fields: dict, status: str, ring: RingOutcome | None) -> None:
    expected = LegChanged(1, "t", 2, status, AT, ring)
    assert reading.leg_changed(1, "t", 2, fields, AT) == expected


@pytest.mark.parametrize("status", ["", "initiated", "queued", "ringing_forwarded"])
def test_no_news_of_a_phone(status: str) -> None:
    assert reading.leg_changed(1, "t", 2, {"CallStatus": status}, AT) is None


@pytest.mark.parametrize(
    ("status", "over"),
    [("completed", True), ("no-answer", True), ("canceled", True), ("in-progress", False)],
)
def test_the_end_of_a_call(status: str, over: bool) -> None:
    event = reading.call_ended(1, {"CallSid": SID, "CallStatus": status}, AT)
    assert (event is not None) is over


def test_news_of_a_recording() -> None:
    fields = {
        "RecordingSid": "RE7",
        "RecordingUrl": URL,
        "RecordingStatus": "completed",
        "RecordingDuration": "42",
        "RecordingChannels": "2",
    }
    event = reading.recording_changed(1, "t", "conversation", fields, AT)
    assert event is not None
    assert (event.ref, event.url, event.status) == ("RE7", URL, "completed")
    assert (event.seconds, event.channels, event.kind) == (42, 2, "conversation")


def test_an_absent_recording_has_neither_address_nor_length() -> None:
    fields = {"RecordingSid": "RE7", "RecordingStatus": "absent", "RecordingDuration": "-1"}
    event = reading.recording_changed(1, "t", "conversation", fields, AT)
    assert event is not None
    assert (event.status, event.url, event.seconds) == ("absent", "", 0)


def test_a_recording_without_a_name_is_refused() -> None:
    with pytest.raises(WebhookRefused, match="RecordingSid"):
        reading.recording_changed(1, "t", "message", {"RecordingStatus": "completed"}, AT)


def test_an_unknown_word_is_no_news_of_a_recording() -> None:
    fields = {"RecordingSid": "RE7", "RecordingStatus": "paused"}
    assert reading.recording_changed(1, "t", "message", fields, AT) is None
