"""Extensions: wiring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core import api
from core.api import N_, ResultKind, gettext, hookimpl
from plugins.extension import checks, demo, flow, service
from plugins.extension.schemas import ExtensionSettings


@hookimpl
def register_plugin() -> api.Plugin:
    """In every plan."""
    return api.Plugin(
        name="extension",
        title=N_("Greeting and extensions"),
        summary=N_("Welcomes the caller, lets them dial an extension, and rings single employees."),
        section=api.Section.ROUTING,
        settings=ExtensionSettings,
        stages=(
            api.Stage("sip-to", N_("SIP To"), 30),
            api.Stage("greeting", N_("Greeting and extension dialling"), 40),
        ),
        destinations=(
            api.DestinationKind("employee", N_("Employee")),
            api.DestinationKind("phone", N_("Employee's own phones")),
            api.DestinationKind("extension", N_("Extension")),
        ),
        optional=False,
        on_by_default=True,
    )


@hookimpl
def route_call(call: api.Call, stage: str, settings: Any) -> api.Step | None:
    """SIP To, then the greeting."""
    if stage == "sip-to":
        return service.follow_sip_to(call, settings)
    return service.greet(settings)


@hookimpl
def connect_call(call: api.Call, destination: api.Destination, settings: Any) -> api.Step | None:
    """Another plugin sends the call to an employee, to their own phones, or to an extension."""
    if destination.kind == "extension":
        return service.dial(call, destination.id, settings)
    known = destination.id.isdecimal()
    employee = api.employees(call.account).get(int(destination.id)) if known else None
    if employee is None:
        call.note(N_("the employee to whom this leads does not exist any more"))
        return None
    if destination.kind == "phone":
        return service.ring_phones(call, employee, settings, service.rung_before(call, employee))
    return service.ring(call, employee, settings, "employee")


@hookimpl
def continue_call(
    call: api.Call, result: api.Result, state: Mapping[str, Any], settings: Any
) -> api.Step | None:
    """Keys during the greeting, a phone that was not answered, or no group with the extension."""
    if result.kind is ResultKind.RANG:
        return service.ring_ended(call, state, settings)
    if result.kind is ResultKind.DIGITS:
        return service.dialled_in_greeting(call, result.digits, settings)
    return api.Nowhere() if result.nowhere else None


@hookimpl
def offer_destinations(account: api.Account) -> Iterable[api.Offer]:
    """Every employee, and the own phones of those who have some."""
    people = api.employees(account).values()
    return [
        *(api.Offer(f"employee:{one.id}", one.name, one.extension) for one in people),
        *(
            api.Offer(f"phone:{one.id}", gettext("%(name)s's own phones", name=one.name))
            for one in people
            if api.own_phones(one)
        ),
    ]


@hookimpl
def describe_stage(line: api.Line, stage: str, settings: Any) -> api.FlowNode | None:
    """SIP To and the greeting, as the flow draws them."""
    return flow.stage(line, stage, settings)


@hookimpl
def describe_destination(
    account: api.Account, destination: api.Destination, settings: Any
) -> api.FlowNode | None:
    """Employees, their phones and extensions, as the flow draws them."""
    return flow.destination(account, destination, settings)


@hookimpl
def check_settings(settings: Any) -> Iterable[api.Problem]:
    """Extension dialling needs the greeting (R3)."""
    return list(checks.problems(settings))


@hookimpl
def demo_company_created(account: api.Account, company: Any) -> None:
    """A greeting."""
    demo.greet_callers(account, company)
