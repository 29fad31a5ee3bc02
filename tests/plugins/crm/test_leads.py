"""C2: leads for callers nobody knows."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from core.api import Client, Outcome, Talk
from plugins.crm.leads import check_owner, excepted, note_end, read_patterns
from plugins.crm.models import ContactRow, LeadRow, PhoneRow
from plugins.crm.schemas import CrmSettings
from tests.support.calls import NOON
from tests.support.tables import Company

NUMBER = "+393331234567"


def leads(company):
    return list(LeadRow.of(company.row).order_by(LeadRow.id))


def titles(company):
    return [lead.title for lead in leads(company)]


@pytest.mark.parametrize(
    ("outcome", "title"),
    [
        (Outcome.ANSWERED, "Answered call from +393331234567"),
        (Outcome.MISSED, "Missed call from +393331234567"),
        (Outcome.VOICEMAIL, "Voicemail from +393331234567"),
        (Outcome.FORWARDED, "Forwarded call from +393331234567"),
        (Outcome.CLOSED, "Call outside working hours from +393331234567"),
        (Outcome.ABANDONED, "Abandoned call from +393331234567"),
    ],
)
def test_an_unknown_caller_becomes_a_lead_titled_by_the_outcome(company, settings, outcome, title):
    call = company.call(outcome=outcome)
    note_end(call, settings())
    (lead,) = leads(company)
    assert (lead.title, lead.number, lead.status) == (title, NUMBER, "open")
    assert (lead.call_id, lead.created_at) == (call.id, NOON)


def test_a_rejected_call_is_no_lead(company, settings):
    note_end(company.call(outcome=Outcome.REJECTED), settings())
    assert leads(company) == []


def test_a_withheld_number_is_no_lead(company, settings):
    note_end(company.call("", outcome=Outcome.MISSED), settings())
    assert leads(company) == []


@pytest.mark.parametrize("mode", ["offered", "off"])
def test_only_the_automatic_mode_creates_leads_by_itself(company, settings, mode):
    note_end(company.call(outcome=Outcome.MISSED), settings(leads=mode))
    assert leads(company) == []


def test_a_known_client_is_no_lead_whichever_plugin_knows_them(company, settings):
    client = Client("partner", "lead:9", "Carla")
    note_end(company.call(outcome=Outcome.MISSED, client=client), settings())
    assert leads(company) == []


def test_a_contact_that_the_lookup_missed_is_found_at_the_end(company, settings):
    contact = ContactRow.create(account=company.row, name="Carlo", created_at=NOON)
    PhoneRow.create(account=company.row, number=NUMBER, contact=contact)
    note_end(company.call(outcome=Outcome.MISSED), settings())
    assert leads(company) == []


def test_an_exception_never_becomes_a_lead(company, settings):
    note_end(company.call(outcome=Outcome.MISSED), settings(lead_exceptions="+39 333*"))
    assert leads(company) == []


def test_the_open_leads_title_follows_the_last_call(company, settings):
    note_end(company.call(outcome=Outcome.MISSED), settings())
    note_end(company.call(outcome=Outcome.ANSWERED), settings())
    assert titles(company) == ["Answered call from +393331234567"]


def test_an_identified_lead_is_retitled_too(company, settings):
    note_end(company.call(outcome=Outcome.MISSED), settings())
    lead = Client("crm", f"lead:{leads(company)[0].id}", NUMBER)
    note_end(company.call(outcome=Outcome.VOICEMAIL, client=lead), settings())
    assert titles(company) == ["Voicemail from +393331234567"]


def test_a_title_that_somebody_gave_stays(company, settings):
    note_end(company.call(outcome=Outcome.MISSED), settings())
    LeadRow.update(title="Wants a kitchen").execute()
    note_end(company.call(outcome=Outcome.ANSWERED), settings())
    assert titles(company) == ["Wants a kitchen"]


def test_a_closed_lead_makes_room_for_a_new_one(company, settings):
    note_end(company.call(outcome=Outcome.MISSED), settings())
    LeadRow.update(status="lost").execute()
    note_end(company.call(outcome=Outcome.ANSWERED), settings())
    assert titles(company) == ["Missed call from +393331234567", "Answered call from +393331234567"]


def test_the_same_caller_may_be_a_lead_of_two_accounts(company, settings):
    other = Company("Bianchi", "+390687654321")
    for one in (company, other):
        note_end(one.call(outcome=Outcome.MISSED), settings())
    assert (len(leads(company)), len(leads(other))) == (1, 1)


def test_the_lead_belongs_to_who_talked(company, settings):
    talk = Talk(company.bruno.id, "employee:2", 30, False)
    wanted = settings(lead_responsible=company.anna.id)
    note_end(company.call(outcome=Outcome.ANSWERED, talk=talk), wanted)
    assert leads(company)[0].responsible == company.bruno


def test_a_missed_callers_lead_belongs_to_the_employee_of_the_settings(company, settings):
    note_end(company.call(outcome=Outcome.MISSED), settings(lead_responsible=company.anna.id))
    assert leads(company)[0].responsible == company.anna


def test_an_employee_of_another_account_never_gets_a_lead(company, settings):
    stranger = Company("Bianchi", "+390687654321").anna.id
    wanted = settings(lead_responsible=stranger)
    note_end(company.call(outcome=Outcome.MISSED), wanted)
    assert leads(company)[0].responsible is None
    (problem,) = check_owner(company.account, wanted)
    assert problem.sentence == f"There is no employee {stranger}; choose another one."


def test_an_owner_that_exists_is_no_problem(company, settings):
    assert check_owner(company.account, settings(lead_responsible=company.anna.id)) == []


def test_leads_older_than_the_call_keep_their_age(company, settings):
    note_end(company.call(outcome=Outcome.MISSED), settings())
    note_end(company.call(outcome=Outcome.MISSED, at=NOON + timedelta(days=2)), settings())
    assert [lead.created_at for lead in leads(company)] == [NOON]


@pytest.mark.parametrize(
    ("patterns", "number", "is_excepted"),
    [
        ("+39333*", NUMBER, True),
        ("+39 (333) 123-45.67", NUMBER, True),
        ("+3933312345??", NUMBER, True),
        ("+3933312345?", NUMBER, False),
        ("+49*\n+39333*", NUMBER, True),
        ("+49*, +44*", NUMBER, False),
        ("", NUMBER, False),
        ("+333*", NUMBER, False),
    ],
)
def test_exceptions_are_patterns_on_whole_numbers(patterns, number, is_excepted):
    assert excepted(number, read_patterns(patterns)) is is_excepted


@pytest.mark.parametrize("typed", ["39333*", "*", "+*", "+39[3]", "+39abc", "++39"])
def test_a_pattern_without_meaning_is_refused_with_the_word_typed(typed):
    with pytest.raises(ValidationError) as refused:
        CrmSettings().load({"lead_exceptions": f"+4412*\n{typed}"})
    (sentence,) = refused.value.messages["lead_exceptions"]
    assert repr(typed) in sentence


@given(st.from_regex(r"\+[1-9][0-9]{5,14}", fullmatch=True), st.integers(1, 6))
def test_a_number_and_every_beginning_of_it_except_it(number, length):
    assert excepted(number, [number])
    assert excepted(number, [number[: 1 + length] + "*"])
    assert not excepted(number, [number + "?"])
