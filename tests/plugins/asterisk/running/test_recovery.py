"""What is done with what is found at Asterisk and in the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from core.api import OpenCall
from plugins.asterisk.running.recovery import Facts, ended, plan

A, B, C = "A" * 24, "B" * 24, "C" * 24


def call(token: str, channel: str) -> OpenCall:
    return OpenCall(1, 7, f"one/{channel}", token, 1, "play", "{}", 0, None, None)


def channel(id: str, app_data: str = "", app_name: str = "Stasis") -> dict[str, Any]:
    return {
        "id": id,
        "caller": {"number": "+393331112222"},
        "creationtime": "2026-11-23T05:59:25.975+0000",
        "dialplan": {"app_name": app_name, "app_data": app_data, "exten": "s"},
    }


def facts(*channels: dict[str, Any], **more: Any) -> Facts:
    values = {"ours": {one["id"] for one in channels}, "bridges": [], "calls": {}} | more
    return Facts(list(channels), **values)


def empty(found: Any, *but: str) -> bool:
    return not any(getattr(found, name) for name in found.__slots__ if name not in but)


def test_nothing_is_nothing_to_do() -> None:
    assert empty(plan(facts()))


def test_a_call_goes_on() -> None:
    found = plan(facts(channel("1.7", "centralino-1,in,7,061,,"), calls={"1.7": call(A, "1.7")}))
    assert found.resume == ["1.7"]
    assert empty(found, "resume")


def test_its_phones_and_snoops_are_left_to_it() -> None:
    found = plan(
        facts(
            channel("1.7"), channel(f"{A}.1"), channel(f"{A}.3.in"), calls={"1.7": call(A, "1.7")}
        )
    )
    assert found.resume == ["1.7"]
    assert empty(found, "resume")


def test_a_call_that_is_in_hand_is_left_alone() -> None:
    known = {"1.7", A}
    assert empty(plan(facts(channel("1.7"), calls={"1.7": call(A, "1.7")}, known=known)))
    assert empty(plan(facts(calls={"1.7": call(A, "1.7")}, known=known)))
    assert empty(plan(facts(channel("1.8", "centralino-1,in,7,061,,"), known={"1.8"})))


def test_a_caller_who_has_gone() -> None:
    found = plan(facts(calls={"1.7": call(A, "1.7"), "1.8": call(B, "1.8")}), "1.8".__eq__)
    assert found.gone == ["1.8"]
    assert empty(found, "gone")


def test_a_caller_who_has_gone_and_left_others_talking() -> None:
    calls = {"1.7": call(A, "1.7")}
    found = plan(facts(channel(f"{A}.1"), channel(f"{A}.2"), calls=calls))
    assert found.resume == ["1.7"]
    assert empty(found, "resume")
    assert empty(plan(facts(channel(f"{A}.1"), calls=calls, ours=())))


def test_a_caller_whom_the_dialplan_has_or_another_slot() -> None:
    found = plan(facts(channel("1.7", "", "Dial"), ours=(), calls={"1.7": call(A, "1.7")}))
    assert empty(found)


def test_a_call_that_nobody_told_the_engine_of() -> None:
    found = plan(facts(channel("1.7", "centralino-1,in,7,+390612345678,,allowed")))
    assert [one.dialled for one in found.arrive] == ["+390612345678"]
    assert empty(found, "arrive")


def test_phones_and_snoops_of_a_call_that_is_over() -> None:
    found = plan(facts(channel(f"{C}.1", "(Outgoing Line)", "AppDial2"), channel(f"{C}.2.in")))
    assert found.strays == [f"{C}.1", f"{C}.2.in"]
    assert empty(found, "strays")


def test_a_channel_of_another_application_is_none_of_ours() -> None:
    assert empty(plan(facts(channel("1.7", "other"), ours=())))


def test_who_was_handed_over_to_another_call_stays_there() -> None:
    bridges = [{"id": A, "channels": ["1.7", f"{C}.1"]}]
    found = plan(
        facts(channel("1.7"), channel(f"{C}.1"), bridges=bridges, calls={"1.7": call(A, "1.7")})
    )
    assert found.guests == {A: [f"{C}.1"]}
    assert empty(found, "resume", "guests")


def test_bridges_of_nobody() -> None:
    bridges = [
        {"id": A, "channels": []},
        {"id": B, "channels": []},
        {"id": C, "channels": [f"{C}.1"]},
        {"id": "cb7a9c3f-5bd6-4b5b-9d8c-5e4e6d7f8a90", "channels": []},
    ]
    found = plan(facts(channel("1.7"), bridges=bridges, calls={"1.7": call(A, "1.7")}))
    assert found.bridges == [B]


NOON, LATER = (datetime(2026, 11, 23, hour, tzinfo=UTC) for hour in (12, 13))

ENDS = [(None, None, None), (NOON, None, NOON), (LATER, NOON, LATER), (NOON, LATER, LATER)]
"""Since when nobody listened, when somebody answered, when the call has ended."""


@pytest.mark.parametrize(("quiet_since", "answered_at", "at"), ENDS)
def test_what_nobody_heard_of_a_talk_is_not_counted(quiet_since, answered_at, at) -> None:
    assert ended(replace(call(A, "1.7"), answered_at=answered_at), quiet_since) == at
