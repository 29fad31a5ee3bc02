"""From when and until when something holds for an account, as people say it: days on the account's
own calendar, both included."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from core.contract.texts import N_
from core.plans.accounts.days import begin_of, end_of, read_day
from core.plans.accounts.refusing import refused

Term = tuple[datetime | None, datetime | None]
"""First instant, None for now; and the first instant after it, None for without end."""


def read_term(since: str, until: str, zone: ZoneInfo, at: datetime) -> Term:
    """The instants between two days.

    Args:
        since: the first day; "" or today: now.
        until: the last day; "": without end.
        zone: the account's zone.
        at: now.

    Raises:
        BadInput: a word that is no day, or a first day that has passed.
    """
    today = at.astimezone(zone).date()
    first = read_day(since, "from") if since else today
    if first < today:
        words = N_("%(day)s has passed; on the account's calendar it is %(today)s.")
        raise refused("from", words, day=first, today=today)
    begin = begin_of(first, zone) if first > today else None
    return begin, end_of(read_day(until, "until"), zone) if until else None
