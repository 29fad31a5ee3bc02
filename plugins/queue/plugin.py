"""Queue groups: wiring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core import api
from core.api import N_, FeatureKind, hookimpl
from plugins.queue import admin, checks, counting, demo, flow, panel, rules, service
from plugins.queue.groups import groups
from plugins.queue.models import TABLES
from plugins.queue.schemas import QueueSettings


@hookimpl
def register_plugin() -> api.Plugin:
    """Groups are in every plan; how many, how large and ring all are by plan."""
    return api.Plugin(
        name="queue",
        title=N_("Queue groups"),
        summary=N_(
            "Rings a team: evenly, in order or all at once, and knows what if nobody answers."
        ),
        section=api.Section.ROUTING,
        features=(
            api.Feature(
                "queue.ring_all",
                N_("Groups: ring all"),
                without=N_("Members are rung one after another, evenly."),
            ),
            api.Feature(
                "queue.overflow",
                N_("Groups: overflow to another group"),
                without=N_("Calls that nobody took go to the group's voicemail."),
            ),
            api.Feature(
                "queue.max_groups",
                N_("Groups: how many"),
                FeatureKind.NUMBER,
                without=N_("Calls for a group beyond the number go to the oldest group."),
            ),
            api.Feature(
                "queue.max_members",
                N_("Groups: members in each"),
                FeatureKind.NUMBER,
                without=N_("Members beyond the number are not rung."),
            ),
        ),
        settings=QueueSettings,
        stages=(api.Stage("queue", N_("Queue group"), 70),),
        destinations=(
            api.DestinationKind("queue", N_("Group")),
            api.DestinationKind("queue-extension", N_("Extension of a group")),
        ),
        optional=False,
        on_by_default=True,
    )


@hookimpl
def register_tables() -> Iterable[type]:
    """Groups and their members."""
    return TABLES


@hookimpl
def register_views() -> Iterable[Any]:
    """Groups and their members."""
    return admin.views()


@hookimpl
def route_call(call: api.Call, settings: Any) -> api.Step | None:
    """The number's group takes the call."""
    group = checks.find_group(call.account, settings.group)
    if group is None:
        deleted, none = api.N_("the chosen group was deleted"), api.N_("no group is chosen")
        call.note(deleted if settings.group else none)
    return service.visit_group(call, group)


@hookimpl
def connect_call(call: api.Call, destination: api.Destination, settings: Any) -> api.Step | None:
    """Another plugin sends the call to a group, by its id, by its extension, or to the number's."""
    group = checks.group_at(call.account, destination, settings)
    return service.visit_group(call, group) if group else service.no_group(call, destination)


@hookimpl
def continue_call(call: api.Call, result: api.Result, state: Mapping[str, Any]) -> api.Step | None:
    """Ringing ended without an answer, the caller has waited, or the no-answer rule is over."""
    if result.kind is api.ResultKind.RANG:
        return service.ring_ended(call, result, state)
    if result.kind is api.ResultKind.WAITED:
        return service.wait_ended(call, state)
    return rules.rule_ended(call, state)


@hookimpl
def describe_stage(account: api.Account, settings: Any) -> api.FlowNode | None:
    """The way to the number's group, as the flow draws it."""
    group = checks.find_group(account, settings.group)
    return flow.stage_box(group) if group else None


@hookimpl
def describe_destination(
    account: api.Account, destination: api.Destination, settings: Any
) -> api.FlowNode | None:
    """A group by its id or its extension, as the flow draws it."""
    if destination.kind == "queue-extension" and not destination.id:
        return flow.any_extension()
    group = checks.group_at(account, destination, settings)
    return flow.box(account, group) if group else None


@hookimpl
def offer_destinations(account: api.Account) -> Iterable[api.Offer]:
    """Every group."""
    return [
        api.Offer(f"queue:{group.id}", group.name, group.extension)
        for group in groups(account).values()
    ]


@hookimpl
def find_uses(account: api.Account, destination: api.Destination) -> Iterable[str]:
    """Groups that an employee is in, or whose calls end on their phone."""
    return list(checks.uses_of(account, destination))


@hookimpl
def count_use(feature: str, more_than: int, account: int | None) -> Mapping[int, int] | None:
    """Groups, and members of the largest one."""
    return counting.count_use(feature, more_than, account)


@hookimpl
def check_settings(account: api.Account, settings: Any) -> Iterable[api.Problem]:
    """The chosen group exists and has members."""
    return list(checks.check_choice(account, settings))


@hookimpl
def describe_call(call: api.Call) -> Iterable[api.Panel]:
    """Which groups had the call, how often they rang, how long it waited."""
    return list(panel.panels(call))


@hookimpl
def demo_company_created(account: api.Account, company: Any) -> None:
    """A group Sales that takes the calls of all numbers."""
    demo.fill(account, company)
