"""Forward: wiring, and all there is: a number outside is rung, and the call becomes `forwarded`.

What may be dialled is not asked here. Before every dialling the core's fraud guard refuses what is
no full number, what would come back to the account itself, and what the account may not pay for
(O8); the plugin that sent the call here is then told ``not-connected``.
"""

from __future__ import annotations

from typing import Any

from core import api
from core.api import N_, gettext, hookimpl, ngettext
from plugins.forward.numbers import may_show_caller
from plugins.forward.schemas import ForwardSettings


@hookimpl
def register_plugin() -> api.Plugin:
    """In every plan; other plugins send calls here, so it cannot be switched off."""
    return api.Plugin(
        name="forward",
        title=N_("Forwarding"),
        summary=N_("Sends calls to numbers outside the company."),
        section=api.Section.OTHER,
        settings=ForwardSettings,
        destinations=(api.DestinationKind("number", N_("Outside number")),),
        optional=False,
        on_by_default=True,
    )


@hookimpl
def connect_call(call: api.Call, destination: api.Destination, settings: Any) -> api.Step:
    """Ring the outside number."""
    return api.Ring(
        (api.Phone(destination.id),),
        seconds=settings.seconds,
        outcome=api.Outcome.FORWARDED,
        show_caller=settings.show_caller and may_show_caller(call),
        reason=api.phrase(N_("forwarded to %(number)s"), number=destination.id),
    )


@hookimpl
def describe_destination(
    account: api.Account, destination: api.Destination, settings: Any
) -> api.FlowNode:
    """The outside number, as the flow draws it, and why it may not be dialled, if so (O8)."""
    number = destination.id
    rings = ngettext("Rings for %(num)s second.", "Rings for %(num)s seconds.", settings.seconds)
    lines = (rings, gettext("Costs an outgoing call."))
    refused = api.say(api.dial_refusal(account, api.Phone(number)))
    return api.FlowNode(number, lines, off=refused)
