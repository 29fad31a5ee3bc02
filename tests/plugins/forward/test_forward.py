"""Forwarding to the outside: one ring, and the call's outcome."""

from __future__ import annotations

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


def test_ring_time_is_limited():
    errors = ForwardSettings().validate({"seconds": 500})
    assert errors["seconds"] == ["500 is not between 5 and 120."]
