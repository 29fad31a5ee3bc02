"""SIP To, greeting, extension dialling, ringing one employee (R1-R3), on plain data."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core import api
from core.api import Result, ResultKind, RingOutcome
from core.store.lines import LineProfile
from plugins.extension import plugin, service
from plugins.extension.schemas import ExtensionSettings
from tests.support.calls import make_account, make_call, make_employee, make_line
from tests.support.tables import Company, tables

MOBILE = "+393471111111"
OTHER = "+390622222222"
ANNA = make_employee(1, name="Anna", mobile=MOBILE, other_number=OTHER)
BRUNO = make_employee(2, name="Bruno", sip="", mobile="+393472222222")
CARLA = make_employee(3, name="Carla", available=False, mobile="+393473333333")
PBX = make_line(kind=api.LineKind.SIP_PBX)


@pytest.fixture(autouse=True)
def _directory(monkeypatch):
    people = {one.id: one for one in (ANNA, BRUNO, CARLA)}
    monkeypatch.setattr(api, "employees", lambda account: people)


def settings(**typed):
    return SimpleNamespace(**ExtensionSettings().load(typed))


def rang(ring):
    return Result(ResultKind.RANG, ring=ring)


def after(call, step, result, chosen):
    """What the plugin says when its step has ended."""
    return plugin.continue_call(call, result, step.state, chosen)


# --- R1 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialled", ["101", "+390612345678;101", "0612345678#101"])
def test_sip_to_rings_the_employee_the_pbx_has_chosen(dialled):
    call = make_call(line=PBX, sip_to=dialled)
    step = plugin.route_call(call, "sip-to", settings())
    assert step.targets == (api.Sip(ANNA.sip, 1),)


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"sip_to": "999"}, "SIP To '999' is no employee's extension: routing continues"),
        ({"sip_to": "103"}, "Carla is not rung: not available"),
        ({"sip_to": "101", "busy": frozenset({1})}, "Anna is not rung: busy"),
    ],
)
def test_sip_to_that_leads_nowhere_falls_through_and_says_so(changes, note):
    call = make_call(line=PBX, **changes)
    assert plugin.route_call(call, "sip-to", settings()) is None
    assert call.notes == [note]


def test_sip_to_is_for_sip_pbx_lines_and_can_be_switched_off():
    rented = make_call(sip_to="101")
    assert plugin.route_call(rented, "sip-to", settings()) is None
    pbx = make_call(line=PBX, sip_to="101")
    assert plugin.route_call(pbx, "sip-to", settings(sip_to=False)) is None
    assert rented.notes == pbx.notes == []


# --- R2, R3 -------------------------------------------------------------------------------------


def test_no_greeting_by_default():
    assert plugin.route_call(make_call(), "greeting", settings()) is None


def test_a_greeting_without_extension_dialling_is_played_and_routing_continues():
    chosen = settings(greeting=True, greeting_text="Hello.")
    call = make_call()
    step = plugin.route_call(call, "greeting", chosen)
    assert isinstance(step, api.Play)
    assert step.prompts == (api.Say("Hello."),)
    assert after(call, step, Result(ResultKind.PLAYED), chosen) is None


def dial(digits, call=None, **typed):
    """Dial during the greeting; returns the call, the settings and the next step."""
    call = call or make_call()
    chosen = settings(greeting=True, dial_extension=True, **typed)
    step = plugin.route_call(call, "greeting", chosen)
    assert isinstance(step, api.Gather)
    assert step.digits == 4
    return call, chosen, after(call, step, Result(ResultKind.DIGITS, digits=digits), chosen)


def test_the_dialled_employee_is_rung():
    _, _, step = dial("101", seconds=15)
    assert step.targets == (api.Sip(ANNA.sip, 1),)
    assert step.seconds == 15


def test_nothing_dialled_continues():
    call, chosen, _ = dial("101")
    greeting = plugin.route_call(call, "greeting", chosen)
    assert after(call, greeting, Result(ResultKind.NO_INPUT), chosen) is None


def test_what_no_employee_has_may_be_a_group():
    call, chosen, step = dial("200")
    assert step.destination == api.Destination("queue-extension", "200")
    assert after(call, step, Result(ResultKind.NOT_CONNECTED), chosen) is None
    nowhere = Result(ResultKind.NOT_CONNECTED, nowhere=True)
    assert after(call, step, nowhere, chosen) == api.Nowhere()


@pytest.mark.parametrize("digits", ["101", "200"])
def test_an_excluded_extension_is_as_if_it_did_not_exist(digits):
    _, _, step = dial(digits, excluded=["101", "200"])
    assert step == api.Nowhere(reason=f"extension {digits} is excluded")


def test_no_answer_continue_routing():
    call, chosen, step = dial("101")
    assert after(call, step, rang(RingOutcome.NO_ANSWER), chosen) is None


def test_no_answer_voicemail():
    call, chosen, step = dial("101", no_answer="voicemail")
    step = after(call, step, rang(RingOutcome.NO_ANSWER), chosen)
    assert step.destination == api.Destination("voicemail", "employee:1")
    assert after(call, step, Result(ResultKind.NOT_CONNECTED), chosen) is None


def test_no_answer_own_phones_mobile_first_each_with_press_1():
    call, chosen, step = dial("101", no_answer="phone")
    step = after(call, step, rang(RingOutcome.NO_ANSWER), chosen)
    assert step.targets == (api.Phone(MOBILE, 1, confirm=True),)
    step = after(call, step, rang(RingOutcome.NO_ANSWER), chosen)
    assert step.targets == (api.Phone(OTHER, 1, confirm=True),)
    assert after(call, step, rang(RingOutcome.FAILED), chosen) is None


def test_a_mobile_that_was_rung_as_the_phone_is_not_rung_again():
    call, chosen, step = dial("102", no_answer="phone")
    assert step.targets == (api.Phone(BRUNO.mobile, 2, confirm=True),)
    assert after(call, step, rang(RingOutcome.NO_ANSWER), chosen) is None


@pytest.mark.parametrize("how", [RingOutcome.DECLINED, RingOutcome.BUSY])
def test_who_declined_on_one_phone_is_not_rung_on_another(how):
    call, chosen, step = dial("101", no_answer="phone")
    step = after(call, step, rang(RingOutcome.NO_ANSWER), chosen)
    refused = make_call(refused=frozenset({step.targets[0].key}))
    assert after(refused, step, rang(how), chosen) is None
    assert refused.notes == ["Anna's own phones are not rung: refused this call"]


@pytest.mark.parametrize("target", ["employee:1", "phone:1"])
def test_who_refused_the_call_is_not_rung_again_for_it(target):
    """mikopbx/Core#1043: as responsible, by a key, by an extension, on own phones: never again."""
    call = make_call(refused=frozenset({"employee:1"}))
    assert plugin.connect_call(call, api.Destination.parse(target), settings()) is None
    assert "refused this call" in call.notes[0]


