"""``centralino asterisk phone``: the SIP phones of the employees."""

from __future__ import annotations

import click

from core.api import switchboard
from plugins.asterisk.commands.finding import (
    SECRET,
    SERVER,
    by_operator,
    find_account,
    find_employee,
    find_phone,
    find_server,
    print_table,
    rows_of,
)
from plugins.asterisk.models import PhoneRow
from plugins.asterisk.phones import give_phone, reset_password, take_phone


@click.group("phone")
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
        person = find_employee(find_account(account), employee)
        phone, made = give_phone(person, find_server(server), by_operator(board), password)
        _tell_password(phone, made, shown=not password)
    click.echo("Next: centralino asterisk config --reload")


@phone_group.command("password")
@click.argument("account")
@click.argument("employee")
@click.option("--password", envvar=SECRET, default="", help=f"Default: a new one. Or as {SECRET}.")
def phone_password(account: str, employee: str, password: str) -> None:
    """Give the phone of EMPLOYEE another password, which is shown once."""
    with switchboard() as board:
        phone = find_phone(account, employee)
        made = reset_password(phone, by_operator(board), password)
        _tell_password(phone, made, shown=not password)
    click.echo("Next: centralino asterisk config --reload")


@phone_group.command("list")
@click.argument("account", default="")
def list_phones(account: str) -> None:
    """List the phones of ACCOUNT (name or id), or of all accounts."""
    with switchboard():
        rows = [
            (row.endpoint, row.account.name, str(row.employee), row.server.name)
            for row in rows_of(PhoneRow, account, PhoneRow.employee)
        ]
    print_table(rows, "No phones.")


@phone_group.command("remove")
@click.argument("account")
@click.argument("employee")
def remove_phone(account: str, employee: str) -> None:
    """Take the phone of EMPLOYEE (extension, name or id) of ACCOUNT away."""
    with switchboard() as board:
        take_phone(find_phone(account, employee), by_operator(board))
    click.echo("Removed. Next: centralino asterisk config --reload")


def _tell_password(phone: PhoneRow, password: str, *, shown: bool) -> None:
    click.echo(f"Server: {phone.server.sip_host}")
    click.echo(f"User name: {phone.endpoint}")
    if shown:
        click.echo(f"Password: {password}")
