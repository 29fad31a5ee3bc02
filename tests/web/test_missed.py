"""Who missed a call is said in the list, on its page, on one's own page and by the API (R9)."""

from __future__ import annotations

import pytest

from core.store.people import EmployeeRow, UserRow
from plugins.crm.models import ContactRow
from plugins.queue.models import GroupRow, MemberRow
from tests.web.conftest import PLANS

CALLER = "+393331234567"


@pytest.fixture
def plans(tmp_path):
    """The plans of the other pages' tests, with groups that have members."""
    path = tmp_path / "plans.yaml"
    path.write_text(
        PLANS.replace("queue.max_groups: 1", "queue.max_groups: 1\n      queue.max_members: 9")
    )
    return path


@pytest.fixture
def company(site):
    """A number whose group Sales has Anna and Bruno; nobody answers."""
    company = site.company
    site.anna.sip = "anna@pbx.example"
    site.anna.user = UserRow.get(UserRow.email == "aldo@example.com")
    site.anna.save()
    company.bruno = EmployeeRow.create(account=site.rome, name="Bruno", sip="b@pbx.example")
    group = GroupRow.create(account=site.rome, name="Sales", no_answer="hangup")
    for one in (site.anna, company.bruno):
        MemberRow.create(account=site.rome, group=group, employee=one)
    company.profile("queue", group=f"queue:{group.id}")
    return company


def missed(company):
    call = company.call(CALLER)
    while call.step.word == "ring":
        call.no_answer()
    assert call.outcome == "missed"
    return call


def test_a_call_that_nobody_of_a_group_took_is_missed_by_the_group(site, company):
    missed(company)
    anna = site.sign_in("anna")
    assert "missed by Sales" in anna.get("/calls/").text
    page = anna.get("/calls/1/").text
    assert "Missed by" in page
    assert "Sales" in page
    assert anna.get("/api/calls").json["calls"][0]["missed_by"] == "Sales"
    assert anna.get("/api/calls/1").json["missed_by"] == "Sales"
    assert "missed by Sales" in site.sign_in("aldo").get("/me/").text


def test_a_clients_missed_call_belongs_to_their_responsible(site, company):
    ContactRow.create(account=site.rome, name="Verdi", numbers=[CALLER],
                      responsible=company.bruno, created_at=site.kit.clock())  # fmt: skip
    missed(company)
    assert "missed by Bruno" in site.sign_in("anna").get("/calls/").text
    company.bruno.delete_instance()
    assert "missed by Sales" in site.sign_in("anna").get("/calls/").text


def test_an_absent_responsible_finds_their_clients_missed_call_on_their_own_page(site, company):
    """Nobody rang them, and still it is theirs to call back."""
    site.anna.available = False
    site.anna.save()
    verdi = ContactRow.create(account=site.rome, name='Verdi "responsible":1,"matches":',
                              numbers=[CALLER], responsible=site.anna,
                              created_at=site.kit.clock())  # fmt: skip
    missed(company)
    verdi.responsible = company.bruno
    verdi.save()
    missed(company)
    agent = site.sign_in("aldo")
    assert "missed by Anna" in agent.get("/me/").text.partition("Your last calls")[0]
    assert agent.get("/calls/").text.count("missed by Anna") == 1
    assert agent.get("/api/calls/1").json["missed_by"] == "Anna"
    assert agent.get("/api/calls/2").status_code == 404  # of somebody else's client


def test_a_call_for_an_absent_employees_extension_is_missed_by_them(site, company):
    """They left no message, and still somebody wanted Anna, not Sales."""
    site.anna.available = False
    site.anna.save()
    company.profile("extension", greeting=True, greeting_text="Hello.", dial_extension=True,
                    no_answer="voicemail")  # fmt: skip
    call = company.call(CALLER)
    call.press("101")
    call.left_message(0)
    assert call.outcome == "missed"
    assert "missed by Anna" in site.sign_in("anna").get("/calls/").text
    assert "missed by Anna" in site.sign_in("aldo").get("/me/").text


def test_a_call_answered_by_one_is_missed_by_nobody(site, company):
    """FreePBX/issue-tracker#734."""
    call = company.call(CALLER)
    call.answered()
    call.talked(60, caller_gone=True)
    page = site.sign_in("anna").get("/calls/").text
    assert "missed by" not in page
    assert "None in the last two weeks." in site.sign_in("aldo").get("/me/").text


def test_a_call_that_was_offered_to_nobody_is_abandoned_and_missed_by_nobody(site, company):
    company.profile("extension", greeting=True, greeting_text="Hello.")
    call = company.call(CALLER)
    call.hang_up()
    assert call.outcome == "abandoned"
    assert site.sign_in("anna").get("/api/calls").json["calls"][0]["missed_by"] == ""
