"""Calls as a provider makes them: signed, through the routes, with an engine of plain data."""

import pytest

from core.api import (
    ACCEPT,
    APOLOGY,
    REFUSAL,
    CallArrived,
    CallEnded,
    Conflict,
    GatewayRow,
    Gather,
    Hangup,
    LegChanged,
    Phone,
    RecordingChanged,
    Result,
    ResultKind,
    Ring,
    RingOutcome,
    Say,
    Sip,
    StepEnded,
    StoreUnavailable,
    TakeMessage,
)
from tests.plugins.twiml.client import Document, Provider
from tests.plugins.twiml.conftest import CALLER, NOW, NUMBER

MENU = Gather(prompts=(Say("Premi 1"),))
MOBILE = Ring(targets=(Phone("+393330000001", 1, confirm=True), Sip("anna@pbx.example", 2)))
BYE = Hangup(prompts=(Say("Arrivederci"),))


def test_a_call_from_menu_to_goodbye(provider, engine) -> None:
    engine.script = [MENU, MOBILE, BYE]
    engine.orders = {"record": True, "dual_channel": True}
    menu = provider.arrive(NUMBER, CALLER)
    assert menu.says == ["Premi 1"]
    ringing = provider.press(menu, "1")
    assert ringing.rung == ["+393330000001", "sip:anna@pbx.example"]
    whisper = provider.answer(ringing, 0)
    assert whisper is not None
    assert whisper.says == [ACCEPT["it"]]
    assert provider.press(whisper, "1").verbs == []
    assert provider.recording(ringing, "in-progress", seconds=0).status == 204
    bye = provider.dial_result(ringing, "completed", seconds=42)
    assert bye.verbs == ["Say", "Hangup"]
    assert provider.leg(ringing, "completed", 0).status == 204
    assert provider.recording(ringing, seconds=42).status == 204
    assert provider.status("completed").status == 204

    gateway, token = provider.gateway.id, "tok-EN_1"
    answered = Result(ResultKind.RANG, ring=RingOutcome.ANSWERED, seconds=42)
    url = provider.recording_url("RE" + "4" * 32)
    assert engine.events == [
        CallArrived(gateway, provider.ref, NUMBER, CALLER, NOW),
        StepEnded(gateway, token, 1, Result(ResultKind.DIGITS, digits="1"), NOW),
        LegChanged(gateway, token, 1, "answered", NOW),
        LegChanged(gateway, token, 1, "accepted", NOW),
        RecordingChanged(gateway, token, "RE" + "4" * 32, "in-progress", NOW, url, 0, 2),
        StepEnded(gateway, token, 2, answered, NOW),
        LegChanged(gateway, token, 1, "ended", NOW, RingOutcome.ANSWERED),
        RecordingChanged(gateway, token, "RE" + "4" * 32, "completed", NOW, url, 42, 2),
        CallEnded(gateway, provider.ref, NOW),
    ]


def test_the_same_call_from_signalwire(app, signalwire, engine) -> None:
    engine.script = [MENU, MOBILE, BYE]
    provider = Provider(app.test_client(), signalwire)
    menu = provider.arrive(NUMBER, CALLER, ref="5f5d9b0e-90f2-43c1-b1b4-222222222222")
    assert menu.action.startswith("https://phones.example/pbx/twiml/")
    bye = provider.dial_result(provider.press(menu, "1"), "completed", seconds=3)
    assert bye.says == ["Arrivederci"]


def test_no_key_at_all(provider, engine) -> None:
    engine.script = [MENU, BYE]
    assert provider.no_input(provider.arrive(NUMBER, CALLER)).says == ["Arrivederci"]
    assert engine.events[-1].result == Result(ResultKind.NO_INPUT)


