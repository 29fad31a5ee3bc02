"""What an admin should do soon, so that schedules stay right: dates that run out, old calendars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import peewee

from core.api import Account, Alert, gettext
from plugins.workhours.dates import last_date
from plugins.workhours.describing import PAGE
from plugins.workhours.faults import sentence
from plugins.workhours.models import CalendarRow, EntryRow, HolidayRow, ScheduleRow
from plugins.workhours.overview import day_text
from plugins.workhours.schedules import when

WARN_DAYS = timedelta(days=30)
"""So long before the last special date somebody should think of the next ones (W2)."""

PATIENCE = timedelta(days=1)
"""A calendar that cannot be read is tried again every hour; after a day it needs somebody."""


def alerts(account: Account, at: datetime) -> Iterator[Alert]:
    """What is to be done about the schedules of an account, each with the schedule's page."""
    local = at.astimezone(account.zone)
    for row in ScheduleRow.of(account).order_by(ScheduleRow.name):
        for said in (*running_out(row, local.date()), *_unread(row, local)):
            told = gettext("Schedule %(name)s: %(sentence)s", name=row.name, sentence=said)
            yield Alert(told, f"{PAGE}{row.id}")


def running_out(row: ScheduleRow, today: date) -> Iterator[str]:
    """Sentences about lists of dates that end within 30 days, or have ended: the admin's own dates
    of one year, and each calendar. What comes again every year never runs out."""
    own = {last_date(when(one)): one.name for one in HolidayRow.of(row.account_id).where(
        HolidayRow.schedule == row)}  # fmt: skip
    own.pop(None, None)
    if own and max(own) < today + WARN_DAYS:
        last = max(own)
        yield gettext(
            "The last special date is %(date)s (%(name)s): enter the next ones, or delete it.",
            date=day_text(last),
            name=own[last],
        )
    for calendar in CalendarRow.of(row.account_id).where(CalendarRow.schedule == row):
        last = _last_entry(calendar)
        if last is None:
            yield gettext("The calendar “%(name)s” has no dates ahead.", name=calendar.name)
        elif last < today + WARN_DAYS:
            yield gettext(
                "The calendar “%(name)s” ends on %(date)s: it needs new entries.",
                name=calendar.name,
                date=day_text(last),
            )


def _last_entry(calendar: CalendarRow) -> date | None:
    """Worked out by the database: a calendar may have thousands of entries."""
    entries = EntryRow.of(calendar.account_id).where(EntryRow.calendar == calendar)
    ends = entries.select(peewee.fn.MAX(EntryRow.last), peewee.fn.MAX(EntryRow.end))
    day, instant = ends.tuples().get()
    return max((one for one in (day, instant and instant.date()) if one), default=None)


def _unread(row: ScheduleRow, at: datetime) -> Iterator[str]:
    """Calendars whose copies have been old for a day; ``at`` is on the account's clock."""
    known = CalendarRow.of(row.account_id).where(CalendarRow.schedule == row)
    for one in known.where(CalendarRow.fault_since <= at - PATIENCE):
        yield gettext(
            "The calendar “%(name)s” cannot be read since %(date)s: %(why)s",
            name=one.name,
            date=day_text(one.fault_since.astimezone(at.tzinfo).date()),
            why=sentence(one.fault, one.fault_detail),
        )
