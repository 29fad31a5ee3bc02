"""Whether menus make sense, checked when a menu or a number's settings are saved (N5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from core.api import Account, BadInput, Destination, LineRow, Problem
from plugins.ivr.menus import KIND, NUMBER, Action, Menu, Menus, find, menus
from plugins.ivr.tree import deepest, levels, path

KEYS = "1234567890*#"


def check_choice(account: Account, settings: Any, depth_in_plan: Any) -> Iterator[Problem]:
    """What is wrong with the menu chosen for a number.

    Args:
        account: whose number it is.
        settings: of the number.
        depth_in_plan: answers the gate's decision on ``ivr.max_depth``.
    """
    if not settings.menu:
        yield Problem("menu", "No menu is chosen: callers hear none.", warning=True)
        return
    menu = find(account, settings.menu)
    if menu is None:
        yield Problem("menu", "This menu does not exist any more; choose another.")
        return
    if not menu.keys and not menu.extensions:
        sentence = f"Menu {menu.name} has no keys: whatever callers press is wrong."
        yield Problem("menu", sentence, warning=True)
    decision = depth_in_plan()
    limit, found = levels(decision), deepest(menus(account), menu.id)
    if limit is not None and found > limit:
        sentence = f"Below {menu.name} there are menus of level {found}; they are left out."
        yield Problem("menu", f"{sentence} {decision.sentence}", warning=True)


def check_menu(account: Account, menu: Menu, decision: Any) -> None:
    """Refuse a menu that cannot work, as it would be saved.

    Args:
        account: whose menu it is.
        menu: as typed; ``id`` 0 when it is new.
        decision: the gate's, on ``ivr.max_depth``.

    Raises:
        BadInput: one sentence, on the field concerned.
    """
    known = {**menus(account), menu.id: menu}
    for key, action in menu.keys.items():
        wrong = _wrong_key(account, known, menu, action.target, action.text)
        if wrong:
            raise BadInput(wrong, {"keys": f"Key {key}: {wrong}"})
    limit = levels(decision)
    for submenu in menu.submenus():
        if limit is not None and deepest(known, submenu) > limit:
            wrong = f"{known[submenu].name} would be on level {deepest(known, submenu)}."
            raise BadInput(wrong, {"keys": f"{wrong} {decision.sentence}"})
    for name, failure in menu.failures():
        if _own_number(account, failure.to):
            wrong = f"{failure.to} is a number of your own: the call would come back."
            raise BadInput(wrong, {f"{name}_to": wrong})


def _wrong_key(account: Account, known: Menus, menu: Menu, target: str, text: str) -> str:
    """What is wrong with a key, in one sentence; "" when nothing is."""
    if target == Action.MESSAGE and not text:
        return "type the message that callers hear."
    if target == NUMBER and not re.fullmatch(r"\+[1-9]\d{6,14}", text):
        return f"{text!r} is no international number; write it like +390612345678."
    if target == NUMBER and _own_number(account, f"{NUMBER}:{text}"):
        return f"{text} is a number of your own: the call would come back."
    place = Destination.parse(target)
    return _wrong_submenu(known, menu, int(place.id)) if place.kind == KIND else ""


def _wrong_submenu(known: Menus, menu: Menu, submenu: int) -> str:
    """Menus form a tree: no circle, and one menu above each (R4)."""
    if submenu not in known:
        return "this menu does not exist any more; choose another."
    name = known[submenu].name
    if submenu == menu.id or submenu in [one.id for one in path(known, menu.id)]:
        return f"{name} leads to {menu.name}: callers would go round in circles."
    others = [one for one in known.values() if submenu in one.submenus() and one.id != menu.id]
    if others:
        return f"{name} is already below {others[0].name}; a menu has one place."
    return ""


def _own_number(account: Account, value: str) -> bool:
    place = Destination.parse(value)
    return place.kind == NUMBER and LineRow.of(account).where(LineRow.number == place.id).exists()


def uses(account: Account, destination: Destination) -> Iterator[str]:
    """What leads to a destination from the menus."""
    text = str(destination)
    for menu in menus(account).values():
        for key, action in menu.keys.items():
            if _leads(str(action.destination), text):
                yield f"key {key} of menu {menu.name}"
        for name, failure in menu.failures():
            if _leads(failure.to, text):
                yield f"menu {menu.name}, after {name.replace('_', ' ')}"


def _leads(value: str, text: str) -> bool:
    """Also a voicemail's recipient, a destination in a destination: ``voicemail:queue:3``."""
    return value == text or value.endswith(f":{text}")