def test_a_message_whose_caller_hangs_up_is_kept(provider, engine) -> None:
    engine.script = [TakeMessage(prompts=(Say("Dopo il tono"),)), BYE]
    prompt = provider.arrive(NUMBER, CALLER)
    provider.message(prompt, seconds=9, hung_up=True)
    result = engine.events[-1].result
    assert (result.kind, result.seconds, result.caller_gone) == (ResultKind.MESSAGE, 9, True)
    assert result.recording_url == provider.recording_url("RE" + "7" * 32)
    assert provider.recording(prompt, seconds=9, ref="RE" + "7" * 32).status == 204
    assert engine.events[-1].kind == "message"


@pytest.mark.parametrize(
    ("key", "status", "ring", "verbs"),
    [
        ("1", "accepted", None, []),
        ("2", "ended", RingOutcome.DECLINED, ["Hangup"]),
        ("", "ended", RingOutcome.NO_ANSWER, ["Hangup"]),
    ],
)
def test_only_the_key_one_accepts(provider, engine, key, status, ring, verbs) -> None:
    engine.script = [MOBILE]
    whisper = provider.answer(provider.arrive(NUMBER, CALLER), 0)
    made = provider.press(whisper, key) if key else provider.no_input(whisper)
    assert made.verbs == verbs
    assert engine.events[-1] == LegChanged(provider.gateway.id, "tok-EN_1", 1, status, NOW, ring)


def test_a_desk_phone_needs_to_press_nothing(provider, engine) -> None:
    engine.script = [MOBILE]
    assert provider.answer(provider.arrive(NUMBER, CALLER), 1) is None


def test_every_event_again_gets_the_same_bytes(provider, engine) -> None:
    engine.script = [MENU, MOBILE, BYE]
    menu = provider.arrive(NUMBER, CALLER)
    again = provider.arrive(NUMBER, CALLER, ref=provider.ref)
    ringing = provider.press(menu, "1")
    ringing_again = provider.press(menu, "1", msg="Gather End")
    bye = provider.dial_result(ringing, "no-answer")
    late = provider.press(menu, "1")
    assert again.text == menu.text
    assert ringing.text == ringing_again.text == late.text
    assert provider.dial_result(ringing, "no-answer").text == bye.text
    assert len(engine.events) == 3


def test_news_in_any_order_and_number(provider, engine) -> None:
    engine.script = [MOBILE, BYE]
    ringing = provider.arrive(NUMBER, CALLER)
    provider.status("completed")
    for status in ("completed", "in-progress", "completed", "ringing", "initiated"):
        assert provider.leg(ringing, status, 1).status == 204
    provider.dial_result(ringing, "completed", seconds=1, hung_up=True)
    provider.recording(ringing_document(ringing, provider, engine), "completed")
    kinds = [type(event).__name__ for event in engine.events]
    assert kinds.count("CallEnded") == 1
    statuses = [event.status for event in engine.events if isinstance(event, LegChanged)]
    assert statuses == ["ended", "answered", "ringing"]


def ringing_document(ringing: Document, provider: Provider, engine) -> Document:
    """The same document as if it had ordered a recording."""
    address = ringing.action.partition("/step/")[0]
    recorded = ringing.text.replace(
        "<Dial ", f'<Dial recordingStatusCallback="{address}/recording/tok-EN_1/conversation" '
    )
    return Document(recorded)


@pytest.mark.parametrize("status", ["ringing", "in-progress", "queued", "wonderful"])
def test_a_call_that_is_not_over_is_not_ended(provider, engine, status) -> None:
    engine.script = [MENU]
    provider.arrive(NUMBER, CALLER)
    assert provider.status(status).status == 204
    assert len(engine.events) == 1


