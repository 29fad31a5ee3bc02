"""Reads what a provider reports into events: plain functions from fields to events.

The signature covers names and values without a mark between them, so ``Di=gits1`` and ``Digits=1``
are signed alike: whatever is read here is checked for its shape first. Words that we do not know
(a provider may add one tomorrow) never drop a caller: they count as "nothing happened".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from core.api import (
    CallArrived,
    CallEnded,
    LegChanged,
    RecordingChanged,
    Result,
    ResultKind,
    RingOutcome,
    StepEnded,
    WebhookRefused,
)

Fields = Mapping[str, str]

STEP_KINDS = ("play", "gather", "ring", "message", "wait")
"""The words that name a waiting step in its address."""

TERMINAL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
"""What a provider calls a leg that is over."""

_RINGS = {
    "completed": RingOutcome.ANSWERED,
    "answered": RingOutcome.ANSWERED,
    "busy": RingOutcome.BUSY,
    "failed": RingOutcome.FAILED,
}
"""All others (canceled, no-answer, words unknown) mean that nobody answered."""

_DECLINED = "603"
"""The SIP answer of a phone on which somebody pressed "reject"."""

_REF = re.compile(r"[!-~]{1,100}")
_ADDRESS = re.compile(r"https?://[!-~]{1,490}")
_NUMBER = re.compile(r"\+[1-9][0-9]{5,14}")
_DIGITS = re.compile(r"[0-9*#A-D w]{0,64}")
_SIP = re.compile(r"sips?:([^@;>\s]{1,64})@", re.IGNORECASE)
_COUNT = re.compile(r"[0-9]{1,9}")

_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")

ANONYMOUS = frozenset(
    "+" + word.translate(_KEYPAD)
    for word in ("ANONYMOUS", "RESTRICTED", "BLOCKED", "UNKNOWN", "UNAVAILABLE")
)
"""What stands for a withheld number: the word on a keypad, +266696687 and its like, which look
like numbers of Lesotho and elsewhere."""


def arrival(gateway_id: int, fields: Fields, at: datetime) -> CallArrived:
    """A call reaches a number, or a PBX hands one over through a SIP domain (R1)."""
    called = fields.get("To") or fields.get("Called", "")
    user = _SIP.match(called)
    number, sip_to = _sip_called(user[1], fields) if user else (called, "")
    return CallArrived(
        gateway_id=gateway_id,
        ref=call_ref(fields),
        number=number if _NUMBER.fullmatch(number) else "",
        caller=caller(fields.get("From") or fields.get("Caller", "")),
        at=at,
        sip_to=sip_to,
    )


def _sip_called(user: str, fields: Fields) -> tuple[str, str]:
    """The number and the extension of a SIP call. The user part is one of them; what it is not,
    the PBX can say in the headers ``X-Number`` and ``X-Extension``."""
    extension = fields.get("SipHeader_X-Extension", "")
    if _NUMBER.fullmatch(user):
        return user, extension[:64]
    return fields.get("SipHeader_X-Number", ""), (extension or user)[:64]


def caller(given: str) -> str:
    """The caller's number in E.164, "" when it is withheld or is no number."""
    user = _SIP.match(given)
    number = user[1] if user else given
    return number if _NUMBER.fullmatch(number) and number not in ANONYMOUS else ""


def call_ref(fields: Fields) -> str:
    """The provider's name of the call.

    Raises:
        WebhookRefused: there is none, or it has no sensible shape.
    """
    return _shaped(_REF, fields, "CallSid")


def step_result(kind: str, fields: Fields) -> Result:
    """How a waiting step ended.

    Args:
        kind: the word in the step's address.
        fields: what was reported there, by the verb's action or by the Redirect behind it.

    Raises:
        WebhookRefused: a field has no sensible shape.
    """
    gone = fields.get("CallStatus", "") in TERMINAL
    if kind == "gather":
        digits = _shaped(_DIGITS, fields, "Digits", "").replace("w", "").replace(" ", "")
        found = ResultKind.DIGITS if digits else ResultKind.NO_INPUT
        return Result(found, digits=digits, caller_gone=gone)
    if kind == "ring":
        return _rang(fields, gone)
    if kind == "message":
        return _message(fields, gone)
    return Result(ResultKind.WAITED if kind == "wait" else ResultKind.PLAYED, caller_gone=gone)


