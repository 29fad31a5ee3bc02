"""Forwarding to the outside: one ring, and the call's outcome."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from core import api
from plugins.forward import plugin
from plugins.forward.schemas import ForwardSettings
from tests.support.calls import make_call


def test_rings_the_number_and_the_call_counts_as_forwarded():
    settings = SimpleNamespace(**ForwardSettings().load({"seconds": 20}))
    step = plugin.connect_call(make_call(), api.Destination.parse("number:+390687654321"), settings)
    assert step == api.Ring(
        (api.Phone("+390687654321"),),
        seconds=20,
        outcome=api.Outcome.FORWARDED,
        reason="forwarded to +390687654321",
    )


def shown(number, caller="+393331234567", kind=api.LineKind.RENTED, on=True):
    """Whether who is rung sees the caller's number."""
    settings = SimpleNamespace(**ForwardSettings().load({"show_caller": on}))
    line = api.Line(1, number, "", kind, "Europe/Rome")
    call = replace(make_call(), line=line, caller=caller)
    return plugin.connect_call(call, api.Destination.parse("number:+390687654321"), settings)


def test_the_callers_number_is_shown_where_it_may_be():
    assert shown("+390612345678").show_caller
    assert not shown("+390612345678", on=False).show_caller
    assert not shown("+39800123456").show_caller  # toll-free: always the rented number
    assert not shown("+390612345678", caller="").show_caller
    assert not shown("+390612345678", kind=api.LineKind.SIP_PBX).show_caller


def test_ring_time_is_limited():
    errors = ForwardSettings().validate({"seconds": 500})
    assert errors["seconds"] == ["500 is not between 5 and 120."]
