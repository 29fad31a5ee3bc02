"""A provider in a test: it places calls, carries out the documents it gets, and signs all it says.

A test reads like a call::

    provider = Provider(app.test_client(), gateway)
    menu = provider.arrive(to="+390612345678", from_="+393331234567")
    ringing = provider.press(menu, "2")
    provider.answer(ringing)
    provider.dial_result(ringing, "completed", seconds=42)
    provider.recording(ringing, seconds=42)
    provider.status("completed")

Every document that comes back is checked against the grammar of the twilio package. With an address
instead of a test client, the same calls go over HTTP to a served application.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

import requests

from tests.plugins.twiml.grammar import faults

TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Reply:
    """What the application answered."""

    status: int
    text: str
    headers: Mapping[str, str]


class Document:
    """A TwiML document that was received: ``says`` is what is heard, ``verbs`` what is done."""

    def __init__(self, text: str) -> None:
        assert faults(text) == []
        self.text = text
        self.root = ElementTree.fromstring(text.encode())

    @property
    def verbs(self) -> list[str]:
        """The names of the verbs, in their order."""
        return [verb.tag for verb in self.root]

    @property
    def says(self) -> list[str]:
        """The texts that are spoken, wherever they stand."""
        return [say.text or "" for say in self.root.iter("Say")]

    def find(self, verb: str) -> ElementTree.Element:
        """The first verb of this name."""
        found = next(self.root.iter(verb), None)
        assert found is not None, f"no <{verb}> in {self.text}"
        return found

    @property
    def action(self) -> str:
        """Where the waiting verb reports its result."""
        return next(verb.attrib["action"] for verb in self.root.iter() if "action" in verb.attrib)

    @property
    def redirect(self) -> str:
        """Where the call goes when nothing happened."""
        return self.find("Redirect").text or ""

    @property
    def legs(self) -> list[ElementTree.Element]:
        """The phones that are rung."""
        return list(self.find("Dial"))

    @property
    def rung(self) -> list[str]:
        """The numbers and addresses that are rung."""
        return [leg.text or "" for leg in self.legs]


class Provider:
    """Twilio or SignalWire, calling a gateway.

    Args:
        app: a Flask test client, or the address of a served application.
        gateway: the gateway's row, or anything with its ``id``, ``provider``, ``ref``, ``secret``
            and ``public_url``.
    """

    _numbers = count(1)

    def __init__(self, app: Any, gateway: Any) -> None:
        self.app = app
        self.gateway = gateway
        self.ref = ""
        self.to = self.from_ = ""

    # A call

    def arrive(self, to: str, from_: str, ref: str | None = None, **more: str) -> Document:
        """A call comes in; ``more`` are further parameters."""
        self.ref = ref or f"CA{next(self._numbers):032x}"
        self.to, self.from_ = to, from_
        return self._ask(self.url("voice"), CallStatus="ringing", **more)

    def press(self, document: Document, digits: str, **more: str) -> Document:
        """The caller presses keys."""
        gather = document.find("Gather")
        assert len(digits) <= int(gather.attrib["numDigits"])
        return self._ask(gather.attrib["action"], Digits=digits, FinishedOnKey="", **more)

    def no_input(self, document: Document, **more: str) -> Document:
        """The caller does nothing, or has listened to all."""
        return self._ask(document.redirect, **more)

    played = no_input

    def dial_result(
        self,
        document: Document,
        status: str = "completed",
        *,
        seconds: int = 0,
        bridged: bool | None = None,
        hung_up: bool = False,
        **more: str,
    ) -> Document:
        """The ringing or the conversation is over. ``hung_up``: by the caller, who is gone."""
        fields = {"DialCallStatus": status, "DialCallSid": f"CA{99:032x}"}
        if status == "completed":
            fields["DialCallDuration"] = str(seconds)
        if self.gateway.provider == "twilio":
            fields["DialBridged"] = str(
                status == "completed" if bridged is None else bridged
            ).lower()
        fields["CallStatus"] = "completed" if hung_up else "in-progress"
        return self._ask(document.find("Dial").attrib["action"], **{**fields, **more})

    def message(
        self, document: Document, seconds: int = 7, *, hung_up: bool = True, **more: str
    ) -> Document:
        """The caller has left a message; most hang up after it."""
        fields = {
            "RecordingUrl": self.recording_url("RE" + "7" * 32),
            "RecordingSid": "RE" + "7" * 32,
            "RecordingDuration": str(seconds),
            "Digits": "hangup" if hung_up else "#",
            "CallStatus": "completed" if hung_up else "in-progress",
        }
        return self._ask(document.find("Record").attrib["action"], **{**fields, **more})

    # A rung phone

    def answer(self, document: Document, leg: int = 0) -> Document | None:
        """A phone is picked up. Returns what is heard there first, if anything is."""
        self.leg(document, "in-progress", leg)
        whisper = document.legs[leg].attrib.get("url")
        return self._ask(whisper, CallStatus="in-progress") if whisper else None

    def leg(self, document: Document, status: str, leg: int = 0, **more: str) -> Reply:
        """News of a rung phone."""
        return self._tell(document.legs[leg].attrib["statusCallback"], CallStatus=status, **more)

    # News

    def recording(
        self,
        document: Document,
        status: str = "completed",
        *,
        seconds: int = 42,
        ref: str = "RE" + "4" * 32,
        **more: str,
    ) -> Reply:
        """News of the recording that a document ordered."""
        address = next(
            verb.attrib["recordingStatusCallback"]
            for verb in document.root
            if "recordingStatusCallback" in verb.attrib
        )
        fields = {
            "RecordingSid": ref,
            "RecordingUrl": self.recording_url(ref),
            "RecordingStatus": status,
            "RecordingDuration": str(seconds),
            "RecordingChannels": "2" if "dual" in document.text else "1",
        }
        return self._tell(address, **{**fields, **more})

    def status(self, status: str = "completed", **more: str) -> Reply:
        """News of the caller's leg."""
        return self._tell(self.url("status"), CallStatus=status, **more)

    def recording_url(self, ref: str) -> str:
        """The address at which the provider keeps a recording."""
        api = getattr(self.gateway, "api_url", "") or "https://api.twilio.com"
        return f"{api}/2010-04-01/Accounts/{self.gateway.ref}/Recordings/{ref}"

    # Below the call

    def url(self, *path: str) -> str:
        """One of the addresses an admin pastes."""
        return "/".join((self.gateway.public_url.rstrip("/"), "twiml", str(self.gateway.id), *path))

    def fields(self, **more: str) -> dict[str, str]:
        """The parameters that come with every request, many of them empty."""
        places = {
            f"{who}{what}": ""
            for who in ("From", "To", "Caller", "Called")
            for what in ("City", "State", "Zip", "Country")
        }
        return {
            **places,
            "AccountSid": self.gateway.ref,
            "ApiVersion": "2010-04-01",
            "CallSid": self.ref,
            "CallStatus": "in-progress",
            "Called": self.to,
            "Caller": self.from_,
            "Direction": "inbound",
            "From": self.from_,
            "To": self.to,
            **more,
        }

    def post(self, url: str, fields: Any, *, headers: dict[str, str] | None = None) -> Reply:
        """A form, rightly signed; ``fields`` is a mapping or (name, value) pairs."""
        pairs = list(fields.items()) if hasattr(fields, "items") else list(fields)
        url = url.partition("#")[0]
        signed = url + "".join(name + value for name, value in sorted(set(pairs)))
        headers = headers or {self._header: self.sign(signed)}
        form = "application/x-www-form-urlencoded"
        return self.send("POST", url, urlencode(pairs).encode(), form, headers)

    def post_json(self, url: str, fields: Any, *, headers: dict[str, str] | None = None) -> Reply:
        """JSON, signed as SignalWire signs it."""
        url, body = url.partition("#")[0], json.dumps(fields).encode()
        digest = hmac.new(self.gateway.secret.encode(), url.encode() + body, hashlib.sha1)
        headers = headers or {self._header: digest.hexdigest()}
        return self.send("POST", url, body, "application/json", headers)

    def send(
        self, method: str, url: str, body: bytes, content_type: str, headers: dict[str, str]
    ) -> Reply:
        """Anything at all, to the path of an address; nothing is signed here."""
        parts = urlsplit(url)
        prefix = urlsplit(self.gateway.public_url).path.rstrip("/")
        path = parts.path.removeprefix(prefix) + (f"?{parts.query}" if parts.query else "")
        headers = {"Content-Type": content_type, **headers} if content_type else headers
        if isinstance(self.app, str):
            answer = requests.request(
                method, self.app + path, data=body, headers=headers, timeout=TIMEOUT_SECONDS
            )
            return Reply(answer.status_code, answer.text, answer.headers)
        answer = self.app.open(path, method=method, data=body, headers=headers)
        return Reply(answer.status_code, answer.get_data(as_text=True), answer.headers)

    def _ask(self, url: str, **more: str) -> Document:
        reply = self.post(url, self.fields(**more))
        assert reply.status == 200, f"{reply.status} {reply.text}"
        assert reply.headers["Content-Type"].startswith("text/xml")
        return Document(reply.text)

    def _tell(self, url: str, **more: str) -> Reply:
        return self.post(url, self.fields(**more))

    @property
    def _header(self) -> str:
        signalwire = self.gateway.provider == "signalwire"
        return "X-SignalWire-Signature" if signalwire else "X-Twilio-Signature"

    def sign(self, text: str) -> str:
        """A signature over a text, with the gateway's secret."""
        digest = hmac.new(self.gateway.secret.encode(), text.encode(), hashlib.sha1)
        return base64.b64encode(digest.digest()).decode()
