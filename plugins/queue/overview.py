"""A group as its admin sees it now: who could be rung, who could not and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import api
from plugins.queue.groups import Group, Member
from plugins.queue.limits import ceiling
from plugins.queue.models import Strategy
from plugins.queue.picking import why_not


@dataclass(frozen=True, slots=True)
class MemberNow:
    """A member at one instant; ``why`` is why they are not rung, "" when they would be."""

    name: str
    why: str
    offered_at: datetime | None
    talked_until: datetime | None


def members_now(account: api.Account, group: Group, at: datetime, limit: Any) -> list[MemberNow]:
    """The members in the group's order, looked at like those of a call that comes in now.

    Args:
        account: whose group it is.
        group: as stored.
        at: the instant.
        limit: the gate's decision about ``queue.max_members``.
    """
    call = _call_that_comes_now(account, at)
    people = api.employees(account)
    offers = api.last_offers(call, [member.key for member in group.members])
    rung = group.members[: ceiling(limit)]
    return [
        _now(call, group, member, people, offers, "" if member in rung else "beyond the plan")
        for member in group.members
    ]


def summary(members: list[MemberNow]) -> str:
    """Such as ``2 of 3 free``."""
    if not members:
        return "nobody is in this group"
    return f"{sum(not member.why for member in members)} of {len(members)} free"


def strategy_in_plan(group: Group, ring_all: Any) -> str:
    """The group's way to ring, and what the plan makes of it."""
    title = STRATEGIES[group.strategy]
    if group.strategy is Strategy.ALL and not ring_all.allowed:
        return f"{title} (not in the plan: {STRATEGIES[Strategy.EVENLY]})"
    return title


STRATEGIES = {
    Strategy.EVENLY: "evenly",
    Strategy.ORDER: "in order",
    Strategy.ALL: "all at once",
}
"""The ways to ring, as people call them."""


def _now(
    call: api.Call, group: Group, member: Member, people: Any, offers: Any, beyond: str
) -> MemberNow:
    employee = people.get(member.employee or 0)
    offer = offers.get(member.key, api.NEVER)
    why = beyond or why_not(call, group, member, employee, offer)
    name = employee.name if employee else member.number
    return MemberNow(name, why, offer.offered_at, offer.talked_until)


def _call_that_comes_now(account: api.Account, at: datetime) -> api.Call:
    line = api.Line(0, "", "", api.LineKind.RENTED, account.timezone)
    talking = api.LegRow.of(account).where(
        api.LegRow.ended_at.is_null(), api.LegRow.employee.is_null(False)
    )
    busy = frozenset(leg.employee for leg in talking)
    return api.Call(0, account, line, "", "", started_at=at, at=at, busy=busy)
