"""``centralino asterisk``: servers, trunks and phones, their configuration, the gateway itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from core.api import (
    AccountRow,
    BadInput,
    Conflict,
    EmployeeRow,
    GatewayRow,
    LineRow,
    NotFound,
    Switchboard,
    switchboard,
)
from plugins.asterisk import service
from plugins.asterisk.models import SLOTS, PhoneRow, ServerRow, SlotRow, TrunkRow, phone_digest
from plugins.asterisk.setup import files, options
from plugins.asterisk.setup.checking import check_server
from plugins.asterisk.setup.music import hold_music
from plugins.asterisk.setup.picture import picture_of
from plugins.asterisk.setup.reloading import is_older, reload
from plugins.asterisk.setup.rendering import render

SERVER = click.option(
    "--server", default="", metavar="NAME", help="Which server; needed with several."
)
SECRET = "CENTRALINO_ASTERISK_PASSWORD"
READ_AT_START = ("asterisk.conf", "modules.conf", "http.conf", "ari.conf", "rtp.conf")


@click.group()
def asterisk() -> None:
    """Calls over Asterisk: its servers, SIP trunks and SIP phones."""


@asterisk.command()
@click.option("--server", "servers", multiple=True, metavar="NAME", help="Only these; repeat it.")
@click.option("--workers", default=1, type=click.IntRange(1, 32), help="Processes of this machine.")
def run(servers: tuple[str, ...], workers: int) -> None:
    """Serve calls until the process is ended."""
    from plugins.asterisk.running.process import run as serve

    serve(servers, workers)


@asterisk.command()
@SERVER
@click.option("--to", "folder", default="/etc/asterisk", type=click.Path(file_okay=False))
@click.option("--force", is_flag=True, help="Take the place of files that are not ours; keep them.")
@click.option("--reload", "reloads", is_flag=True, help="Let a running Asterisk read them.")
@click.option("--bind", help="Address for SIP and sound; default: all of the machine's.")
@click.option("--ari-bind", help="Address for ARI; default: the one of the server, else 127.0.0.1.")
@click.option("--public-address", help="The machine's address outside, if a router changes it.")
@click.option("--local-net", help="Networks behind the same router, such as 192.168.0.0/16.")
@click.option("--rtp", help="Ports of sound, such as 10000-20000.")
@click.option("--modules", help="Folder of Asterisk's modules; default: as it was packaged.")
@click.option("--programs", help="Folder of Asterisk's own data; default: as it was packaged.")
@click.option("--state", help="Folder for what Asterisk writes; default: as it was packaged.")
@click.option("--language", help="Of Asterisk's own sounds; default: en.")
def config(server: str, folder: str, force: bool, reloads: bool, **given: str | None) -> None:
    """Write Asterisk's configuration from the database. Options are kept for the next time."""
    place = Path(folder).absolute()
    with switchboard() as board:
        row = _server(server)
        picture = picture_of(row)
        chosen = options.load(place, given)
        texts = render(picture, chosen, hold_music(board, picture.accounts), place)
        written = files.write(place, texts, force=force)
        _tell(place, written)
        host = options.ari_address(chosen, row.url)[0]
        if not host.startswith("127."):
            click.echo(f"ARI is served on {host}: let no machine but Centralino's reach it.")
        if reloads and (written or is_older(row, picture)):
            reload(row)
            click.echo("Asterisk has read it.")
            _tell_restart(written)


def _tell_restart(written: Sequence[str]) -> None:
    """Some files are read only as Asterisk starts."""
    late = [name for name in written if name in READ_AT_START]
    if late:
        click.echo(f"Restart Asterisk: it reads {', '.join(late)} only as it starts.")


def _tell(folder: Path, written: Sequence[str]) -> None:
    if written:
        click.echo(f"Written to {folder}: {', '.join(written)}.")
    else:
        click.echo(f"{folder} is as the database says.")


@asterisk.command()
@SERVER
def check(server: str) -> None:
    """Say what is wrong, a sentence for each fault; exit 1 if there is one."""
    with switchboard() as board:
        rows = [_server(server)] if server else list(_servers())
        if not rows:
            raise BadInput(NO_SERVER)
        faults = [
            f"{row.name}: {sentence}" for row in rows for sentence in check_server(row, board)
        ]
    for sentence in faults:
        click.echo(sentence)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo("All is well.")


