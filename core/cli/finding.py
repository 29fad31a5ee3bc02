"""Finds what a command names: the account, and who gives the command."""

from __future__ import annotations

import getpass

from core.contract.errors import BadInput, NotFound
from core.store.accounts import AccountRow, PluginSwitch

LONGEST_AUTHOR = 255
"""Characters; what the tables hold."""


def find_account(word: str) -> AccountRow:
    """An account by its name or its id.

    Raises:
        NotFound: there is none.
    """
    row = AccountRow.get_or_none(AccountRow.name == word)
    if row is None and word.isdecimal() and len(word) < 10:
        row = AccountRow.get_or_none(AccountRow.id == int(word))
    if row is None:
        raise NotFound(f"There is no account {word!r}; give its name or id.")
    return row


def switched_off(account: AccountRow) -> frozenset[str]:
    """The plugins that an account has switched off."""
    rows = PluginSwitch.of(account).where(~PluginSwitch.on)
    return frozenset(row.plugin for row in rows)


def author_of(given: str) -> str:
    """Who a change is entered under: the name that was given, or this machine's user, who is no
    user of the installation and is marked so.

    Raises:
        BadInput: the name is too long.
    """
    if len(given) > LONGEST_AUTHOR:
        raise BadInput(f"The author has {len(given)} characters; {LONGEST_AUTHOR} are the most.")
    if given:
        return given
    try:
        return f"{getpass.getuser()} (command)"
    except (OSError, KeyError):  # a container's user may have no name
        return "command"
