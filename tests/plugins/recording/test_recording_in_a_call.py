"""Recording in calls that go through the engine."""

import pytest

from core.api import Sound
from plugins.crm.models import ContactRow
from plugins.melodies.texts import TEXTS

NOTICE = TEXTS["en"]["notice"]


@pytest.fixture
def company(centralino):
    company = centralino.company(plan="free")
    anna = company.employee("101")
    ContactRow.create(
        account=company.account,
        name="Carlo",
        numbers=["+393331234567"],
        responsible=anna,
        created_at=centralino.clock(),
    )
    return company


def test_a_number_that_does_not_record_rings_without_a_word(company):
    call = company.call()
    assert (call.order.record, call.says) == (False, [])


def test_the_notice_comes_right_before_the_first_person(company):
    company.profile("recording", record_all=True)
    call = company.call()
    assert (call.order.record, call.says) == (True, [NOTICE])
    assert call.rings


@pytest.mark.parametrize(("plan", "dual_channel"), [("free", False), ("basic", True)])
def test_two_channels_are_for_plans_that_have_them(company, plan, dual_channel):
    company.account.plan = plan
    company.account.save()
    company.profile("recording", record_all=True, dual_channel=True)
    order = company.call().order
    assert (order.record, order.dual_channel) == (True, dual_channel)


@pytest.mark.parametrize("consent", ["opt-out", "opt-in"])
def test_the_caller_is_asked_in_the_language_of_the_company_from_a_ready_file(company, consent):
    """Also on a PBX without a voice of its own."""
    company.account.language = "de"
    company.account.save()
    company.profile("recording", record_all=True, consent=consent)
    (asked,) = company.call().step.prompts
    assert isinstance(asked, Sound)
    assert asked.key == f"melodies:ready/de/notice-{consent}"
    assert asked.text.endswith("drücken Sie die Taste eins.")


@pytest.mark.parametrize(
    ("consent", "key", "recorded"),
    [
        ("opt-in", "1", True),
        ("opt-in", "2", False),
        ("opt-out", "1", False),
        ("opt-out", "2", True),
    ],
)
def test_the_caller_decides_by_a_key(company, consent, key, recorded):
    company.profile("recording", record_all=True, consent=consent)
    call = company.call()
    assert not call.rings
    call.press(key)
    assert call.rings
    assert call.order.record is recorded


def test_silence_refuses_where_agreement_is_asked_for(company):
    company.profile("recording", record_all=True, consent="opt-in")
    call = company.call()
    call.silence()
    assert call.rings
    assert call.order.record is False
