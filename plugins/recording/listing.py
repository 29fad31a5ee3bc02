"""Finds recordings for the list: newest first, a page at a time, by indexed columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import peewee

from core.api import (
    Account,
    BadInput,
    CallRow,
    EmployeeRow,
    LineRow,
    Member,
    NotFound,
    RecordingRow,
    gettext,
)
from plugins.recording.keeping import CONVERSATION

PAGE = 25
"""How many recordings a page lists."""

LISTED = ("stored", "announced", "in-progress", "failed")
"""What is listed; recordings without sound and deleted ones are on the page of their call."""

GREATEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; None or False does not narrow.

    Args:
        since, until: half-open, instants of the recording's beginning.
        line, employee: ids.
        held: only recordings on legal hold.
        before: id of a recording; only those after it in the list.
    """

    since: datetime | None = None
    until: datetime | None = None
    line: int | None = None
    employee: int | None = None
    held: bool = False
    before: int | None = None

    @classmethod
    def read(cls, arguments: Mapping[str, str], account: Account) -> Wanted:
        """From an address's arguments: ``from`` and ``to`` are days on the account's clock.

        Raises:
            BadInput: a date that is none, naming it.
        """
        since, until = (_day(arguments.get(name, "")) for name in ("from", "to"))
        return cls(
            since=_midnight(since, account) if since else None,
            until=_midnight(until + timedelta(days=1), account) if until else None,
            line=_id(arguments.get("line", "")),
            employee=_id(arguments.get("employee", "")),
            held=arguments.get("held") == "1",
            before=_id(arguments.get("before", "")),
        )


def heard_by(member: Member) -> peewee.ModelSelect:
    """The conversations a member may deal with: an agent's own, for all others the account's."""
    query = RecordingRow.of(member.account).where(RecordingRow.kind == CONVERSATION)
    if member.role == "agent":
        own = member.employee.id if member.employee else 0
        calls = CallRow.of(member.account).where(CallRow.employee == own)
        query = query.where(RecordingRow.call.in_(calls.select(CallRow.id)))
    return query


def one(member: Member, recording_id: int) -> RecordingRow:
    """One recording a member may deal with, with its call.

    Raises:
        NotFound: there is none with this id, or it is not theirs to see.
    """
    found = None
    if recording_id <= GREATEST_ID:
        found = _with_calls(heard_by(member)).where(RecordingRow.id == recording_id).first()
    if found is None:
        raise NotFound(gettext("There is no recording %(id)s.", id=recording_id))
    return found


def find(member: Member, wanted: Wanted, most: int = PAGE) -> tuple[list[RecordingRow], int | None]:
    """One page of recordings with their calls, and the id after which the next page begins."""
    query = heard_by(member).where(RecordingRow.status.in_(LISTED))
    if wanted.since:
        query = query.where(RecordingRow.announced_at >= wanted.since)
    if wanted.until:
        query = query.where(RecordingRow.announced_at < wanted.until)
    if wanted.held:
        query = query.where(RecordingRow.legal_hold)
    query = _with_calls(_before(query, member, wanted.before))
    if wanted.line:
        query = query.where(CallRow.line == wanted.line)
    if wanted.employee:
        query = query.where(CallRow.employee == wanted.employee)
    newest = RecordingRow.announced_at.desc(), RecordingRow.id.desc()
    found = list(query.order_by(*newest).limit(most + 1))
    return found[:most], found[most - 1].id if len(found) > most else None


def _before(query: peewee.ModelSelect, member: Member, before: int | None) -> peewee.ModelSelect:
    last = before and heard_by(member).where(RecordingRow.id == before).first()
    if not last:
        return query
    at = RecordingRow.announced_at
    older = (at == last.announced_at) & (RecordingRow.id < last.id)
    return query.where((at < last.announced_at) | older)


def _with_calls(query: peewee.ModelSelect) -> peewee.ModelSelect:
    """The recordings with their calls, numbers and employees, in the same query."""
    return (
        query.select_extend(CallRow, LineRow, EmployeeRow)
        .join_from(RecordingRow, CallRow)
        .join_from(CallRow, LineRow, peewee.JOIN.LEFT_OUTER)
        .join_from(CallRow, EmployeeRow, peewee.JOIN.LEFT_OUTER)
    )


def _midnight(day: date, account: Account) -> datetime:
    return datetime.combine(day, time(), account.zone).astimezone(UTC)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        sentence = gettext("“%(typed)s” is no date; write it like 2026-11-22.", typed=typed)
        raise BadInput(sentence) from None


def _id(typed: str) -> int | None:
    known = typed.isascii() and typed.isdecimal() and len(typed) < 20
    return int(typed) if known and int(typed) <= GREATEST_ID else None
