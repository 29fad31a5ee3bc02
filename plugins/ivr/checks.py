"""Whether menus make sense: the one set of checks of the editor, the API and an import (N5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.api import Account, Phone, dial_refusal, gettext, say, why
from plugins.ivr.menus import NUMBER, Action, Key, Menu, Menus, menu_id
from plugins.ivr.places import ACTION_WORDS, AFTER, Places
from plugins.ivr.tree import depth, levels, path

STAYS = {Action.MESSAGE, Action.REPEAT}
"""Actions after which the caller hears the same menu again."""


class Weight(StrEnum):
    """What a fault means: it cannot be saved; it can, but is hardly meant; the plan locks it."""

    WRONG = "wrong"
    DOUBTFUL = "doubtful"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not make sense.

    Args:
        menu: its id.
        part: the field of the menu, ``key 1``, or "" for the menu as a whole.
        rule: which check it failed, with what makes it another fault than before.
        sentence: says so.
        weight: what follows.
    """

    menu: int
    part: str
    rule: str
    sentence: str
    weight: Weight = Weight.WRONG

    @property
    def same(self) -> tuple[int, str, str]:
        """What does not change as long as the fault is not mended."""
        return self.menu, self.part, self.rule


class Checks:
    """What is wrong with all menus of an account.

    Args:
        account: whose menus they are.
        known: the menus, as they are or would be.
        around: what else there is to lead to, and to hear.
        decision: the gate's, on ``ivr.max_depth``.
    """

    def __init__(self, account: Account, known: Menus, around: Places, decision: Any) -> None:
        self.account, self.menus, self.around = account, known, around
        self.decision, self.limit = decision, levels(decision)

    def faults(self) -> list[Fault]:
        """All of them, in the order of the menus."""
        return [fault for menu in self.menus.values() for fault in self._of(menu)]

    def _of(self, menu: Menu) -> Iterator[Fault]:
        yield from self._whole(menu)
        yield from self._sound(menu, "prompt", menu.sound)
        for key, action in menu.keys.items():
            part = f"key {key}"
            rule, wrong = self._key(menu, key, action)
            if wrong:
                yield Fault(menu.id, part, f"{rule} {action.target}", wrong)
            yield from self._sound(menu, part, action.sound)
        for name, failure in menu.failures():
            rule, wrong = self._failure(menu, name, failure.to)
            if wrong:
                yield Fault(menu.id, name, f"{rule} {failure.to}", wrong)
            yield from self._sound(menu, name, failure.sound)

    # --- A menu as a whole ---

    def _whole(self, menu: Menu) -> Iterator[Fault]:
        if any(one.name == menu.name and one.id != menu.id for one in self.menus.values()):
            sentence = gettext("There is another menu “%(name)s”.", name=menu.name)
            yield Fault(menu.id, "name", f"taken {menu.name}", sentence)
        if not menu.prompt and not menu.sound:
            sentence = gettext("Type what callers hear, or choose a sound.")
            yield Fault(menu.id, "prompt", "silent", sentence)
        level = depth(self.menus, menu.id)
        if self.limit is not None and level > self.limit:
            yield Fault(menu.id, "", f"depth {level}", self._too_deep(menu, level), Weight.LOCKED)
        wrong = self._dead_end(menu)
        if wrong:
            yield Fault(menu.id, "keys", "dead end", wrong, Weight.DOUBTFUL)

    def _too_deep(self, menu: Menu, level: int) -> str:
        sentence = gettext("%(name)s is on level %(level)s.", name=menu.name, level=level)
        return f"{sentence} {why(self.decision)}"

    def _dead_end(self, menu: Menu) -> str:
        if menu.extensions:
            return ""
        if not menu.keys:
            return gettext("%(name)s has no keys yet: add what callers can press.", name=menu.name)
        if all(key.target in STAYS for key in menu.keys.values()):
            return gettext("No key leads out of %(name)s: callers hear it again and again.",
                           name=menu.name)  # fmt: skip
        return ""

    def _sound(self, menu: Menu, part: str, key: str) -> Iterator[Fault]:
        if key and key not in self.around.sounds:
            sentence = gettext("This sound does not exist any more; choose another.")
            yield Fault(menu.id, part, f"sound {key}", sentence)

    # --- Keys ---

    def _key(self, menu: Menu, key: str, action: Key) -> tuple[str, str]:
        """Which rule a key breaks, and the sentence; "" when none."""
        if action.target == Action.MESSAGE and not action.text and not action.sound:
            return "silent", gettext("Type the message that callers hear, or choose a sound.")
        if action.target in ACTION_WORDS:
            return "", ""
        if action.target == NUMBER:
            return f"dial {action.text}", say(dial_refusal(self.account, Phone(action.text)))
        if action.submenu is not None:
            return self._submenu(menu, key, action.submenu)
        return self._gone(action.target)

    def _submenu(self, menu: Menu, key: str, id: int) -> tuple[str, str]:
        """Menus form a tree: no circle, and one key that leads to each (R4)."""
        if id not in self.menus:
            return "gone", gettext("This menu does not exist any more; choose another.")
        name = self.menus[id].name
        if id in self._circle(menu.id):
            return "circle", gettext(
                "%(name)s leads to %(menu)s: callers would go round in circles.",
                name=name, menu=menu.name,
            )  # fmt: skip
        others = [
            (one, other)
            for one in self.menus.values()
            for other, action in one.keys.items()
            if action.submenu == id and (one.id, other) != (menu.id, key)
        ]
        if not others:
            return "", ""
        return "second place", gettext(
            "%(name)s is already below key %(key)s of %(other)s; a menu has one place.",
            name=name, key=others[0][1], other=others[0][0].name,
        )  # fmt: skip

    def _circle(self, id: int) -> set[int]:
        """A menu and those above it."""
        return {id, *(one.id for one in path(self.menus, id))}

    # --- Failures ---

    def _failure(self, menu: Menu, name: str, to: str) -> tuple[str, str]:
        """Which rule the destination after a failure breaks, and the sentence; "" when none."""
        id = menu_id(to)
        if not to or (id is None and self.around.title(to)):
            return "", ""
        if id is None:
            return self._gone(to)
        if id not in self.menus:
            return "gone", gettext("This menu does not exist any more; choose another.")
        if id == menu.id:
            return "itself", gettext(
                "%(menu)s would lead to itself; to ask again, set how often.", menu=menu.name
            )
        if menu.id in self._after(name, id):
            return "circle", gettext(
                "After %(failure)s %(other)s leads back to %(menu)s: callers would go round in"
                " circles.", failure=AFTER[name], other=self.menus[id].name, menu=menu.name,
            )  # fmt: skip
        return "", ""

    def _after(self, name: str, id: int) -> list[int]:
        """The menus that a caller comes through who goes on to fail in the same way."""
        found: list[int] = []
        one: int | None = id
        while one in self.menus and one not in found:
            found.append(one)
            one = menu_id(getattr(self.menus[one], name).to)
        return found

    def _gone(self, target: str) -> tuple[str, str]:
        if self.around.title(target):
            return "", ""
        return "gone", gettext(
            "What this leads to does not exist any more, or is not in the plan; choose another."
        )


def fresh(before: list[Fault], after: list[Fault]) -> list[Fault]:
    """The faults that keep an edit from being saved: those it brings, not those it finds.

    What was right when it was saved and is not any more (a plan with fewer levels, a deleted
    group) is kept and shown until somebody mends it.
    """
    known = {one.same for one in before}
    return [one for one in after if one.weight is not Weight.DOUBTFUL and one.same not in known]
