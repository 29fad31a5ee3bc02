"""A group for the demo company."""

from __future__ import annotations

from typing import Any

from core import api
from plugins.queue.models import GroupRow, MemberRow

MEMBERS = 3
"""As many as the smallest plan of the default matrix includes."""


def fill(account: api.Account, company: Any) -> None:
    """Let a group Sales take the calls of all numbers of the company."""
    group = create_sales_group(account)
    for line in company.lines:
        api.save_profile(line, "queue", values={"group": f"queue:{group.id}"})


def create_sales_group(account: api.Account) -> GroupRow:
    """A group Sales with extension 200 and the first employees of the account."""
    group = GroupRow.create(account=account.id, name="Sales", extension="200", rings=4)
    for position, employee in enumerate(list(api.employees(account))[:MEMBERS], start=1):
        MemberRow.create(account=account.id, group=group, position=position, employee=employee)
    return group
