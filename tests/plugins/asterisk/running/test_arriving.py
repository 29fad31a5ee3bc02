"""What the dialplan says of a new call."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plugins.asterisk.running.arriving import Arrival, from_channel, from_event, readings

AT = datetime(2026, 11, 23, 5, 59, 25, 975000, tzinfo=UTC)


def channel(number: str = "+393331112222", **more: Any) -> dict[str, Any]:
    return {"id": "1.7", "caller": {"number": number, "name": ""}} | more


def event(*words: str, number: str = "+393331112222") -> dict[str, Any]:
    return {
        "type": "StasisStart",
        "timestamp": "2026-11-23T05:59:25.975+0000",
        "args": list(words),
        "channel": channel(number),
    }


def test_a_call_from_outside() -> None:
    found = from_event(event("in", "7", "+390612345678", "anna", "allowed_not_screened"))
    assert found == Arrival("1.7", 7, "+390612345678", "+393331112222", AT, "anna")
    assert found.refuge == "centralino-backup-7"


def test_a_phone_dials() -> None:
    found = from_event(event("out", "7", "12", "*55"))
    assert found == Arrival("1.7", 7, "*55", "", AT, employee=12)
    assert found.refuge == "centralino-alone-7"


@pytest.mark.parametrize("shown", ["prohib", "prohib_not_screened", "unavailable"])
def test_a_withheld_number_is_not_told(shown: str) -> None:
    assert from_event(event("in", "7", "06123456", "", shown)).caller == ""


@pytest.mark.parametrize(
    ("to", "sip_to"),
    [
        ("", ""),
        ("06123456", ""),
        ("sip:06123456@192.0.2.1:5060", ""),
        ("101", "101"),
        ("sip:101@192.0.2.1:5060", "101"),
        ("sip:101:secret@pbx.example", "101"),
        ("tel:+390611", "+390611"),
        ("x" * 90, "x" * 64),
    ],
)
def test_the_user_part_of_to(to: str, sip_to: str) -> None:
    assert from_event(event("in", "7", "06123456", to, "allowed")).sip_to == sip_to


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["in"],
        ["in", "7"],
        ["in", "seven", "06123456", "", ""],
        ["in", "٧", "06123456", "", ""],
        ["in", "1234567890", "06123456", "", ""],
        ["in", "7", "anna", "", ""],
        ["out", "7", "", "101"],
        ["out", "7", "12", "101", "more"],
        ["leg", "token", "1"],
        ["snoop", "token"],
    ],
)
def test_what_is_no_call(words: list[str]) -> None:
    assert from_event(event(*words)) is None


def test_a_call_whose_event_was_missed() -> None:
    there = channel(
        creationtime="2026-11-23T05:59:25.975+0000",
        dialplan={"app_name": "Stasis", "app_data": "centralino-2,in,7,+390612345678,,allowed"},
    )
    assert from_channel(there) == Arrival("1.7", 7, "+390612345678", "+393331112222", AT)
    there["dialplan"]["app_name"] = "Dial"
    assert from_channel(there) is None


@pytest.mark.parametrize(
    ("text", "country", "first"),
    [
        ("+390612345678", "IT", "+390612345678"),
        ("00390612345678", "IT", "+390612345678"),
        ("390612345678", "IT", "+390612345678"),
        ("0612345678", "IT", "+390612345678"),
        ("3331112222", "IT", "+393331112222"),
        ("393331112222", "IT", "+393331112222"),
        ("02079460018", "GB", "+442079460018"),
        ("442079460018", "GB", "+442079460018"),
        ("2125550123", "US", "+12125550123"),
        ("12125550123", "US", "+12125550123"),
        ("+442079460018", "IT", "+442079460018"),
    ],
)
def test_numbers_as_providers_write_them(text: str, country: str, first: str) -> None:
    assert readings(text, country)[0] == first


@pytest.mark.parametrize("text", ["", "1", "anonymous", "+", "++39061234", "06 1234", "1" * 30])
def test_what_is_no_number(text: str) -> None:
    assert readings(text, "IT") == ()
