"""Starts, pauses, resumes and ends a day: two clicks at once lead to one change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import peewee

from core.api import Account, AccountRow, BadInput, Conflict, EmployeeRow, gettext
from plugins.workhours.presence.days import Rules, latest_end
from plugins.workhours.presence.models import DayRulesRow, Doing, SpanRow

LONGEST_REASON, LONGEST_NOTE = 60, 200
TRIES = 5
"""How often a change is tried while somebody else changes the same day."""


class Action(StrEnum):
    """What a button does."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants.

    Args:
        action: which button.
        reason: of a break: ``lunch``, ``meeting``, ``training`` or own words.
        by: who does it for the employee, "" when they do it themselves.
        note: why somebody else does it.
    """

    action: Action
    reason: str = ""
    by: str = ""
    note: str = ""


class _Again(Exception):
    """Somebody changed the same day meanwhile."""


def rules_of(account_id: int) -> Rules:
    """The account's rules for the working day."""
    row = DayRulesRow.of(account_id).first()
    return Rules(row.on, row.ends_at, row.hours) if row else Rules()


def last_span(account_id: int, employee: int) -> SpanRow | None:
    """The employee's latest span, whether it goes on or not."""
    mine = SpanRow.of(account_id).where(SpanRow.employee == employee)
    return mine.order_by(SpanRow.number.desc()).first()


def change(account: Account, employee: EmployeeRow, wanted: Change, at: datetime) -> SpanRow | None:
    """Do what a button says; pressing it twice changes nothing the second time.

    Args:
        account: whose employee.
        employee: an employee of this account.
        wanted: what to do, and who does it.
        at: when.

    Returns:
        The span that goes on now; None: the employee is not at work.

    Raises:
        BadInput: a day that has not begun cannot be paused; a text is too long.
        Conflict: others kept changing the same day.
    """
    _check(wanted)
    for _ in range(TRIES):
        try:
            with SpanRow._meta.database.atomic():
                return _change(account, employee, wanted, at)
        except (_Again, peewee.IntegrityError):
            continue
    raise Conflict(gettext("Somebody else is changing this working day; try again."))


def _check(wanted: Change) -> None:
    for field, text, most in (
        ("reason", wanted.reason, LONGEST_REASON),
        ("note", wanted.note, LONGEST_NOTE),
    ):
        if len(text) > most:
            sentence = gettext(
                "“%(typed)s…” is too long: use %(most)s characters at most.",
                typed=text[:20],
                most=most,
            )
            raise BadInput(sentence, {field: sentence})


def _change(
    account: Account, employee: EmployeeRow, wanted: Change, at: datetime
) -> SpanRow | None:
    last = last_span(account.id, employee.id)
    current = last if last is not None and last.lasts(at) else None
    doing = _doing(wanted.action, current)
    reason = wanted.reason if doing is Doing.BREAK else ""
    if current is None and doing is None:
        return None
    if current is not None and (current.doing, current.reason) == (doing, reason):
        return current
    ended = _close(last, wanted, at) if last is not None else at
    if doing is None:
        return None
    begin = max(at, ended)
    zone, rules = account.zone, rules_of(account.id)
    return SpanRow.create(
        account=account.id,
        employee=employee,
        name=employee.name,
        number=last.number + 1 if last is not None else 1,
        doing=doing,
        reason=reason,
        started_at=begin,
        until=current.until if current is not None else latest_end(begin, rules, zone),
        by=wanted.by,
        note=wanted.note,
    )


def _doing(action: Action, current: SpanRow | None) -> Doing | None:
    """What the employee does after the button."""
    if action is Action.END:
        return None
    if current is None and action is not Action.START:
        raise BadInput(gettext("The working day has not started: start it first."))
    return Doing.BREAK if action is Action.PAUSE else Doing.WORK


def _close(span: SpanRow, wanted: Change, at: datetime) -> datetime:
    """End a span that is open in the table; returns when the last one ended."""
    if span.ended_at is not None:
        return span.ended_at
    by_hand = span.lasts(at)
    ended = max(span.started_at, span.end(at))
    by, note = (wanted.by, wanted.note) if by_hand else ("", "")
    closed = SpanRow.update(ended_at=ended, ended_by=by, ended_note=note).where(
        SpanRow.id == span.id, SpanRow.ended_at.is_null()
    )
    if not closed.execute():
        raise _Again
    return ended


def save_rules(account: Account, rules: Rules) -> None:
    """Keep the account's rules; days that go on keep the end they began with."""
    row = DayRulesRow.of(account).first() or DayRulesRow(account=AccountRow.get_by_id(account.id))
    row.on, row.ends_at, row.hours = rules.on, rules.ends_at, rules.hours
    row.save()
