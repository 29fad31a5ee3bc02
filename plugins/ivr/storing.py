"""Writes menus: what differs between two states, in the transaction of whoever asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.api import Account, AccountRow
from plugins.ivr.edits import NEW, redirect
from plugins.ivr.menus import FAILURE_PARTS, Menu, Menus
from plugins.ivr.models import KeyRow, MenuRow

OWN = ("name", "prompt", "sound", "language", "extensions", "first_seconds", "between_seconds")


def hold(account: Account) -> None:
    """Let nobody else write menus of the account until this transaction ends; snapshots are read
    again after it."""
    own = AccountRow.id == account.id
    AccountRow.update(version=AccountRow.version + 1).where(own).execute()


def store(account: Account, before: Menus, after: Menus) -> dict[int, Menu]:
    """Write what differs.

    Args:
        account: whose menus they are.
        before: as they are stored.
        after: as they shall be; ids from ``NEW`` on become ids of the database.

    Returns:
        The menus as they are stored now.
    """
    gone = [id for id in before if id not in after]
    KeyRow.delete().where(KeyRow.account == account.id, KeyRow.menu << gone).execute()
    MenuRow.delete().where(MenuRow.account == account.id, MenuRow.id << gone).execute()
    _free_names(account, before, after)
    ids = {id: _create(account, menu) for id, menu in after.items() if id not in before}
    stored = {
        ids.get(id, id): replace(redirect(menu, ids), id=ids.get(id, id))
        for id, menu in after.items()
    }
    for id, menu in stored.items():
        if menu != before.get(id):
            MenuRow.update(**_columns(menu)).where(_is(account, id)).execute()
            _store_keys(account, menu)
    return stored


def _is(account: Account, id: int) -> Any:
    return (MenuRow.account == account.id) & (MenuRow.id == id)


def _free_names(account: Account, before: Menus, after: Menus) -> None:
    """Names are unique: two menus may change theirs with each other."""
    for id in before:
        if id in after and after[id].name != before[id].name:
            MenuRow.update(name=f"\x01{id}").where(_is(account, id)).execute()


def _create(account: Account, menu: Menu) -> int:
    """A row for a menu; one that comes back from an undone deletion has its id again."""
    columns = {"account": account.id, **_columns(menu)}
    if menu.id < NEW:
        columns["id"] = menu.id
    return MenuRow.insert(**columns).execute()


def _columns(menu: Menu) -> dict[str, Any]:
    own = {name: getattr(menu, name) for name in OWN}
    failures = {
        f"{name}_{part}": getattr(failure, part)
        for name, failure in menu.failures()
        for part in FAILURE_PARTS
    }
    return own | failures


def _store_keys(account: Account, menu: Menu) -> None:
    KeyRow.delete().where(KeyRow.account == account.id, KeyRow.menu == menu.id).execute()
    rows = [
        {"account": account.id, "menu": menu.id, "key": key, "target": one.target,
         "text": one.text, "sound": one.sound}
        for key, one in menu.keys.items()
    ]  # fmt: skip
    if rows:
        KeyRow.insert_many(rows).execute()
