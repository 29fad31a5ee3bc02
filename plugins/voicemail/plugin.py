"""Voicemail: wiring."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core import api
from core.api import N_, gettext, hookimpl
from plugins.voicemail import admin, flow, service
from plugins.voicemail.schemas import VoicemailSettings


@hookimpl
def register_plugin() -> api.Plugin:
    """In every plan; other plugins send calls here, so it cannot be switched off."""
    return api.Plugin(
        name="voicemail",
        title=N_("Voicemail"),
        summary=N_("Takes messages for the company, an employee or a group."),
        section=api.Section.OTHER,
        settings=VoicemailSettings,
        destinations=(api.DestinationKind("voicemail", N_("Voicemail")),),
        optional=False,
        on_by_default=True,
    )


@hookimpl
def register_views() -> Iterable[Any]:
    """The messages."""
    return admin.views()


@hookimpl
def connect_call(destination: api.Destination, settings: Any) -> api.Step:
    """Take a message for the recipient."""
    return service.take_message(destination.id, settings)


@hookimpl
def continue_call(result: api.Result, settings: Any) -> api.Step:
    """The message is over."""
    return service.message_taken(result.seconds, settings)


@hookimpl
def describe_destination(
    account: api.Account, destination: api.Destination, settings: Any
) -> api.FlowNode | None:
    """A recipient's voicemail, as the flow draws it."""
    return flow.box(account, destination.id, settings)


@hookimpl
def offer_destinations(account: api.Account) -> Iterable[api.Offer]:
    """The company's voicemail and every employee's."""
    people = api.employees(account).values()
    return [
        api.Offer("voicemail", gettext("Voicemail")),
        *(
            api.Offer(
                f"voicemail:employee:{one.id}", gettext("Voicemail of %(name)s", name=one.name)
            )
            for one in people
        ),
    ]
