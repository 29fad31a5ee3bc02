"""The voice menu: wiring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from core import api
from core.api import N_, FeatureKind, hookimpl
from plugins.ivr import admin, choice, counting, demo, flow
from plugins.ivr.menus import KIND, find, menu_id, menus
from plugins.ivr.models import TABLES
from plugins.ivr.routes import routes
from plugins.ivr.schemas import IvrSettings
from plugins.ivr.service import resume, walk


@hookimpl
def register_plugin() -> api.Plugin:
    """Menus by plan, and how deep they may be."""
    return api.Plugin(
        name="ivr",
        title=N_("Voice menu"),
        summary=N_("Callers choose by key where their call goes."),
        section=api.Section.ROUTING,
        features=(
            api.Feature(
                "ivr", N_("Voice menu"), without=N_("Calls go on to whom the number rings.")
            ),
            api.Feature(
                "ivr.max_depth",
                N_("Voice menu: levels"),
                FeatureKind.NUMBER,
                without=N_("Menus have one level; a key to a menu below leaves the menu."),
            ),
        ),
        settings=IvrSettings,
        stages=(api.Stage("ivr", N_("Voice menu"), 50),),
        destinations=(api.DestinationKind(KIND, N_("Menu")),),
    )


@hookimpl
def register_tables() -> Iterable[type]:
    """Menus, their keys, and the last edits."""
    return TABLES


@hookimpl
def register_views() -> Iterable[Any]:
    """The menus of the account."""
    return admin.views()


@hookimpl
def register_api() -> Iterable[Any]:
    """Trees of menus for programs."""
    return [routes]


@hookimpl
def route_call(call: api.Call, settings: Any) -> api.Step | None:
    """The number's menu is spoken."""
    if not settings.menu:
        return None
    return walk(call).enter(menu_id(settings.menu))


@hookimpl
def connect_call(call: api.Call, destination: api.Destination) -> api.Step | None:
    """Another plugin sends the call to a menu."""
    return walk(call).enter(menu_id(str(destination)))


@hookimpl
def continue_call(call: api.Call, result: api.Result, state: Mapping[str, Any]) -> api.Step | None:
    """Keys, silence, or a destination that was not reached."""
    return resume(call, state).go_on(result, state)


@hookimpl
def offer_destinations(account: api.Account) -> Iterable[api.Offer]:
    """Every menu."""
    return [api.Offer(f"{KIND}:{menu.id}", menu.name) for menu in menus(account).values()]


@hookimpl
def describe_stage(account: api.Account, settings: Any) -> api.FlowNode | None:
    """The menu that callers of the number hear."""
    return flow.stage_box(account, settings)


@hookimpl
def describe_destination(account: api.Account, destination: api.Destination) -> api.FlowNode | None:
    """A menu, with an exit for each key and each failure."""
    menu = find(account, str(destination))
    return flow.box(account, menu) if menu else None


@hookimpl
def find_uses(account: api.Account, destination: api.Destination) -> Iterable[str]:
    """Keys and failures of menus."""
    return list(choice.uses(menus(account), destination))


@hookimpl
def count_use(feature: str, more_than: int, account: int | None) -> Mapping[int, int] | None:
    """The level of the deepest menu."""
    return counting.count_use(feature, more_than, account)


@hookimpl
def check_settings(account: api.Account, settings: Any) -> Iterable[api.Problem]:
    """The chosen menu exists, has keys, and is not deeper than the plan."""
    depth_in_plan = partial(api.gate_ask, "ivr.max_depth")
    return list(choice.check_choice(account, settings, depth_in_plan))


@hookimpl
def demo_company_created(account: api.Account, company: Any) -> None:
    """A menu of two levels on the main number."""
    demo.speak_menu(account, company)
