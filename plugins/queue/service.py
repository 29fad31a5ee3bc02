"""A call's visit of a group: ring, ring the next, and when nobody answers, the group's rule.

All that one visit must remember stands in the state of its steps; what holds for the whole call,
however often it comes to a group, stands in the call's facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from core import api
from plugins.queue.groups import Group, groups
from plugins.queue.limits import ceiling
from plugins.queue.models import NoAnswer, Strategy
from plugins.queue.picking import Picked, pick

MAX_RINGS = 15
"""So often groups ring in one call; the engine stops at 20, and the no-answer rule rings too."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of a group: plain JSON in the state of its steps.

    Args:
        group: id of the group.
        strategy: the one in force: the group's, as far as the plan includes it.
        members: so many members take part; None: all.
        round: which round this is, from 1.
        tried: keys of the members rung in this round.
    """

    group: int
    strategy: Strategy
    members: int | None = None
    round: int = 1
    tried: tuple[str, ...] = ()

    def as_state(self) -> dict[str, Any]:
        """For ``Step.state``."""
        return {**asdict(self), "tried": list(self.tried)}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Visit:
        """Read back what ``as_state`` wrote."""
        strategy, tried = Strategy(state["strategy"]), tuple(state["tried"])
        return cls(**{**state, "strategy": strategy, "tried": tried})


@dataclass(frozen=True, slots=True)
class History:
    """What groups did so far in this call: how often they rang."""

    rings: int = 0

    def as_facts(self) -> dict[str, Any]:
        """For ``Step.facts``."""
        return {"rings": self.rings}

    @classmethod
    def of(cls, call: api.Call) -> History:
        """Of this call; empty before the first group."""
        return cls(call.facts.get("queue", {}).get("rings", 0))


def visit_group(call: api.Call, group: Group | None) -> api.Step | None:
    """Bring a call to a group; None when the plan or the account has no such group."""
    group = _in_plan(call, group) if group else None
    if group is None:
        return None
    limit = ceiling(call.ask("queue.max_members"))
    if limit is not None and len(group.members) > limit:
        call.note(f"only the first {limit} members take part, as the plan includes no more")
    visit = Visit(group.id, _strategy_in_plan(call, group), limit)
    return _ring_next(call, group, visit, History.of(call))


def ring_ended(call: api.Call, state: Mapping[str, Any]) -> api.Step | None:
    """Nobody answered this ringing: the next member, the next round, or the no-answer rule."""
    visit = Visit.from_state(state)
    group = groups(call.account).get(visit.group)
    if group is None:
        call.note("the group was deleted meanwhile")
        return None
    return _ring_next(call, group, visit, History.of(call))


def _in_plan(call: api.Call, group: Group) -> Group | None:
    """The group, if it is among the oldest groups that the plan includes, else the first of them:
    after a downgrade nothing is deleted, and no call is lost."""
    served = list(groups(call.account).values())[: ceiling(call.ask("queue.max_groups"))]
    if group in served or not served:
        return group if served else None
    call.note(f"group {group.name} is beyond the plan's groups: {served[0].name} takes the call")
    return served[0]


def _strategy_in_plan(call: api.Call, group: Group) -> Strategy:
    """Ring all falls back to evenly where the plan lacks it."""
    if group.strategy is Strategy.ALL and not call.allows("queue.ring_all"):
        return Strategy.EVENLY
    return group.strategy


def _ring_next(call: api.Call, group: Group, visit: Visit, history: History) -> api.Step | None:
    """Ring who is next; when the round is over, once more from the start, if there are rounds."""
    if history.rings < MAX_RINGS:
        picked = _pick(call, group, visit)
        if not picked.targets and visit.tried and visit.round < _rounds(group, visit):
            visit = replace(visit, round=visit.round + 1, tried=())
            picked = _pick(call, group, visit)
        if picked.targets:
            return _ring(group, visit, history, picked)
        call.note(f"group {group.name}: {picked.why()}")
    else:
        call.note(f"groups rang {MAX_RINGS} times in this call")
    return _nobody_answered(group, history)


def _rounds(group: Group, visit: Visit) -> int:
    """Ring all has one round: not every gateway says who of many declined (R6)."""
    return 1 if visit.strategy is Strategy.ALL else group.rounds


def _pick(call: api.Call, group: Group, visit: Visit) -> Picked:
    members = group.members[: visit.members]
    passed = dict.fromkeys(visit.tried, "already tried")
    passed |= dict.fromkeys(call.refused, "refused this call")
    offers = api.last_offers(call, [member.key for member in members])
    people = api.employees(call.account)
    return pick(call, group, members, visit.strategy, people, offers, passed)


def _ring(group: Group, visit: Visit, history: History, picked: Picked) -> api.Ring:
    keys = tuple(target.key for target in picked.targets)
    visit = replace(visit, tried=visit.tried + keys)
    history = replace(history, rings=history.rings + 1)
    return api.Ring(
        targets=picked.targets,
        seconds=group.seconds,
        state=visit.as_state(),
        facts=history.as_facts(),
        reason=f"group {group.name}, {visit.strategy}: {picked.why()}",
    )


def _nobody_answered(group: Group, history: History) -> api.Step | None:
    """The group's no-answer rule; None leaves the call to whoever connected it."""
    words = {"facts": history.as_facts(), "reason": f"nobody of group {group.name} answered"}
    destination = no_answer_destination(group)
    if destination is not None:
        return api.Connect(destination, **words)
    return api.Hangup(**words) if group.no_answer is NoAnswer.HANGUP else None


def no_answer_destination(group: Group) -> api.Destination | None:
    """Where the no-answer rule leads; None: nowhere."""
    match group.no_answer:
        case NoAnswer.VOICEMAIL:
            return api.Destination("voicemail", f"queue:{group.id}")
        case NoAnswer.PHONE if group.no_answer_employee:
            return api.Destination("phone", str(group.no_answer_employee))
        case NoAnswer.NUMBER if group.no_answer_number:
            return api.Destination("number", group.no_answer_number)
    return None
