"""What a command was told: the rows that are meant, and lists of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from core.api import (
    AccountRow,
    BadInput,
    EmployeeRow,
    LineRow,
    NotFound,
    Switchboard,
    author_of,
)
from plugins.asterisk.changes import By
from plugins.asterisk.models import PhoneRow, ServerRow

SERVER = click.option(
    "--server", default="", metavar="NAME", help="Which server; needed with several."
)

SECRET = "CENTRALINO_ASTERISK_PASSWORD"
"""The environment's variable for a password: nobody reads it in a list of processes."""

NO_SERVER = (
    "There is no Asterisk server yet; add one:"
    " centralino asterisk server add NAME --url http://127.0.0.1:8088 --sip-host pbx.example.com"
)


def by_operator(board: Switchboard) -> By:
    """Whoever gives this command, now."""
    return By(author_of(), board.now())


def all_servers() -> Iterable[ServerRow]:
    """Every server, by name."""
    return ServerRow.select().order_by(ServerRow.name)


def find_server(name: str) -> ServerRow:
    """The server of this name; without a name, the only one.

    Raises:
        BadInput: there is none at all, or several and none was named.
        NotFound: there is none of this name.
    """
    rows = list(all_servers())
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


def find_account(word: str) -> AccountRow:
    """The account of this name or id.

    Raises:
        NotFound: there is none.
    """
    row = AccountRow.get_or_none(AccountRow.name == word)
    if row is None and is_id(word):
        row = AccountRow.get_or_none(AccountRow.id == int(word))
    if row is None:
        raise NotFound(f"There is no account {word!r}; give its name or id.")
    return row


def find_employee(account: AccountRow, word: str) -> EmployeeRow:
    """The employee of this extension, name or id.

    Raises:
        BadInput: several are called so.
        NotFound: there is none.
    """
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


def find_phone(account: str, employee: str) -> PhoneRow:
    """The phone of the employee who is meant; both words as for their own functions.

    Raises:
        NotFound: they have none.
    """
    person = find_employee(find_account(account), employee)
    row = PhoneRow.get_or_none(PhoneRow.employee == person)
    if row is None:
        raise NotFound(f"{person.name} has no phone.")
    return row


def find_line(account: AccountRow, number: str) -> LineRow:
    """The number of an account, written as it is stored: +390612345678.

    Raises:
        NotFound: the account has no such number.
    """
    row = LineRow.get_or_none((LineRow.account == account) & (LineRow.number == number))
    if row is None:
        raise NotFound(f"{account.name} has no number {number!r}; give it as +390612345678.")
    return row


def rows_of(table: Any, account: str, order: Any) -> Iterable[Any]:
    """The rows of the account that is meant, or of all accounts ("")."""
    rows = table.of(find_account(account)) if account else table.select()
    return rows.order_by(order)


def is_id(word: str) -> bool:
    """Whether it can be the id of a row."""
    return word.isdecimal() and len(word) < 10


def print_table(rows: list[tuple[str, ...]], empty: str) -> None:
    """Aligned columns, or what there is to say when there are none."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:{width}}" for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
    if not rows:
        click.echo(empty)
