"""The grammar of TwiML, taken from the twilio package: the oracle for every document we emit.

A verb is right when a method of its parent makes it, and each of its attributes is a *named*
parameter of that method. The package itself checks nothing: it takes any keyword.
"""

from __future__ import annotations

import inspect
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree

from twilio.twiml import TwiML
from twilio.twiml.voice_response import VoiceResponse

ADDRESSES = ("action", "url", "statusCallback", "recordingStatusCallback")


class Verb(NamedTuple):
    """What may stand in a verb: attributes, text, and children by name."""

    attributes: frozenset[str]
    text: bool
    made: type[TwiML]


@cache
def children(parent: type[TwiML]) -> dict[str, Verb]:
    """The verbs that a parent's methods make."""
    found = {}
    for name, method in inspect.getmembers(parent, inspect.isfunction):
        if name.startswith("_") or hasattr(TwiML, name):
            continue
        named = [
            parameter.name
            for parameter in inspect.signature(method).parameters.values()
            if parameter.kind is parameter.POSITIONAL_OR_KEYWORD and parameter.name != "self"
        ]
        made = method(parent(**_needed(parent)), **dict.fromkeys(named, "x"))
        found[made.name] = Verb(frozenset(made.attrs), made.value is not None, type(made))
    return found


def _needed(parent: type[TwiML]) -> dict[str, str]:
    """What the parent's own constructor insists on."""
    parameters = list(inspect.signature(parent.__init__).parameters.values())[1:]
    return {
        one.name: "x"
        for one in parameters
        if one.kind is one.POSITIONAL_OR_KEYWORD and one.default is one.empty
    }


def faults(document: str) -> list[str]:
    """What is wrong with a document, one sentence each; nothing when all is well."""
    if not document.startswith("<?xml"):
        return ["something stands before the declaration"]
    if len(document.encode()) > 64 * 1024:
        return ["the document is larger than 64 kB"]
    root = ElementTree.fromstring(document.encode())
    if root.tag != "Response" or root.attrib:
        return [f"the root is <{root.tag}> {root.attrib}"]
    return list(_faults_in(root, VoiceResponse))


def _faults_in(element: ElementTree.Element, made: type[TwiML]):
    for child in element:
        verb = children(made).get(child.tag)
        if verb is None:
            yield f"<{child.tag}> has no place in <{element.tag}>"
            continue
        for name, value in child.attrib.items():
            if name not in verb.attributes:
                yield f"<{child.tag}> has no attribute {name}"
            if name in ADDRESSES and not _is_plain(value):
                yield f"{name} of <{child.tag}> is {value}"
        if (child.text or "").strip() and not verb.text:
            yield f"<{child.tag}> takes no text"
        if child.tag == "Redirect" and not _is_plain(child.text or ""):
            yield f"<Redirect> leads to {child.text}"
        yield from _faults_in(child, verb.made)


def _is_plain(address: str) -> bool:
    """Absolute, and without a query: Twilio sorts queries before it calls, but signs them as they
    were written."""
    parts = urlsplit(address)
    return bool(parts.scheme in ("http", "https") and parts.netloc and not parts.query)
