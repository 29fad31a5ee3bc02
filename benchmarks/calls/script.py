"""A full incoming call as a provider sees it: what it reports, one event after the other."""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Generator
from urllib.parse import urlencode

from benchmarks.calls.company import PUBLIC_URL, SECRET, Company

Said = Generator[tuple[str, dict[str, str]], str, None]
"""Yields the path and the fields of each event, and is sent the document that came back."""

PLACES = {
    f"{who}{what}": ""
    for who in ("From", "To", "Caller", "Called")
    for what in ("City", "State", "Zip", "Country")
}
"""Come with every request, mostly empty."""

TALK_SECONDS = 42

_ACTION = re.compile(r'action="[^"/]*//[^"/]*([^"#]*)')
_LEG = re.compile(r'statusCallback="[^"/]*//[^"/]*([^"#]*)')
_RECORDING = re.compile(r'recordingStatusCallback="[^"/]*//[^"/]*([^"#]*)')


def full_call(company: Company, ref: str) -> Said:
    """Arrival, a key in the menu, a phone of the group is rung and answered, the talk is recorded,
    both hang up: the eight events that Twilio reports of it."""
    base = f"/twiml/{company.gateway}"
    menu = yield f"{base}/voice", {"CallStatus": "ringing"}
    digits = {"Digits": KEY, "FinishedOnKey": ""}
    ringing = yield _address(_ACTION, menu), digits
    leg, recording = _address(_LEG, ringing), _address(_RECORDING, ringing)
    yield leg, {"CallStatus": "in-progress"}
    yield recording, _recorded(ref, "in-progress", 0)
    yield (
        _address(_ACTION, ringing),
        {
            "DialCallStatus": "completed",
            "DialCallDuration": str(TALK_SECONDS),
            "DialBridged": "true",
        },
    )
    yield leg, {"CallStatus": "completed"}
    yield recording, _recorded(ref, "completed", TALK_SECONDS)
    yield f"{base}/status", {"CallStatus": "completed", "CallDuration": str(TALK_SECONDS + 9)}


EVENTS = 8
KEY = "1"


class Writer:
    """Writes the requests of one call: bodies and signatures, quickly, because whoever measures
    stands in the way of what is measured."""

    def __init__(self, company: Company, ref: str) -> None:
        self._fields = PLACES | {
            "AccountSid": company.ref,
            "ApiVersion": "2010-04-01",
            "CallSid": ref,
            "Called": company.number,
            "Caller": company.client,
            "Direction": "inbound",
            "From": company.client,
            "To": company.number,
        }
        self._encoded = urlencode(self._fields)

    def request(self, path: str, fields: dict[str, str]) -> tuple[bytes, str]:
        """The body and the signature of one event.

        Args:
            path: the address without its host.
            fields: what this event has beside the fields of every event.
        """
        if "CallStatus" not in fields:
            fields = {**fields, "CallStatus": "in-progress"}
        every = sorted((self._fields | fields).items())
        signed = PUBLIC_URL + path + "".join([name + value for name, value in every])
        signature = b64encode(hmac.digest(SECRET.encode(), signed.encode(), "sha1"))
        return f"{self._encoded}&{urlencode(fields)}".encode(), signature.decode()


def _recorded(ref: str, status: str, seconds: int) -> dict[str, str]:
    recording = "RE" + ref[2:]
    return {
        "RecordingSid": recording,
        "RecordingUrl": f"https://api.twilio.com/2010-04-01/Recordings/{recording}",
        "RecordingStatus": status,
        "RecordingDuration": str(seconds),
        "RecordingChannels": "2",
    }


def _address(where: re.Pattern[str], document: str) -> str:
    found = where.search(document)
    if found is None:
        raise ValueError(f"the call does not go on as it should: {document}")
    return found[1]
