"""What is wrong with a group or with the choice of one, said before it can cost a call (N5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from core import api
from core.api import gettext
from plugins.queue.groups import Group, Member, group_with_extension, groups
from plugins.queue.models import NoAnswer
from plugins.queue.rules import circle
from plugins.queue.wording import member_name

Problems = Iterable[api.Problem]

RINGS = (2, 7)
"""How often a member's phone may ring (R6)."""

WAIT_MINUTES = (1, 60)
"""How long a caller may wait at most."""


def check_group(account: api.Account, group: Group) -> Problems:
    """All that is wrong with a group as it would be saved, field by field.

    Args:
        account: whose group it is.
        group: as typed; ``id`` 0 when it is new.
    """
    yield from _check_extension(account, group)
    yield from _check_times(group)
    yield from _check_last_rule(account, group)
    yield from check_members(account, group.members)


def check_members(account: api.Account, members: Sequence[Member]) -> Problems:
    """What is wrong with the members of a group; having none only warns."""
    if not members:
        sentence = gettext("Nobody is in this group: every call goes to its no-answer rule.")
        yield api.Problem("members", sentence, warning=True)
    seen: set[str] = set()
    for member in members:
        if bool(member.employee) == bool(member.number):
            sentence = gettext(
                "A member is either an employee or an outside number: fill in one of them."
            )
        elif member.key in seen:
            name = member_name(account, member)
            sentence = gettext("%(name)s is in this group already.", name=name)
        else:
            sentence = member.number and why_no_outside_number(account, member.number)
        seen.add(member.key)
        if sentence:
            yield api.Problem("members", sentence)


def why_no_outside_number(account: api.Account, number: str) -> str:
    """Why calls cannot go out to a typed number, in one sentence; "" when they can."""
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
        return gettext("'%(typed)s' is no full number: write it like +390612345678.", typed=number)
    return api.say(api.dial_refusal(account, api.Phone(number)))


def check_choice(account: api.Account, settings: Any) -> Problems:
    """What is wrong with the group chosen for a number."""
    if not settings.group:
        sentence = gettext(
            "No group is chosen: calls that nothing else takes go to the backup number."
        )
        yield api.Problem("group", sentence, warning=True)
        return
    group = find_group(account, settings.group)
    if group is None:
        sentence = gettext(
            "There is no group '%(group)s' any more: choose another.", group=settings.group
        )
        yield api.Problem("group", sentence)
    elif not group.members:
        sentence = gettext(
            "Nobody is in group %(group)s: add a member to it, or choose another.",
            group=group.name,
        )
        yield api.Problem("group", sentence)


def find_group(account: api.Account, destination: str) -> Group | None:
    """The group that a Destination as text names, such as ``queue:3``."""
    target = api.Destination.parse(destination)
    known = target.kind == "queue" and target.id.isdecimal()
    return groups(account).get(int(target.id)) if known else None


def group_at(account: api.Account, destination: api.Destination, settings: Any) -> Group | None:
    """The group that one of this plugin's destinations leads to on a number with these settings;
    one without an id is the number's own, whichever that is."""
    if destination.kind == "queue-extension":
        return group_with_extension(account, destination.id)
    return find_group(account, str(destination) if destination.id else settings.group)


def uses_of(account: api.Account, destination: api.Destination) -> Iterable[str]:
    """Where groups lead to an employee, or hand calls over to a group."""
    if destination.kind == "queue":
        for group in groups(account).values():
            if str(group.overflow) == destination.id:
                yield gettext("no answer in group %(name)s", name=group.name)
    if destination.kind not in ("employee", "phone"):
        return
    for group in groups(account).values():
        if any(str(member.employee) == destination.id for member in group.members):
            yield gettext("group %(name)s", name=group.name)
        by_phone = group.last_rule is NoAnswer.PHONE
        if by_phone and str(group.no_answer_employee) == destination.id:
            yield gettext("no answer in group %(name)s", name=group.name)


def _check_extension(account: api.Account, group: Group) -> Problems:
    digits = group.extension
    if not digits:
        return
    if not re.fullmatch("[0-9]{1,4}", digits):
        sentence = gettext("'%(typed)s' is no extension: use 1 to 4 digits.", typed=digits)
        yield api.Problem("extension", sentence)
        return
    owners = [one.name for one in api.employees(account).values() if one.extension == digits]
    owners += [
        gettext("group %(name)s", name=one.name)
        for one in groups(account).values()
        if one.extension == digits and one.id != group.id
    ]
    if owners:
        sentence = gettext(
            "Extension %(digits)s belongs to %(owner)s: choose another.",
            digits=digits,
            owner=owners[0],
        )
        yield api.Problem("extension", sentence)


def _check_times(group: Group) -> Problems:
    least, most = RINGS
    if not least <= group.rings <= most:
        sentence = gettext(
            "%(typed)s rings: a member is rung %(least)s to %(most)s times.",
            typed=group.rings,
            least=least,
            most=most,
        )
        yield api.Problem("rings", sentence)
    longest = WAIT_MINUTES[1]
    if group.waits and not 1 <= group.wait_minutes <= longest:
        sentence = gettext(
            "%(typed)s minutes: a caller waits 1 to %(longest)s minutes.",
            typed=group.wait_minutes,
            longest=longest,
        )
        yield api.Problem("wait_minutes", sentence)
    if group.waits and group.after_wait is NoAnswer.WAIT:
        yield api.Problem("after_wait", gettext("Choose what follows when the waiting is over."))


def _check_last_rule(account: api.Account, group: Group) -> Problems:
    """The rule that holds in the end has where it leads to; the others' targets do not matter."""
    match group.last_rule:
        case NoAnswer.NUMBER:
            sentence = why_no_outside_number(account, group.no_answer_number)
            if sentence:
                yield api.Problem("no_answer_number", sentence)
        case NoAnswer.PHONE:
            yield from _check_phone(account, group)
        case NoAnswer.QUEUE:
            yield from _check_overflow(account, group)


def _check_phone(account: api.Account, group: Group) -> Problems:
    employee = api.employees(account).get(group.no_answer_employee or 0)
    if employee is None:
        sentence = gettext("Choose the employee whose phone is rung.")
        yield api.Problem("no_answer_employee", sentence)
    elif not api.own_phones(employee):
        sentence = gettext(
            "%(name)s has no phone of their own: enter a mobile number first.",
            name=employee.name,
        )
        yield api.Problem("no_answer_employee", sentence)


def _check_overflow(account: api.Account, group: Group) -> Problems:
    """Another group, which has members, and from which the call does not come back."""
    stored = groups(account)
    target = stored.get(group.overflow or 0)
    if target is None:
        sentence = gettext("Choose the group that takes over.")
        yield api.Problem("no_answer_group", sentence)
        return
    if target.id == group.id:
        sentence = gettext(
            "%(name)s cannot hand its calls over to itself: choose another group.",
            name=group.name,
        )
        yield api.Problem("no_answer_group", sentence)
        return
    way = circle({**stored, group.id: group}, group)
    if way:
        names = " → ".join(one.name for one in way)
        sentence = gettext(
            "The calls would go round in a circle (%(names)s and back): choose another group.",
            names=names,
        )
        yield api.Problem("no_answer_group", sentence)
    elif not target.members:
        sentence = gettext(
            "Nobody is in group %(name)s: a call that comes there goes to its own rule at once.",
            name=target.name,
        )
        yield api.Problem("no_answer_group", sentence, warning=True)
