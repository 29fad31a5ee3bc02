"""A trace on a page has names where the engine keeps ids (S2)."""

from __future__ import annotations

import pytest

from core.api import EmployeeRow
from core.web.naming import named
from plugins.queue.models import GroupRow
from tests.support.site import open_site

PLANS = """
schema: 1
plans:
  large:
    title: Large
    features: {queue.max_groups: unlimited, queue.max_members: unlimited}
"""


@pytest.fixture
def admin(tmp_path):
    with open_site(tmp_path, ("extension", "forward", "queue", "voicemail"), PLANS) as site:
        rossi = site.account("Rossi", "large")
        EmployeeRow.create(id=7, account=rossi, name="Anna", sip="a@pbx.example")
        GroupRow.create(id=3, account=rossi, name="Sales")
        yield site.sign_in(rossi, "admin")


@pytest.mark.parametrize(
    ("noted", "shown"),
    [
        ("a message for employee:7", "a message for Anna"),
        ("a message for queue:3", "a message for Sales"),
        ("to voicemail:employee:7; failure 2", "to Voicemail of Anna; failure 2"),
        ("to voicemail:queue:3", "to Voicemail Sales"),
        ("to extension:555", "to Extension 555"),
        ("to number:+390687650009", "to Outside number +390687650009"),
        ("to employee:99, who is gone", "to Employee 99, who is gone"),
        ("group Sales: nobody, 10:00 min", "group Sales: nobody, 10:00 min"),
    ],
)
def test_destinations_have_their_titles(admin, noted, shown):
    with admin.client as client:
        client.get("/")
        assert named(noted) == shown
