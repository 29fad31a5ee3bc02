"""Groups as boxes of a number's flow (R)."""

from __future__ import annotations

from flask import url_for

from core import api
from core.api import END, NEXT, Exit, FlowNode, gettext, ngettext
from plugins.queue.groups import Group, groups
from plugins.queue.limits import ceiling
from plugins.queue.models import NoAnswer, Strategy
from plugins.queue.rules import OUTSIDE, no_answer_destination, place_of, voicemail_of
from plugins.queue.wording import SHORT, SHOWN, member_name


def box(account: api.Account, group: Group) -> FlowNode:
    """A group: how it rings whom, and where a call goes that nobody took."""
    return _beyond_the_plan(account, group) or FlowNode(
        _title(group),
        tuple(_lines(account, group)),
        (Exit(gettext("somebody answers"), END), *_nobody(group)),
        _link(group),
    )


def stage_box(group: Group) -> FlowNode:
    """The number's group takes the call; the group has a box of its own, because a menu or another
    group may lead to it, too."""
    return FlowNode(gettext("Queue group"), exits=(Exit("", place_of(group)),))


def any_extension() -> FlowNode:
    """The group of an extension that only the caller knows."""
    return FlowNode(gettext("The group of the extension"))


def _lines(account: api.Account, group: Group) -> list[str]:
    strategy = group.strategy
    if strategy is Strategy.ALL and not api.gate_ask("queue.ring_all").allowed:
        strategy = Strategy.EVENLY
    ringing = gettext("Rings %(way)s, %(seconds)s s.", way=SHORT[strategy], seconds=group.seconds)
    names = [member_name(account, member) for member in group.members[:SHOWN]]
    if len(group.members) > SHOWN:
        names.append("…")
    lines = [ringing, ", ".join(names) or gettext("Nobody is in this group.")]
    if group.waits:
        minutes = group.wait_minutes
        lines.append(
            ngettext(
                "Callers wait for up to one minute.",
                "Callers wait for up to %(num)s minutes.",
                minutes,
            )
        )
    return lines


def _nobody(group: Group) -> list[Exit]:
    label = gettext("waited in vain") if group.waits else gettext("nobody answers")
    if group.last_rule is NoAnswer.HANGUP:
        return [Exit(gettext("%(when)s: hang up", when=label), END)]
    destination = no_answer_destination(group)
    if destination is None:
        return [Exit(label, NEXT)]
    overflow = api.gate_ask("queue.overflow")
    if destination.kind == "queue" and not overflow.allowed:
        return [Exit(label, str(destination), api.why(overflow)),
                Exit(label, str(voicemail_of(group)))]  # fmt: skip
    ways = [Exit(label, str(destination))]
    if destination.kind in OUTSIDE:
        ways.append(Exit(gettext("nobody answers there either"), str(voicemail_of(group))))
    return ways


def _beyond_the_plan(account: api.Account, group: Group) -> FlowNode | None:
    """A group beyond the plan takes no calls: the oldest one does. None: it is within."""
    answer = api.gate_ask("queue.max_groups")
    served = list(groups(account).values())[: ceiling(answer)]
    if group in served:
        return None
    if not served:
        return FlowNode(_title(group), link=_link(group), off=api.why(answer))
    instead = Exit(gettext("beyond the plan"), f"queue:{served[0].id}")
    return FlowNode(_title(group), (api.why(answer),), (instead,), _link(group))


def _title(group: Group) -> str:
    return gettext("Group %(name)s", name=group.name)


def _link(group: Group) -> str:
    return url_for("queue_groups.edit_view", id=group.id)
