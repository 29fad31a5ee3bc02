"""A group in words: what it does with a call, for its form, its list and the flow of a number."""

from __future__ import annotations

from core import api
from core.api import N_, gettext, lazy_gettext, ngettext
from plugins.queue.groups import Group, Member, groups
from plugins.queue.models import NoAnswer, Strategy
from plugins.queue.picking import AT_ONCE

STRATEGIES = {
    Strategy.EVENLY: lazy_gettext("evenly: who waited longest for a call first"),
    Strategy.ORDER: lazy_gettext("strictly in the order of the list"),
    Strategy.ALL: lazy_gettext("all at once"),
}
"""The ways to ring, as people call them."""

SHORT = {
    Strategy.EVENLY: lazy_gettext("evenly"),
    Strategy.ORDER: lazy_gettext("in order"),
    Strategy.ALL: lazy_gettext("all at once"),
}
"""The same in a word."""

NO_ANSWERS = {
    NoAnswer.VOICEMAIL: lazy_gettext("voicemail of the group"),
    NoAnswer.PHONE: lazy_gettext("own phones of an employee"),
    NoAnswer.NUMBER: lazy_gettext("an outside number"),
    NoAnswer.WAIT: lazy_gettext("hold and wait until somebody is free"),
    NoAnswer.QUEUE: lazy_gettext("another group"),
    NoAnswer.HANGUP: lazy_gettext("hang up"),
    NoAnswer.CONTINUE: lazy_gettext("continue with what comes after the group"),
}
"""The rules for when nobody answers, as people call them."""

SHOWN = 5
"""So many members are named before the rest is only counted."""


def sentence(account: api.Account, group: Group, strategy: Strategy | None = None) -> str:
    """What the group does, such as "Rings Anna and Bruno one after the other, …, 25 s each; then
    voicemail of the group."

    Args:
        account: whose group it is.
        group: as stored, or as typed.
        strategy: the one in force; default the group's own.
    """
    if not group.members:
        ringing = gettext("Rings nobody: there are no members")
    else:
        ringing = gettext(
            _RINGING[strategy or group.strategy],
            names=_names(account, group),
            seconds=group.seconds,
        )
        ringing += _rounds(group, strategy or group.strategy)
    return f"{ringing}; {_then(account, group)}."


def last_rule(account: api.Account, group: Group) -> str:
    """Where a call ends that nobody took, with the name of who takes over."""
    match group.last_rule:
        case NoAnswer.PHONE if group.no_answer_employee:
            person = api.employees(account).get(group.no_answer_employee)
            if person:
                return gettext("own phones of %(name)s", name=person.name)
        case NoAnswer.NUMBER if group.no_answer_number:
            return group.no_answer_number
        case NoAnswer.QUEUE if group.no_answer_group:
            other = groups(account).get(group.no_answer_group)
            if other:
                return gettext("group %(name)s", name=other.name)
    return str(NO_ANSWERS[group.last_rule])


def member_name(account: api.Account, member: Member) -> str:
    """An employee's name, or an outside number."""
    employee = api.employees(account).get(member.employee or 0)
    return employee.name if employee else member.number


_RINGING = {
    Strategy.EVENLY: N_(
        "Rings %(names)s one after the other, the longest-waiting first, %(seconds)s s each"
    ),
    Strategy.ORDER: N_("Rings %(names)s one after the other in this order, %(seconds)s s each"),
    Strategy.ALL: N_("Rings %(names)s all at once, for %(seconds)s s"),
}


def _names(account: api.Account, group: Group) -> str:
    names = [member_name(account, member) for member in group.members]
    rest = len(names) - SHOWN
    if rest > 0:
        more = ngettext("one more", "%(num)s more", rest)
        names = [*names[:SHOWN], more]
    if len(names) == 1:
        return names[0]
    return gettext("%(names)s and %(last)s", names=", ".join(names[:-1]), last=names[-1])


def _rounds(group: Group, strategy: Strategy) -> str:
    if strategy is Strategy.ALL:
        many = len(group.members) > AT_ONCE
        return gettext(" (%(number)s at a time)", number=AT_ONCE) if many else ""
    return gettext(", %(rounds)s times", rounds=group.rounds) if group.rounds > 1 else ""


def _then(account: api.Account, group: Group) -> str:
    rule = last_rule(account, group)
    if group.last_rule in (NoAnswer.PHONE, NoAnswer.NUMBER):
        rule = gettext("%(rule)s, then voicemail of the group", rule=rule)
    if not group.waits:
        return gettext("then %(rule)s", rule=rule)
    return ngettext(
        "then the caller waits for up to one minute and is served as soon as somebody is free;"
        " after that %(rule)s",
        "then the caller waits for up to %(num)s minutes and is served as soon as somebody is free;"
        " after that %(rule)s",
        group.wait_minutes,
        rule=rule,
    )
