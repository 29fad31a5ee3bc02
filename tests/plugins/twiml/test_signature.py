"""Signatures against the official validator, and against what makes that one raise."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from plugins.twiml.signature import body_is_signed, form_is_signed, signed_bases

SECRET = "12345"
ADDRESS = "https://phones.example/twiml/1/voice"

texts = st.text(st.characters(codec="utf-8"), max_size=12)
forms = st.lists(st.tuples(texts, texts), max_size=8)
ports = st.one_of(st.none(), st.integers(1, 65535))


class Several(MultiDict):
    """Repeated parameters as the official validator likes them."""

    getall = MultiDict.getlist


def official(address: str, pairs: list) -> str:
    return RequestValidator(SECRET).compute_signature(address, Several(pairs))


def ours(public_url: str, path: str, pairs: list, signature: str, **more: bool) -> bool:
    addresses = [base + path for base in signed_bases(public_url)]
    return form_is_signed(SECRET, addresses, pairs, [signature], **more)


@given(forms)
def test_what_the_official_library_signs_is_signed(pairs: list) -> None:
    assert ours("https://phones.example", "/v", pairs, official("https://phones.example/v", pairs))


@given(forms, st.sampled_from(["http", "https"]), ports, ports)
def test_port_or_no_port_we_and_the_official_library_agree(
    pairs: list, scheme: str, known: int | None, signed: int | None
) -> None:
    public_url = f"{scheme}://phones.example" + (f":{known}" if known else "")
    address = f"{scheme}://phones.example" + (f":{signed}" if signed else "") + "/v"
    signature = official(address, pairs)
    accepted = RequestValidator(SECRET).validate(public_url + "/v", Several(pairs), signature)
    assert ours(public_url, "/v", pairs, signature) is accepted


@given(forms, forms)
def test_another_form_is_not_signed(pairs: list, other: list) -> None:
    signature = official(ADDRESS, pairs)
    joined = ["".join(name + value for name, value in sorted(set(form))) for form in (pairs, other)]
    assert ours(ADDRESS, "", other, signature) is (joined[0] == joined[1])


@given(forms, st.text(max_size=40))
def test_rubbish_is_refused_and_never_raises(pairs: list, signature: str) -> None:
    assert not form_is_signed(SECRET, [ADDRESS], pairs, [signature])
    assert not body_is_signed(SECRET, [ADDRESS], repr(pairs).encode(), [signature])


def test_the_example_of_the_vendors_documents() -> None:
    pairs = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert form_is_signed(SECRET, [address], list(pairs.items()), [signature])


def test_an_empty_secret_signs_nothing() -> None:
    signature = RequestValidator("").compute_signature(ADDRESS, {})
    assert not form_is_signed("", [ADDRESS], [], [signature])
    hexed = hmac.new(b"", ADDRESS.encode(), hashlib.sha1).hexdigest()
    assert not body_is_signed("", [ADDRESS], b"", [hexed])


def test_repeated_parameters_in_both_orders() -> None:
    pairs = [("b", "2"), ("a", "9"), ("a", "1"), ("a", "9")]
    as_sent = base64.b64encode(
        hmac.digest(SECRET.encode(), (ADDRESS + "a9a1a9b2").encode(), "sha1")
    ).decode()
    assert form_is_signed(SECRET, [ADDRESS], pairs, [official(ADDRESS, pairs)])
    assert form_is_signed(SECRET, [ADDRESS], pairs, [as_sent], submission_order=True)
    assert not form_is_signed(SECRET, [ADDRESS], pairs, [as_sent])


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_json_in_hex(algorithm: str) -> None:
    body = b'{"CallSid": "1"}'
    signature = hmac.new(SECRET.encode(), ADDRESS.encode() + body, algorithm).hexdigest()
    assert body_is_signed(SECRET, [ADDRESS], body, [signature])
    assert not body_is_signed(SECRET, [ADDRESS], body + b" ", [signature])
    assert not body_is_signed(SECRET, [ADDRESS + "/"], body, [signature])


def test_the_hash_of_the_body_in_the_address() -> None:
    body = b'{"CallSid": "1"}'
    address = f"{ADDRESS}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = official(address, [])
    assert RequestValidator(SECRET).validate(address, body.decode(), signature)
    assert body_is_signed(SECRET, [address], body, [signature])
    assert not body_is_signed(SECRET, [address], b"{}", [signature])


def test_an_address_alone_signs_no_body() -> None:
    """Else a signature for an empty form, replayed with JSON, would let any body in."""
    assert not body_is_signed(SECRET, [ADDRESS], b"{}", [official(ADDRESS, [])])


@pytest.mark.parametrize(
    ("public_url", "bases"),
    [
        ("https://x.example", ("https://x.example", "https://x.example:443")),
        ("https://x.example:8443", ("https://x.example", "https://x.example:8443")),
        ("http://x.example:8000", ("http://x.example:8000", "http://x.example")),
        ("https://user:pw@x.example:8443/a", ("https://x.example/a", "https://x.example:8443/a")),
        ("https://[2001:db8::1]:8443", ("https://[2001:db8::1]", "https://[2001:db8::1]:8443")),
        ("https://[2001:db8::1]", ("https://[2001:db8::1]", "https://[2001:db8::1]:443")),
        ("https://x.example:99999", ()),
        ("https://x.example:abc", ()),
        ("https://[x", ()),
        ("ftp://x.example", ()),
        ("", ()),
    ],
)
def test_the_bases_that_may_be_signed(public_url: str, bases: tuple) -> None:
    assert signed_bases(public_url) == bases
