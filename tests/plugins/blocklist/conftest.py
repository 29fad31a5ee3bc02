"""A company with an employee, a group behind its number, and an entry maker."""

from __future__ import annotations

import pytest

from plugins.blocklist.models import EntryRow
from plugins.queue.models import GroupRow, MemberRow

CALLER = "+393331234567"


@pytest.fixture
def company(centralino):
    company = centralino.company("free")
    company.anna = company.employee("101", name="Anna", mobile="+393471111111")
    group = GroupRow.create(account=company.account, name="Sales")
    MemberRow.create(account=company.account, group=group, employee=company.anna)
    company.profile("queue", group=f"queue:{group.id}")
    return company


@pytest.fixture
def block(company):
    """Add an entry."""

    def add(pattern=CALLER, **columns):
        values = {"account": company.account, "created_at": company.kit.clock()} | columns
        return EntryRow.create(pattern=pattern, **values)

    return add