def _rang(fields: Fields, gone: bool) -> Result:
    """Without a status the provider passed the Dial over: it could not ring at all."""
    ring = RingOutcome.FAILED
    if "DialCallStatus" in fields:
        ring = ring_outcome(fields["DialCallStatus"], fields.get("DialSipResponseCode", ""))
    if ring is RingOutcome.ANSWERED and fields.get("DialBridged", "").lower() == "false":
        # A voicemail box, or somebody who did not press 1.
        ring = RingOutcome.NO_ANSWER
    seconds = _count(fields, "DialCallDuration") if ring is RingOutcome.ANSWERED else 0
    return Result(ResultKind.RANG, ring=ring, seconds=seconds, caller_gone=gone)


def _message(fields: Fields, gone: bool) -> Result:
    """A caller who hangs up has left the message all the same."""
    url = _shaped(_ADDRESS, fields, "RecordingUrl", "")
    return Result(
        ResultKind.MESSAGE,
        seconds=_count(fields, "RecordingDuration") if url else 0,
        caller_gone=gone or fields.get("Digits") == "hangup",
        recording_ref=_recording_ref(fields, url) if url else "",
        recording_url=url,
    )


def ring_outcome(status: str, sip_code: str = "") -> RingOutcome:
    """How ringing ended, from the provider's word and the phone's SIP answer."""
    ring = _RINGS.get(status, RingOutcome.NO_ANSWER)
    declined = sip_code == _DECLINED and ring is not RingOutcome.ANSWERED
    return RingOutcome.DECLINED if declined else ring


def step_ended(
    gateway_id: int, token: str, step: int, kind: str, fields: Fields, at: datetime
) -> StepEnded:
    """A waiting step has its result."""
    return StepEnded(gateway_id, token, step, step_result(kind, fields), at)


def leg_changed(
    gateway_id: int, token: str, leg: int, fields: Fields, at: datetime
) -> LegChanged | None:
    """News of a rung phone; None when it is no news to us."""
    status = fields.get("CallStatus", "")
    if status in TERMINAL:
        ring = ring_outcome(status, fields.get("SipResponseCode", ""))
        return LegChanged(gateway_id, token, leg, "ended", at, ring)
    known = {"ringing": "ringing", "in-progress": "answered", "answered": "answered"}.get(status)
    return LegChanged(gateway_id, token, leg, known, at) if known else None


def call_ended(gateway_id: int, fields: Fields, at: datetime) -> CallEnded | None:
    """The caller's leg is over; None while it is not."""
    over = fields.get("CallStatus", "") in TERMINAL
    return CallEnded(gateway_id, call_ref(fields), at) if over else None


def recording_changed(
    gateway_id: int, token: str, kind: str, fields: Fields, at: datetime
) -> RecordingChanged | None:
    """News of a recording; None when it is no news to us.

    Raises:
        WebhookRefused: the recording has no name, or a field has no sensible shape.
    """
    status = fields.get("RecordingStatus", "")
    if status not in ("in-progress", "completed", "absent", "failed"):
        return None
    url = _shaped(_ADDRESS, fields, "RecordingUrl", "")
    return RecordingChanged(
        gateway_id=gateway_id,
        token=token,
        ref=_recording_ref(fields, url),
        status=status,
        at=at,
        url=url,
        seconds=_count(fields, "RecordingDuration"),
        channels=2 if fields.get("RecordingChannels") == "2" else 1,
        kind=kind,
    )


def _recording_ref(fields: Fields, url: str) -> str:
    """The provider's name of a recording; Record's action may name it only in the address."""
    if fields.get("RecordingSid"):
        return _shaped(_REF, fields, "RecordingSid")
    return _shaped(_REF, {"RecordingSid": url.rpartition("/")[2]}, "RecordingSid")


def _shaped(shape: re.Pattern[str], fields: Fields, name: str, default: str | None = None) -> str:
    value = fields.get(name, "")
    if not value and default is not None:
        return default
    if not shape.fullmatch(value):
        raise WebhookRefused(f"The field {name} has the value {value[:100]!r}.")
    return value


def _count(fields: Fields, name: str) -> int:
    value = fields.get(name, "")
    return int(value) if _COUNT.fullmatch(value) else 0
