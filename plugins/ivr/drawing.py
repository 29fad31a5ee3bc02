"""A tree of menus as the editor draws it: boxes, and what hangs below their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.api import gettext, ngettext
from plugins.ivr.checks import Fault, Weight
from plugins.ivr.menus import KEYS, NUMBER, Failure, Key, Menu, Menus
from plugins.ivr.places import ACTION_WORDS, Places, key_title, target_title
from plugins.ivr.plain import seen
from plugins.ivr.tree import above, below, depth

WORDS_OF_KEYS = {"*": "star", "#": "hash"}


def node_id(menu: int, part: str = "") -> str:
    """The id of something in the drawing: a menu, ``key 1`` of it, or one of its failures."""
    word, _, key = part.partition(" ")
    parts = [word or "menu", str(menu), *([WORDS_OF_KEYS.get(key, key)] if key else [])]
    return "-".join(parts)


@dataclass(frozen=True, slots=True)
class Branch:
    """A key, and what it leads to: ``box`` is the menu below, None for anything else."""

    key: str
    action: Key
    title: str
    kind: str
    faults: tuple[Fault, ...]
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Exit:
    """One way to fail, in words."""

    name: str
    failure: Failure
    title: str
    then: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A menu of the drawing.

    Args:
        menu: itself.
        level: how deep it lies.
        branches: its keys in the order of a telephone.
        exits: its three ways to fail.
        faults: what is wrong with the menu as a whole.
        locked: why the plan stops above it, "" when it does not.
        seen: its version.
        tree_seen: the version of it and all below.
        free: the keys that are not taken.
        above: the menu above, None for the top, and the key of it that leads here.
    """

    menu: Menu
    level: int
    branches: tuple[Branch, ...] = ()
    exits: tuple[Exit, ...] = ()
    faults: tuple[Fault, ...] = ()
    locked: str = ""
    seen: str = ""
    tree_seen: str = ""
    free: str = ""
    above: Menu | None = None
    key_above: str = ""

    def taken(self) -> dict[str, str]:
        """What each taken key does."""
        return {one.key: one.title for one in self.branches}


class Drawing:
    """Draws menus of an account.

    Args:
        known: all menus.
        around: what else they lead to.
        faults: of all menus.
    """

    def __init__(self, known: Menus, around: Places, faults: Iterable[Fault]) -> None:
        self.menus, self.around = known, around
        self.faults: dict[tuple[int, str], list[Fault]] = {}
        for one in faults:
            self.faults.setdefault((one.menu, one.part), []).append(one)

    def tree(self, top: int) -> Box:
        """The tree below a menu, with itself."""
        return self._box(top, frozenset())

    def _box(self, id: int, way: frozenset[int]) -> Box:
        menu = self.menus[id]
        whole = [one for part in ("", "name", "prompt", "keys") for one in self._at(id, part)]
        higher = above(self.menus, id)
        locked = [one for one in whole if one.weight is Weight.LOCKED]
        return Box(
            menu,
            depth(self.menus, id),
            tuple(self._branch(menu, key, way | {id}) for key in _in_order(menu.keys)),
            tuple(self._exit(menu, name, one) for name, one in menu.failures()),
            tuple(one for one in whole if one.weight is not Weight.LOCKED),
            locked[0].sentence if locked else "",
            seen(self.menus, [id]),
            seen(self.menus, below(self.menus, id)),
            "".join(key for key in KEYS if key not in menu.keys),
            higher,
            next((key for key, one in higher.keys.items() if one.submenu == id), "")
            if higher
            else "",
        )

    def _branch(self, menu: Menu, key: str, way: frozenset[int]) -> Branch:
        action = menu.keys[key]
        title = key_title(action, self.menus, self.around)
        faults = tuple(self._at(menu.id, f"key {key}"))
        submenu = action.submenu
        if submenu in self.menus and submenu not in way:
            return Branch(key, action, title, "menu", faults, self._box(submenu, way))
        kind = "action" if action.target in ACTION_WORDS else "place"
        return Branch(key, action, title or gettext("gone"), kind if title else "gone", faults)

    def _exit(self, menu: Menu, name: str, failure: Failure) -> Exit:
        then = gettext("leave the menu")
        if failure.to:
            then = target_title(failure.to, self.menus, self.around) or gettext("gone")
        again = ""
        if failure.retries:
            again = ngettext("ask %(num)s more time", "ask %(num)s more times", failure.retries)
        title = f"{again}, " + gettext("then %(place)s", place=then) if again else then
        return Exit(name, failure, title, then, tuple(self._at(menu.id, name)))

    def _at(self, menu: int, part: str) -> list[Fault]:
        return self.faults.get((menu, part), [])


def _in_order(keys: Mapping[str, Any]) -> list[str]:
    return sorted(keys, key=KEYS.find)


@dataclass(slots=True)
class OpenForm:
    """The form that is open in the drawing.

    Args:
        kind: ``menu``, ``no_input`` …, ``key``, ``add`` or ``move``.
        menu: the menu it is in.
        key: the key it is about, "" for none.
        values: what its fields show.
        wrong: a sentence per field; "" is the form as a whole.
    """

    kind: str
    menu: int
    key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    def at(self, kind: str, menu: int, key: str = "") -> bool:
        """Whether it is this form that is open."""
        return (self.kind, self.menu, self.key) == (kind, menu, key)


def open_form(known: Menus, kind: str, id: int, key: str) -> OpenForm | None:
    """A form with what is stored; None when there is nothing of the kind."""
    menu = known.get(id)
    if menu is None or (kind in ("key", "move") and key not in menu.keys):
        return None
    if kind == "menu":
        names = ("name", "prompt", "sound", "language", "extensions", "first_seconds",
                 "between_seconds")  # fmt: skip
        return OpenForm(kind, id, "", {name: getattr(menu, name) for name in names})
    if kind == "key":
        action = menu.keys[key]
        target, text = action.target, action.text
        values = {"key": key, "to": target, "text": text, "sound": action.sound}
        if target == NUMBER:
            values |= {"number": text, "text": ""}
        return OpenForm(kind, id, key, values)
    if kind == "add":
        free = [one for one in KEYS if one not in menu.keys]
        return OpenForm(kind, id, "", {"key": free[0] if free else "", "to": ""})
    if kind == "move":
        return OpenForm(kind, id, key, {"menu": id, "key": key})
    failure = dict(menu.failures()).get(kind)
    if failure is None:
        return None
    return OpenForm(kind, id, "", {"retries": failure.retries, "prompt": failure.prompt,
                                   "sound": failure.sound, "to": failure.to})  # fmt: skip
