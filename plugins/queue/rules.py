"""What happens to a call when nobody of a group answered: the group's no-answer rule (R6).

A rule that leads to a phone outside may reach nobody either: then the group's voicemail follows, so
that no caller of a group with such a rule is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core import api
from core.api import N_, phrase
from plugins.queue.groups import Group, groups
from plugins.queue.limits import ceiling
from plugins.queue.models import NoAnswer
from plugins.queue.visit import History

NOBODY = -1
"""No group has this id; a new group has the id 0 until it is saved."""

OUTSIDE = ("phone", "number")
"""The destinations of rules that may reach nobody."""


def nobody_answered(call: api.Call, group: Group, history: History) -> api.Step | None:
    """Apply the group's last rule; None leaves the call to whoever connected it."""
    words = {
        "facts": replace(history, waiting=None).as_facts(),
        "reason": phrase(N_("nobody of group %(group)s answered"), group=group.name),
        "place": place_of(group),
    }
    if group.last_rule is NoAnswer.HANGUP:
        return api.Hangup(**words)
    destination = no_answer_destination(group)
    if destination is None:
        return None
    why_not = _why_not(call, group, destination, history)
    if why_not:
        call.note(phrase(N_("%(why)s: voicemail instead"), why=phrase(why_not)))
        destination = voicemail_of(group)
    state = {"rule_of": group.id} if destination.kind in OUTSIDE else {}
    return api.Connect(destination, state=state, **words)


def rule_ended(call: api.Call, state: Mapping[str, Any]) -> api.Step | None:
    """Where the last rule led, nobody was reached: voicemail, if that was a phone outside."""
    group = groups(call.account).get(state.get("rule_of", NOBODY))
    if group is None:
        return None
    words = N_("the no-answer rule of group %(group)s reached nobody")
    reason = phrase(words, group=group.name)
    return api.Connect(voicemail_of(group), reason=reason, place=place_of(group))


def no_answer_destination(group: Group) -> api.Destination | None:
    """Where the last rule leads, its voicemail where the rule has lost its target; None: back to
    whoever connected the call."""
    match group.last_rule:
        case NoAnswer.CONTINUE:
            return None
        case NoAnswer.PHONE if group.no_answer_employee:
            return api.Destination("phone", str(group.no_answer_employee))
        case NoAnswer.NUMBER if group.no_answer_number:
            return api.Destination("number", group.no_answer_number)
        case NoAnswer.QUEUE if group.no_answer_group:
            return api.Destination("queue", str(group.no_answer_group))
    return voicemail_of(group)


def place_of(group: Group) -> str:
    """Where on a number's flow a group stands, however the call came to it."""
    return f"queue:{group.id}"


def voicemail_of(group: Group) -> api.Destination:
    """The group's own voicemail."""
    return api.Destination("voicemail", f"queue:{group.id}")


def served(call: api.Call, group: Group) -> Group | None:
    """The group, if it is among the oldest groups that the plan includes, else the first of them:
    after a downgrade nothing is deleted, and no call is lost."""
    in_plan = list(groups(call.account).values())[: ceiling(call.ask("queue.max_groups"))]
    if group in in_plan or not in_plan:
        return group if in_plan else None
    return in_plan[0]


def circle(all_groups: dict[int, Group], group: Group) -> list[Group]:
    """The groups through which an overflow would come back to where it was, the group first;
    empty when it ends somewhere.

    Args:
        all_groups: the account's groups by id, as they would be after saving.
        group: where it begins.
    """
    way = [group]
    while (following := all_groups.get(way[-1].overflow or NOBODY)) is not None:
        if following in way:
            return way
        way.append(following)
    return []


def _why_not(call: api.Call, group: Group, destination: api.Destination, history: History) -> str:
    """Why the last rule cannot lead there in this call; "" when it can."""
    match destination.kind:
        case "queue":
            return _why_no_overflow(call, int(destination.id), history)
        case "phone" if f"employee:{destination.id}" in history.refused(call):
            return N_("the employee refused this call")
        case "number" if _refused_at(call, destination.id):
            return phrase(N_("%(number)s refused this call"), number=destination.id)
    return ""


def _why_no_overflow(call: api.Call, target: int, history: History) -> str:
    """Every group is visited at most once, so that no overflow ever loops."""
    if not call.allows("queue.overflow"):
        return N_("the plan has no overflow to another group")
    group = groups(call.account).get(target)
    group = served(call, group) if group else None
    if group is None:
        return N_("there is no such group any more")
    if group.id in history.groups:
        return phrase(N_("the call was in group %(group)s already"), group=group.name)
    return ""


def _refused_at(call: api.Call, number: str) -> bool:
    """Whether the call was refused by whom a number belongs to (R6)."""
    people = api.employees(call.account).values()
    owners = {f"employee:{one.id}" for one in people if number in (one.mobile, one.other_number)}
    return bool(call.refused & {f"number:{number}", *owners})
