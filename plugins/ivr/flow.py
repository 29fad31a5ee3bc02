"""Menus as boxes of a number's flow: an exit for each key, and for each way to fail (R)."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten
from typing import Any

from flask import url_for

from core import api
from core.api import NEXT, Exit, FlowNode, gettext, ngettext
from plugins.ivr.checks import STAYS
from plugins.ivr.drawing import node_id
from plugins.ivr.menus import Action, Key, Menu, Menus, find, menu_id, menus
from plugins.ivr.places import ACTIONS, AFTER
from plugins.ivr.tree import above, depth, levels

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
    known, decision = menus(account), api.gate_ask("ivr.max_depth")
    limit = levels(decision)

    def closed(to: str) -> str:
        id = menu_id(to)
        deep = limit is not None and id in known and depth(known, id) > limit
        return api.why(decision) if deep else ""

    ways = [*_keys(known, menu), *_failures(menu)]
    return FlowNode(
        gettext("Menu %(name)s", name=menu.name),
        tuple(_lines(menu)),
        tuple(Exit(label, to, closed(to)) for label, to in ways),
        url_for("ivr_menus.tree", id=menu.id, _anchor=node_id(menu.id)),
        closed(f"ivr:{menu.id}"),
    )


def _lines(menu: Menu) -> Iterator[str]:
    if menu.prompt:
        yield f"“{shorten(menu.prompt, LETTERS, placeholder='…')}”"
    if menu.extensions:
        yield gettext("Extensions can be dialled.")
    for key, action in menu.keys.items():
        if action.target in STAYS:
            does = gettext(ACTIONS[Action(action.target)])
            yield gettext("Key %(key)s: %(does)s", key=key, does=does)


def _keys(known: Menus, menu: Menu) -> Iterator[tuple[str, str]]:
    for key, action in menu.keys.items():
        if action.target not in STAYS:
            yield gettext("key %(key)s", key=key), _leads_to(known, menu, action)


def _leads_to(known: Menus, menu: Menu, action: Key) -> str:
    if action.target == Action.EXIT:
        return NEXT
    if action.target == Action.BACK:
        parent = above(known, menu.id)
        return f"ivr:{parent.id}" if parent else NEXT
    return str(action.destination)


def _failures(menu: Menu) -> Iterator[tuple[str, str]]:
    for name, failure in menu.failures():
        label = str(AFTER[name])
        if failure.retries:
            again = ngettext("asked %(num)s more time", "asked %(num)s more times", failure.retries)
            label = f"{label}, {again}"
        yield label, failure.to or NEXT
