"""A group for the demo company."""

from __future__ import annotations

from core import api
from plugins.queue.models import GroupRow, MemberRow

MEMBERS = 3
"""As many as the smallest plan of the default matrix includes."""


def create_sales_group(account: api.Account) -> GroupRow:
    """A group Sales with extension 200 and the first employees of the account."""
    group = GroupRow.create(account=account.id, name="Sales", extension="200", rings=4)
    for position, employee in enumerate(list(api.employees(account))[:MEMBERS], start=1):
        MemberRow.create(account=account.id, group=group, position=position, employee=employee)
    return group
