"""Edits of menus as straight functions: the menus before in, the menus after out.

None of them asks whether the result makes sense: ``checks`` does, for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from core.api import BadInput, Conflict, gettext
from plugins.ivr.menus import KEYS, KIND, Key, Menu, Menus, menu_id
from plugins.ivr.tree import below

NEW = 10**12
"""Menus that are not stored yet have ids from here on; no database comes so far."""

Edited = dict[int, Menu]


def change_menu(known: Menus, id: int, **fields: Any) -> Edited:
    """Other values of a menu's own fields."""
    return {**known, id: replace(_there(known, id), **fields)}


def put_key(known: Menus, id: int, was: str, key: str, action: Key) -> Edited:
    """A new key, or with ``was`` an existing one under another key or with another action.

    Raises:
        Conflict: the key ``was`` is gone.
        BadInput: the key is taken.
    """
    menu = _there(known, id)
    if was:
        _key(menu, was)
    if key != was and key in menu.keys:
        sentence = gettext("Key %(key)s of menu %(menu)s is taken.", key=key, menu=menu.name)
        raise BadInput(sentence, {"key": sentence})
    rest = {one: value for one, value in menu.keys.items() if one != was}
    return {**known, id: replace(menu, keys={**rest, key: action})}


def drop_key(known: Menus, id: int, key: str) -> Edited:
    """A menu without one of its keys; what was below becomes a tree of its own."""
    menu = _there(known, id)
    _key(menu, key)
    rest = {one: value for one, value in menu.keys.items() if one != key}
    return {**known, id: replace(menu, keys=rest)}


def move_key(known: Menus, id: int, key: str, to: int, to_key: str) -> Edited:
    """A key with all that is below it goes to another menu, or to another key.

    ``to_key`` "" is the same key where it is free, else the first free one.

    Raises:
        Conflict: the key is gone.
        BadInput: the other key is taken, or none is free.
    """
    action = _key(_there(known, id), key)
    to_key = to_key or _free_key(_there(known, to), key)
    if id == to:
        return put_key(known, id, key, to_key, action)
    return put_key(drop_key(known, id, key), to, "", to_key, action)


def add_menu(known: Menus, menu: Menu) -> tuple[Edited, int]:
    """One menu more, and the id that it has until it is stored."""
    id = max((NEW, *known)) + 1
    return {**known, id: replace(menu, id=id)}, id


def add_submenu(known: Menus, id: int, key: str, menu: Menu, was: str = "") -> Edited:
    """A new menu with a key that leads to it, which may be the key ``was`` until now."""
    grown, new = add_menu(known, menu)
    return put_key(grown, id, was, key, Key(f"{KIND}:{new}"))


def drop_menus(known: Menus, gone: Iterable[int]) -> Edited:
    """No such menus any more, nor keys that lead to them."""
    lost = set(gone)
    return {
        id: replace(menu, keys={k: v for k, v in menu.keys.items() if v.submenu not in lost})
        for id, menu in known.items()
        if id not in lost
    }


def copy_tree(known: Menus, top: int, name: str) -> Edited:
    """The tree below a menu once more; the copy of its top has this name, the others get a number.

    Args:
        known: all menus.
        top: the menu to copy, with all below it.
        name: of the copy.
    """
    originals = below(known, _there(known, top).id)
    first = max((NEW, *known)) + 1
    renamed = {id: first + place for place, id in enumerate(originals)}
    taken = {menu.name for menu in known.values()} | {name}
    copies: Edited = {}
    for id in originals:
        title = name if id == top else free_name(known[id].name, taken)
        taken.add(title)
        copies[renamed[id]] = replace(redirect(known[id], renamed), id=renamed[id], name=title)
    return {**known, **copies}


def free_name(name: str, taken: set[str]) -> str:
    """The name, with the first number behind it that makes it new."""
    number, found = 2, name
    while found in taken:
        found, number = f"{name[:110]} {number}", number + 1
    return found


def redirect(menu: Menu, ids: Mapping[int, int]) -> Menu:
    """A menu whose keys and failures lead to menus under their other ids."""

    def led(value: str) -> str:
        id = menu_id(value)
        return f"{KIND}:{ids[id]}" if id in ids else value

    keys = {key: replace(one, target=led(one.target)) for key, one in menu.keys.items()}
    failures = {name: replace(one, to=led(one.to)) for name, one in menu.failures()}
    return replace(menu, keys=keys, **failures)


def _free_key(menu: Menu, wanted: str) -> str:
    free = [key for key in (wanted, *KEYS) if key not in menu.keys]
    if not free:
        sentence = gettext("All keys of menu %(menu)s are taken.", menu=menu.name)
        raise BadInput(sentence, {"menu": sentence})
    return free[0]


def _there(known: Menus, id: int) -> Menu:
    if id not in known:
        raise Conflict(gettext("This menu was deleted in the meantime."))
    return known[id]


def _key(menu: Menu, key: str) -> Key:
    if key not in menu.keys:
        sentence = gettext("Key %(key)s of menu %(menu)s is gone.", key=key, menu=menu.name)
        raise Conflict(sentence)
    return menu.keys[key]
