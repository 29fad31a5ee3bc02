"""How menus hang together: each has one place in a tree, because one key leads to it (R4)."""

from __future__ import annotations

from typing import Any

from plugins.ivr.menus import Menu, Menus


def above(known: Menus, menu: int) -> Menu | None:
    """The menu with a key that leads to this one; None for the top of a tree."""
    return next((one for one in known.values() if menu in one.submenus()), None)


def path(known: Menus, menu: int) -> list[Menu]:
    """From the top of the tree down to a menu. What was a circle in spite of all checks is cut."""
    found: list[Menu] = []
    one = known.get(menu)
    while one is not None and one not in found:
        found.insert(0, one)
        one = above(known, one.id)
    return found


def depth(known: Menus, menu: int) -> int:
    """How deep a menu lies; the top of a tree is 1 (R4)."""
    return len(path(known, menu))


def below(known: Menus, menu: int) -> list[int]:
    """A menu and all menus that keys lead to from it, each once, as a tree is read."""
    found: list[int] = []
    waiting = [menu]
    while waiting:
        one = waiting.pop(0)
        if one in known and one not in found:
            found.append(one)
            waiting = known[one].submenus() + waiting
    return found


def deepest(known: Menus, menu: int) -> int:
    """How deep the deepest menu lies that keys lead to from this one."""
    return max((depth(known, one) for one in below(known, menu)), default=0)


def tops(known: Menus) -> list[int]:
    """The menus at the tops of trees, in the order of ``known``; of a circle, its first menu."""
    led_to = {id for menu in known.values() for id in menu.submenus()}
    found = [id for id in known if id not in led_to]
    reached = {id for top in found for id in below(known, top)}
    for id in known:
        if id not in reached:
            found.append(id)
            reached.update(below(known, id))
    return found


def levels(decision: Any) -> int | None:
    """How many levels a plan includes, of the gate's decision on ``ivr.max_depth``: None is
    unlimited; a plan that does not name the feature has the first level."""
    if not decision.allowed:
        return 1
    return None if decision.value == "unlimited" else decision.value
