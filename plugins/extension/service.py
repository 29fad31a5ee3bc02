"""Finds and rings one employee: the PBX's choice (R1), the extension dialled during the greeting
(R3), or the one another plugin sends the call to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core import api
from core.api import N_, phrase
from plugins.extension.schemas import GREETING, PHONE, VOICEMAIL

MAX_DIGITS = 4
"""An extension has at most four digits (R3)."""

EXTENSION = re.compile(r"[0-9]{1,4}$")

GREETING_SECONDS = 2
"""How long a first key is waited for after the greeting."""

NO_PHONE = "no phone"
"""Why an employee is not rung who has neither a SIP address nor a mobile."""

Settings = Any
Found = api.Step | None


def extension_in(dialled: str) -> str:
    """The extension of a dial string: what stands behind ``;`` or ``#``, else the whole (R3).

    ``+390612345678;101`` and ``+390612345678#101`` and ``101`` all mean 101; so does
    ``101;phone-context=office``, because a parameter is no extension.
    """
    parts = [part.strip() for part in re.split("[;#]", dialled)]
    return next((part for part in reversed(parts) if EXTENSION.match(part)), parts[-1])


def with_extension(account: api.Account, digits: str) -> api.Employee | None:
    """The account's employee who has this extension."""
    people = api.employees(account).values()
    return next((one for one in people if one.extension == digits != ""), None)


def follow_sip_to(call: api.Call, settings: Settings) -> Found:
    """Ring whom the PBX has chosen (R1); None, with a note, when that is nobody to ring."""
    if not (settings.sip_to and call.line.kind is api.LineKind.SIP_PBX and call.sip_to):
        return None
    employee = with_extension(call.account, extension_in(call.sip_to))
    if employee is None:
        words = N_("SIP To '%(to)s' is no employee's extension: routing continues")
        call.note(phrase(words, to=call.sip_to))
        return None
    return _ring_as_dialled(call, employee, settings, f"employee:{employee.id}")


def greet(settings: Settings) -> Found:
    """Speak the greeting (R2), and listen for an extension if callers may dial one (R3)."""
    if not settings.greeting:
        return None
    text = settings.greeting_text.strip()
    prompts = (api.Say(text) if text else api.Tone("greeting", GREETING),)
    state = {"doing": "greeting"}
    if not settings.dial_extension:
        return api.Play(prompts, state=state)
    return api.Gather(prompts, digits=MAX_DIGITS, first_seconds=GREETING_SECONDS, state=state)


def dialled_in_greeting(call: api.Call, digits: str, settings: Settings) -> Found:
    """The caller dialled an extension during the greeting: it wins over everything after it."""
    employee = _dialled_employee(call, digits, settings)
    if employee is None:
        return _dialled_group(call, digits, settings)
    step = _ring_as_dialled(call, employee, settings, f"extension:{digits}")
    return step or no_answer(call, employee, settings, ())


def dial(call: api.Call, digits: str, settings: Settings) -> Found:
    """Another plugin's caller dialled an extension: that plugin also knows what if no answer."""
    employee = _dialled_employee(call, digits, settings)
    if employee is None:
        return _dialled_group(call, digits, settings)
    return ring(call, employee, settings, "employee")


def ring(call: api.Call, employee: api.Employee, settings: Settings, doing: str) -> api.Ring | None:
    """Ring an employee where they can be reached; None, with a note, when they cannot.

    ``doing`` is ``dialled`` when the no-answer rule of R3 follows, ``employee`` when it does not.
    """
    why = api.why_unavailable(call, employee)
    if why:
        words = N_("%(name)s is not rung: %(why)s")
        call.note(phrase(words, name=employee.name, why=phrase(why)))
        return None
    target = api.ring_target(employee)
    rung = [target.number] if isinstance(target, api.Phone) else []
    state = {"doing": doing, "employee": employee.id, "rung": rung}
    return api.Ring(
        (target,),
        seconds=settings.seconds,
        state=state,
        facts={**owned_by(employee), "rung": rung},
        reason=phrase(N_("rings %(name)s"), name=employee.name),
    )


def _ring_as_dialled(
    call: api.Call, employee: api.Employee, settings: Settings, place: str
) -> api.Ring | None:
    """Ring without anybody's Connect: the step itself says where on the flow that is."""
    step = ring(call, employee, settings, "dialled")
    return replace(step, place=place) if step else None


def rung_before(call: api.Call, employee: api.Employee) -> list[str]:
    """The own numbers on which the employee was rung last, if the call's last ring was theirs:
    whoever sends the call on to their phones wants the others (R5)."""
    told = call.facts.get("extension", {})
    return told.get("rung", []) if told.get("owner") == f"employee:{employee.id}" else []


def owned_by(employee: api.Employee) -> dict[str, str]:
    """The fact that says whose the call is if it is missed (R9)."""
    return {"owner": f"employee:{employee.id}"}


def ring_ended(call: api.Call, state: Mapping[str, Any], settings: Settings) -> Found:
    """An employee did not answer: their next phone, or the no-answer rule, or nothing."""
    employee = api.employees(call.account).get(state["employee"])
    if employee is None or state["doing"] == "employee":
        return None
    if state["doing"] == "dialled":
        return no_answer(call, employee, settings, state["rung"])
    return ring_phones(call, employee, settings, state["rung"])


def no_answer(call: api.Call, employee: api.Employee, settings: Settings, rung: Any) -> Found:
    """The rule for a dialled employee who does not answer (R3)."""
    if settings.no_answer == PHONE:
        step = ring_phones(call, employee, settings, rung)
        return replace(step, place=f"phone:{employee.id}") if step else None
    if settings.no_answer == VOICEMAIL:
        return api.Connect(
            api.Destination("voicemail", f"employee:{employee.id}"),
            state={"doing": "voicemail"},
            facts=owned_by(employee),
            reason=phrase(N_("%(name)s was not reached"), name=employee.name),
        )
    words = N_("%(name)s was not reached: routing continues")
    call.note(phrase(words, name=employee.name))
    return None


def ring_phones(
    call: api.Call, employee: api.Employee, settings: Settings, rung: Any = ()
) -> api.Ring | None:
    """Ring the next of an employee's own phones, mobile first, leaving out numbers rung before.

    Who is off, absent or talking, or has refused this call, is not rung on their own phone either
    (R7): all but having no phone on the desk counts.
    """
    why = api.why_unavailable(call, employee)
    if why == NO_PHONE:
        why = ""
    left = [phone for phone in api.own_phones(employee) if phone.number not in rung]
    if why or not left:
        words = N_("%(name)s's own phones are not rung: %(why)s")
        call.note(phrase(words, name=employee.name, why=phrase(why or N_("none is left"))))
        return None
    state = {"doing": "phones", "employee": employee.id, "rung": [*rung, left[0].number]}
    return api.Ring(
        (left[0],),
        seconds=settings.seconds,
        state=state,
        facts={**owned_by(employee), "rung": []},
        reason=phrase(N_("%(name)s's own phone"), name=employee.name),
    )


def _dialled_employee(call: api.Call, digits: str, settings: Settings) -> api.Employee | None:
    return None if digits in settings.excluded else with_extension(call.account, digits)


def _dialled_group(call: api.Call, digits: str, settings: Settings) -> api.Step:
    """No employee has it: perhaps a group. What is excluded does not exist for callers."""
    if digits in settings.excluded:
        return api.Nowhere(reason=phrase(N_("extension %(digits)s is excluded"), digits=digits))
    return api.Connect(
        api.Destination("queue-extension", digits),
        reason=phrase(N_("no employee has extension %(digits)s"), digits=digits),
    )
