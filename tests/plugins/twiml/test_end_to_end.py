"""Signed webhooks through the real engine and database: the gateway and the engine together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core import registry as registries
from core.api import (
    Gather,
    Hangup,
    Phone,
    Play,
    Plugin,
    Ring,
    Say,
    Sip,
    Stage,
    TakeMessage,
    hookimpl,
)
from core.testing import Company, Kit, close_kit, open_kit
from core.web.host import attach
from core.web.webhooks import build_webhooks
from tests.plugins.twiml.client import Provider

CALLER = "+393331234567"
PLANS = "schema: 1\nplans:\n  full:\n    title: Full\n    features: {}\n"
MENU = Gather(prompts=(Say("Press 1, 2 or 3."),), state={"menu": 1})
ANNA, BRUNO = Sip("anna@pbx.example", 1), Phone("+393330000002", 2, confirm=True)


class Reception:
    """A plugin with one menu: 1 rings two people, 2 takes a message, 3 plays something."""

    @hookimpl
    def register_plugin(self) -> Plugin:
        stages = (Stage("reception", "Reception", 10),)
        return Plugin("reception", "Reception", stages=stages, on_by_default=True)

    @hookimpl
    def route_call(self) -> Any:
        return MENU

    @hookimpl
    def continue_call(self, result: Any, state: Any) -> Any:
        if state.get("menu"):
            return {
                "1": Ring(targets=(ANNA, BRUNO)),
                "2": TakeMessage(prompts=(Say("Speak after the tone."),)),
                "3": Play(prompts=(Say("We are open from nine."),), state={"said": 1}),
            }.get(result.digits, MENU)
        return Hangup(prompts=(Say("Goodbye."),))


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Kit]:
    """An installation with the gateway and the reception."""
    plans = tmp_path / "plans.yaml"
    plans.write_text(PLANS)
    registry = registries.load(names=("twiml",), extra={"reception": Reception()})
    kit = open_kit(tmp_path, registry, plans=plans)
    yield kit
    close_kit(kit)


@pytest.fixture
def company(kit: Kit) -> Company:
    """Whose number is called."""
    return rent(kit, "+390612345678")


@pytest.fixture
def provider(kit: Kit, company: Company) -> Provider:
    """Twilio, calling the company's number."""
    return Provider(serve(kit), company.gateway)


def rent(kit: Kit, number: str) -> Company:
    """A company with a number and two people. The connection goes back, as a request takes its
    own."""
    company = kit.company(plan="full", number=number)
    company.employee("101")
    company.employee("102")
    kit.app.store.close()
    return company


def serve(kit: Kit) -> Any:
    """A new application on the installation's database, as another process would have it."""
    app = build_webhooks(kit.app, kit.app.registry)
    attach(app, kit.app, kit.clock)
    return app.test_client()


def stored(kit: Kit, sql: str) -> Any:
    with kit.app.store.connection():
        return kit.app.store.row(sql)


def test_an_answered_call(kit, company, provider) -> None:
    menu = provider.arrive(company.line.number, CALLER)
    assert menu.says == ["Press 1, 2 or 3."]
    ringing = provider.press(menu, "1")
    assert ringing.rung == ["sip:anna@pbx.example", BRUNO.number]
    kit.clock.forward(seconds=5)
    assert provider.answer(ringing, 0) is None
    kit.clock.forward(seconds=60)
    provider.dial_result(ringing, "completed", seconds=60, hung_up=True)
    assert provider.leg(ringing, "completed", 0).status == 204
    assert provider.leg(ringing, "canceled", 1).status == 204
    assert provider.status("completed").status == 204
    assert stored(kit, "SELECT outcome, talk_seconds FROM calls") == ("answered", 60)


def test_a_voicemail_box_at_the_mobile_has_not_answered(kit, company, provider) -> None:
    ringing = provider.press(provider.arrive(company.line.number, CALLER), "1")
    whisper = provider.answer(ringing, 1)
    assert provider.no_input(whisper).verbs == ["Hangup"]
    bye = provider.dial_result(ringing, "completed", seconds=9, bridged=False)
    assert bye.says == ["Goodbye."]
    provider.status("completed")
    assert stored(kit, "SELECT outcome FROM calls") == ("missed",)


