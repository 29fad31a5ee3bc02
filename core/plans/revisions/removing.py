"""A plan that accounts still have is not removed: they would be left with nothing (plans.md §1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import peewee

from core.contract.errors import BadInput
from core.contract.texts import N_, phrase
from core.plans.tables import PlanTrial
from core.store.accounts import AccountRow

NAMED = 3
"""How many accounts are named."""

HAVE_IT = N_(
    "The plan “%(plan)s” cannot be removed while accounts have it: %(count)s (%(names)s)."
    " Give them another one first: `centralino account set-plan`."
)
TRY_IT = N_(
    "The plan “%(plan)s” cannot be removed while accounts try it: %(count)s (%(names)s)."
    " End their trials first."
)


def require_unused(plans: Sequence[str], at: datetime) -> None:
    """Refuse to remove plans that are in use.

    Args:
        plans: keys of the plans that go.
        at: now.

    Raises:
        BadInput: names the plan, how many accounts have it, and the first of them.
    """
    for plan in plans:
        accounts = AccountRow.select(AccountRow.name).where(AccountRow.plan == plan)
        _require_none(plan, accounts, HAVE_IT)
        trials = (
            AccountRow.select(AccountRow.name)
            .join(PlanTrial, on=PlanTrial.account == AccountRow.id)
            .where(PlanTrial.plan == plan, PlanTrial.ended_at.is_null(), PlanTrial.until > at)
        )
        _require_none(plan, trials, TRY_IT)


def _require_none(plan: str, accounts: peewee.ModelSelect, words: str) -> None:
    count = accounts.count()
    if count == 0:
        return
    names = [name for (name,) in accounts.order_by(AccountRow.name).limit(NAMED).tuples()]
    named = ", ".join(names) + (" …" if count > NAMED else "")
    raise BadInput(phrase(words, plan=plan, count=count, names=named))
