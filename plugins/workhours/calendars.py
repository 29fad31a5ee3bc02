"""Calendars of a schedule: taking a new copy, keeping the last good one, refreshing (W2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.api import AccountRow
from plugins.workhours.days import AllDay, Event
from plugins.workhours.fetching import Fetched, fetch
from plugins.workhours.importing import Unreadable, expand
from plugins.workhours.models import CalendarRow, CopyRow, EntryRow

HOUR = timedelta(hours=1)
"""A calendar at an address is fetched so often."""

WEEK = timedelta(days=7)
"""The dates of a file are worked out again so often: rules without end go on."""

Entries = list[AllDay | Event]


def read(account: AccountRow, text: bytes, at: datetime) -> Entries:
    """The entries of a calendar's text, on the account's clock.

    Raises:
        Unreadable: it is no calendar we can take.
    """
    if not text.strip():
        raise Unreadable("empty")
    zone = account.picture().zone
    return expand(text, zone, at.astimezone(zone).date())


def due_after(row: CalendarRow, at: datetime) -> datetime:
    """When the calendar is to be looked at again."""
    return at + (HOUR if row.url else WEEK)


def store(row: CalendarRow, fetched: Fetched, entries: Entries, at: datetime) -> None:
    """Make a copy the one that counts, in one transaction with its entries."""
    with CalendarRow._meta.database.atomic():
        row.etag, row.modified = fetched.etag, fetched.modified
        row.fetched_at, row.due_at = at, due_after(row, at)
        row.fault, row.fault_detail, row.fault_since = "", "", None
        row.save()
        _keep_text(row, fetched.text)
        _write(row, entries)


def _keep_text(row: CalendarRow, text: bytes) -> None:
    CopyRow.delete().where(CopyRow.calendar == row).execute()
    CopyRow.create(account=row.account_id, calendar=row, text=_written(text))


def _written(text: bytes) -> str:
    """The text as both databases can keep it."""
    return text.decode("utf-8", "replace").replace("\x00", "")


def _write(row: CalendarRow, entries: Entries) -> None:
    EntryRow.delete().where(EntryRow.calendar == row).execute()
    own = {"account": row.account_id, "calendar": row.id}
    blank = {"first": None, "last": None, "start": None, "end": None}
    rows = [own | blank | {name: one[place] for name, place in _places(one)} for one in entries]
    for begin in range(0, len(rows), 100):
        EntryRow.insert_many(rows[begin : begin + 100]).execute()


def _places(entry: AllDay | Event) -> list[tuple[str, int]]:
    first, last = ("first", "last") if isinstance(entry, AllDay) else ("start", "end")
    return [(first, 0), (last, 1), ("name", 2)]


def refresh_next(now: datetime) -> None:
    """Look at the calendar that has waited longest, if one is due: a job's turn takes one only."""
    row = CalendarRow.select().where(CalendarRow.due_at <= now).order_by(CalendarRow.due_at).first()
    if row is not None and _claim(row, now):
        refresh(row, now)


def refresh(row: CalendarRow, now: datetime) -> None:
    """Fetch a calendar, or read the kept copy of a file again; a bad one changes nothing but what
    the page says of it."""
    kept = CopyRow.get(CopyRow.calendar == row).text
    try:
        fetched = fetch(row.url, row.etag, row.modified) if row.url else None
        same = fetched is None or _written(fetched.text) == kept
        if same and row.url and now - row.fetched_at < WEEK:
            _say(row, "", "", None)
            return
        fetched = fetched or Fetched(kept.encode(), row.etag, row.modified)
        store(row, fetched, read(row.account, fetched.text, now), now)
    except Unreadable as error:
        _say(row, error.fault, error.detail[:300], row.fault_since or now)


def _claim(row: CalendarRow, now: datetime) -> bool:
    """Of several jobs processes one looks at it. Not a change of the configuration."""
    same = (CalendarRow.id == row.id) & (CalendarRow.due_at == row.due_at)
    return CalendarRow.update(due_at=due_after(row, now)).where(same).execute() == 1


def _say(row: CalendarRow, fault: str, detail: str, since: datetime | None) -> None:
    """Say what is wrong since when, or that all is well. Not a change of the configuration: calls
    are decided by the last good copy."""
    CalendarRow.update(fault=fault, fault_detail=detail, fault_since=since).where(
        CalendarRow.id == row.id
    ).execute()