NO_SERVER = (
    "There is no Asterisk server yet; add one:"
    " centralino asterisk server add NAME --url http://127.0.0.1:8088 --sip-host pbx.example.com"
)


# --- Servers --------------------------------------------------------------------------------------


@asterisk.group("server")
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
    with switchboard():
        secret = password or service.new_password()
        row = ServerRow(
            name=name, url=url.rstrip("/"), user=user, secret=secret, sip_host=sip_host, slots=slots
        )
        service.check_server(row)
        if ServerRow.get_or_none(ServerRow.name == name):
            raise Conflict(f"There is a server {name!r} already.")
        row.save(force_insert=True)
    click.echo(f"Added. Next: centralino asterisk config --server {name}")


@server_group.command("list")
def list_servers() -> None:
    """List the servers, and which process serves each slot."""
    with switchboard() as board:
        rows = [_server_cells(row, board) for row in _servers()]
    _print(rows, NO_SERVER)


@server_group.command("remove")
@click.argument("name")
def remove_server(name: str) -> None:
    """Remove the server NAME, when no trunk or phone is left there."""
    with switchboard():
        row = _server(name)
        trunks = TrunkRow.select().where(TrunkRow.server == row).count()
        phones = PhoneRow.select().where(PhoneRow.server == row).count()
        if trunks or phones:
            raise Conflict(
                f"{name} still has trunks ({trunks}) or phones ({phones}); remove them first."
            )
        row.delete_instance()
    click.echo("Removed.")


def _server_cells(row: ServerRow, board: Switchboard) -> tuple[str, ...]:
    now = board.now()
    slots = SlotRow.select().where(SlotRow.server == row)
    served = [one for one in slots if one.holder and one.until and one.until > now]
    holders = ", ".join(sorted({one.holder.rpartition(":")[0] for one in served}))
    return row.name, row.url, row.sip_host, f"{len(served)} of {row.slots} slots served", holders


# --- Trunks ---------------------------------------------------------------------------------------