def test_signalwires_short_news_of_the_end(app, signalwire, engine) -> None:
    """It names eight fields only, as a form or as JSON."""
    engine.script = [MENU]
    provider = Provider(app.test_client(), signalwire)
    provider.arrive(NUMBER, CALLER)
    fields = {
        "CallSid": provider.ref,
        "AccountSid": signalwire.ref,
        "From": CALLER,
        "To": NUMBER,
        "Timestamp": "Mon, 23 Nov 2026 09:00:00 +0000",
        "CallStatus": "completed",
        "CallDuration": 3,
        "AudioInMos": 4.5,
    }
    assert provider.post_json(provider.url("status"), fields).status == 204
    assert engine.events[-1] == CallEnded(signalwire.id, provider.ref, NOW)


def test_signalwires_news_as_json(app, signalwire, engine) -> None:
    engine.script = [MOBILE]
    provider = Provider(app.test_client(), signalwire)
    ringing = provider.arrive(NUMBER, CALLER)
    news = provider.fields(CallStatus="in-progress")
    reply = provider.post_json(ringing.legs[1].attrib["statusCallback"], news)
    assert reply.status == 204
    assert engine.events[-1] == LegChanged(signalwire.id, "tok-EN_1", 2, "answered", NOW)


def test_a_key_that_comes_twice_is_no_key(provider, engine) -> None:
    """Which of the two was meant? Not for us to guess."""
    engine.script = [MENU, BYE]
    menu = provider.arrive(NUMBER, CALLER)
    pairs = [*provider.fields(Digits="1").items(), ("Digits", "2")]
    assert provider.post(menu.action, pairs).status == 200
    assert engine.events[-1].result == Result(ResultKind.NO_INPUT)


# --- What goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["+390699999999", "", "client:shop"])
def test_a_number_that_is_not_ours_is_refused_politely(provider, engine, to) -> None:
    refused = provider.arrive(to, CALLER)
    assert (refused.says, refused.verbs) == ([REFUSAL["it"]], ["Say", "Hangup"])


def test_a_sip_call_reaches_the_number_its_pbx_names(provider, engine) -> None:
    engine.script = [MENU]
    headers = {"SipHeader_X-Number": NUMBER, "SipDomain": "acme.sip.twilio.com"}
    provider.arrive("sip:101@acme.sip.twilio.com", "sip:+393331234567@pbx.example", **headers)
    event = engine.events[0]
    assert (event.number, event.sip_to, event.caller) == (NUMBER, "101", "+393331234567")


@pytest.mark.parametrize("fault", [StoreUnavailable("gone"), Conflict("again")])
def test_without_a_database_the_provider_is_sent_to_the_fallback(provider, engine, fault) -> None:
    engine.script = [MOBILE]
    ringing = provider.arrive(NUMBER, CALLER)
    engine.fault = fault
    for url in (provider.url("voice"), ringing.action, ringing.legs[0].attrib["statusCallback"]):
        assert provider.post(url, provider.fields(CallStatus="completed")).status == 503
    reply = provider.post(provider.url("fallback"), provider.fields())
    assert reply.status == 200
    assert Document(reply.text).says == [APOLOGY["it"]]


def test_without_a_database_two_people_on_the_line_still_talk(provider, engine) -> None:
    engine.script = [MOBILE]
    whisper = provider.answer(provider.arrive(NUMBER, CALLER), 0)
    engine.fault = StoreUnavailable("gone")
    assert provider.press(whisper, "1").verbs == []
    assert provider.no_input(whisper).verbs == ["Hangup"]


def test_a_database_that_cannot_even_name_the_gateway(provider, database) -> None:
    database.close()
    database.init("/nowhere/gateways.db")
    assert provider.post(provider.url("voice"), provider.fields()).status == 503


def test_the_fallback_repeats_the_answer_that_was_lost(provider, engine) -> None:
    engine.script = [MENU, BYE]
    menu = provider.arrive(NUMBER, CALLER)
    bye = provider.press(menu, "1")

    def fall_back(url: str, **more: str) -> Document:
        fields = provider.fields(ErrorUrl=url, ErrorCode="11205", **more)
        reply = provider.post(provider.url("fallback"), fields)
        assert reply.status == 200
        return Document(reply.text)

    assert fall_back(provider.url("voice")).text == menu.text
    assert fall_back(menu.action).text == bye.text
    assert fall_back("https://elsewhere.example/voice").text == menu.text
    assert fall_back(menu.action.replace("tok-EN_1", "other")).says == [APOLOGY["it"]]
    assert len(engine.events) == 2


