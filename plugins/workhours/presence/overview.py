"""What the pages and the API say of a working day: the state now, and the times of today and the
week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.api import N_, Account, EmployeeRow, gettext
from plugins.workhours.presence.days import (
    LONGEST_HOURS,
    Worked,
    day_began,
    midnight,
    monday,
    worked,
)
from plugins.workhours.presence.models import Doing, SpanRow

KNOWN_REASONS = (N_("lunch"), N_("meeting"), N_("training"))
"""Reasons of a break that have a button of their own; others are typed."""

NOT_AT_WORK = "off"


@dataclass(frozen=True, slots=True)
class Day:
    """One employee's working day, as it stands at an instant.

    Args:
        employee: whose.
        span: what goes on now; None: they are not at work.
        began: when the day that goes on began.
        today, week: their times since midnight and since Monday, on the account's clock.
    """

    employee: EmployeeRow
    span: SpanRow | None
    began: datetime | None
    today: Worked
    week: Worked

    @property
    def state(self) -> str:
        """``work``, ``break`` or ``off``."""
        if self.span is None:
            return NOT_AT_WORK
        return Doing.BREAK if self.span.doing == Doing.BREAK else Doing.WORK

    @property
    def reason(self) -> str:
        """Of the break, "" for none."""
        return self.span.reason if self.span else ""

    @property
    def since(self) -> datetime | None:
        """Since when this state holds; None: the day has not started."""
        return self.span.started_at if self.span else None

    @property
    def until(self) -> datetime | None:
        """When the day ends by itself."""
        return self.span.until if self.span else None


def spans_of(
    account: Account, since: datetime, until: datetime, employee: int | None = None
) -> list[SpanRow]:
    """The spans that touch a stretch of time, oldest first.

    Args:
        account: whose.
        since: those that ended before are left out, by hand or by the clock.
        until: those that began at this instant or later are left out.
        employee: id of the only employee wanted.
    """
    longest = timedelta(hours=LONGEST_HOURS)
    found = SpanRow.of(account).where(
        SpanRow.started_at < until, SpanRow.started_at > since - longest
    )
    if employee is not None:
        found = found.where(SpanRow.employee == employee)
    ordered = found.order_by(SpanRow.started_at, SpanRow.number)
    return [one for one in ordered if one.end(until) > since or one.started_at >= since]


def days(account: Account, people: Iterable[EmployeeRow], at: datetime) -> list[Day]:
    """The working day of each of these employees, in their order."""
    week = monday(at, account.zone)
    wanted = list(people)
    only = wanted[0].id if len(wanted) == 1 else None
    theirs: dict[int, list[SpanRow]] = defaultdict(list)
    for span in spans_of(account, week, at + timedelta(microseconds=1), only):
        theirs[span.employee_id].append(span)
    return [_day(one, theirs[one.id], account, at) for one in wanted]


def _day(employee: EmployeeRow, spans: list[SpanRow], account: Account, at: datetime) -> Day:
    today, week = midnight(at, account.zone), monday(at, account.zone)
    return Day(
        employee,
        next((one for one in spans if one.lasts(at)), None),
        day_began(spans, at),
        worked(spans, today, at, at),
        worked(spans, week, at, at),
    )


def week_of(account: Account, employee: EmployeeRow, at: datetime) -> list[tuple[date, Worked]]:
    """The days of this week up to today, each with its times."""
    zone = account.zone
    today = at.astimezone(zone).weekday()
    starts = [midnight(at, zone, today - day) for day in range(today + 1)]
    spans = spans_of(account, starts[0], at, employee.id)
    return [
        (start.astimezone(zone).date(), worked(spans, start, end, at))
        for start, end in zip(starts, [*starts[1:], at], strict=True)
    ]


def length(time: timedelta) -> str:
    """A length of time in hours and minutes, in the reader's language."""
    minutes = int(time.total_seconds()) // 60
    return gettext("%(hours)s h %(minutes)s min", hours=minutes // 60, minutes=minutes % 60)


def ended_by(span: SpanRow, at: datetime) -> str:
    """Who ended a span: ``clock`` when nobody did, a name, or "" for the employee."""
    if span.ended_at is None or (span.ended_at == span.until and not span.ended_by):
        return "" if span.lasts(at) else "clock"
    return span.ended_by
