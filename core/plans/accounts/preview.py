"""What an account would gain and lose by another plan, before it is given one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from core.plans.accounts.subscribing import known_plan, refuse_own_plan
from core.plans.gate import Gate
from core.plans.impact.one_account import AccountImpact, account_impact
from core.plans.impact.values import account_values
from core.store.accounts import AccountRow

if TYPE_CHECKING:
    from core.registry import Registry
    from core.store.database import Store


def preview_plan(
    store: Store, registry: Registry, gate: Gate, account: AccountRow, plan: str, at: datetime
) -> AccountImpact:
    """What another plan would change for an account, its overrides staying as they are.

    A running trial is left aside: it holds until it ends, whatever the account's own plan is.

    Raises:
        BadInput: there is no such plan, or it is the account's.
    """
    known_plan(gate.book, plan)
    refuse_own_plan(account, plan)
    picture = account.picture()
    document = gate.book.in_force(picture.zone, at).document
    overrides = gate.standing(picture).at(at).overrides
    before = account_values(document, account.plan, overrides)
    after = account_values(document, plan, overrides)
    return account_impact(store, registry, picture, before, after, at)
