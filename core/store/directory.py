"""Who can be rung in an account: a snapshot of its employees."""

from __future__ import annotations

from core.contract.call import Employee
from core.store.people import EmployeeRow
from core.store.snapshot import snapshot


@snapshot
def employees(account_id: int) -> dict[int, Employee]:
    """The employees of an account by id, as they stand now."""
    return {row.id: row.picture() for row in EmployeeRow.of(account_id).order_by(EmployeeRow.id)}
