"""The account's own calendar month, as a half-open interval of instants (plans.md §6).

A month begins at the first instant at which the account's wall clock shows its first day or later.
That is one instant even where clocks go back over midnight: in St John's, 1 November 2009, 00:01
was followed by 31 October, 23:01, and that repeated hour belongs to November. A local date is never
formatted to find the month.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

Period = tuple[datetime, datetime]
"""``[start, end)``, both aware and in UTC."""

HALF_A_MONTH = timedelta(days=14)


def month_of(at: datetime, zone: ZoneInfo) -> Period:
    """The calendar month of a zone that contains an instant.

    Args:
        at: an aware instant.
        zone: the account's zone.
    """
    local = at.astimezone(zone)
    months = local.year * 12 + local.month - 1
    if at >= _start(months + 1, zone):  # a repeated hour shows the old month again
        months += 1
    return _start(months, zone), _start(months + 1, zone)


def period_after(end: datetime | None, at: datetime, zone: ZoneInfo) -> Period:
    """The period that contains ``at``, when the last counted one ended at ``end``.

    It begins where the last one ended, so that after a change of zone no instant is counted twice
    and none is left over to grant a month's units again: a month of the old zone is followed by the
    next month of the new one, some hours shorter or longer.

    Args:
        end: end of the last period at or before ``at``; None when there is none.
        at: an aware instant.
        zone: the account's zone now.
    """
    if end is not None:
        following = month_of(end + HALF_A_MONTH, zone)[1]
        if at < following:
            return end, following
    return month_of(at, zone)


@lru_cache(maxsize=4096)
def _start(months: int, zone: ZoneInfo) -> datetime:
    """The first instant of a month, counted from year 0."""
    year, month = divmod(months, 12)
    return datetime(year, month + 1, 1, tzinfo=zone).astimezone(UTC)
