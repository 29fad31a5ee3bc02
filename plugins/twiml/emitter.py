"""Builds TwiML documents that are right by construction.

The providers drop what they do not know without a word, so every verb has a table of its attributes
and children here; what is not in it is a mistake of ours and raises. Characters that XML 1.0 cannot
hold are left out of texts and attributes: no admin's prompt can break a document.
"""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'

SAY_CHARACTERS = 3000
"""How much one Say may hold: the voices refuse more."""

_LEG = "url method statusCallback statusCallbackMethod statusCallbackEvent"
_RECORDED = "recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent"

ATTRIBUTES = {
    verb: frozenset(names.split())
    for verb, names in {
        "Dial": f"action method timeout timeLimit callerId answerOnBridge record {_RECORDED}",
        "Gather": "input action method timeout numDigits finishOnKey",
        "Hangup": "",
        "Number": _LEG,
        "Pause": "length",
        "Play": "",
        "Record": f"action method timeout maxLength finishOnKey playBeep trim {_RECORDED}",
        "Redirect": "method",
        "Reject": "reason",
        "Response": "",
        "Say": "language",
        "Sip": _LEG,
    }.items()
}
"""The attributes of each verb that we use."""

CHILDREN = {
    "Response": frozenset(
        {"Dial", "Gather", "Hangup", "Pause", "Play", "Record", "Redirect", "Reject", "Say"}
    ),
    "Dial": frozenset({"Number", "Sip"}),
    "Gather": frozenset({"Play", "Say"}),
}
"""What may stand inside a verb."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text without the characters that XML 1.0 cannot hold."""
    return _NOT_XML.sub("", text)


class Document:
    """A TwiML document in the making."""

    def __init__(self) -> None:
        self.response = ElementTree.Element("Response")

    def add(
        self,
        verb: str,
        text: str = "",
        into: ElementTree.Element | None = None,
        **attributes: str | int | bool,
    ) -> ElementTree.Element:
        """Append a verb.

        Args:
            verb: its name.
            text: what stands between its tags.
            into: the verb around it; the response by default.
            attributes: by their TwiML names; a truth value becomes ``true`` or ``false``.

        Raises:
            ValueError: the verb has no such attribute, or has no place there.
        """
        parent = self.response if into is None else into
        if verb not in CHILDREN.get(parent.tag, ()):
            raise ValueError(f"<{verb}> has no place in <{parent.tag}>.")
        unknown = attributes.keys() - ATTRIBUTES[verb]
        if unknown:
            raise ValueError(f"<{verb}> has no attribute {', '.join(sorted(unknown))}.")
        element = ElementTree.SubElement(parent, verb)
        for name, value in attributes.items():
            element.set(name, clean(_word(value)))
        element.text = clean(text) or None
        return element

    def __str__(self) -> str:
        return HEAD + _written(self.response)


def _written(element: ElementTree.Element) -> str:
    """The element as text. The library's own writer takes three times as long, for namespaces."""
    attributes = "".join([f' {name}="{escape(value)}"' for name, value in element.items()])
    inside = escape(element.text or "") + "".join([_written(child) for child in element])
    if not inside:
        return f"<{element.tag}{attributes} />"
    return f"<{element.tag}{attributes}>{inside}</{element.tag}>"


def _word(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