def test_pressing_one_on_the_mobile_is_an_answer(kit, company, provider) -> None:
    ringing = provider.press(provider.arrive(company.line.number, CALLER), "1")
    assert provider.press(provider.answer(ringing, 1), "1").verbs == []
    provider.dial_result(ringing, "completed", seconds=30, hung_up=True)
    assert stored(kit, "SELECT outcome, talk_seconds FROM calls") == ("answered", 30)


def test_a_message(kit, company, provider) -> None:
    prompt = provider.press(provider.arrive(company.line.number, CALLER), "2")
    provider.message(prompt, seconds=8)
    provider.recording(prompt, seconds=8)
    provider.status("completed")
    assert stored(kit, "SELECT outcome FROM calls") == ("voicemail",)
    assert stored(kit, "SELECT kind, status, seconds FROM recordings") == (
        "message",
        "announced",
        8,
    )


def test_a_caller_who_gives_up_in_the_menu(kit, company, provider) -> None:
    menu = provider.arrive(company.line.number, CALLER)
    provider.no_input(menu, CallStatus="completed")
    provider.status("completed")
    assert stored(kit, "SELECT outcome FROM calls") == ("abandoned",)


def test_the_end_before_the_last_result(kit, company, provider) -> None:
    menu = provider.arrive(company.line.number, CALLER)
    assert provider.status("completed").status == 204
    assert provider.press(menu, "1", CallStatus="completed").verbs[-1] == "Hangup"
    assert provider.status("completed").status == 204
    assert stored(kit, "SELECT count(*), min(outcome) FROM calls") == (1, "abandoned")


def test_any_process_takes_the_next_event_and_repeats_the_last(kit, company, provider) -> None:
    menu = provider.arrive(company.line.number, CALLER)
    provider.app = serve(kit)
    assert provider.arrive(company.line.number, CALLER, ref=provider.ref).text == menu.text
    said = provider.press(menu, "3")
    provider.app = serve(kit)
    assert provider.press(menu, "3").text == said.text
    assert provider.press(menu, "1").text == said.text  # the first answer counts
    assert provider.played(said).says == ["Goodbye."]
    assert stored(kit, "SELECT count(*) FROM calls") == (1,)


def test_the_end_of_a_call_that_is_not_known_yet_may_be_told_again(kit, company, provider) -> None:
    provider.ref = "CA" + "9" * 32
    assert provider.status("no-answer").status == 404


def test_another_accounts_number_is_not_reached_through_this_gateway(kit, company, provider):
    rent(kit, "+390687654321")
    refused = provider.arrive("+390687654321", CALLER)
    assert refused.verbs == ["Say", "Hangup"]
    assert stored(kit, "SELECT count(*) FROM calls") == (0,)


def test_a_token_is_worth_nothing_at_another_gateway(kit, company, provider) -> None:
    menu = provider.arrive(company.line.number, CALLER)
    other = rent(kit, "+390687654321")
    thief = Provider(serve(kit), other.gateway)
    theirs = menu.action.replace(f"/twiml/{company.gateway.id}/", f"/twiml/{other.gateway.id}/")
    thief.ref = provider.ref
    assert thief.post(theirs, thief.fields(Digits="1")).status == 404


def test_wrong_methods_and_addresses_in_the_real_application(kit, company, provider) -> None:
    url = provider.url("voice")
    reply = provider.send("GET", url, b"", "", {})
    assert (reply.status, reply.headers["Allow"]) == (405, "POST")
    assert provider.post(provider.url("elsewhere"), provider.fields()).status == 404
    assert provider.send("POST", url, b"{}", "application/json", {}).status == 415
    assert provider.send("POST", url, b"a=b", "application/x-www-form-urlencoded", {}).status == 403
