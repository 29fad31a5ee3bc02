"""Working days of the past: which spans are shown, and as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.api import Account, BadInput, csv_cell, gettext
from plugins.workhours.presence.models import SpanRow
from plugins.workhours.presence.overview import ended_by, spans_of

SHOWN_DAYS = 7
"""So many days up to today are shown when nobody says which."""

MOST_DAYS = 366

COLUMNS = (
    "employee",
    "doing",
    "reason",
    "started",
    "ended",
    "minutes",
    "started by",
    "why",
    "ended by",
    "why ended",
)


@dataclass(frozen=True, slots=True)
class History:
    """What is wanted: days on the account's clock, both included, and perhaps one employee."""

    account: Account
    first: date
    last: date
    employee: int | None = None

    @classmethod
    def read(cls, arguments: Mapping[str, str], account: Account, at: datetime) -> History:
        """From an address's arguments ``from``, ``to`` and ``employee``.

        Raises:
            BadInput: a date that is none, or too long a stretch.
        """
        today = at.astimezone(account.zone).date()
        last = _date(arguments.get("to", "")) or today
        first = _date(arguments.get("from", "")) or last - timedelta(days=SHOWN_DAYS - 1)
        if not 0 <= (last - first).days < MOST_DAYS:
            raise BadInput(
                gettext(
                    "From %(first)s to %(last)s is no stretch that can be shown: choose up to"
                    " %(most)s days, the earlier first.",
                    first=first,
                    last=last,
                    most=MOST_DAYS,
                )
            )
        chosen = arguments.get("employee", "")
        return cls(account, first, last, int(chosen[:18]) if chosen.isdecimal() else None)

    def spans(self) -> list[SpanRow]:
        """What was done in these days, oldest first."""
        since = _instant(self.first, self.account)
        until = _instant(self.last + timedelta(days=1), self.account)
        return spans_of(self.account, since, until, self.employee)


def as_csv(wanted: History, at: datetime) -> str:
    """The history as CSV; times are local ones with their offset from UTC.

    Args:
        wanted: which days of whom.
        at: now; what goes on has no end yet.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for span in wanted.spans():
        writer.writerow([csv_cell(value) for value in _cells(span, wanted.account, at)])
    return file.getvalue()


def _cells(span: SpanRow, account: Account, at: datetime) -> list[object]:
    ended = span.end(at)
    return [
        span.name,
        span.doing,
        span.reason,
        span.started_at.astimezone(account.zone).isoformat(timespec="seconds"),
        "" if span.lasts(at) else ended.astimezone(account.zone).isoformat(timespec="seconds"),
        round((ended - span.started_at).total_seconds() / 60),
        span.by,
        span.note,
        ended_by(span, at),
        span.ended_note,
    ]


def _instant(day: date, account: Account) -> datetime:
    return datetime.combine(day, time(), account.zone).astimezone(UTC)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        sentence = gettext("“%(typed)s” is no date; write 2026-11-22.", typed=text[:20])
        raise BadInput(sentence) from None
