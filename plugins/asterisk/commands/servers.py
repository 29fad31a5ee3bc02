"""``centralino asterisk server``: the Asterisk servers of the installation."""

from __future__ import annotations

import click

from core.api import Conflict, Switchboard, switchboard
from plugins.asterisk import service
from plugins.asterisk.changes import note_removed, note_saved
from plugins.asterisk.commands.finding import (
    NO_SERVER,
    SECRET,
    all_servers,
    by_operator,
    find_server,
    print_table,
)
from plugins.asterisk.models import SLOTS, PhoneRow, ServerRow, SlotRow, TrunkRow


@click.group("server")
def server_group() -> None:
    """Asterisk servers of this installation."""


@server_group.command("add")
@click.argument("name")
@click.option("--url", default="http://127.0.0.1:8088", help="Of ARI; default: this machine.")
@click.option("--sip-host", required=True, help="Where phones register: host or host:port.")
@click.option("--user", default="centralino", help="Of ARI.")
@click.option(
    "--password", envvar=SECRET, default="", help=f"Of ARI; default: a new one. Or as {SECRET}."
)
@click.option("--slots", default=SLOTS, help="How many processes can share its calls.")
def add_server(name: str, url: str, sip_host: str, user: str, password: str, slots: int) -> None:
    """Add the server NAME; `config` then writes its configuration."""
    with switchboard() as board:
        secret = password or service.new_password()
        row = ServerRow(
            name=name, url=url.rstrip("/"), user=user, secret=secret, sip_host=sip_host, slots=slots
        )
        service.check_server(row)
        if ServerRow.get_or_none(ServerRow.name == name):
            raise Conflict(f"There is a server {name!r} already.")
        with ServerRow._meta.database.atomic():
            row.save(force_insert=True)
            note_saved(by_operator(board), row)
    click.echo(f"Added. Next: centralino asterisk config --server {name}")


@server_group.command("list")
def list_servers() -> None:
    """List the servers, and which process serves each slot."""
    with switchboard() as board:
        rows = [_server_cells(row, board) for row in all_servers()]
    print_table(rows, NO_SERVER)


@server_group.command("remove")
@click.argument("name")
def remove_server(name: str) -> None:
    """Remove the server NAME, when no trunk or phone is left there."""
    with switchboard() as board:
        row = find_server(name)
        trunks = TrunkRow.select().where(TrunkRow.server == row).count()
        phones = PhoneRow.select().where(PhoneRow.server == row).count()
        if trunks or phones:
            raise Conflict(
                f"{name} still has trunks ({trunks}) or phones ({phones}); remove them first."
            )
        with ServerRow._meta.database.atomic():
            row.delete_instance()
            note_removed(by_operator(board), row)
    click.echo("Removed.")


def _server_cells(row: ServerRow, board: Switchboard) -> tuple[str, ...]:
    served = list(
        SlotRow.select().where(
            SlotRow.server == row, SlotRow.number <= row.slots, SlotRow.held(board.now())
        )
    )
    holders = ", ".join(sorted({one.process for one in served}))
    return row.name, row.url, row.sip_host, f"{len(served)} of {row.slots} slots served", holders
