"""Every order as a document: right by the grammar, and saying what the step says."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.api import (
    ACCEPT,
    APOLOGY,
    REFUSAL,
    Gather,
    Hangup,
    LineKind,
    Outcome,
    Phone,
    Play,
    Reject,
    Ring,
    Say,
    Sip,
    TakeMessage,
    Wait,
)
from plugins.twiml import documents
from plugins.twiml.emitter import Document as EmittedDocument
from plugins.twiml.emitter import clean
from plugins.twiml.gateway import Gateway
from plugins.twiml.providers import PROVIDERS
from plugins.twiml.spoken import voice
from tests.plugins.twiml.client import Document
from tests.plugins.twiml.conftest import CALLER, NUMBER, make_order

BASE = "https://phones.example/twiml/3"


def gateway(provider: str = "signalwire", language: str = "it") -> Gateway:
    return Gateway(
        3, PROVIDERS[provider], "AC1", "s", "https://phones.example", ("https://x",), language
    )


def render(step, provider: str = "signalwire", **more) -> Document:
    return Document(documents.document(gateway(provider), make_order(step, **more)))


PHONE = Phone("+393330000001", 1, confirm=True)
DESK = Sip("anna@pbx.example", 2)
texts = st.text(max_size=60)
prompts = st.lists(st.builds(Say, texts, st.sampled_from(["", "it", "en-GB", "uk"])), max_size=3)
targets = st.lists(
    st.one_of(st.builds(Phone, texts, st.none(), st.booleans()), st.builds(Sip, texts)),
    min_size=1,
    max_size=12,
)
steps = st.one_of(
    st.builds(Play, prompts=prompts.map(tuple)),
    st.builds(Gather, prompts=prompts.map(tuple), finish_key=st.sampled_from(["#", "", "*"])),
    st.builds(Ring, targets=targets.map(tuple), seconds=st.integers(-5, 9000)),
    st.builds(TakeMessage, prompts=prompts.map(tuple)),
    st.builds(Hangup, prompts=prompts.map(tuple)),
    st.builds(Reject, busy=st.booleans()),
    st.builds(Wait, prompts=prompts.map(tuple), seconds=st.integers(1, 60)),
)


@given(steps, prompts.map(tuple), st.booleans(), st.booleans(), st.sampled_from(list(PROVIDERS)))
def test_whatever_a_plugin_says_the_document_is_right(step, notice, record, dual, provider) -> None:
    render(step, provider, notice=notice, record=record, dual_channel=dual)


@given(st.text(max_size=200), st.text(max_size=20))
def test_texts_and_attributes_arrive_as_they_were_written(text, value) -> None:
    made = EmittedDocument()
    made.add("Say", text, language=value)
    say = ElementTree.fromstring(str(made))[0]
    assert (say.text or "") == clean(text).replace("\r\n", "\n").replace("\r", "\n")
    # An attribute keeps its white space as blanks.
    blanks = str.maketrans("\t\n\r", "   ")
    assert say.attrib["language"] == clean(value).replace("\r\n", "\n").translate(blanks)


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_left_out(bad: str) -> None:
    assert render(Play(prompts=(Say(f"Buon{bad}giorno & <ciao>"),))).says == ["Buongiorno & <ciao>"]
    assert clean(f"a{bad}b\tc\nd😀") == "ab\tc\nd😀"


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (Play(prompts=(Say("x"),)), "play"),
        (Gather(prompts=(Say("x"),)), "gather"),
        (Ring(targets=(DESK,)), "ring"),
        (TakeMessage(prompts=(Say("x"),)), "message"),
        (Wait(prompts=(Say("x"),)), "wait"),
    ],
)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_waiting_document_never_ends_in_silence(step, kind, provider) -> None:
    made = render(step, provider, number=7)
    assert made.verbs[-1] == "Redirect"
    assert made.redirect.partition("#")[0] == f"{BASE}/step/tok-EN_1/7/{kind}"
    if kind not in ("play", "wait"):
        assert made.action == made.redirect


def test_gather() -> None:
    step = Gather(prompts=(Say("Premi 1"), Say("Press 2", "en")), digits=4, first_seconds=6)
    made = render(step)
    assert made.find("Gather").attrib == {
        "input": "dtmf",
        "numDigits": "4",
        "finishOnKey": "#",
        "timeout": "6",
        "action": f"{BASE}/step/tok-EN_1/1/gather",
        "method": "POST",
    }
    assert [(say.text, say.attrib["language"]) for say in made.find("Gather")] == [
        ("Premi 1", "it-IT"),
        ("Press 2", "en-US"),
    ]


def test_ring() -> None:
    made = render(Ring(targets=(PHONE, DESK), seconds=25), notice=(Say("Si registra"),))
    assert made.verbs == ["Say", "Dial", "Redirect"]
    assert made.find("Dial").attrib == {
        "action": f"{BASE}/step/tok-EN_1/1/ring",
        "method": "POST",
        "timeout": "25",
        "timeLimit": "14400",
        "callerId": NUMBER,
        "answerOnBridge": "true",
    }
    phone, desk = made.legs
    assert (phone.tag, phone.text) == ("Number", "+393330000001")
    assert phone.attrib == {
        "url": f"{BASE}/whisper/tok-EN_1/1",
        "method": "POST",
        "statusCallback": f"{BASE}/leg/tok-EN_1/1",
        "statusCallbackMethod": "POST",
        "statusCallbackEvent": "answered completed",
    }
    assert (desk.tag, desk.text) == ("Sip", "sip:anna@pbx.example")
    assert "url" not in desk.attrib


def test_the_callers_number_is_shown_where_forwarding_says_so() -> None:
    shown = Ring(targets=(PHONE,), show_caller=True)
    call = make_order(shown).call
    from_pbx = replace(call, line=replace(call.line, kind=LineKind.SIP_PBX))
    for one, number in ((call, CALLER), (replace(call, caller=""), NUMBER), (from_pbx, NUMBER)):
        assert render(shown, call=one).find("Dial").attrib["callerId"] == number


@pytest.mark.parametrize(
    ("provider", "seconds", "timeout"),
    [
        ("twilio", 25, "20"),  # Twilio adds five seconds
        ("twilio", 8, "5"),
        ("signalwire", 25, "25"),
        ("signalwire", 1, "5"),
        ("signalwire", 9000, "600"),
    ],
)
def test_the_ring_time(provider: str, seconds: int, timeout: str) -> None:
    made = render(Ring(targets=(DESK,), seconds=seconds), provider)
    assert made.find("Dial").attrib["timeout"] == timeout


def test_no_more_phones_than_a_provider_rings_at_once() -> None:
    many = tuple(Phone(f"+3933300000{place:02}") for place in range(12))
    assert len(render(Ring(targets=many)).legs) == 10


@pytest.mark.parametrize(
    ("dual", "record"), [(True, "record-from-answer-dual"), (False, "record-from-answer")]
)
def test_recording_begins_with_the_answer(dual: bool, record: str) -> None:
    dial = render(Ring(targets=(DESK,)), record=True, dual_channel=dual).find("Dial").attrib
    assert dial["record"] == record
    assert dial["recordingStatusCallback"] == f"{BASE}/recording/tok-EN_1/conversation"
    assert dial["recordingStatusCallbackEvent"] == "in-progress completed absent"


def test_without_an_order_to_record_nothing_says_so() -> None:
    assert "record" not in documents.document(gateway(), make_order(Ring(targets=(DESK,))))


def test_take_message() -> None:
    made = render(TakeMessage(prompts=(Say("Dopo il tono"),), max_seconds=90))
    record = made.find("Record").attrib
    assert made.verbs == ["Say", "Record", "Redirect"]
    assert (record["maxLength"], record["playBeep"], record["finishOnKey"]) == ("90", "true", "#")
    assert record["recordingStatusCallback"] == f"{BASE}/recording/tok-EN_1/message"


def test_wait_is_the_prompts_and_then_silence() -> None:
    made = render(Wait(prompts=(Say("One moment, please: you are next."),), seconds=10))
    assert made.verbs == ["Say", "Pause", "Redirect"]
    assert made.find("Pause").attrib == {"length": "8"}
    long = render(Wait(prompts=(Say("a" * 300),), seconds=10))
    assert long.verbs == ["Say", "Redirect"]


def test_music_while_it_rings_is_left_out() -> None:
    with_music = Ring(targets=(DESK,), music=(Say("tra la la"),))
    assert render(with_music).verbs == render(Ring(targets=(DESK,))).verbs


def test_hang_up_and_reject() -> None:
    made = render(Hangup(prompts=(Say("Chiuso"),), outcome=Outcome.CLOSED))
    assert (made.verbs, made.says) == (["Say", "Hangup"], ["Chiuso"])
    assert render(Reject()).find("Reject").attrib == {"reason": "rejected"}
    assert render(Reject(busy=True)).find("Reject").attrib == {"reason": "busy"}


def test_twilio_is_told_to_try_again() -> None:
    made = render(Ring(targets=(PHONE,)), "twilio", record=True)
    assert made.action.endswith("/ring#rc=1&rp=5xx,ct,rt")
    assert made.legs[0].attrib["statusCallback"].endswith("/leg/tok-EN_1/1#rc=5&rp=all")
    assert "#" not in documents.document(gateway(), make_order(Ring(targets=(PHONE,))))


def test_an_empty_prompt_is_not_spoken() -> None:
    assert render(Play(prompts=(Say(" "), Say("")))).verbs == ["Redirect"]


def test_a_prompt_is_no_longer_than_a_voice_can_speak() -> None:
    assert len(render(Play(prompts=(Say("a" * 5000),))).says[0]) == 3000


@pytest.mark.parametrize(
    ("language", "tag"),
    [
        ("it", "it-IT"),
        ("IT-it", "it-IT"),
        ("en", "en-US"),
        ("en_gb", "en-GB"),
        ("pt-BR", "pt-BR"),
        ("ru", "ru-RU"),
        ("uk", "uk-UA"),
        ("sv", "sv"),
    ],
)
def test_the_voice_of_a_language(language: str, tag: str) -> None:
    assert voice(language) == tag


def test_our_own_documents_are_right() -> None:
    whisper = Document(documents.whisper(gateway(), "tok", 2))
    assert (whisper.verbs, whisper.says) == (["Gather", "Redirect"], [ACCEPT["it"]])
    assert whisper.action == whisper.redirect == f"{BASE}/accept/tok/2"
    assert Document(documents.bridge()).verbs == []
    assert Document(documents.hangup()).verbs == ["Hangup"]
    for made, said in (
        (documents.refusal(gateway()), REFUSAL),
        (documents.apology(gateway()), APOLOGY),
    ):
        assert (Document(made).verbs, Document(made).says) == (["Say", "Hangup"], [said["it"]])
