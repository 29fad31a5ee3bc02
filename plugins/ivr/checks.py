"""Whether menus make sense, checked when a menu or a number's settings are saved (N5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.api import N_, Account, Destination, Phone, Problem, dial_refusal, gettext, why
from plugins.ivr.menus import NUMBER, Action, Key, Menu, Menus, find, menus
from plugins.ivr.tree import deepest, levels, path

GONE = N_("This menu does not exist any more; choose another.")
AFTER = {
    "no_input": N_("no input"),
    "invalid": N_("invalid"),
    "no_answer": N_("no answer"),
}
"""The ways to fail in a menu, in the middle of a sentence."""


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
        yield Problem("menu", gettext(GONE))
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


def check_menu(account: Account, menu: Menu, decision: Any) -> Iterator[Problem]:
    """What is wrong with a menu as it would be saved; a field is ``key 1`` or a column.

    Args:
        account: whose menu it is.
        menu: as typed; ``id`` 0 when it is new.
        decision: the gate's, on ``ivr.max_depth``.
    """
    known = {**menus(account), menu.id: menu}
    for key, action in menu.keys.items():
        wrong = _wrong_key(account, known, menu, action) or _too_deep(known, action, decision)
        if wrong:
            yield Problem(f"key {key}", wrong)
    if not menu.keys and not menu.extensions:
        sentence = gettext("%(name)s has no keys yet: add what callers can press.", name=menu.name)
        yield Problem("keys", sentence, True)


def _wrong_key(account: Account, known: Menus, menu: Menu, action: Key) -> str:
    """What is wrong with a key, in one sentence; "" when nothing is."""
    if action.target == Action.MESSAGE and not action.text:
        return gettext("Type the message that callers hear.")
    if action.target == NUMBER:
        return dial_refusal(account, Phone(action.text))
    if action.submenu is not None:
        return _wrong_submenu(known, menu, action.submenu)
    return ""


def _too_deep(known: Menus, action: Key, decision: Any) -> str:
    """A menu below that the plan does not reach: refused, as it would be left out (R4)."""
    submenu, limit = action.submenu, levels(decision)
    if submenu is None or limit is None or deepest(known, submenu) <= limit:
        return ""
    sentence = gettext(
        "%(name)s reaches level %(level)s.",
        name=known[submenu].name,
        level=deepest(known, submenu),
    )
    return f"{sentence} {why(decision)}"


def _wrong_submenu(known: Menus, menu: Menu, submenu: int) -> str:
    """Menus form a tree: no circle, and one menu above each (R4)."""
    if submenu not in known:
        return gettext(GONE)
    name = known[submenu].name
    if submenu == menu.id or submenu in [one.id for one in path(known, menu.id)]:
        return gettext(
            "%(name)s leads to %(menu)s: callers would go round in circles.",
            name=name,
            menu=menu.name,
        )
    others = [one for one in known.values() if submenu in one.submenus() and one.id != menu.id]
    if others:
        return gettext(
            "%(name)s is already below %(other)s; a menu has one place.",
            name=name,
            other=others[0].name,
        )
    return ""


def uses(account: Account, destination: Destination) -> Iterator[str]:
    """What leads to a destination from the menus."""
    text = str(destination)
    for menu in menus(account).values():
        for key, action in menu.keys.items():
            if _leads(str(action.destination), text):
                yield gettext("key %(key)s of menu %(menu)s", key=key, menu=menu.name)
        for name, failure in menu.failures():
            if _leads(failure.to, text):
                after = gettext(AFTER[name])
                yield gettext("menu %(menu)s, after %(failure)s", menu=menu.name, failure=after)


def _leads(value: str, text: str) -> bool:
    """Also a voicemail's recipient, a destination in a destination: ``voicemail:queue:3``."""
    return value == text or value.endswith(f":{text}")