def test_who_is_absent_is_rung_nowhere():
    call = make_call(absent=lambda employee: "on a break: lunch")
    for target in ("employee:1", "phone:1"):
        assert plugin.connect_call(call, api.Destination.parse(target), settings()) is None
    assert call.notes == [
        "Anna is not rung: on a break: lunch",
        "Anna's own phones are not rung: on a break: lunch",
    ]


def test_a_dialled_employee_who_is_off_gets_the_no_answer_rule():
    _, _, step = dial("103", no_answer="voicemail")
    assert step.destination == api.Destination("voicemail", "employee:3")
    call, _, step = dial("103", no_answer="phone")
    assert step is None
    assert call.notes[-1] == "Carla's own phones are not rung: not available"


def test_an_employee_deleted_while_ringing_ends_the_search(monkeypatch):
    call, chosen, step = dial("101", no_answer="voicemail")
    monkeypatch.setattr(api, "employees", lambda account: {})
    assert after(call, step, rang(RingOutcome.NO_ANSWER), chosen) is None


# --- Destinations ---


def test_an_employee_is_rung_for_another_plugin_which_keeps_the_no_answer_rule():
    call, chosen = make_call(), settings(no_answer="voicemail")
    step = plugin.connect_call(call, api.Destination("employee", "1"), chosen)
    assert step.targets == (api.Sip(ANNA.sip, 1),)
    assert after(call, step, rang(RingOutcome.NO_ANSWER), chosen) is None


