"""The list of trees: what an admin wants to know of each before opening it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.api import Destination, leading_to
from plugins.ivr.checks import Weight
from plugins.ivr.menu_schemas import LANGUAGES
from plugins.ivr.menus import KIND, Menu
from plugins.ivr.tree import below, deepest, tops


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree of the list.

    Args:
        top: its top.
        menus: how many menus it has.
        levels: how deep it is.
        keys: the keys of the top.
        languages: in which it speaks; the account's own is left out.
        used_by: the numbers that have it, and what else leads to it.
        locked: whether the plan leaves some of it out.
        faults: how many things are wrong with it.
    """

    top: Menu
    menus: int
    levels: int
    keys: str
    languages: str
    used_by: list[str]
    locked: bool
    faults: int


def overview(desk: Any) -> list[Tree]:
    """The account's trees, by name."""
    return [_tree(desk, top) for top in tops(desk.menus)]


def _tree(desk: Any, top: int) -> Tree:
    ids = below(desk.menus, top)
    menus = [desk.menus[id] for id in ids]
    faults = [one for one in desk.faults if one.menu in ids]
    spoken = dict.fromkeys(str(LANGUAGES.get(one.language, one.language)) for one in menus)
    return Tree(
        top=desk.menus[top],
        menus=len(ids),
        levels=deepest(desk.menus, top),
        keys=" ".join(desk.menus[top].keys),
        languages=", ".join(spoken),
        used_by=leading_to(Destination(KIND, str(top))),
        locked=any(one.weight is Weight.LOCKED for one in faults),
        faults=sum(one.weight is not Weight.LOCKED for one in faults),
    )
