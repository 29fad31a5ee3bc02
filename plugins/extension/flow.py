"""The greeting, extensions and employees as boxes of a number's flow (R)."""

from __future__ import annotations

from typing import Any

from flask import url_for

from core import api
from core.api import NEXT, Exit, FlowNode, gettext, ngettext
from plugins.extension.schemas import PHONE, VOICEMAIL


def stage(line: api.Line, stage: str, settings: Any) -> FlowNode | None:
    """SIP To, or the greeting; None when the number uses neither."""
    return _sip_to(line, settings) if stage == "sip-to" else _greeting(settings)


def _sip_to(line: api.Line, settings: Any) -> FlowNode | None:
    if not settings.sip_to or line.kind is not api.LineKind.SIP_PBX:
        return None
    return FlowNode(
        gettext("SIP To"),
        (gettext("Rings the employee whom the PBX has chosen."),),
        (
            Exit(gettext("the PBX chose an extension"), "employee"),
            *_no_answer(settings),
            Exit(gettext("no choice, or unknown"), NEXT),
        ),
    )


def _greeting(settings: Any) -> FlowNode | None:
    if not settings.greeting:
        return None
    said = f"“{settings.greeting_text}”" if settings.greeting_text else gettext("The melody.")
    if not settings.dial_extension:
        return FlowNode(gettext("Greeting"), (said,), (Exit("", NEXT),))
    lines = [said, gettext("Callers may dial an extension.")]
    if settings.excluded:
        lines.append(gettext("Not: %(list)s.", list=", ".join(settings.excluded)))
    exits = (
        Exit(gettext("an extension is dialled"), "extension"),
        *_no_answer(settings),
        Exit(gettext("nothing dialled"), NEXT),
    )
    return FlowNode(gettext("Greeting"), tuple(lines), exits)


def _no_answer(settings: Any) -> tuple[Exit, ...]:
    """The rule for a dialled employee who does not answer (R3)."""
    to = {PHONE: "phone", VOICEMAIL: "voicemail:employee"}.get(settings.no_answer, NEXT)
    return (Exit(gettext("not answered there"), to),)


def destination(
    account: api.Account, destination: api.Destination, settings: Any
) -> FlowNode | None:
    """An employee, their own phones, or an extension; None when there is no such employee."""
    if not destination.id:
        return _anybody(destination.kind, settings)
    people = api.employees(account)
    if destination.kind == "extension":
        found = [one for one in people.values() if one.extension == destination.id]
        title = gettext("Extension %(digits)s", digits=destination.id)
        return FlowNode(title, (found[0].name if found else gettext("Perhaps a group's."),))
    employee = people.get(int(destination.id)) if destination.id.isdecimal() else None
    if employee is None:
        return None
    link = url_for("employees.edit_view", id=employee.id)
    if destination.kind == "phone":
        title = gettext("%(name)s's own phones", name=employee.name)
        numbers = ", ".join(phone.number for phone in api.own_phones(employee))
        return FlowNode(title, (numbers or gettext("None is known."), _rings(settings)), link=link)
    return FlowNode(employee.name, tuple(_about(employee, settings)), link=link)


def _anybody(kind: str, settings: Any) -> FlowNode:
    if kind == "extension":
        title = gettext("The dialled extension")
        lines = (gettext("Its employee, else its group."), _rings(settings))
    elif kind == "phone":
        title = gettext("The employee's own phones")
        lines = (gettext("Mobile first, then the other number."), _rings(settings))
    else:
        title = gettext("The employee")
        lines = (_rings(settings),)
    return FlowNode(title, lines)


def _about(employee: api.Employee, settings: Any) -> list[str]:
    lines = []
    if employee.extension:
        lines.append(gettext("Extension %(digits)s", digits=employee.extension))
    target = api.ring_target(employee)
    if target is None:
        lines.append(gettext("No phone is known."))
    else:
        lines.append(target.number if isinstance(target, api.Phone) else target.address)
    return [*lines, _rings(settings)]


def _rings(settings: Any) -> str:
    return ngettext("Rings for %(num)s second.", "Rings for %(num)s seconds.", settings.seconds)
