"""A tree of menus as data and back, for the API and YAML files; see ``TreeSchema``.

Menus of the tree are named by their names, so that a file can be read and used again; an id only
says which stored menu is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.api import BadInput, e164, gettext
from plugins.ivr.edits import NEW, Edited, drop_menus, free_name
from plugins.ivr.menus import FAILURES, KEYS, KIND, NUMBER, Action, Failure, Key, Menu, Menus
from plugins.ivr.plain import seen
from plugins.ivr.tree import below

IN_TREE = "menu:"
"""Before the name of a menu of the same tree."""

SPEAKS = {Action.MESSAGE, Action.EXTENSION}
"""Actions with a text or sound of their own."""

Data = dict[str, Any]


def tree_data(known: Menus, top: int) -> Data:
    """The tree below a menu.

    Args:
        known: all menus.
        top: of the tree.
    """
    ids = below(known, top)
    names = {f"{KIND}:{id}": f"{IN_TREE}{known[id].name}" for id in ids}
    return {
        "version": seen(known, ids),
        "menus": [{"id": id, **menu_data(known[id], names)} for id in ids],
    }


def menu_data(menu: Menu, names: Mapping[str, str]) -> Data:
    """One menu; ``names`` says how other menus are called, by destination as text."""
    keys = [
        {"key": key, "to": names.get(one.target, one.target), "text": one.text, "sound": one.sound}
        for key, one in sorted(menu.keys.items(), key=lambda item: KEYS.find(item[0]))
    ]
    failures = {
        name: {"retries": one.retries, "prompt": one.prompt, "sound": one.sound,
               "to": names.get(one.to, one.to)}
        for name, one in menu.failures()
    }  # fmt: skip
    return {
        "name": menu.name,
        "prompt": menu.prompt,
        "sound": menu.sound,
        "language": menu.language,
        "extensions": menu.extensions,
        "first_seconds": menu.first_seconds,
        "between_seconds": menu.between_seconds,
        **failures,
        "keys": keys,
    }


def put_tree(known: Menus, top: int | None, data: Data, country: str) -> Edited:
    """The menus with a tree as the data say: an edit.

    Args:
        known: all menus before.
        top: of the tree that is replaced; None: the tree is new.
        data: as ``TreeSchema`` loads it.
        country: in which numbers are read that are typed without a country.

    Raises:
        BadInput: an id or a name that is none of this tree's; ``fields`` say where.
    """
    old = below(known, top) if top is not None else []
    ids = _ids(known, old, data["menus"])
    names = _names(ids, data["menus"])
    kept = [id for id in old if id not in ids]
    grown = drop_menus(known, kept)
    for place, (id, one) in enumerate(zip(ids, data["menus"], strict=True)):
        grown[id] = _menu(id, one, names, f"menus.{place}", country)
    return grown


def with_free_names(known: Menus, data: Data) -> Data:
    """A file's tree as new menus: without ids, under names that nobody has yet."""
    taken = {menu.name for menu in known.values()}
    names: dict[str, str] = {}
    for one in data["menus"]:
        names.setdefault(one["name"], free_name(one["name"], taken))
        taken.add(names[one["name"]])

    def led(to: str) -> str:
        name = to.removeprefix(IN_TREE)
        return IN_TREE + names.get(name, name) if to.startswith(IN_TREE) else to

    menus = []
    for one in data["menus"]:
        fresh = {**one, "name": names[one["name"]]}
        fresh.pop("id", None)
        fresh["keys"] = [{**key, "to": led(key["to"])} for key in one["keys"]]
        for name in FAILURES:
            if name in one:
                fresh[name] = {**one[name], "to": led(one[name]["to"])}
        menus.append(fresh)
    return {"version": "", "menus": menus}


def read_key(to: str, text: str, sound: str, country: str) -> Key:
    """What a key does, as somebody typed it; an outside number is left in E.164.

    Raises:
        BadInput: the text is no number.
    """
    if to == NUMBER:
        return Key(NUMBER, e164(text, country))
    return Key(to, text, sound) if to in SPEAKS else Key(to)


def _ids(known: Menus, old: list[int], menus: list[Data]) -> list[int]:
    """The ids of the menus; new ones have ids that are not stored yet."""
    found: list[int] = []
    for place, one in enumerate(menus):
        id = one.get("id")
        if id is not None and (id not in old or id in found):
            sentence = gettext("There is no menu %(id)s in this tree.", id=id)
            raise BadInput(sentence, {f"menus.{place}.id": sentence})
        found.append(id if id is not None else max((NEW, *known)) + 1 + place)
    if old and found[0] != old[0]:
        sentence = gettext("The first menu is the top of the tree: the one in the address.")
        raise BadInput(sentence, {"menus.0.id": sentence})
    return found


def _names(ids: list[int], menus: list[Data]) -> dict[str, str]:
    """Destinations by the name of the menu."""
    found: dict[str, str] = {}
    for place, (id, one) in enumerate(zip(ids, menus, strict=True)):
        name = f"{IN_TREE}{one['name']}"
        if name in found:
            sentence = gettext("There is another menu “%(name)s”.", name=one["name"])
            raise BadInput(sentence, {f"menus.{place}.name": sentence})
        found[name] = f"{KIND}:{id}"
    return found


def _menu(id: int, one: Data, names: Mapping[str, str], place: str, country: str) -> Menu:
    def led(to: str, where: str) -> str:
        if to.startswith(IN_TREE) and to not in names:
            name = to.removeprefix(IN_TREE)
            sentence = gettext("There is no menu “%(name)s” in this tree.", name=name)
            raise BadInput(sentence, {where: sentence})
        return names.get(to, to)

    keys = dict(_keys(one["keys"], led, place, country))
    failures = {
        name: Failure(**{**one[name], "to": led(one[name]["to"], f"{place}.{name}.to")})
        for name in FAILURES
        if name in one
    }
    own = {name: value for name, value in one.items() if name not in ("id", "keys", *FAILURES)}
    return Menu(id=id, **own, keys=keys, **{**first_failures(), **failures})


def first_failures() -> dict[str, Failure]:
    """What follows the three ways to fail in a new menu, until somebody says otherwise."""
    return {
        "no_input": Failure(2, gettext("We have not heard a key.")),
        "invalid": Failure(2, gettext("This key has no meaning here.")),
        "no_answer": Failure(0, gettext("Nobody can answer there now. Please choose again.")),
    }


def _keys(keys: list[Data], led: Any, place: str, country: str) -> Iterator[tuple[str, Key]]:
    used: set[str] = set()
    for number, one in enumerate(keys):
        where = f"{place}.keys.{number}"
        if one["key"] in used:
            sentence = gettext("Key %(key)s is there twice.", key=one["key"])
            raise BadInput(sentence, {f"{where}.key": sentence})
        used.add(one["key"])
        try:
            key = read_key(led(one["to"], f"{where}.to"), one["text"], one["sound"], country)
        except BadInput as error:
            fields = error.fields or {f"{where}.text": error.message}
            raise BadInput(error.message, fields) from None
        yield one["key"], key
