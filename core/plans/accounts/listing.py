"""Finds accounts, overrides and trials for lists of the whole installation, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from core.plans.accounts.spans import Row, live
from core.plans.tables import PlanOverride, PlanTrial
from core.store.accounts import AccountRow

PAGE = 100
"""So many accounts in one page."""

Listed = tuple[AccountRow, PlanTrial | None]
"""An account, and the trial that runs."""


def page_of_accounts(at: datetime, plan: str = "", after: str = "") -> tuple[list[Listed], str]:
    """Accounts by name, each with its running trial; and the name that the next page begins after.

    Args:
        at: the instant at which a trial runs.
        plan: only the accounts whose own plan has this key; "" for all.
        after: the name after which the page begins.
    """
    query = AccountRow.select().where(AccountRow.name > after)
    if plan:
        query = query.where(AccountRow.plan == plan)
    rows = list(query.order_by(AccountRow.name).limit(PAGE + 1))
    page = rows[:PAGE]
    trials = running_trials(page, at)
    listed = [(one, trials.get(one.id)) for one in page]
    return listed, page[-1].name if len(rows) > PAGE else ""


def all_accounts(at: datetime, plan: str = "") -> Iterator[Listed]:
    """The same, all of them."""
    page, after = page_of_accounts(at, plan)
    yield from page
    while after:
        page, after = page_of_accounts(at, plan, after)
        yield from page


def running_trials(accounts: Iterable[AccountRow], at: datetime) -> dict[int, PlanTrial]:
    """The trial that runs, by the account's id."""
    rows = PlanTrial.select().where(
        PlanTrial.account.in_([one.id for one in accounts]), live(PlanTrial, at)
    )
    return {one.account_id: one for one in rows.order_by(PlanTrial.id)}


def overrides(account: AccountRow | None, at: datetime, over: bool = False) -> list[PlanOverride]:
    """Overrides with their accounts, by the account's name, by feature, the oldest first.

    Args:
        account: whose; None: everybody's.
        at: now.
        over: those that are over, too.
    """
    return _found(PlanOverride, account, at, over, PlanOverride.feature)


def trials(account: AccountRow | None, at: datetime, over: bool = False) -> list[PlanTrial]:
    """Trials with their accounts, by the account's name, the oldest first; as ``overrides``."""
    return _found(PlanTrial, account, at, over)


def _found(
    table: type[Row], account: AccountRow | None, at: datetime, over: bool, *order: Any
) -> list[Row]:
    query = table.select(table, AccountRow).join(AccountRow)
    if account is not None:
        query = query.where(table.account == account.id)
    if not over:
        query = query.where(live(table, at))
    return list(query.order_by(AccountRow.name, *order, table.id))
