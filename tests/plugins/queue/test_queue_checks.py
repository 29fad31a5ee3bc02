"""What is said of a group before it is saved, chosen or deleted (N5, plans)."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from core import api
from core.store.lines import LineProfile
from plugins.queue import checks, plugin
from plugins.queue.groups import Group, Member
from plugins.queue.limits import ceiling, check_count
from plugins.queue.models import TABLES, GroupRow, MemberRow, NoAnswer
from tests.support.calls import decision
from tests.support.tables import Company, tables

OUTSIDE = "+390687654321"


@pytest.fixture
def company(tmp_path):
    with tables(f"sqlite:///{tmp_path}/db.sqlite", TABLES):
        made = Company()
        made.anna.extension = "101"
        made.anna.save()
        yield made


@pytest.fixture
def sales(company):
    row = GroupRow.create(account=company.row, name="Sales", extension="200")
    MemberRow.create(account=company.row, group=row, employee=company.anna)
    return row


@pytest.fixture
def draft(company):
    """A group about to be saved, with nothing wrong."""
    return Group(0, "Support", members=(Member(company.bruno.id), Member(number=OUTSIDE)))


def said(company, group):
    return {one.field: one.sentence for one in checks.check_group(company.account, group)}


def test_nothing_to_say_of_a_good_group(company, sales, draft):
    assert said(company, replace(draft, extension="201")) == {}
    assert said(company, replace(draft, id=sales.id, extension="200")) == {}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("101", "Extension 101 belongs to Anna: choose another."),
        ("200", "Extension 200 belongs to group Sales: choose another."),
        ("20000", "'20000' is no extension: use 1 to 4 digits."),
        ("2a", "'2a' is no extension: use 1 to 4 digits."),
    ],
)
def test_extensions_are_taken_once(company, sales, draft, typed, sentence):
    assert said(company, replace(draft, extension=typed)) == {"extension": sentence}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("06 1234", "'06 1234' is no full number: write it like +390612345678."),
        ("112", "'112' is no full number: write it like +390612345678."),
        ("", "'' is no full number: write it like +390612345678."),
        ("+390612345678", "+390612345678 is a number of this account: the call would come back."),
        ("+79114558888", "+79114558888 is in RU; this account dials IT only."),
    ],
)
def test_the_number_rung_at_no_answer_can_be_dialled(company, draft, typed, sentence):
    group = replace(draft, no_answer=NoAnswer.NUMBER, no_answer_number=typed)
    assert said(company, group) == {"no_answer_number": sentence}
    assert said(company, replace(group, no_answer_number=OUTSIDE)) == {}


def test_the_employee_rung_at_no_answer_has_a_phone(company, draft):
    group = replace(draft, no_answer=NoAnswer.PHONE)
    assert "Choose the employee" in said(company, group)["no_answer_employee"]
    group = replace(group, no_answer_employee=company.anna.id)
    assert "Anna has no phone" in said(company, group)["no_answer_employee"]
    company.anna.mobile = "+393471111111"
    company.anna.save()
    assert said(company, group) == {}


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ([Member()], "A member is either an employee or an outside number"),
        ([Member(1, OUTSIDE)], "A member is either an employee or an outside number"),
        ([Member(1), Member(1)], "Anna is in this group already."),
        ([Member(number=OUTSIDE)] * 2, f"{OUTSIDE} is in this group already."),
        ([Member(number="+390612345678")], "is a number of this account"),
    ],
)
def test_members_are_people_or_outside_numbers_each_once(company, draft, members, sentence):
    assert sentence in said(company, replace(draft, members=tuple(members)))["members"]


def test_a_group_without_members_only_warns(company, draft):
    (problem,) = checks.check_group(company.account, replace(draft, members=()))
    assert problem.warning


def choice(company, group):
    found = plugin.check_settings(company.account, SimpleNamespace(group=group))
    return [(one.sentence.partition(":")[0], one.warning) for one in found]


def test_the_group_chosen_for_a_number(company, sales):
    empty = GroupRow.create(account=company.row, name="Empty")
    assert choice(company, f"queue:{sales.id}") == []
    assert choice(company, "") == [("No group is chosen", True)]
    assert choice(company, f"queue:{empty.id}") == [("Nobody is in group Empty", False)]
    assert choice(company, "queue:99") == [("There is no group 'queue", False)]


def test_uses_name_the_groups_that_lead_to_an_employee(company, sales):
    sales.no_answer, sales.no_answer_employee = NoAnswer.PHONE, company.bruno
    sales.save()

    def uses(kind, employee):
        return plugin.find_uses(company.account, api.Destination(kind, str(employee.id)))

    assert uses("employee", company.anna) == ["group Sales"]
    assert uses("phone", company.bruno) == ["no answer in group Sales"]
    assert uses("voicemail", company.anna) == []


def test_offers_every_group_with_its_extension(company, sales):
    assert plugin.offer_destinations(company.account) == [
        api.Offer(f"queue:{sales.id}", "Sales", "200")
    ]


def test_more_than_the_plan_includes_is_refused_with_the_feature_s_name():
    answer = decision("queue.max_members", 3)
    check_count(answer, 3, "Sales would have 3 members.")
    with pytest.raises(api.PlanDenied, match=r"4 members\. .*Plan feature: queue\.max_members\."):
        check_count(answer, 4, "Sales would have 4 members.")
    check_count(decision("queue.max_members", "unlimited"), 1000, "Sales would have 1000 members.")


@pytest.mark.parametrize(("grant", "number"), [(False, 0), (0, 0), (3, 3), ("unlimited", None)])
def test_ceiling(grant, number):
    assert ceiling(decision("queue.max_groups", grant)) == number


def test_the_demo_company_gets_a_sales_group_that_takes_its_calls(company):
    plugin.demo_company_created(company.account, SimpleNamespace(lines=[company.line_row]))
    (offer,) = plugin.offer_destinations(company.account)
    assert (offer.title, offer.extension) == ("Sales", "200")
    assert [row.employee.name for row in MemberRow.of(company.row)] == ["Anna", "Bruno"]
    profile = LineProfile.get()
    assert (profile.line, profile.plugin) == (company.line_row, "queue")
    assert profile.stored == {"group": offer.value}
