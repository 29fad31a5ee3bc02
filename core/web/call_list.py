"""Finds calls for lists: by indexed columns only, a page at a time, however many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import peewee
from flask_babel import gettext

from core.calls.tables import DIALLED, CallRow, LegRow
from core.contract.call import Direction, Outcome
from core.contract.errors import BadInput
from core.store.lines import LineRow
from core.store.people import EmployeeRow
from core.web.member import AGENT, Member
from core.web.missed import meant_for, name_owners
from core.web.phones import e164
from core.web.rows import row_id

PAGE = 50
EXPORTED = 500
"""Calls of an export that are read at a time."""

RUNNING = "running"


@dataclass(frozen=True, slots=True)
class CallFilter:
    """What a list of calls is narrowed to; None or "" does not narrow.

    Args:
        since, until: half-open, instants.
        outcome: an outcome's word, or ``running``.
        direction: ``incoming``, ``outgoing`` or ``internal``.
        line: id of a number.
        caller: E.164; the number outside, whoever of the two called.
        before: id of a call; only calls that are older in the list.
    """

    since: datetime | None = None
    until: datetime | None = None
    outcome: str = ""
    direction: str = ""
    line: int | None = None
    caller: str = ""
    before: int | None = None

    @classmethod
    def read(cls, arguments: Mapping[str, str], member: Member) -> CallFilter:
        """From an address's arguments: ``from`` and ``to`` are days on the account's clock.

        Raises:
            BadInput: a word that means nothing, naming it.
        """
        account = member.account
        since, until = (_day(arguments.get(name, ""), name) for name in ("from", "to"))
        outcome = arguments.get("outcome", "")
        if outcome and outcome != RUNNING and outcome not in set(Outcome):
            raise BadInput(gettext("“%(word)s” is no outcome.", word=outcome), {"outcome": outcome})
        direction = arguments.get("direction", "")
        if direction and direction not in set(Direction):
            sentence = gettext("“%(word)s” is no direction of a call.", word=direction)
            raise BadInput(sentence, {"direction": sentence})
        return cls(
            since=midnight(since, account) if since else None,
            until=midnight(until + timedelta(days=1), account) if until else None,
            outcome=outcome,
            direction=direction,
            line=row_id(arguments.get("line", "")),
            caller=e164(arguments.get("caller", ""), account.country),
            before=row_id(arguments.get("before", "")),
        )


def midnight(day: date, account: Any) -> datetime:
    """The instant at which a day begins on the account's clock."""
    return datetime.combine(day, time(), account.zone).astimezone(UTC)


def seen_by(member: Member) -> peewee.ModelSelect:
    """The calls a member may see: an agent those they were rung for and the missed ones that were
    meant for them, others the account's."""
    query = CallRow.of(member.account)
    if member.role != AGENT:
        return query
    own = member.employee.id if member.employee else 0
    rung = LegRow.select(peewee.SQL("1")).where(LegRow.call == CallRow.id, LegRow.employee == own)
    return query.where((CallRow.employee == own) | peewee.fn.EXISTS(rung) | meant_for(own))


def find_all(member: Member, wanted: CallFilter) -> Iterator[list[CallRow]]:
    """All the calls, page by page, newest first."""
    older: int | None = wanted.before
    while True:
        calls, older = find(member, replace(wanted, before=older), EXPORTED)
        yield calls
        if older is None:
            return


def find(member: Member, wanted: CallFilter, most: int = PAGE) -> tuple[list[CallRow], int | None]:
    """One page of calls, newest first, and the id after which the next page begins."""
    query = seen_by(member)
    if wanted.since:
        query = query.where(CallRow.started_at >= wanted.since)
    if wanted.until:
        query = query.where(CallRow.started_at < wanted.until)
    if wanted.outcome:
        word = None if wanted.outcome == RUNNING else wanted.outcome
        query = query.where(CallRow.outcome.is_null() if word is None else CallRow.outcome == word)
    if wanted.line:
        query = query.where(CallRow.line == wanted.line)
    if wanted.direction:
        query = query.where(CallRow.direction == wanted.direction)
    if wanted.caller:
        called = DIALLED & (CallRow.called == wanted.caller)
        query = query.where((CallRow.caller == wanted.caller) | called)
    last = wanted.before and CallRow.of(member.account).where(CallRow.id == wanted.before).first()
    if last:
        at = last.started_at
        older = (CallRow.started_at == at) & (CallRow.id < last.id)
        query = query.where((CallRow.started_at <= at) & ((CallRow.started_at < at) | older))
    found = list(
        query.select_extend(LineRow, EmployeeRow)
        .join_from(CallRow, LineRow, peewee.JOIN.LEFT_OUTER)
        .join_from(CallRow, EmployeeRow, peewee.JOIN.LEFT_OUTER)
        .order_by(CallRow.started_at.desc(), CallRow.id.desc())
        .limit(most + 1)
    )
    return name_owners(found[:most]), found[most - 1].id if len(found) > most else None


def rung(call: CallRow) -> peewee.ModelSelect:
    """The phones that were rung for a call, in their order; the one that dialled it was not."""
    legs = LegRow.of(call.account_id).where(LegRow.call == call, LegRow.number > 0)
    return legs.order_by(LegRow.number)


def counts(member: Member, since: datetime, until: datetime | None = None) -> dict[str, int]:
    """How many calls that came in a span ended how; running ones under ``running``."""
    query = seen_by(member).where(CallRow.started_at >= since)
    query = query.where(CallRow.direction == Direction.INCOMING)
    if until:
        query = query.where(CallRow.started_at < until)
    counted = query.select(CallRow.outcome, peewee.fn.COUNT(CallRow.id)).group_by(CallRow.outcome)
    return {outcome or RUNNING: count for outcome, count in counted.tuples()}


def _day(text: str, name: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        sentence = gettext("“%(typed)s” is no date; write 2026-11-22.", typed=text)
        raise BadInput(sentence, {name: sentence}) from None
