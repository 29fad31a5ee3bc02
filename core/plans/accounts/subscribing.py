"""Gives an account another plan. Nothing is deleted, nothing that was counted changes (§5, §6)."""

from __future__ import annotations

from datetime import datetime

from core.contract.errors import Conflict
from core.contract.texts import N_, phrase
from core.plans.accounts.reasons import checked_message
from core.plans.accounts.refusing import refused
from core.plans.accounts.spans import turn
from core.plans.catalogue import did_you_mean
from core.plans.file.plan import Plan
from core.plans.revisions.book import PlanBook
from core.store.accounts import AccountRow
from core.store.audit import note


def set_plan(
    book: PlanBook,
    account: AccountRow,
    plan: str,
    *,
    author: str,
    at: datetime,
    message: str = "",
    undoes: int | None = None,
) -> None:
    """Give an account a plan, with its audit entry.

    Args:
        book: knows the plans.
        account: whose; it is given the plan that it had when it was read, and no other.
        plan: key of the plan.
        author: who decides it.
        at: now.
        message: why.
        undoes: the audit entry that this takes back.

    Raises:
        BadInput: an unknown plan, the one that it has, or a message that is too long.
        Conflict: it was given another plan since it was read.
    """
    known_plan(book, plan)
    refuse_own_plan(account, plan)
    before, message = account.plan, checked_message(message)
    had = (AccountRow.id == account.id) & (AccountRow.plan == before)
    with turn(account):
        if not AccountRow.update(plan=plan).where(had).execute():
            words = N_("%(account)s has been given another plan meanwhile; look again.")
            raise Conflict(phrase(words, account=account.name))
        account.plan = plan
        note_plan(account, before, author=author, at=at, message=message, undoes=undoes)


def note_plan(
    account: AccountRow,
    before: str | None,
    *,
    author: str,
    at: datetime,
    message: str = "",
    undoes: int | None = None,
) -> None:
    """Enter in the audit that an account has another plan, or its first (``before`` None)."""
    note(
        at,
        author,
        "account.plan",
        account.plan,
        ref=str(account.id),
        account=account,
        before=before,
        after=account.plan,
        message=message,
        undoes=undoes,
    )


def known_plan(book: PlanBook, key: str) -> Plan:
    """A plan by its key.

    Raises:
        BadInput: there is none, or it is about to go.
    """
    plans = book.settled().document.plans
    if key not in plans:
        hint = did_you_mean(key, plans) or f"; {', '.join(plans)}"
        raise refused("plan", N_("There is no plan “%(plan)s”%(hint)s"), plan=key, hint=hint)
    for one in book.scheduled():
        if key not in one.revision.document.plans:
            words = N_("The plan %(plan)s goes with revision %(number)s, which waits for its day.")
            raise refused("plan", words, plan=key, number=one.revision.number)
    return plans[key]


def refuse_own_plan(account: AccountRow, plan: str) -> None:
    """Stop what would change nothing.

    Raises:
        BadInput: the account has this plan as its own.
    """
    if plan == account.plan:
        words = N_("%(account)s has the plan %(plan)s already.")
        raise refused("plan", words, account=account.name, plan=plan)
