"""The one answer to "can this employee be rung now, and where?", for every route (R7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from core.calls.tables import OfferRow
from core.contract.call import Call, Employee
from core.contract.steps import Phone, Sip, Target, employee_key
from core.contract.texts import N_
from core.store.database import read_instant


class LastOffer(NamedTuple):
    """When somebody was last rung, and until when they last talked; None: never."""

    offered_at: datetime | None
    talked_until: datetime | None


NEVER = LastOffer(None, None)


def why_unavailable(call: Call, employee: Employee) -> str:
    """Why an employee is not rung now: ``not available``, why they are absent (R7), ``busy``,
    ``refused this call`` (then on none of their phones, by no route), ``no phone``; "" when they
    can be."""
    if not employee.available:
        return N_("not available")
    absent = call.absent(employee.id)
    if absent:
        return absent
    if employee.id in call.busy:
        return N_("busy")
    if employee_key(employee.id) in call.refused:
        return N_("refused this call")
    return "" if ring_target(employee) else N_("no phone")


def ring_target(employee: Employee) -> Target | None:
    """Where an employee is rung: at their SIP address, else on their mobile, where voicemail may
    answer, so that they must press 1 to accept."""
    if employee.sip:
        return Sip(employee.sip, employee.id)
    if employee.mobile:
        return Phone(employee.mobile, employee.id, confirm=True)
    return None


def own_phones(employee: Employee) -> tuple[Phone, ...]:
    """The employee's own phones: mobile first, then the other number (R3)."""
    numbers = [number for number in (employee.mobile, employee.other_number) if number]
    return tuple(Phone(number, employee.id, confirm=True) for number in numbers)


def last_offers(call: Call, keys: Iterable[str]) -> dict[str, LastOffer]:
    """When each of these targets (``Target.key``) was last offered a call of this account; never,
    for a dry run."""
    wanted = list(keys)
    if not wanted or call.dry:
        return {}
    database = OfferRow._meta.database
    marks = ", ".join([database.param] * len(wanted))
    rows = database.execute_sql(
        "SELECT target, offered_at, talked_until FROM offers"
        f" WHERE account_id = {database.param} AND target IN ({marks})",
        (call.account.id, *wanted),
    )
    return {
        target: LastOffer(read_instant(offered), read_instant(talked))
        for target, offered, talked in rows.fetchall()
    }
