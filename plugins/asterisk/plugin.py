"""Asterisk as a gateway: wiring."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import click

from core.api import N_, Account, Alert, GatewayKind, Plugin, hookimpl
from plugins.asterisk import demo, recordings
from plugins.asterisk.alerts import alerts
from plugins.asterisk.models import KIND, TABLES


@hookimpl
def register_plugin() -> Plugin:
    """A gateway: in every plan, on for everybody."""
    return Plugin(
        name=KIND,
        title=N_("Asterisk"),
        summary=N_("Brings calls over SIP trunks, and rings the phones on your colleagues' desks."),
        optional=False,
    )


@hookimpl
def register_tables() -> Iterable[type]:
    """Servers and their slots; an account's trunks and phones."""
    return TABLES


@hookimpl
def register_gateways() -> list[GatewayKind]:
    """A trunk is a gateway, made on a page of its own."""
    return [
        GatewayKind(
            KIND,
            N_("SIP trunk"),
            (),
            lambda row: [],
            recordings.fetch,
            recordings.discard,
            "asterisk_trunks.index_view",
        )
    ]


@hookimpl
def register_commands() -> Iterable[click.Command]:
    """``centralino asterisk``; imported when it is asked for."""
    from plugins.asterisk.commands import asterisk

    return [asterisk]


@hookimpl
def register_views() -> Iterable[Any]:
    """Trunks and phones of an account, servers of the installation."""
    from plugins.asterisk import admin

    return admin.views()


@hookimpl
def find_alerts(account: Account, at: datetime) -> Iterable[Alert]:
    """Servers that nobody serves, while numbers of the account are there."""
    return list(alerts(account, at))


@hookimpl
def demo_company_created(account: Account, company: Any) -> None:
    """A trunk, and a phone on one desk."""
    demo.connect(account, company)