def test_the_fallback_takes_a_call_that_never_got_through(provider, engine) -> None:
    engine.script = [MENU]
    provider.ref, provider.to, provider.from_ = "CA" + "5" * 32, NUMBER, CALLER
    reply = provider.post(provider.url("fallback"), provider.fields(ErrorCode="11205"))
    assert Document(reply.text).says == ["Premi 1"]


def test_a_step_nobody_sent(provider, engine) -> None:
    engine.script = [MENU]
    menu = provider.arrive(NUMBER, CALLER)
    other = menu.action.replace("tok-EN_1", "tok-EN_2")
    assert provider.post(other, provider.fields(Digits="1")).status == 404
    gone = provider.post(other, provider.fields(CallStatus="completed"))
    assert (gone.status, Document(gone.text).verbs) == (200, ["Hangup"])
    news = other.replace("/step/tok-EN_2/1/gather", "/leg/tok-EN_2/1")
    assert provider.post(news, provider.fields(CallStatus="completed")).status == 404


def test_a_changed_secret_holds_at_once(provider, engine, twilio) -> None:
    engine.script = [MENU, BYE]
    menu = provider.arrive(NUMBER, CALLER)
    GatewayRow.update(secret="t" * 32).where(GatewayRow.id == twilio.id).execute()
    assert provider.post(menu.action, provider.fields(Digits="1")).status == 403
    provider.gateway = GatewayRow.get_by_id(twilio.id)
    assert provider.press(menu, "1").says == ["Arrivederci"]


@pytest.mark.parametrize("host", ["x:99999", "x:abc", "evil.example"])
def test_a_bad_host_does_not_harm_what_is_signed(provider, engine, host) -> None:
    engine.script = [MENU]
    provider.app.environ_base["HTTP_HOST"] = host
    menu = provider.arrive(NUMBER, CALLER)
    assert menu.action.startswith("https://phones.example/twiml/")


@pytest.mark.parametrize(
    "fields",
    [
        {"CallerName": "\x00\x0b\ud7ff\U0001f600&=%+", "StirPassportToken": "x" * 8000},
        {"From": "\x00"},
        {"From": "+39\x00"},
        {"From": "x" * 9000},
        {"FromCity": "São Paulo", "CallToken": '{"a":"b"}'},
        {"ForwardedFrom": "", "SipHeader_X-Number": "\x00" * 50},
    ],
)
def test_odd_fields_rightly_signed_harm_nobody(provider, engine, fields) -> None:
    engine.script = [MENU, MENU]
    provider.arrive(NUMBER, CALLER)
    provider.ref = "CA" + "6" * 32
    reply = provider.post(provider.url("voice"), provider.fields(**fields))
    assert reply.status == 200
    assert engine.events[-1].caller in ("", CALLER)


@pytest.mark.parametrize("tail", ["", "?b=%2F%20&a=1", "?a=1+2&a=%C3%A9"])
@pytest.mark.parametrize("keeps_raw", [True, False])
def test_the_address_is_signed_byte_for_byte(app, provider, engine, tail, keeps_raw) -> None:
    """Whatever an admin has put behind the address stays as it was written, on servers that keep
    the raw address and on those that do not."""
    application = app.wsgi_app

    def server(environ, start_response):
        if not keeps_raw:
            del environ["RAW_URI"]
        return application(environ, start_response)

    app.wsgi_app = server
    provider.ref, provider.to, provider.from_ = "CA" + "5" * 32, NUMBER, CALLER
    assert provider.post(provider.url("voice") + tail, provider.fields()).status == 200
    assert len(engine.events) == 1
