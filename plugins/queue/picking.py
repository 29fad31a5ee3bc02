"""Who of a group is rung next: pure, from what is known at this instant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from core import api
from core.api import N_, joined, phrase
from plugins.queue.groups import Group, Member
from plugins.queue.models import Strategy

AT_ONCE = 10
"""So many phones ring at the same time at most; no provider takes more."""

REFUSED = N_("refused this call")
TRIED = N_("already tried")
KEPT = N_("kept for a caller who waits longer")
GONE = N_("gone")
NO_PHONE = N_("no phone")
RANG_ENOUGH = N_("this call has rung too often")
WAITED_ENOUGH = N_("the caller waited long enough")

FOR_GOOD = (REFUSED, GONE, NO_PHONE)
"""Why a member will not be rung for this call any more, however long the caller waits."""


class Skip(NamedTuple):
    """A member who is not rung now, by name, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Picked:
    """Whom to ring now, by name, and by key who is not and why; no targets: nobody is left."""

    targets: tuple[api.Target, ...] = ()
    names: tuple[str, ...] = ()
    skipped: Mapping[str, Skip] = field(default_factory=dict)

    def why(self) -> str:
        """One sentence for the trace."""
        nobody = phrase(N_("nobody is left to ring"))
        names = ", ".join(self.names)
        rung = phrase(N_("rings %(names)s"), names=names) if names else nobody
        if not self.skipped:
            return rung
        skipped = joined((_skipped(skip) for skip in self.skipped.values()), ", ")
        return phrase(N_("%(rung)s; skipped: %(names)s"), rung=rung, names=skipped)

    def skipped_as(self, *reasons: str) -> tuple[str, ...]:
        """The keys of the members who are not rung for one of these reasons."""
        return tuple(key for key, skip in self.skipped.items() if skip.why in reasons)

    def without_ringing(self, why: str) -> Picked:
        """Nobody is rung now: who would have been is skipped, too."""
        keys = (target.key for target in self.targets)
        left_out = {key: Skip(name, why) for key, name in zip(keys, self.names, strict=True)}
        return Picked(skipped={**self.skipped, **left_out})

    @property
    def hopeless(self) -> bool:
        """Whether no member can be rung for this call any more, now or later."""
        return all(skip.why in FOR_GOOD for skip in self.skipped.values())


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when a group is asked, beside the call and the group.

    Args:
        people: the account's employees by id.
        offers: when each member was last offered a call, by key.
        refused: keys of those who refused the call.
        tried: keys of those who were rung in this round.
        ahead: of each caller who waits longer, the first first: the keys of those who cannot be
            rung for them.
    """

    people: Mapping[int, api.Employee]
    offers: Mapping[str, api.LastOffer]
    refused: Collection[str] = ()
    tried: Collection[str] = ()
    ahead: Iterable[Collection[str]] = ()


class _Able(NamedTuple):
    member: Member
    target: api.Target
    name: str


def pick(
    call: api.Call, group: Group, members: Iterable[Member], strategy: Strategy, known: Known
) -> Picked:
    """Choose the next to ring (R6).

    Args:
        call: the call, at this instant.
        group: its wrap-up time counts.
        members: who may be rung at all, in the group's order.
        strategy: the one in force.
        known: what else counts.
    """
    able: list[_Able] = []
    skipped: dict[str, Skip] = {}
    for member in members:
        employee = known.people.get(member.employee or 0)
        gone = phrase(N_("an employee who is gone"))
        name = employee.name if employee else member.number or gone
        why = _why_passed(call, group, member, employee, known)
        if why:
            skipped[member.key] = Skip(name, why)
        else:
            able.append(_Able(member, _target(member, employee), name))
    if strategy is Strategy.EVENLY:
        able.sort(key=lambda one: _waited_since(one.member, known.offers))
    most = AT_ONCE if strategy is Strategy.ALL else 1
    for barred in known.ahead:
        theirs = [one for one in able if one.member.key not in barred][:most]
        skipped |= {one.member.key: Skip(one.name, KEPT) for one in theirs}
        able = [one for one in able if one not in theirs]
    able = able[:most]
    return Picked(tuple(one.target for one in able), tuple(one.name for one in able), skipped)


def why_not(
    call: api.Call,
    group: Group,
    member: Member,
    employee: api.Employee | None,
    offer: api.LastOffer,
) -> str:
    """Why a member cannot be rung now, whoever calls: the word of ``api.why_unavailable`` (R7),
    ``gone`` or ``wrapping up``; "" when they can be."""
    if member.employee:
        why = api.why_unavailable(call, employee) if employee else GONE
        if why:
            return why
    if offer.talked_until and group.wrap_up_seconds:
        ready = offer.talked_until + timedelta(seconds=group.wrap_up_seconds)
        return N_("wrapping up") if call.at < ready else ""
    return ""


def _why_passed(
    call: api.Call, group: Group, member: Member, employee: api.Employee | None, known: Known
) -> str:
    """A refusal holds for the whole call; who is busy is no longer one who did not answer, so that
    they are rung as soon as they are free."""
    if member.key in known.refused:
        return REFUSED
    offer = known.offers.get(member.key, api.NEVER)
    why = why_not(call, group, member, employee, offer)
    return why or (TRIED if member.key in known.tried else "")


def _skipped(skip: Skip) -> str:
    return phrase("%(name)s (%(why)s)", name=skip.name, why=phrase(skip.why))


def _target(member: Member, employee: api.Employee | None) -> api.Target:
    if employee:
        return api.ring_target(employee)
    return api.Phone(member.number, confirm=True)


def _waited_since(member: Member, offers: Mapping[str, api.LastOffer]) -> float:
    """Sorts by the longest wait; who was never offered a call has waited for ever."""
    offered = offers.get(member.key, api.NEVER).offered_at
    return offered.timestamp() if offered else 0.0
