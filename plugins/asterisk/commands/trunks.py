"""``centralino asterisk trunk``: the SIP trunks of the accounts."""

from __future__ import annotations

from typing import Any

import click

from core.api import GatewayRow, NotFound, switchboard
from plugins.asterisk import service
from plugins.asterisk.changes import note_removed, note_saved
from plugins.asterisk.commands.finding import (
    SECRET,
    SERVER,
    by_operator,
    find_account,
    find_line,
    find_server,
    is_id,
    print_table,
    rows_of,
)
from plugins.asterisk.models import TrunkRow


@click.group("trunk")
def trunk_group() -> None:
    """SIP trunks of the accounts."""


@trunk_group.command("add")
@click.argument("account")
@click.argument("name")
@click.option("--host", required=True, help="The provider's or PBX's: host or host:port.")
@click.option("--user", default="", help="To sign in with, if need be.")
@click.option("--password", envvar=SECRET, default="", help=f"Of that user. Or as {SECRET}.")
@click.option("--register", is_flag=True, help="Sign in there, so that its calls find us.")
@click.option("--match", default="", help="Where its calls come from; default: the host.")
@click.option("--no-plus", is_flag=True, help="Write numbers without their +.")
@click.option("--number", "numbers", multiple=True, help="A number that comes over it; repeat it.")
@SERVER
def add_trunk(
    account: str, name: str, server: str, no_plus: bool, numbers: tuple[str, ...], **said: Any
) -> None:
    """Add a trunk to ACCOUNT (name or id); NAME is what its admins read."""
    with switchboard() as board:
        owner = find_account(account)
        lines = [find_line(owner, number) for number in numbers]
        row = TrunkRow(
            account=owner,
            server=find_server(server),
            host=said["host"],
            user=said["user"],
            secret=said["password"],
            register=said["register"],
            match=said["match"],
            plus=not no_plus,
        )
        service.check_trunk(row)
        with TrunkRow._meta.database.atomic():
            service.make_gateway(row, name)
            row.save(force_insert=True)
            note_saved(by_operator(board), row)
            for line in lines:
                line.gateway = row.gateway
                line.save()
    click.echo(f"Added as {row.endpoint}. Next: centralino asterisk config --reload")


@trunk_group.command("list")
@click.argument("account", default="")
def list_trunks(account: str) -> None:
    """List the trunks of ACCOUNT (name or id), or of all accounts."""
    with switchboard():
        rows = [_trunk_cells(row) for row in rows_of(TrunkRow, account, TrunkRow.gateway)]
    print_table(rows, "No trunks.")


@trunk_group.command("remove")
@click.argument("endpoint")
def remove_trunk(endpoint: str) -> None:
    """Remove the trunk ENDPOINT, such as trunk-7; its numbers get no calls then."""
    with switchboard() as board:
        id = endpoint.removeprefix("trunk-")
        row = TrunkRow.get_or_none(TrunkRow.gateway == int(id)) if is_id(id) else None
        if row is None:
            raise NotFound(f"There is no trunk {endpoint!r}; `trunk list` names them.")
        with TrunkRow._meta.database.atomic():
            note_removed(by_operator(board), row)
            row.delete_instance()
            GatewayRow.delete().where(GatewayRow.id == row.gateway_id).execute()
    click.echo("Removed. Next: centralino asterisk config --reload")


def _trunk_cells(row: TrunkRow) -> tuple[str, ...]:
    registers = "registers" if row.register else ", ".join(service.sources(row))
    return row.endpoint, row.account.name, str(row), row.server.name, row.host, registers
