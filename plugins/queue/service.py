"""A call's visit of a group: ring, ring the next, hold and wait, in the end the group's rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core import api
from core.api import N_, phrase
from plugins.queue import waiting
from plugins.queue.groups import Group, groups
from plugins.queue.limits import ceiling
from plugins.queue.models import Strategy
from plugins.queue.picking import RANG_ENOUGH, WAITED_ENOUGH, Known, Picked, pick
from plugins.queue.rules import nobody_answered, place_of, served
from plugins.queue.visit import History, Visit

IN_A_WORD = {
    Strategy.EVENLY: phrase(N_("evenly")),
    Strategy.ORDER: phrase(N_("in order")),
    Strategy.ALL: phrase(N_("all at once")),
}
"""The strategies, for the trace."""

MAX_RINGS = 15
"""So often groups ring in one call, and once more after each pause of a caller who waits; the
engine stops at 20 and those, and the no-answer rule rings too."""

RINGBACK = api.Tone("ringback", "")


def visit_group(call: api.Call, group: Group | None) -> api.Step | None:
    """Bring a call to a group; None when the plan or the account has no such group."""
    chosen, group = group, served(call, group) if group else None
    if group is None:
        return None
    if group is not chosen:
        words = N_("group %(group)s is beyond the plan's groups: %(served)s takes the call")
        call.note(phrase(words, group=chosen.name, served=group.name))
    limit = ceiling(call.ask("queue.max_members"))
    if limit is not None and len(group.members) > limit:
        words = N_("only the first %(count)s members take part, as the plan includes no more")
        call.note(phrase(words, count=limit))
    visit = Visit(group.id, _strategy_in_plan(call, group), limit)
    return _go_on(call, group, visit, History.of(call).entered(group.id))


def no_group(call: api.Call, destination: api.Destination) -> api.Nowhere | None:
    """A destination that leads to no group: dialled wrong (R4), or deleted meanwhile."""
    if destination.kind == "queue-extension":
        words = N_("no group has extension %(digits)s")
        return api.Nowhere(reason=phrase(words, digits=destination.id))
    call.note(N_("the group to which this leads does not exist any more"))
    return None


def ring_ended(call: api.Call, result: api.Result, state: Mapping[str, Any]) -> api.Step | None:
    """Nobody answered this ringing: the next member, the next round, or the no-answer rule."""
    visit = Visit.from_state(state)
    return _continue(call, visit, History.of(call).rang_out(result, visit))


def wait_ended(call: api.Call, state: Mapping[str, Any]) -> api.Step | None:
    """The caller has waited for a pause: is anybody free now?"""
    return _continue(call, Visit.from_state(state).rested(call.at), History.of(call))


def _continue(call: api.Call, visit: Visit, history: History) -> api.Step | None:
    group = groups(call.account).get(visit.group)
    if group is None:
        call.note(N_("the group was deleted meanwhile"))
        return None
    return _go_on(call, group, visit, history)


def _strategy_in_plan(call: api.Call, group: Group) -> Strategy:
    """Ring all falls back to evenly where the plan lacks it."""
    if group.strategy is Strategy.ALL and not call.allows("queue.ring_all"):
        return Strategy.EVENLY
    return group.strategy


def _go_on(call: api.Call, group: Group, visit: Visit, history: History) -> api.Step | None:
    """Ring who is next, else let the caller wait, else apply the group's rule."""
    visit, picked = _next(call, group, visit, history)
    if history.rings >= MAX_RINGS + history.waits:
        picked = picked.without_ringing(RANG_ENOUGH)
    elif visit.waits_since and not waiting.seconds_left(call, group, visit):
        picked = picked.without_ringing(WAITED_ENOUGH)
    if picked.targets:
        return _ring(group, visit, history, picked)
    held = waiting.hold(call, group, visit, picked, history)
    if held is None:
        call.note(phrase(N_("group %(group)s: %(why)s"), group=group.name, why=picked.why()))
    return held or nobody_answered(call, group, history)


def _next(call: api.Call, group: Group, visit: Visit, history: History) -> tuple[Visit, Picked]:
    """Who is next; when the round is over, once more from the start, if there are rounds."""
    picked = _pick(call, group, visit, history)
    if picked.targets or not visit.tried or visit.round >= _rounds(group, visit):
        return visit, picked
    visit = replace(visit, round=visit.round + 1, tried=())
    return visit, _pick(call, group, visit, history)


def _rounds(group: Group, visit: Visit) -> int:
    """Ring all has one round: not every gateway says who of many declined (R6). Who waits has the
    rounds behind them: members rest between two tries."""
    return 1 if visit.strategy is Strategy.ALL or visit.waits_since else group.rounds


def _pick(call: api.Call, group: Group, visit: Visit, history: History) -> Picked:
    members = group.members[: visit.members]
    known = Known(
        people=api.employees(call.account),
        offers=api.last_offers(call, [member.key for member in members]),
        refused=history.refused(call),
        tried=visit.tried,
        ahead=waiting.ahead(call, group, visit),
    )
    return pick(call, group, members, visit.strategy, known)


def _ring(group: Group, visit: Visit, history: History, picked: Picked) -> api.Ring:
    keys = tuple(target.key for target in picked.targets)
    words = N_("group %(group)s, %(strategy)s: %(why)s")
    order = IN_A_WORD[visit.strategy]
    history = replace(history, rings=history.rings + 1, waiting=None)
    return api.Ring(
        targets=picked.targets,
        seconds=group.seconds,
        music=(waiting.MELODY,) if visit.waits_since else (RINGBACK,),
        state=visit.rang(keys).as_state(),
        facts=history.as_facts(),
        reason=phrase(words, group=group.name, strategy=order, why=picked.why()),
        place=place_of(group),
    )
