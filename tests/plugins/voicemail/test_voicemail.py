"""Taking a message, on plain data."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core import api
from plugins.voicemail import plugin
from plugins.voicemail.schemas import VoicemailSettings
from tests.support.calls import make_account, make_employee


def settings(**typed):
    return SimpleNamespace(**VoicemailSettings().load(typed))


@pytest.mark.parametrize("recipient", ["", "employee:17", "queue:3"])
def test_takes_a_message_for_the_recipient(recipient):
    destination = api.Destination("voicemail", recipient)
    step = plugin.connect_call(destination, settings(prompt="Speak.", max_seconds=60))
    assert isinstance(step, api.TakeMessage)
    assert (step.prompts, step.max_seconds) == ((api.Say("Speak."),), 60)
    assert step.recipient == recipient
    assert api.Destination.parse(str(destination)) == destination


def test_thanks_for_a_message():
    result = api.Result(api.ResultKind.MESSAGE, seconds=12)
    step = plugin.continue_call(result, settings(thanks="Thanks."))
    assert isinstance(step, api.Hangup)
    assert step.prompts == (api.Say("Thanks."),)
    assert step.outcome is None
    assert plugin.continue_call(result, settings(thanks=" ")).prompts == ()


def test_the_standard_thanks_are_a_ready_sentence():
    result = api.Result(api.ResultKind.MESSAGE, seconds=12)
    (tone,) = plugin.continue_call(result, settings()).prompts
    assert tone == api.Tone("message-thanks", "Thank you for your message. Goodbye.")


def test_silence_is_no_message():
    result = api.Result(api.ResultKind.MESSAGE, seconds=0)
    step = plugin.continue_call(result, settings(thanks="Thanks."))
    assert isinstance(step, api.Hangup)
    assert step.prompts == ()


def test_offers_the_company_s_and_every_employee_s(monkeypatch):
    monkeypatch.setattr(api, "employees", lambda account: {1: make_employee(1, name="Anna")})
    values = [offer.value for offer in plugin.offer_destinations(make_account())]
    assert values == ["voicemail", "voicemail:employee:1"]


def test_without_a_text_the_prompt_is_the_numbers_melody():
    step = plugin.connect_call(api.Destination("voicemail"), settings(prompt=" "))
    (tone,) = step.prompts
    assert isinstance(tone, api.Tone)
    assert (tone.name, "after the tone" in tone.text) == ("voicemail", True)
