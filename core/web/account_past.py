"""Overrides and trials of an account that are over, the newest first, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.plans.accounts.spans import live
from core.plans.tables import PlanOverride, PlanTrial
from core.store.accounts import AccountRow
from core.web.account_plan import first_of, last_of
from core.web.rows import row_id

PAGE = 10


@dataclass(frozen=True, slots=True)
class Past:
    """A page of rows that are over, each with its first and last day on the account's calendar.

    ``older`` is the id that the next page goes on before, None on the last one.
    """

    rows: tuple[tuple[Any, date, date | None], ...]
    older: int | None


def past_overrides(account: AccountRow, at: datetime, before: str | None) -> Past:
    """Overrides that are over; ``before`` is an id from the page's address."""
    return _past(PlanOverride, account, at, before)


def past_trials(account: AccountRow, at: datetime, before: str | None) -> Past:
    """Trials that are over."""
    return _past(PlanTrial, account, at, before)


def _past(table: Any, account: AccountRow, at: datetime, before: str | None) -> Past:
    query = table.of(account).where(~live(table, at)).order_by(table.id.desc()).limit(PAGE + 1)
    known = row_id(before)
    rows = list(query.where(table.id < known) if known else query)
    zone = account.picture().zone
    page = [(one, first_of(one.from_at, zone), _last(one, zone)) for one in rows[:PAGE]]
    return Past(tuple(page), rows[PAGE - 1].id if len(rows) > PAGE else None)


def _last(row: Any, zone: ZoneInfo) -> date | None:
    """The last day on which it held; None for one that never began."""
    end = min(one for one in (row.until, row.ended_at) if one is not None)
    return last_of(end, zone) if end > row.from_at else None
