"""What an account's own plan was at an earlier instant: the audit tells of every change of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core.contract.call import Account
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry


def account_at(row: AccountRow, at: datetime) -> Account:
    """The account with the plan that it had at an instant.

    Args:
        row: the account as it is.
        at: the instant; for one before its first plan, and for one to come, as it is.
    """
    since = AuditEntry.select().where(
        AuditEntry.action == "account.plan", AuditEntry.account_id == row.id, AuditEntry.at > at
    )
    next_change = since.order_by(AuditEntry.at, AuditEntry.id).first()
    plan = next_change.before if next_change else None
    return replace(row.picture(), plan=plan or row.plan)
