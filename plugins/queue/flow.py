"""Groups as boxes of a number's flow (R)."""

from __future__ import annotations

from flask import url_for

from core import api
from core.api import END, NEXT, Exit, FlowNode, gettext, ngettext
from plugins.queue.groups import Group, groups
from plugins.queue.limits import ceiling
from plugins.queue.models import NoAnswer, Strategy
from plugins.queue.rules import no_answer_destination, voicemail_of
from plugins.queue.wording import SHORT, SHOWN, member_name


def box(account: api.Account, group: Group) -> FlowNode:
    """A group: how it rings whom, and where a call goes that nobody took."""
    return FlowNode(
        gettext("Group %(name)s", name=group.name),
        tuple(_lines(account, group)),
        (Exit(gettext("somebody answers"), END), *_nobody(group)),
        url_for("queue_groups.edit_view", id=group.id),
        _why_off(account, group),
    )


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
    return [Exit(label, str(destination))]


def _why_off(account: api.Account, group: Group) -> str:
    """A group beyond the plan takes no calls: the oldest one does (plans)."""
    answer = api.gate_ask("queue.max_groups")
    served = list(groups(account).values())[: ceiling(answer)]
    if group in served:
        return ""
    if not served:
        return api.why(answer)
    instead = gettext("Group %(name)s takes its calls.", name=served[0].name)
    return f"{api.why(answer)} {instead}"
