"""Requests that nobody's provider sent. None gets in, and none gets a 500."""

import hashlib
import hmac
import logging
from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlencode

import pytest

from core.api import GatewayRow, Gather, Say
from tests.plugins.twiml.client import Provider, Reply
from tests.plugins.twiml.conftest import CALLER, NUMBER

FORM = "application/x-www-form-urlencoded"

ROUTES = {
    "voice": "voice",
    "fallback": "fallback",
    "status": "status",
    "step": "step/tok-EN_1/1/gather",
    "whisper": "whisper/tok-EN_1/1",
    "accept": "accept/tok-EN_1/1",
    "leg": "leg/tok-EN_1/1",
    "recording": "recording/tok-EN_1/conversation",
}
NEWS = ("status", "leg", "recording")

routes = pytest.mark.parametrize("route", ROUTES)


@pytest.fixture
def attacker(provider, engine) -> Provider:
    """Somebody who knows the addresses, and has seen a call."""
    engine.script = [Gather(prompts=(Say("Premi 1"),))] * 3
    provider.arrive(NUMBER, CALLER)
    engine.heard.clear()
    return provider


@pytest.fixture(autouse=True)
def nothing_gets_in(engine):
    """Whatever is sent here, the engine hears nothing of it."""
    yield
    assert engine.heard == []


def right(attacker: Provider, route: str) -> tuple[str, dict]:
    return attacker.url(ROUTES[route]), attacker.fields(
        CallStatus="completed", Digits="1", RecordingSid="RE1", RecordingStatus="completed"
    )


@routes
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_the_wrong_method(attacker, route, method) -> None:
    url, fields = right(attacker, route)
    reply = attacker.send(method, url, urlencode(fields).encode(), FORM, {})
    assert reply.status == 405
    assert reply.headers["Allow"] == "POST"


@routes
@pytest.mark.parametrize(
    "content_type",
    ["", "text/xml", "multipart/form-data; boundary=x", "text/plain", "application/jsonp", "\xff"],
)
def test_the_wrong_content_type(attacker, route, content_type) -> None:
    url, fields = right(attacker, route)
    reply = attacker.send("POST", url, urlencode(fields).encode(), content_type, {})
    assert reply.status == 415


@routes
def test_json_from_twilio(attacker, route) -> None:
    url, fields = right(attacker, route)
    assert attacker.post_json(url, fields).status == 415


@routes
def test_json_from_signalwire_is_for_signed_news_only(attacker, app, signalwire, route) -> None:
    other = Provider(app.test_client(), signalwire)
    url, fields = right(other, route)
    forged = other.post_json(url, fields, headers={"X-SignalWire-Signature": "0" * 40})
    unsigned = other.send("POST", url, b"{}", "application/json", {})
    expected = 403 if route in NEWS else 415
    assert (forged.status, unsigned.status) == (expected, expected)


@pytest.mark.parametrize("route", NEWS)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"[" * 60000, b"{}", b"\xff", b"\x00"])
def test_signed_json_that_is_rubbish(attacker, app, signalwire, route, body) -> None:
    other = Provider(app.test_client(), signalwire)
    url = other.url(ROUTES[route])
    digest = hmac.new(signalwire.secret.encode(), url.encode() + body, hashlib.sha256)
    headers = {"X-SignalWire-SHA256-Signature": digest.hexdigest()}
    assert other.send("POST", url, body, "application/json", headers).status == 403


def unsigned(attacker: Provider, url: str, fields: dict) -> Reply:
    return attacker.send("POST", url, urlencode(fields).encode(), FORM, {})


def empty_signature(attacker: Provider, url: str, fields: dict) -> Reply:
    return attacker.post(url, fields, headers={"X-Twilio-Signature": ""})


def rubbish_signature(attacker: Provider, url: str, fields: dict) -> Reply:
    return attacker.post(url, fields, headers={"X-Twilio-Signature": "\xe9\xff=="})


def other_secret(attacker: Provider, url: str, fields: dict) -> Reply:
    other = GatewayRow(**{**attacker.gateway.__data__, "secret": "another"})
    return Provider(attacker.app, other).post(url, fields)


def signed_for_another_gateway(attacker: Provider, url: str, fields: dict) -> Reply:
    """The tenant next door signs rightly, with its own token, for its own project."""
    other = GatewayRow.create(
        account=1,
        kind="twiml",
        provider="twilio",
        name="Next door",
        ref="AC" + "b" * 32,
        secret="next door",
        public_url=attacker.gateway.public_url,
    )
    return Provider(attacker.app, other).post(url, {**fields, "AccountSid": other.ref})


def another_project(attacker: Provider, url: str, fields: dict) -> Reply:
    return attacker.post(url, {**fields, "AccountSid": "AC" + "b" * 32})


def no_project(attacker: Provider, url: str, fields: dict) -> Reply:
    return attacker.post(url, {**fields, "AccountSid": ""})


def two_projects(attacker: Provider, url: str, fields: dict) -> Reply:
    pairs = [("AccountSid", "AC" + "b" * 32), *fields.items()]
    return attacker.post(url, pairs)


def signature_for_another_address(attacker: Provider, url: str, fields: dict) -> Reply:
    text = "https://elsewhere.example/" + "".join(k + v for k, v in sorted(fields.items()))
    headers = {
        "X-Twilio-Signature": attacker.sign(text),
        "X-Forwarded-Host": "elsewhere.example",
        "X-Forwarded-Proto": "https",
    }
    return attacker.post(url, fields, headers=headers)


def fields_in_the_query(attacker: Provider, url: str, fields: dict) -> Reply:
    """Parameters count where they were signed: in the body."""
    return attacker.post(f"{url}?{urlencode(fields)}", {})


