"""A group as its admin sees it now: who could be rung, who could not and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core import api
from core.api import gettext, lazy_gettext
from plugins.queue.groups import Group, Member
from plugins.queue.limits import ceiling
from plugins.queue.models import Strategy
from plugins.queue.picking import why_not
from plugins.queue.wording import SHORT, member_name


@dataclass(frozen=True, slots=True)
class MemberNow:
    """A member at one instant; ``why`` is why they are not rung, "" when they would be."""

    name: str
    why: str
    offered_at: datetime | None
    talked_until: datetime | None


def members_now(
    account: api.Account, group: Group, at: datetime, limit: Any = None
) -> dict[str, MemberNow]:
    """The members by key in the group's order, looked at like those of a call that comes in now.

    Args:
        account: whose group it is.
        group: as stored, or as typed.
        at: the instant.
        limit: the gate's decision about ``queue.max_members``; None: all take part.
    """
    call = _call_that_comes_now(account, at)
    people = api.employees(account)
    offers = api.last_offers(call, [member.key for member in group.members])
    rung = group.members[: ceiling(limit)] if limit else group.members
    return {
        member.key: _now(call, group, member, people, offers, member not in rung)
        for member in group.members
    }


def summary(members: Iterable[MemberNow]) -> str:
    """Such as ``2 of 3 free``."""
    found = list(members)
    if not found:
        return gettext("nobody is in this group")
    free = sum(not member.why for member in found)
    return gettext("%(free)s of %(all)s free", free=free, all=len(found))


def strategy_in_plan(group: Group, ring_all: Any) -> str:
    """The group's way to ring, and what the plan makes of it."""
    title = str(SHORT[group.strategy])
    if group.strategy is Strategy.ALL and not ring_all.allowed:
        evenly = SHORT[Strategy.EVENLY]
        return gettext("%(way)s (not in the plan: %(instead)s)", way=title, instead=evenly)
    return title


STATES = {
    "": "",
    "off": lazy_gettext("away"),
    "busy": lazy_gettext("busy"),
    "no phone": lazy_gettext("no phone"),
    "gone": lazy_gettext("gone"),
    "wrapping up": lazy_gettext("wrapping up"),
}
"""Why a member is not rung, as people call it; why they are absent, plugins say themselves."""


def _now(
    call: api.Call, group: Group, member: Member, people: Any, offers: Any, beyond: bool
) -> MemberNow:
    employee = people.get(member.employee or 0)
    offer = offers.get(member.key, api.NEVER)
    if beyond:
        why = gettext("beyond the plan")
    else:
        word = why_not(call, group, member, employee, offer)
        why = str(STATES.get(word) or gettext(word)) if word else ""
    return MemberNow(member_name(call.account, member), why, offer.offered_at, offer.talked_until)


def _call_that_comes_now(account: api.Account, at: datetime) -> api.Call:
    line = api.Line(0, "", "", api.LineKind.RENTED, account.timezone)
    talking = api.LegRow.of(account).where(
        api.LegRow.ended_at.is_null(), api.LegRow.employee.is_null(False)
    )
    busy = frozenset(leg.employee for leg in talking)
    call = api.Call(0, account, line, "", "", started_at=at, at=at, busy=busy)
    absent = api.absent_now(call)
    return replace(call, absent=lambda employee: absent.get(employee, ""))
