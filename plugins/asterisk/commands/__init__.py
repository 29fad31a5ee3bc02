"""``centralino asterisk``: servers, trunks and phones, their configuration, the gateway itself."""

from __future__ import annotations

import click

from plugins.asterisk.commands.phones import phone_group
from plugins.asterisk.commands.servers import server_group
from plugins.asterisk.commands.serving import check, config, run
from plugins.asterisk.commands.trunks import trunk_group


@click.group()
def asterisk() -> None:
    """Calls over Asterisk: its servers, SIP trunks and SIP phones."""


for command in (run, config, check, server_group, trunk_group, phone_group):
    asterisk.add_command(command)
