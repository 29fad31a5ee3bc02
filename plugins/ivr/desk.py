"""What a request about menus works with: the account's menus, what they lead to, who edits them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core import api
from plugins.ivr.checks import Fault
from plugins.ivr.drawing import Drawing
from plugins.ivr.editing import Editing
from plugins.ivr.edits import drop_menus
from plugins.ivr.menus import Menu, read_menus
from plugins.ivr.places import Places, places, target_title
from plugins.ivr.tree import below, levels, path, tops

DEPTH = "ivr.max_depth"


@dataclass(frozen=True, slots=True)
class Lost:
    """What a deletion would take: menus with their keys, and what still leads to them."""

    menus: list[Menu]
    used_by: list[str]


class Desk:
    """The menus of the account of this request, as they are stored now."""

    def __init__(self) -> None:
        member = api.current_member()
        self.account: api.Account = member.account
        self.author: str = member.user.email
        self.menus = read_menus(self.account.id)

    @cached_property
    def around(self) -> Places:
        """What menus can lead to."""
        return places()

    @cached_property
    def editing(self) -> Editing:
        """Saves edits, in the name of the member."""
        decision = api.gate_ask(DEPTH)
        return Editing(self.account, self.author, api.now(), self.around, decision)

    @cached_property
    def faults(self) -> list[Fault]:
        """What is wrong with the menus."""
        return self.editing.faults(self.menus)

    @cached_property
    def drawing(self) -> Drawing:
        """Draws the menus."""
        return Drawing(self.menus, self.around, self.faults)

    def tops(self) -> list[int]:
        """The ids of the menus at the top of the trees, by name."""
        return tops(self.menus)

    def title(self, value: str) -> str:
        """What a destination is called."""
        return target_title(value, self.menus, self.around)

    def plan_for(self, level: int) -> str:
        """The title of the first plan that has so many levels; "" when none has."""
        return api.cheapest(DEPTH, level)

    def most_levels(self) -> int | None:
        """How many levels the plan has; None: no limit."""
        return levels(api.gate_ask(DEPTH))

    def lost(self, id: int, key: str) -> Lost:
        """What goes with a key, or with a menu.

        Args:
            id: of the menu.
            key: of the menu, "" for the menu itself.
        """
        submenu: Any = self.menus[id].keys[key].submenu if key else id
        ids = below(self.menus, submenu) if submenu in self.menus else []
        rest = drop_menus(self.menus, ids)
        menus = [self.menus[one] for one in ids]
        used = [use for menu in menus for use in self.editing.used_by(menu, rest)]
        return Lost(menus, list(dict.fromkeys(used)))

    def adoptable(self, id: int) -> list[Menu]:
        """The menus that a key of this one can lead to: tops of other trees."""
        placed = {one for menu in self.menus.values() for one in menu.submenus()}
        own = {one.id for one in path(self.menus, id)}
        return [one for one in self.menus.values() if one.id not in placed | own]

    def homes(self, id: int, key: str) -> list[Menu]:
        """The menus that a key can be moved to: not into what is below it."""
        submenu = self.menus[id].keys[key].submenu
        inside = set(below(self.menus, submenu)) if submenu is not None else set()
        near = below(self.menus, path(self.menus, id)[0].id)
        order = [*near, *(one for one in self.menus if one not in near)]
        return [self.menus[one] for one in order if one not in inside]
