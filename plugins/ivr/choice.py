"""Menus from outside: the one that a number has, and what leads from menus to other things."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.api import Account, Destination, Problem, gettext, why
from plugins.ivr.menus import FAILURES, Menus, find, menus
from plugins.ivr.places import AFTER
from plugins.ivr.tree import deepest, levels


def check_choice(account: Account, settings: Any, depth_in_plan: Any) -> Iterator[Problem]:
    """What is wrong with the menu chosen for a number.

    Args:
        account: whose number it is.
        settings: of the number.
        depth_in_plan: answers the gate's decision on ``ivr.max_depth``.
    """
    if not settings.menu:
        yield Problem("menu", gettext("No menu is chosen: callers hear none."), warning=True)
        return
    menu = find(account, settings.menu)
    if menu is None:
        yield Problem("menu", gettext("This menu does not exist any more; choose another."))
        return
    if not menu.keys and not menu.extensions:
        sentence = gettext(
            "Menu %(name)s has no keys: whatever callers press is wrong.", name=menu.name
        )
        yield Problem("menu", sentence, warning=True)
    decision = depth_in_plan()
    limit, found = levels(decision), deepest(menus(account), menu.id)
    if limit is not None and found > limit:
        sentence = gettext(
            "Below %(name)s there are menus of level %(level)s; they are left out.",
            name=menu.name,
            level=found,
        )
        yield Problem("menu", f"{sentence} {why(decision)}", warning=True)


def uses(known: Menus, destination: Destination) -> Iterator[str]:
    """What leads to a destination from these menus."""
    text = str(destination)
    for menu in known.values():
        for key, action in menu.keys.items():
            if _leads(str(action.destination), text):
                yield gettext("key %(key)s of menu %(menu)s", key=key, menu=menu.name)
        for name in FAILURES:
            if _leads(getattr(menu, name).to, text):
                after = str(AFTER[name])
                yield gettext("menu %(menu)s, after %(failure)s", menu=menu.name, failure=after)


def _leads(value: str, text: str) -> bool:
    """Also a voicemail's recipient, a destination in a destination: ``voicemail:queue:3``."""
    return value == text or value.endswith(f":{text}")
