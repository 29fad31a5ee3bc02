"""Finds the account that a command names."""

from __future__ import annotations

from core.contract.errors import NotFound
from core.store.accounts import AccountRow, PluginSwitch


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