def test_own_phones_for_another_plugin():
    call = make_call()
    step = plugin.connect_call(call, api.Destination("phone", "1"), settings())
    assert step.targets == (api.Phone(MOBILE, 1, confirm=True),)
    step = after(call, step, rang(RingOutcome.NO_ANSWER), settings())
    assert step.targets == (api.Phone(OTHER, 1, confirm=True),)


def test_an_extension_dialled_in_another_plugin():
    call = make_call()
    step = plugin.connect_call(call, api.Destination("extension", "101"), settings())
    assert step.targets == (api.Sip(ANNA.sip, 1),)
    step = plugin.connect_call(call, api.Destination("extension", "200"), settings())
    assert step.destination == api.Destination("queue-extension", "200")


@pytest.mark.parametrize("target", ["employee:99", "phone:99", "employee:x", "employee:3"])
def test_who_cannot_be_rung_is_named_in_the_trace(target):
    call = make_call()
    assert plugin.connect_call(call, api.Destination.parse(target), settings()) is None
    assert len(call.notes) == 1


def test_extension_of_a_dial_string():
    assert service.extension_in("+390612345678;101") == "101"
    assert service.extension_in("+390612345678#101") == "101"
    assert service.extension_in("101") == "101"
    assert service.extension_in("101;phone-context=office") == "101"
    assert service.extension_in("reception") == "reception"


# --- Admin ---


def test_offers_every_employee_and_the_phones_of_those_who_have_some():
    offers = {offer.value: offer for offer in plugin.offer_destinations(make_account())}
    assert offers["employee:1"].extension == "101"
    assert {"employee:3", "phone:1", "phone:2", "phone:3"} <= offers.keys()


def test_extension_dialling_needs_the_greeting():
    (problem,) = plugin.check_settings(settings(dial_extension=True))
    assert (problem.field, problem.warning) == ("dial_extension", False)
    assert plugin.check_settings(settings(dial_extension=True, greeting=True)) == []


@pytest.mark.parametrize("typed", ["", " \n"])
def test_a_greeting_without_words_is_the_numbers_melody(typed):
    chosen = settings(greeting=True, greeting_text=typed)
    step = plugin.route_call(make_call(), "greeting", chosen)
    assert step.prompts == (api.Tone("greeting", "Welcome. Thank you for calling."),)
    assert plugin.check_settings(chosen) == []


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("excluded", ["12345"], "'12345' is no extension: use 1 to 4 digits."),
        ("seconds", 3, "3 is not between 5 and 120."),
        ("no_answer", "cake", "'cake' is none of: continue, phone, voicemail."),
    ],
)
def test_refused_settings_say_what_to_change(field, typed, sentence):
    errors = ExtensionSettings().validate({field: typed})
    assert sentence in str(errors[field])


def test_the_demo_company_greets_its_callers(tmp_path):
    with tables(f"sqlite:///{tmp_path}/db.sqlite", ()):
        company = Company()
        plugin.demo_company_created(company.account, SimpleNamespace(rented=[company.line_row]))
        profile = LineProfile.get()
        assert profile.line == company.line_row
        assert plugin.check_settings(settings(**profile.stored)) == []
        assert "Welcome to Rossi" in profile.stored["greeting_text"]
