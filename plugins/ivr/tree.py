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


def deepest(known: Menus, menu: int) -> int:
    """How deep the deepest menu lies that keys lead to from this one."""
    reached, waiting = set(), [menu]
    while waiting:
        one = waiting.pop()
        if one in known and one not in reached:
            reached.add(one)
            waiting += known[one].submenus()
    return max((depth(known, one) for one in reached), default=0)


def levels(decision: Any) -> int | None:
    """How many levels a plan includes, of the gate's decision on ``ivr.max_depth``: None is
    unlimited; a plan that does not name the feature has the first level."""
    if not decision.allowed:
        return 1
    return None if decision.value == "unlimited" else decision.value
