"""The page of a call that a group took: who took it from whom, and what the group did."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.api import CallRow, EmployeeRow, LegRow, LineRow
from plugins.queue.models import GroupRow
from tests.support.calls import NOON
from tests.support.site import open_site

PLANS = """
schema: 1
plans:
  all:
    title: All
    features: {queue.max_groups: unlimited, queue.max_members: unlimited}
"""


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path, ("queue",), PLANS) as site:
        site.rossi = site.account("Rossi", "all")
        site.line = LineRow.create(account=site.rossi, number="+390612345678")
        yield site


def make_call(site, state="{}"):
    return CallRow.create(
        account=site.rossi, line=site.line, ref="a", token="a", caller="+393331234567",
        called=site.line.number, started_at=NOON, ended_at=NOON, outcome="answered", state=state,
    )  # fmt: skip


def test_ringing_losers_are_not_missed(site):
    """FreePBX/issue-tracker#734: what Anna answered, Bruno has not missed."""
    call = make_call(site)
    first, both = NOON, NOON + timedelta(seconds=25)
    people = [EmployeeRow.create(account=site.rossi, name=name) for name in ("Anna", "Bruno")]
    anna, bruno = (one.id for one in people)
    for number, employee, at, ring in (
        (1, bruno, first, "no-answer"),
        (2, anna, both, "answered"),
        (3, bruno, both, "no-answer"),
    ):
        LegRow.create(
            account=site.rossi, call=call, number=number, target=f"employee:{employee}",
            employee=employee, address="x@pbx.example", outside=False, started_at=at, ring=ring,
        )  # fmt: skip
    page = site.sign_in(site.rossi, "admin").get(f"/calls/{call.id}/").text
    assert page.count("taken by Anna") == 1
    assert page.count("no answer") == 1


def test_what_the_group_did_is_said(site):
    group = GroupRow.create(account=site.rossi, name="Sales")
    facts = f'{{"queue":{{"groups":[{group.id},99],"rings":3,"waits":7,"waited":65}}}}'
    call = make_call(site, f'{{"facts":{facts}}}')
    page = site.sign_in(site.rossi, "admin").get(f"/calls/{call.id}/").text
    for text in ("Sales, a deleted group", "3 times", "1:05 min"):
        assert text in page
