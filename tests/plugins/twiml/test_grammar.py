"""The oracle itself: it must find what is wrong, or it proves nothing."""

import pytest
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from plugins.twiml.emitter import ATTRIBUTES, CHILDREN, Document
from tests.plugins.twiml.grammar import children, faults

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


@pytest.mark.parametrize(
    ("inside", "fault"),
    [
        ('<Gather numDigitz="1"/>', "<Gather> has no attribute numDigitz"),
        ('<Gather numdigits="1"/>', "<Gather> has no attribute numdigits"),
        ("<Gather><Dial>+39</Dial></Gather>", "<Dial> has no place in <Gather>"),
        ("<Dial><Gather/></Dial>", "<Gather> has no place in <Dial>"),
        ("<Number>+39</Number>", "<Number> has no place in <Response>"),
        ("<say>x</say>", "<say> has no place in <Response>"),
        ('<Say kwargs="x">x</Say>', "<Say> has no attribute kwargs"),
        ("<Hangup>x</Hangup>", "<Hangup> takes no text"),
        (
            '<Gather action="https://x.example/?b=1&amp;a=2"/>',
            "action of <Gather> is https://x.example/?b=1&a=2",
        ),
        ("<Redirect>/relative</Redirect>", "<Redirect> leads to /relative"),
    ],
)
def test_a_wrong_document_is_found(inside: str, fault: str) -> None:
    assert faults(f"{HEAD}<Response>{inside}</Response>") == [fault]


def test_a_right_document_is_not_complained_about() -> None:
    response = VoiceResponse()
    response.gather(action="https://x.example/1", num_digits=1).say("Hello", language="it-IT")
    response.dial(action="https://x.example/2").number("+39061", url="https://x.example/3")
    assert faults(str(response)) == []


def test_the_package_itself_would_let_mistakes_through() -> None:
    response = VoiceResponse()
    response.gather(numDigitz=4)
    assert faults(str(response)) == ["<Gather> has no attribute numDigitz"]


@pytest.mark.parametrize(
    ("name", "parent"), [("Response", VoiceResponse), ("Dial", Dial), ("Gather", Gather)]
)
def test_the_emitters_tables_are_within_the_grammar(name: str, parent: type) -> None:
    verbs = children(parent)
    for verb in CHILDREN[name]:
        assert ATTRIBUTES[verb] <= verbs[verb].attributes


@pytest.mark.parametrize(
    ("verb", "attributes"), [("Gather", {"numDigitz": 1}), ("Number", {}), ("Dial", {"url": "x"})]
)
def test_the_emitter_refuses_what_is_not_in_its_tables(verb: str, attributes: dict) -> None:
    with pytest.raises(ValueError, match=f"<{verb}> has no"):
        Document().add(verb, **attributes)
