"""Who of a group is rung next: pure, from what is known at this instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from core import api
from plugins.queue.groups import Group, Member
from plugins.queue.models import Strategy

AT_ONCE = 10
"""So many phones ring at the same time at most; no provider takes more."""


@dataclass(frozen=True, slots=True)
class Picked:
    """Whom to ring now, by name, and why others are not; no targets: nobody is left."""

    targets: tuple[api.Target, ...] = ()
    names: tuple[str, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)

    def why(self) -> str:
        """One sentence for the trace."""
        rung = f"rings {', '.join(self.names)}" if self.names else "nobody is left to ring"
        skipped = ", ".join(f"{name} ({why})" for name, why in self.skipped.items())
        return f"{rung}; skipped: {skipped}" if skipped else rung


def pick(
    call: api.Call,
    group: Group,
    members: Iterable[Member],
    strategy: Strategy,
    people: Mapping[int, api.Employee],
    offers: Mapping[str, api.LastOffer],
    passed: Mapping[str, str],
) -> Picked:
    """Choose the next to ring (R6).

    Args:
        call: the call, at this instant.
        group: its wrap-up time counts.
        strategy: the one in force.
        members: who may be rung at all, in the group's order.
        people: the account's employees by id.
        offers: when each member was last offered a call, by key.
        passed: members that are out for now, by key, with the reason.
    """
    able: list[tuple[Member, api.Target, str]] = []
    skipped: dict[str, str] = {}
    for member in members:
        employee = people.get(member.employee or 0)
        name = employee.name if employee else member.number or "an employee who is gone"
        offer = offers.get(member.key, api.NEVER)
        why = passed.get(member.key) or why_not(call, group, member, employee, offer)
        if why:
            skipped[name] = why
        else:
            able.append((member, _target(member, employee), name))
    if strategy is Strategy.EVENLY:
        able.sort(key=lambda one: _waited_since(one[0], offers))
    able = able[: AT_ONCE if strategy is Strategy.ALL else 1]
    return Picked(
        tuple(target for _, target, _ in able), tuple(name for _, _, name in able), skipped
    )


def why_not(
    call: api.Call,
    group: Group,
    member: Member,
    employee: api.Employee | None,
    offer: api.LastOffer,
) -> str:
    """Why a member cannot be rung now, whoever calls: ``off``, ``busy``, ``no phone``, ``gone`` or
    ``wrapping up``; "" when they can be."""
    if member.employee:
        why = api.why_unavailable(call, employee) if employee else "gone"
        if why:
            return why
    if offer.talked_until and group.wrap_up_seconds:
        ready = offer.talked_until + timedelta(seconds=group.wrap_up_seconds)
        return "wrapping up" if call.at < ready else ""
    return ""


def _target(member: Member, employee: api.Employee | None) -> api.Target:
    if employee:
        return api.ring_target(employee)
    return api.Phone(member.number, confirm=True)


def _waited_since(member: Member, offers: Mapping[str, api.LastOffer]) -> float:
    """Sorts by the longest wait; who was never offered a call has waited for ever."""
    offered = offers.get(member.key, api.NEVER).offered_at
    return offered.timestamp() if offered else 0.0
