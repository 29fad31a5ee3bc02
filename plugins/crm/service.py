"""Who is calling (C1), and whom a known client is offered first (R5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.api import N_, Call, Client, Connect, Destination, Result, ResultKind, employees, phrase
from plugins.crm.matches import find_matches

TO_QUEUE, TO_PHONE, TO_VOICEMAIL = "queue", "phone", "voicemail"
"""Where a client goes whose responsible employee does not answer (R5)."""


def identify(call: Call) -> Client | None:
    """The best match of the number outside, caller's or called, with the count of all (C1); a lead
    that was made from a call is nobody's client yet."""
    found = find_matches(call.account.id, call.client_number, limit=1)
    if not found:
        return None
    best = found[0]
    return Client("crm", best.ref, best.name, best.responsible, best.total, best.from_call)


def offer_to_responsible(call: Call, settings: Any) -> Connect | None:
    """A known client is offered first to the employee they belong to (R5), whichever plugin
    knows the client."""
    if not settings.offer_to_responsible or call.client is None:
        return None
    if call.client.responsible is None:
        call.note(phrase(N_("%(client)s has no responsible employee"), client=call.client.name))
        return None
    employee = employees(call.account).get(call.client.responsible)
    if employee is None:
        words = N_("the employee responsible for %(client)s does not exist any more")
        call.note(phrase(words, client=call.client.name))
        return None
    return Connect(
        destination=Destination("employee", str(employee.id)),
        state={"employee": employee.id, "first": True},
        facts={"offered_to": employee.id},
        reason=phrase(
            N_("%(name)s is responsible for %(client)s"),
            name=employee.name,
            client=call.client.name,
        ),
    )


def after_responsible(
    call: Call, result: Result, state: Mapping[str, Any], settings: Any
) -> Connect | None:
    """Nobody answered: the employee's phone, their voicemail, or on to the queue (R5)."""
    if result.kind is not ResultKind.NOT_CONNECTED or not state["first"]:
        return None
    employee = state["employee"]
    destination = {
        TO_PHONE: Destination("phone", str(employee)),
        TO_VOICEMAIL: Destination("voicemail", f"employee:{employee}"),
    }.get(settings.no_answer)
    if destination is None:
        return None
    return Connect(
        destination=destination,
        state={"employee": employee, "first": False},
        reason=N_("the responsible employee was not reached"),
    )
