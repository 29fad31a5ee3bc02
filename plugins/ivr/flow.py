"""Menus as boxes of a number's flow: an exit for each key, and for each way to fail (R)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import shorten
from typing import Any

from flask import url_for

from core import api
from core.api import NEXT, Exit, FlowNode, gettext, ngettext
from plugins.ivr.checks import STAYS
from plugins.ivr.drawing import node_id
from plugins.ivr.menus import Action, Key, Menu, find, menu_id, menus, read_menus
from plugins.ivr.places import ACTIONS, AFTER
from plugins.ivr.tree import levels

LETTERS = 120
"""So much of a prompt stands in a box."""


def stage_box(account: api.Account, settings: Any) -> FlowNode | None:
    """The stage of a number: it leads to the menu that is chosen; None when none is."""
    if not settings.menu:
        return None
    if find(account, settings.menu) is None:
        gone = gettext("This menu does not exist any more; choose another.")
        return FlowNode(gettext("Voice menu"), (gone,), (Exit("", NEXT),))
    return FlowNode(gettext("Voice menu"), (), (Exit("", settings.menu),))


def box(account: api.Account, menu: Menu) -> FlowNode:
    """A menu: what is said, and where each key and each failure leads."""
    above, decision = _above(account), api.gate_ask("ivr.max_depth")
    limit = levels(decision)

    def closed(to: str) -> str:
        id = menu_id(to)
        deep = limit is not None and id in menus(account) and _depth(above, id) > limit
        return api.why(decision) if deep else ""

    ways = [*_keys(above, menu), *_failures(menu)]
    return FlowNode(
        gettext("Menu %(name)s", name=menu.name),
        tuple(_lines(menu)),
        tuple(Exit(label, to, closed(to)) for label, to in ways),
        url_for("ivr_menus.tree", id=menu.id, _anchor=node_id(menu.id)),
        closed(f"ivr:{menu.id}"),
    )


@api.snapshot
def _above(account_id: int) -> dict[int, int]:
    """The menu above each menu, by id: a flow asks for it at every box."""
    known = read_menus(account_id)
    return {low: one.id for one in reversed(known.values()) for low in one.submenus()}


def _depth(above: Mapping[int, int], menu: int) -> int:
    """How deep a menu lies; a circle is cut, as in the tree."""
    path = [menu]
    while (upper := above.get(path[-1])) is not None and upper not in path:
        path.append(upper)
    return len(path)


def _lines(menu: Menu) -> Iterator[str]:
    if menu.prompt:
        yield f"“{shorten(menu.prompt, LETTERS, placeholder='…')}”"
    if menu.extensions:
        yield gettext("Extensions can be dialled.")
    for key, action in menu.keys.items():
        if action.target in STAYS:
            does = gettext(ACTIONS[Action(action.target)])
            yield gettext("Key %(key)s: %(does)s", key=key, does=does)


def _keys(above: Mapping[int, int], menu: Menu) -> Iterator[tuple[str, str]]:
    for key, action in menu.keys.items():
        if action.target not in STAYS:
            yield gettext("key %(key)s", key=key), _leads_to(above, menu, action)


def _leads_to(above: Mapping[int, int], menu: Menu, action: Key) -> str:
    if action.target == Action.EXIT:
        return NEXT
    if action.target == Action.BACK:
        return f"ivr:{above[menu.id]}" if menu.id in above else NEXT
    return str(action.destination)


def _failures(menu: Menu) -> Iterator[tuple[str, str]]:
    for name, failure in menu.failures():
        label = str(AFTER[name])
        if failure.retries:
            again = ngettext("asked %(num)s more time", "asked %(num)s more times", failure.retries)
            label = f"{label}, {again}"
        yield label, failure.to or NEXT
