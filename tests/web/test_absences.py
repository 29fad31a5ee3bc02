"""Pages that show who could be rung know who does not work now (R7)."""

from __future__ import annotations

from core.api import EmployeeRow
from plugins.queue.models import GroupRow, MemberRow
from plugins.workhours.presence.changing import save_rules
from plugins.workhours.presence.days import Rules
from tests.support.site import open_site

PLANS = """
schema: 1
plans:
  large:
    title: Large
    features: {workhours: true, workhours.presence: true, queue.max_groups: 1, queue.max_members: 9}
"""


def test_a_groups_page_says_who_has_not_started_the_day(tmp_path):
    with open_site(tmp_path, ("workhours", "extension", "queue"), PLANS) as site:
        account = site.account("Rossi", "large")
        columns = {"account": account, "sip": "anna@pbx.example"}
        anna = EmployeeRow.create(name="Anna", extension="101", **columns)
        group = GroupRow.create(account=account, name="Sales", extension="200")
        MemberRow.create(account=account, group=group, employee=anna)
        admin = site.sign_in(account, "admin")
        address = f"/queue_groups/edit/?id={group.id}"
        assert "not started" not in admin.get(address).text
        save_rules(account.picture(), Rules(on=True))
        assert "not started" in admin.get(address).text
