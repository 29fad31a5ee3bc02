"""What an admin should do soon, so that schedules stay right: dates that run out, old calendars,
schedules that do not open.

Every page of an admin counts this, so that all but the calendars' faults is remembered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import peewee

from core.api import Account, Alert, Destination, LineProfile, gettext, snapshot
from plugins.workhours.by_hand import PLUGIN
from plugins.workhours.dates import last_date
from plugins.workhours.describing import PAGE
from plugins.workhours.faults import sentence
from plugins.workhours.models import CalendarRow, EntryRow
from plugins.workhours.overview import day_text
from plugins.workhours.schedules import schedules, value_of
from plugins.workhours.standing import of_schedule

WARN_DAYS = timedelta(days=30)
"""So long before the last special date somebody should think of the next ones (W2)."""

PATIENCE = timedelta(days=1)
"""A calendar that cannot be read is tried again every hour; after a day it needs somebody."""

CLOSED_DAYS = timedelta(days=14)
"""Numbers that stay closed longer than that are perhaps not meant to: the page of a schedule shows
as many days."""


def alerts(account: Account, at: datetime) -> Iterator[Alert]:
    """What is to be done about the schedules of an account, each with the schedule's page."""
    local = at.astimezone(account.zone)
    unread = _unread(account, local)
    for value, schedule in schedules(account).items():
        for said in (
            *running_out(account, value, local.date()),
            *unread[value],
            *_closed(account, value, local),
        ):
            told = gettext("Schedule %(name)s: %(sentence)s", name=schedule.name, sentence=said)
            yield Alert(told, f"{PAGE}{Destination.parse(value).id}")


def running_out(account: Account, value: str, today: date) -> Iterator[str]:
    """Sentences about lists of dates that end within 30 days, or have ended: the admin's own dates
    of one year, and each calendar. What comes again every year never runs out.

    Args:
        account: whose.
        value: the schedule, as settings name it.
        today: on the account's clock.
    """
    own = {last_date(when): special.name for when, special in schedules(account)[value].dates}
    own.pop(None, None)
    if own and max(own) < today + WARN_DAYS:
        last = max(own)
        yield gettext(
            "The last special date is %(date)s (%(name)s): enter the next ones, or delete it.",
            date=day_text(last),
            name=own[last],
        )
    for name, last in _calendars(account).get(value, ()):
        if last is None:
            yield gettext("The calendar “%(name)s” has no dates ahead.", name=name)
        elif last < today + WARN_DAYS:
            yield gettext(
                "The calendar “%(name)s” ends on %(date)s: it needs new entries.",
                name=name,
                date=day_text(last),
            )


@snapshot
def _calendars(account_id: int) -> dict[str, list[tuple[str, date | None]]]:
    """By schedule, the calendars and the last dates in them. These are worked out by the database:
    a calendar may have thousands of entries."""
    entries = EntryRow.of(account_id).group_by(EntryRow.calendar)
    ends = entries.select(
        EntryRow.calendar, peewee.fn.MAX(EntryRow.last), peewee.fn.MAX(EntryRow.end)
    )
    last = {
        calendar: max(one for one in (day, instant and instant.date()) if one)
        for calendar, day, instant in ends.tuples()
    }
    found = defaultdict(list)
    for row in CalendarRow.of(account_id):
        found[value_of(row.schedule_id)].append((row.name, last.get(row.id)))
    return dict(found)


def _unread(account: Account, at: datetime) -> dict[str, list[str]]:
    """By schedule, the calendars whose copies have been old for a day; ``at`` is on the account's
    clock."""
    found = defaultdict(list)
    for one in CalendarRow.of(account).where(CalendarRow.fault_since <= at - PATIENCE):
        told = gettext(
            "The calendar “%(name)s” cannot be read since %(date)s: %(why)s",
            name=one.name,
            date=day_text(one.fault_since.astimezone(at.tzinfo).date()),
            why=sentence(one.fault, one.fault_detail),
        )
        found[value_of(one.schedule_id)].append(told)
    return found


def _closed(account: Account, value: str, at: datetime) -> Iterator[str]:
    """That the numbers which keep a schedule stay closed for long; ``at`` is on the account's
    clock."""
    standing = of_schedule(account, value)
    if value not in _kept(account) or standing.glance(at).open:
        return
    opens = standing.next_change(at)
    if opens is None:
        yield gettext("It does not open within a year, and its numbers stay closed.")
    elif opens > at + CLOSED_DAYS:
        day = day_text(opens.astimezone(at.tzinfo).date())
        yield gettext("Its numbers stay closed until %(date)s.", date=day)


@snapshot
def _kept(account_id: int) -> frozenset[str]:
    """The schedules that numbers keep."""
    profiles = LineProfile.of(account_id).where(LineProfile.plugin == PLUGIN, LineProfile.on)
    return frozenset(one.stored.get("schedule", "") for one in profiles)
