"""The CRM: wiring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core import api
from core.api import N_, hookimpl
from plugins.crm import admin, card, demo, flow, leads, service
from plugins.crm.models import TABLES
from plugins.crm.schemas import CrmSettings


@hookimpl
def register_plugin() -> api.Plugin:
    """The CRM is one row of the plan matrix, and one stage of routing."""
    return api.Plugin(
        name="crm",
        title=N_("CRM"),
        summary=N_(
            "Knows who calls, rings clients' own employee first, makes leads of the others."
        ),
        section=api.Section.CRM,
        features=(
            api.Feature(
                "crm",
                N_("CRM"),
                without=N_("Callers are not identified, and no leads are created."),
            ),
        ),
        settings=CrmSettings,
        stages=(api.Stage("responsible", N_("CRM responsible"), 60),),
        on_by_default=True,
    )


@hookimpl
def register_tables() -> Iterable[type]:
    """Contacts, companies, their numbers, leads and deals."""
    return TABLES


@hookimpl
def register_views() -> Iterable[Any]:
    """Contacts, companies, leads, deals and the card."""
    return admin.views()


@hookimpl
def identify_caller(call: api.Call) -> api.Client | None:
    """The best match of the caller's number."""
    return service.identify(call)


@hookimpl
def route_call(call: api.Call, settings: Any) -> api.Step | None:
    """A known client is offered to their responsible employee."""
    return service.offer_to_responsible(call, settings)


@hookimpl
def continue_call(
    call: api.Call, result: api.Result, state: Mapping[str, Any], settings: Any
) -> api.Step | None:
    """The responsible employee was not reached."""
    return service.after_responsible(call, result, state, settings)


@hookimpl
def call_ended(call: api.Call, settings: Any) -> None:
    """An unknown caller becomes a lead; an open lead's title tells the outcome."""
    leads.note_end(call, settings)


@hookimpl
def describe_stage(settings: Any) -> api.FlowNode | None:
    """The responsible employee, as the flow draws it."""
    return flow.stage(settings)


@hookimpl
def check_settings(account: api.Account, settings: Any) -> Iterable[api.Problem]:
    """The employee who gets new leads must exist."""
    return leads.check_owner(account, settings)


@hookimpl
def describe_call(call: api.Call, settings: Any) -> Iterable[api.Panel]:
    """Who the caller is, with the way to the card."""
    return card.panels(call, settings)


@hookimpl
def demo_company_created(account: api.Account) -> None:
    """The people who called the demo company."""
    demo.fill(account)
