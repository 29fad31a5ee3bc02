"""Groups as they are drawn on the flow of a number (R)."""

from __future__ import annotations

import pytest

from core.api import EmployeeRow, GatewayRow, LineRow, save_profile
from core.web.flow.reading import read_flow
from plugins.queue.models import GroupRow, MemberRow
from tests.support.calls import NOON
from tests.support.site import open_site

PLANS = """
schema: 1
plans:
  small:
    title: Small
    features: {queue.max_groups: 1, queue.max_members: unlimited}
  middle:
    title: Middle
    features: {queue.max_groups: unlimited, queue.max_members: unlimited}
  large:
    title: Large
    features:
      {queue.ring_all: true, queue.overflow: true, queue.max_groups: unlimited,
       queue.max_members: unlimited}
"""


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path, ("queue", "voicemail"), PLANS) as site:
        site.rossi = site.account("Rossi", "large")
        gateway = GatewayRow.create(account=site.rossi, kind="test", provider="twilio", name="A")
        site.line = LineRow.create(account=site.rossi, number="+390612345678", gateway=gateway)
        site.support = GroupRow.create(account=site.rossi, name="Support", no_answer="hangup")
        site.sales = GroupRow.create(
            account=site.rossi,
            name="Sales",
            strategy="all",
            rings=4,
            no_answer="wait",
            wait_minutes=15,
            after_wait="queue",
            no_answer_group=site.support,
        )
        anna = EmployeeRow.create(account=site.rossi, name="Anna", sip="a@pbx.example")
        MemberRow.create(account=site.rossi, group=site.sales, employee=anna)
        save_profile(site.line, "queue", values={"group": f"queue:{site.sales.id}"})
        site.admin = site.sign_in(site.rossi, "admin")
        yield site


def boxes(site):
    """The boxes of the number's flow, by key, as a page reads them."""
    with site.admin.client as client:
        client.get("/")
        row = LineRow.get_by_id(site.line.id)
        return read_flow(site.centralino, row, NOON).boxes


def ways(box):
    return [(way.label, way.to, bool(way.off)) for way in box.ways]


def test_a_group_says_how_it_rings_and_where_it_leads(site):
    found = boxes(site)
    sales = found[f"queue:{site.sales.id}"]
    assert sales.title == "Group Sales"
    assert list(sales.lines) == [
        "Rings all at once, 20 s.",
        "Anna",
        "Callers wait for up to 15 minutes.",
    ]
    support = f"queue:{site.support.id}"
    assert ways(sales) == [("somebody answers", "end", False), ("waited in vain", support, False)]
    assert list(found[support].lines) == ["Rings evenly, 25 s.", "Nobody is in this group."]


@pytest.mark.parametrize("waits", [False, True])
def test_a_rule_that_leads_outside_has_a_way_on(site, waits):
    first = "wait" if waits else "number"
    site.support.no_answer, site.support.after_wait = first, "number"
    site.support.no_answer_number = "+390687654321"
    site.support.save()
    label = "waited in vain" if waits else "nobody answers"
    assert ways(boxes(site)[f"queue:{site.support.id}"])[1:] == [
        (label, "number:+390687654321", False),
        ("nobody answers there either", f"voicemail:queue:{site.support.id}", False),
    ]


def test_a_group_is_drawn_once_however_many_ways_lead_to_it(site):
    """The stage leads to the group's own box, to which an overflow leads, too."""
    site.support.no_answer, site.support.no_answer_group = "queue", site.sales
    site.support.save()
    found = boxes(site)
    sales = f"queue:{site.sales.id}"
    assert ways(found["stage:queue"]) == [("", sales, False)]
    assert ("nobody answers", sales, False) in ways(found[f"queue:{site.support.id}"])
    assert [box.title for box in found.values()].count("Group Sales") == 1


def test_what_the_plan_leaves_out_is_closed_and_says_why(site):
    change_plan(site, "middle")
    sales = boxes(site)[f"queue:{site.sales.id}"]
    assert sales.lines[0] == "Rings evenly, 20 s."
    mailbox, support = f"voicemail:queue:{site.sales.id}", f"queue:{site.support.id}"
    assert ("waited in vain", support, True) in ways(sales)
    assert ("waited in vain", mailbox, False) in ways(sales)


def test_a_group_beyond_the_plan_leads_to_the_one_that_takes_its_calls(site):
    change_plan(site, "small")
    found = boxes(site)
    sales, support = f"queue:{site.sales.id}", f"queue:{site.support.id}"
    assert ways(found[sales]) == [("beyond the plan", support, False)]
    assert "Groups: how many: 1" in found[sales].lines[0]
    assert found[support].title == "Group Support"


def change_plan(site, plan):
    site.rossi.plan = plan
    site.rossi.save()