def added_field(attacker: Provider, url: str, fields: dict) -> Reply:
    text = url + "".join(name + value for name, value in sorted(fields.items()))
    headers = {"X-Twilio-Signature": attacker.sign(text)}
    return attacker.post(url, {**fields, "Zusatz": "1"}, headers=headers)


FORGERIES: list[Callable[[Provider, str, dict], Reply]] = [
    unsigned,
    empty_signature,
    rubbish_signature,
    other_secret,
    signed_for_another_gateway,
    another_project,
    no_project,
    two_projects,
    signature_for_another_address,
    fields_in_the_query,
    added_field,
]


@routes
@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_forged_requests(attacker, route, forgery) -> None:
    url, fields = right(attacker, route)
    assert forgery(attacker, url, fields).status == 403


@routes
@pytest.mark.parametrize("call_sid", ["", "x" * 101, "CA\x00", "a b", "ü"])
def test_a_signed_request_about_no_call(attacker, route, call_sid) -> None:
    url, fields = right(attacker, route)
    assert attacker.post(url, {**fields, "CallSid": call_sid}).status == 403


@routes
@pytest.mark.parametrize(
    "host", ["x:99999", "x:abc", "x:", ":", "[", "[::1", "a b", "x" * 5000, "\xff", "x:-1"]
)
def test_a_bad_host_is_neither_believed_nor_stumbled_over(attacker, app, route, host) -> None:
    url, fields = right(attacker, route)
    client = app.test_client()
    path = url.removeprefix("https://phones.example")
    answer = client.post(path, data=urlencode(fields), content_type=FORM, headers={"Host": host})
    assert answer.status_code in (400, 403)  # 400: no name at all, says Flask


@routes
def test_too_much(attacker, route) -> None:
    url, fields = right(attacker, route)
    assert attacker.post(url, {**fields, "Huge": "x" * 70000}).status == 413


@routes
def test_too_much_without_saying_how_much(attacker, app, route) -> None:
    url, _ = right(attacker, route)
    answer = app.test_client().open(
        url.removeprefix("https://phones.example"),
        method="POST",
        input_stream=BytesIO(b"x" * 70000),
        content_type=FORM,
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert answer.status_code == 403  # not read to its end, so no signature fits


@pytest.mark.parametrize("body", [b"", b"&&&", b"=", b"%", b"%zz=%", b"\x00\xff", b"a=b&" * 9000])
@routes
def test_bodies_of_rubbish(attacker, route, body) -> None:
    url, _ = right(attacker, route)
    headers = {"X-Twilio-Signature": "x"}
    assert attacker.send("POST", url, body, FORM, headers).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "step/tok-EN_1/1/dial",
        "step/tok-EN_1/99999999999999999999/gather",
        "step/tok-EN_1/-1/gather",
        "step/tok-EN_1/x/gather",
        "step/tok%00/1/gather",
        f"step/{'t' * 41}/1/gather",
        "step/../1/gather",
        "recording/tok-EN_1/secret",
        "leg/tok%20/1",
        "",
    ],
)
def test_addresses_we_never_gave_out(attacker, path) -> None:
    assert attacker.post(attacker.url(path), attacker.fields()).status == 404


@pytest.mark.parametrize("gateway", ["2147483647", "0", "77"])
def test_gateways_that_do_not_exist(attacker, gateway) -> None:
    url = attacker.url("voice").replace(f"/twiml/{attacker.gateway.id}/", f"/twiml/{gateway}/")
    assert attacker.post(url, attacker.fields()).status == 403


@pytest.mark.parametrize("gateway", ["99999999999999999999", "-1", "x", "%00"])
def test_gateways_that_cannot_exist(attacker, gateway) -> None:
    url = attacker.url("voice").replace(f"/twiml/{attacker.gateway.id}/", f"/twiml/{gateway}/")
    assert attacker.post(url, attacker.fields()).status == 404


@pytest.mark.parametrize(
    "change",
    [
        {"secret": ""},
        {"ref": ""},
        {"public_url": ""},
        {"public_url": "https://x:99999"},
        {"provider": "unknown"},
        {"kind": "asterisk"},
    ],
)
def test_a_gateway_that_is_not_set_up_lets_nobody_in(attacker, twilio, change) -> None:
    url = attacker.url("voice")
    GatewayRow.update(**change).where(GatewayRow.id == twilio.id).execute()
    fields = attacker.fields(**({"AccountSid": ""} if "ref" in change else {}))
    for key, value in change.items():
        setattr(attacker.gateway, key, value)
    assert attacker.post(url, fields).status == 403


def test_names_and_values_cannot_change_places(attacker) -> None:
    """``Di=gits1`` is signed like ``Digits=1``; it does not become a key that was pressed."""
    url, fields = right(attacker, "step")
    honest = {"AccountSid": fields["AccountSid"], "CallSid": fields["CallSid"], "To": NUMBER}
    text = url + "".join(name + value for name, value in sorted(honest.items()))
    signature = {"X-Twilio-Signature": attacker.sign(text)}
    for forged in (
        {"AccountSid": fields["AccountSid"] + "CallSid" + fields["CallSid"], "To": NUMBER},
        {"AccountSid": fields["AccountSid"], "CallSid" + fields["CallSid"]: "", "To": NUMBER},
        {"AccountSid": fields["AccountSid"][:-1], "aCallSid": fields["CallSid"], "To": NUMBER},
    ):
        assert attacker.post(url, forged, headers=signature).status == 403


def test_the_log_says_what_to_check_and_no_secret(attacker, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        other_secret(attacker, *right(attacker, "voice"))
    assert "https://phones.example is the address the provider calls" in caplog.text
    assert attacker.gateway.secret not in caplog.text
    assert CALLER not in caplog.text
