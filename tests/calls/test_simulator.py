"""The scripted caller: waits, hears sounds, ends somewhere, and depends on no other call (S3)."""

from __future__ import annotations

import pytest

from core.api import Gather, Ring, Say, Sip, Sound, TakeMessage, Wait, last_offers
from core.calls.script import PATIENCE_SECONDS
from tests.calls.plugins import Desk, Stager, phone

NUMBER = "+390612345678"
MUSIC = (Sound("sounds:waiting", "Waiting music"),)


def simulate(kit, *caller, **more):
    data = {"call": {"to": NUMBER, "from": "+393331234567"}, "caller": list(caller), **more}
    return kit.app.simulator().simulate(data, kit.clock())


def waits_then_rings(times):
    """A plugin that lets the caller wait so many times, then rings the desk."""

    def proceed(call, result, state):
        left = state.get("left", 0)
        if left:
            return Wait(MUSIC, seconds=10, state={"left": left - 1})
        return Ring((Sip("desk@pbx.example"),), 20) if str(result.kind) == "waited" else None

    return Stager(
        route=lambda call: Wait(MUSIC, seconds=10, state={"left": times - 1}), proceed=proceed
    )


def words(result):
    return [one["step"] for one in result["steps"]]


def test_a_scripted_wait_passes_while_the_caller_waits(install):
    kit = install(partner=waits_then_rings(3))
    kit.company("full")
    result = simulate(kit, {"wait": 30})
    assert words(result) == ["wait", "wait", "wait", "ring", "hangup"]
    assert result["steps"][0]["says"] == ["Waiting music"]
    assert result["steps"][0]["plays"] == ["sounds:waiting"]
    assert result["steps"][3]["at"][11:19] == "10:00:30"
    assert result["outcome"] == "answered"


def test_who_hangs_up_while_waiting_was_not_answered(install):
    kit = install(partner=waits_then_rings(3))
    kit.company("full")
    result = simulate(kit, {"wait": 10}, {"hangup": True})
    assert words(result) == ["wait", "wait"]
    assert result["steps"][-1]["result"] == "the caller hangs up"
    assert result["outcome"] == "abandoned"


def test_a_caller_whose_script_is_over_does_not_wait_for_ever(install):
    kit = install(partner=waits_then_rings(10_000))
    kit.company("full")
    result = simulate(kit)
    assert words(result) == ["wait"] * (PATIENCE_SECONDS // 10 + 1)
    assert result["outcome"] == "abandoned"
    assert len(simulate(kit, {"wait": 600})["steps"]) == (600 + PATIENCE_SECONDS) // 10 + 1


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        (Ring((Sip("desk@pbx.example"),), 20), "missed"),
        (TakeMessage((), recipient="queue:3"), "abandoned"),
        (Gather((Say("Dial."),)), "abandoned"),
    ],
)
def test_who_hangs_up_has_an_outcome_whatever_goes_on(install, step, outcome):
    """R9: before anybody was rung the call is abandoned, after that missed."""
    kit = install(partner=Stager(route=lambda call: step))
    kit.company("full")
    result = simulate(kit, {"hangup": True})
    assert (result["outcome"], words(result)) == (outcome, [step.word])
    assert result["steps"][0]["result"] == "the caller hangs up"


def test_it_says_where_a_call_ends(install):
    kit = install(partner=Stager(route=lambda call: TakeMessage((), recipient="queue:3")))
    kit.company("full")
    result = simulate(kit, {"say": 8})
    assert (result["outcome"], result["ends"]) == ("voicemail", "voicemail:queue:3")
    assert result["steps"][0]["for"] == "queue:3"
    silent = simulate(kit)
    assert (silent["outcome"], silent["ends"]) == ("missed", "")


def test_it_ends_with_the_one_who_answers(install):
    kit = install(desk=Desk(phone("+390699999999")))
    kit.company("full")
    assert simulate(kit)["ends"] == "number:+390699999999"
    busy = simulate(kit, numbers={"+390699999999": "busy"})
    assert (busy["outcome"], busy["ends"]) == ("missed", "")


def test_faults_of_plugins_are_told(install):
    def raises(call):
        raise ValueError("a mistake")

    kit = install(partner=Stager(route=raises))
    kit.company("full")
    assert simulate(kit)["faults"] == [["partner", "ValueError: a mistake"]]


def test_who_was_rung_by_live_calls_does_not_count(install):
    seen = []

    def route(call):
        seen.append((call.dry, last_offers(call, ["sip:desk@pbx.example"])))
        return Ring((Sip("desk@pbx.example"),), 20)

    kit = install(partner=Stager(route=route))
    company = kit.company("full")
    company.call()
    company.call("+393337654321")
    simulate(kit)
    assert [dry for dry, _ in seen] == [False, False, True]
    assert [bool(offers) for _, offers in seen] == [False, True, False]


def test_music_while_it_rings_is_told(install):
    ring = Ring((Sip("desk@pbx.example"),), 20, music=MUSIC)
    kit = install(partner=Stager(route=lambda call: ring))
    kit.company("full")
    (step, _) = simulate(kit)["steps"]
    assert step["music"] == ["Waiting music"]


@pytest.mark.parametrize(
    ("pressed", "finish_key", "told"),
    [
        ("102#", "#", "pressed 102"),
        ("12345", "#", "pressed 1234"),
        ("#", "#", "no-input"),
        ("#", "", "pressed #"),
    ],
)
def test_keys_are_taken_as_a_gateway_takes_them(install, pressed, finish_key, told):
    asks = Gather((Say("Dial."),), digits=4, finish_key=finish_key)
    kit = install(partner=Stager(route=lambda call: asks))
    kit.company("full")
    assert simulate(kit, {"press": pressed})["steps"][0]["result"] == told
