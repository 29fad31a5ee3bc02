"""The block list: wiring."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core import api
from core.api import N_, hookimpl
from plugins.blocklist import admin, automatic, demo, flow, panel, service
from plugins.blocklist.models import TABLES
from plugins.blocklist.schemas import BlocklistSettings


@hookimpl
def register_plugin() -> api.Plugin:
    """In every plan, and the first to be asked."""
    return api.Plugin(
        name="blocklist",
        title=N_("Block list"),
        summary=N_("Refuses callers whom nobody wants, before anything else happens."),
        section=api.Section.ROUTING,
        settings=BlocklistSettings,
        stages=(api.Stage("block-list", N_("Block list"), 10),),
        on_by_default=True,
    )


@hookimpl
def register_tables() -> Iterable[type]:
    """Entries, and the calls that automatic ones are made from."""
    return TABLES


@hookimpl
def register_views() -> Iterable[Any]:
    """The list."""
    return admin.views()


@hookimpl
def route_call(call: api.Call) -> api.Step | None:
    """A blocked caller is refused; everybody else goes on."""
    return service.route(call)


@hookimpl
def call_ended(call: api.Call, settings: Any) -> None:
    """Count what was refused, and the calls that come too often at night."""
    service.count_hit(call)
    automatic.note_call(call, settings)


@hookimpl
def describe_call(call: api.Call) -> Iterable[api.Panel]:
    """What blocked the call, or a way to block the next."""
    return panel.panels(call)


@hookimpl
def describe_stage(account: api.Account, line: api.Line, settings: Any) -> api.FlowNode | None:
    """How many entries hold for the number."""
    return flow.stage(account, line, settings)


@hookimpl
def demo_company_created(account: api.Account, company: Any) -> None:
    """Nuisance callers."""
    demo.block_callers(account, company)
