"""Twilio and SignalWire: numbers whose calls come in by signed webhooks."""

from __future__ import annotations

from flask import Blueprint

from core.api import N_, GatewayKind, Plugin, hookimpl
from plugins.twiml.gateway import KIND, urls
from plugins.twiml.providers import PROVIDERS
from plugins.twiml.recordings import fetch
from plugins.twiml.routes import make_blueprint


@hookimpl
def register_plugin() -> Plugin:
    """A gateway: in every plan, on for everybody."""
    return Plugin(
        name=KIND,
        title=N_("Twilio and SignalWire"),
        summary=N_("Brings calls from numbers rented at Twilio or SignalWire."),
        optional=False,
    )


@hookimpl
def register_gateways() -> list[GatewayKind]:
    """TwiML, as both providers speak it."""
    providers = tuple((provider.name, provider.title) for provider in PROVIDERS.values())
    return [GatewayKind(KIND, N_("TwiML webhooks"), providers, urls, fetch)]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The addresses the provider calls."""
    return [make_blueprint()]
