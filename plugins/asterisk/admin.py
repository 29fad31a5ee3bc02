"""The pages: SIP trunks and SIP phones of an account, servers of the installation."""

from __future__ import annotations

from typing import Any

from plugins.asterisk.phones_view import PhonesView
from plugins.asterisk.servers_view import ServersView
from plugins.asterisk.trunks_view import TrunksView


def views() -> list[Any]:
    """The pages of this plugin."""
    return [TrunksView(), PhonesView(), ServersView()]