@asterisk.group("trunk")
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
    with switchboard():
        owner = _account(account)
        lines = [_line(owner, number) for number in numbers]
        row = TrunkRow(
            account=owner,
            server=_server(server),
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
            for line in lines:
                line.gateway = row.gateway
                line.save()
    click.echo(f"Added as {row.endpoint}. Next: centralino asterisk config --reload")


@trunk_group.command("list")
@click.argument("account", default="")
def list_trunks(account: str) -> None:
    """List the trunks of ACCOUNT (name or id), or of all accounts."""
    with switchboard():
        rows = [_trunk_cells(row) for row in _of(TrunkRow, account, TrunkRow.gateway)]
    _print(rows, "No trunks.")


@trunk_group.command("remove")
@click.argument("endpoint")
def remove_trunk(endpoint: str) -> None:
    """Remove the trunk ENDPOINT, such as trunk-7; its numbers get no calls then."""
    with switchboard():
        id = endpoint.removeprefix("trunk-")
        row = TrunkRow.get_or_none(TrunkRow.gateway == int(id)) if _is_id(id) else None
        if row is None:
            raise NotFound(f"There is no trunk {endpoint!r}; `trunk list` names them.")
        with TrunkRow._meta.database.atomic():
            row.delete_instance()
            GatewayRow.delete().where(GatewayRow.id == row.gateway_id).execute()
    click.echo("Removed. Next: centralino asterisk config --reload")


def _trunk_cells(row: TrunkRow) -> tuple[str, ...]:
    registers = "registers" if row.register else ", ".join(service.sources(row))
    return row.endpoint, row.account.name, str(row), row.server.name, row.host, registers


# --- Phones ---------------------------------------------------------------------------------------


@asterisk.group("phone")
def phone_group() -> None:
    """SIP phones of the employees."""


@phone_group.command("add")
@click.argument("account")
@click.argument("employee")
@click.option("--password", envvar=SECRET, default="", help=f"Default: a new one. Or as {SECRET}.")
@SERVER
def add_phone(account: str, employee: str, password: str, server: str) -> None:
    """Give EMPLOYEE (extension, name or id) of ACCOUNT a phone; its password is shown once."""
    with switchboard() as board:
        person = _employee(_account(account), employee)
        phone, made = service.give_phone(person, _server(server), board.now())
        _tell_password(phone, _chosen(phone, password) or made, shown=not password)
    click.echo("Next: centralino asterisk config --reload")


@phone_group.command("password")
@click.argument("account")
@click.argument("employee")
@click.option("--password", envvar=SECRET, default="", help=f"Default: a new one. Or as {SECRET}.")
def phone_password(account: str, employee: str, password: str) -> None:
    """Give the phone of EMPLOYEE another password, which is shown once."""
    with switchboard():
        phone = _phone(account, employee)
        made = _chosen(phone, password) or service.reset_password(phone)
        _tell_password(phone, made, shown=not password)
    click.echo("Next: centralino asterisk config --reload")


@phone_group.command("list")
@click.argument("account", default="")
def list_phones(account: str) -> None:
    """List the phones of ACCOUNT (name or id), or of all accounts."""
    with switchboard():
        rows = [
            (row.endpoint, row.account.name, str(row.employee), row.server.name)
            for row in _of(PhoneRow, account, PhoneRow.employee)
        ]
    _print(rows, "No phones.")


@phone_group.command("remove")
@click.argument("account")
@click.argument("employee")
def remove_phone(account: str, employee: str) -> None:
    """Take the phone of EMPLOYEE (extension, name or id) of ACCOUNT away."""
    with switchboard():
        service.take_phone(_phone(account, employee))
    click.echo("Removed. Next: centralino asterisk config --reload")


def _chosen(phone: PhoneRow, password: str) -> str:
    """Give a phone the password that was typed, if one was."""
    if password:
        service.safe.secret(password)
        phone.digest = phone_digest(phone.employee_id, password)
        phone.save()
    return password


def _tell_password(phone: PhoneRow, password: str, *, shown: bool) -> None:
    click.echo(f"Server: {phone.server.sip_host}")
    click.echo(f"User name: {phone.endpoint}")
    if shown:
        click.echo(f"Password: {password}")


# --- Finding what was named -----------------------------------------------------------------------


def _servers() -> Iterable[ServerRow]:
    return ServerRow.select().order_by(ServerRow.name)


def _server(name: str) -> ServerRow:
    """The server of this name; without a name, the only one."""
    rows = list(_servers())
    if not rows:
        raise BadInput(NO_SERVER)
    if not name and len(rows) == 1:
        return rows[0]
    found = next((row for row in rows if row.name == name), None)
    known = ", ".join(row.name for row in rows)
    if found is None and not name:
        raise BadInput(f"Say which server: --server NAME, one of {known}.")
    if found is None:
        raise NotFound(f"There is no Asterisk server {name!r}; there is {known}.")
    return found


def _account(word: str) -> AccountRow:
    row = AccountRow.get_or_none(AccountRow.name == word)
    if row is None and _is_id(word):
        row = AccountRow.get_or_none(AccountRow.id == int(word))
    if row is None:
        raise NotFound(f"There is no account {word!r}; give its name or id.")
    return row


def _employee(account: AccountRow, word: str) -> EmployeeRow:
    rows = list(EmployeeRow.of(account))
    for matches in (
        [row for row in rows if row.extension and row.extension == word],
        [row for row in rows if row.name == word],
        [row for row in rows if str(row.id) == word],
    ):
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise BadInput(f"Several employees are called {word!r}; give an extension or an id.")
    raise NotFound(f"{account.name} has no employee {word!r}; give an extension, a name or an id.")


def _phone(account: str, employee: str) -> PhoneRow:
    person = _employee(_account(account), employee)
    row = PhoneRow.get_or_none(PhoneRow.employee == person)
    if row is None:
        raise NotFound(f"{person.name} has no phone.")
    return row


def _line(account: AccountRow, number: str) -> LineRow:
    row = LineRow.get_or_none((LineRow.account == account) & (LineRow.number == number))
    if row is None:
        raise NotFound(f"{account.name} has no number {number!r}; give it as +390612345678.")
    return row


def _of(table: Any, account: str, order: Any) -> Iterable[Any]:
    rows = table.of(_account(account)) if account else table.select()
    return rows.order_by(order)


def _is_id(word: str) -> bool:
    return word.isdecimal() and len(word) < 10


def _print(rows: list[tuple[str, ...]], empty: str) -> None:
    """Aligned columns, or what there is to say when there are none."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:{width}}" for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
    if not rows:
        click.echo(empty)
