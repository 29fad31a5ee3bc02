"""Names who has missed a call, for lists and pages of calls (R9)."""

from __future__ import annotations

from collections.abc import Iterable

import peewee

from core.calls.missed import owners
from core.calls.state import State, naming
from core.calls.tables import CallRow, LegRow
from core.contract.call import Direction, Outcome
from core.store.people import EmployeeRow
from core.web.host import host
from core.web.member import current_member
from core.web.offers import offers


def name_owners(calls: Iterable[CallRow]) -> list[CallRow]:
    """The same calls, each with ``missed_by``: whose missed call it is, "" when it was not missed.

    Args:
        calls: of the account that somebody works in.
    """
    found = list(calls)
    missed = [
        one
        for one in found
        if one.outcome == Outcome.MISSED and one.direction != Direction.OUTGOING
    ]
    rung, names = (_first_rung(missed), _names()) if missed else ({}, {})
    plugins = list(host().registry.plugins)
    for one in found:
        state = State.from_text(one.state) if one in missed else State()
        belongs = owners(one.outcome, state, plugins, rung.get(one.id)) if one in missed else ()
        one.missed_by = next((names[str(to)] for to in belongs if str(to) in names), "")
    return found


def meant_for(employee: int) -> peewee.Expression:
    """The condition on calls that finds the missed ones of an employee's clients, and those for
    their extension: they are theirs even when the employee was absent and nobody rang them."""
    missed = (CallRow.outcome == Outcome.MISSED) & (CallRow.direction == Direction.INCOMING)
    clients, own = (CallRow.state.contains(part) for part in naming(employee))
    return missed & (clients | own)


def _first_rung(calls: list[CallRow]) -> dict[int, int]:
    """By call, the first employee who was rung."""
    account = current_member().account
    legs = (
        LegRow.of(account)
        .select(LegRow.call, LegRow.employee)
        .where(LegRow.call.in_(calls), LegRow.number > 0, LegRow.employee.is_null(False))
        .order_by(LegRow.number.desc())
        .tuples()
    )
    return dict(legs)


def _names() -> dict[str, str]:
    """What each destination is called, by its text; an employee also where nobody offers them."""
    account = current_member().account
    people = EmployeeRow.of(account).select(EmployeeRow.id, EmployeeRow.name).tuples()
    offered = {one.value: str(one.title) for one in offers()}
    return offered | {f"employee:{id}": name for id, name in people}
