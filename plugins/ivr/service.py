"""One call's way through the menus: what the caller hears, and where a key leads (R4).

Straight functions of menus, state and result. The state of a step names the menu and counts its
failures; what must hold for the whole call, however often it comes back to the menus, is counted in
``Tally`` and travels with state and facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.api import (
    N_,
    Call,
    Connect,
    Destination,
    Gather,
    Result,
    ResultKind,
    Say,
    Sound,
    Step,
    phrase,
)
from plugins.ivr.menus import KIND, Action, Key, Menu, Menus, menu_id, menus
from plugins.ivr.tree import above, depth, levels

MOST_VISITS = 10
"""So often a call may visit one menu (R4)."""

MOST_NODES = 50
"""So many menus, questions and destinations a call may pass (R4)."""

Spoken = tuple[str, str]
"""A text, and the sound that plays instead of it, "" for none."""

EXTENSION_DIGITS = 4
EXTENSION_PROMPT = "Please dial the extension."

FAILED_WORDS = {
    "no_input": N_("no key pressed"),
    "invalid": N_("a key without meaning"),
    "no_answer": N_("nobody answered"),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """What a call has passed so far."""

    nodes: int
    visits: Mapping[str, int]

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Tally:
        """From what state or facts kept."""
        return cls(kept.get("nodes", 0), kept.get("visits", {}))

    def visiting(self, menu: Menu) -> Tally:
        """One visit more."""
        key = str(menu.id)
        return replace(self, visits={**self.visits, key: self.visits.get(key, 0) + 1})


def walk(call: Call) -> Walk:
    """A call that comes into the menus, perhaps not for the first time."""
    return Walk(call, menus(call.account), Tally.read(call.facts.get("ivr", {})))


def resume(call: Call, state: Mapping[str, Any]) -> Walk:
    """A call whose step in the menus has ended."""
    return Walk(call, menus(call.account), Tally.read(state))


class Walk:
    """A call in the menus, during one event.

    Args:
        call: the call.
        known: the account's menus, by id.
        tally: what the call has passed so far.
    """

    def __init__(self, call: Call, known: Menus, tally: Tally) -> None:
        self.call = call
        self.menus = known
        self.tally = tally

    # --- Coming in, and coming back ---

    def enter(self, menu_id: int | None, *before: Spoken) -> Step | None:
        """Visit a menu, its failures counted anew; ``before`` is heard before its prompt."""
        menu = self.menus.get(menu_id or 0)
        if menu is None:
            return self._leave(N_("there is no such menu"))
        if self._too_deep(menu):
            words = N_("menu %(menu)s is deeper than the plan allows")
            return self._leave(phrase(words, menu=menu.name))
        if self.tally.visits.get(str(menu.id), 0) >= MOST_VISITS:
            words = N_("menu %(menu)s was visited %(count)s times")
            return self._leave(phrase(words, menu=menu.name, count=MOST_VISITS))
        self.tally = self.tally.visiting(menu)
        return self._ask(menu, {}, phrase(N_("menu %(menu)s"), menu=menu.name), *before)

    def go_on(self, result: Result, state: Mapping[str, Any]) -> Step | None:
        """After keys, silence, or a destination that was not reached."""
        menu = self.menus.get(state["menu"])
        if menu is None:
            return self._leave(N_("the menu does not exist any more"))
        fails = state["fails"]
        if result.kind is ResultKind.DIGITS and state.get("dialling"):
            return self._dial(menu, result.digits, fails)
        if result.kind is ResultKind.DIGITS:
            return self._pressed(menu, result.digits, fails)
        if result.kind is ResultKind.NO_INPUT:
            return self._failed(menu, "no_input", fails)
        if state.get("last"):
            return self._leave(N_("nobody was reached"))
        return self._failed(menu, "invalid" if result.nowhere else "no_answer", fails)

    # --- Keys ---

    def _pressed(self, menu: Menu, digits: str, fails: Mapping[str, int]) -> Step | None:
        """An exact key wins over an extension (R3), which # may end."""
        key = menu.keys.get(digits)
        if key is not None:
            return self._follow(menu, key, fails)
        extension = digits.rstrip("#")
        if menu.extensions and extension.isdecimal():
            return self._dial(menu, extension, fails)
        return self._failed(menu, "invalid", fails)

    def _follow(self, menu: Menu, key: Key, fails: Mapping[str, int]) -> Step | None:
        match key.target:
            case _ if key.submenu is not None:
                return self.enter(key.submenu)
            case Action.REPEAT:
                return self.enter(menu.id)
            case Action.MESSAGE:
                return self.enter(menu.id, (key.text, key.sound))
            case Action.BACK:
                return self._back(menu)
            case Action.EXIT:
                return self._leave(N_("the caller left the menu"))
            case Action.EXTENSION:
                return self._ask_extension(menu, key, fails)
        return self._connect(menu, key.destination, fails=dict(fails))

    def _back(self, menu: Menu) -> Step | None:
        parent = above(self.menus, menu.id)
        if parent is None:
            return self._leave(N_("there is no menu to go back to"))
        return self.enter(parent.id)

    def _dial(self, menu: Menu, digits: str, fails: Mapping[str, int]) -> Step | None:
        """An extension that nobody has comes back as leading nowhere: a wrong key (R4)."""
        return self._connect(menu, Destination("extension", digits), fails=dict(fails))

    # --- Failing ---

    def _failed(self, menu: Menu, kind: str, fails: Mapping[str, int]) -> Step | None:
        """Try again, or on failure ``retries + 1`` take the failure's destination (R4)."""
        failure = getattr(menu, kind)
        count = fails.get(kind, 0) + 1
        words = N_("%(failure)s in menu %(menu)s, failure %(count)s")
        why = phrase(words, failure=phrase(FAILED_WORDS[kind]), menu=menu.name, count=count)
        if count <= failure.retries:
            return self._ask(menu, {**fails, kind: count}, why, (failure.prompt, failure.sound))
        if not failure.to:
            return self._leave(why)
        self.call.note(why)
        submenu = menu_id(failure.to)
        if submenu is not None:
            return self.enter(submenu)
        return self._connect(menu, Destination.parse(failure.to), fails=dict(fails), last=True)

    # --- Steps ---

    def _ask(
        self, menu: Menu, fails: Mapping[str, int], reason: str, *before: Spoken
    ) -> Step | None:
        return self._step(
            menu,
            Gather,
            {"fails": dict(fails)},
            reason,
            prompts=_said(menu, *before, (menu.prompt, menu.sound)),
            digits=EXTENSION_DIGITS if menu.extensions else 1,
            first_seconds=menu.first_seconds,
            between_seconds=menu.between_seconds,
            finish_key="#" if menu.extensions and "#" not in menu.keys else "",
        )

    def _ask_extension(self, menu: Menu, key: Key, fails: Mapping[str, int]) -> Step | None:
        return self._step(
            menu,
            Gather,
            {"fails": dict(fails), "dialling": True},
            phrase(N_("an extension, from menu %(menu)s"), menu=menu.name),
            prompts=_said(menu, (key.text or EXTENSION_PROMPT, key.sound)),
            digits=EXTENSION_DIGITS,
            first_seconds=menu.first_seconds,
            between_seconds=menu.between_seconds,
        )

    def _connect(self, menu: Menu, destination: Destination, **state: Any) -> Step | None:
        reason = phrase(N_("to %(destination)s"), destination=str(destination))
        return self._step(menu, Connect, state, reason, destination=destination)

    def _step(
        self, menu: Menu, step: type[Step], state: dict[str, Any], reason: str, **parts: Any
    ) -> Step | None:
        if self.tally.nodes >= MOST_NODES:
            return self._leave(phrase(N_("the call passed %(count)s nodes"), count=MOST_NODES))
        kept = {"nodes": self.tally.nodes + 1, "visits": dict(self.tally.visits)}
        whole = {"menu": menu.id, **state, **kept}
        return step(**parts, state=whole, facts=kept, reason=reason, place=f"{KIND}:{menu.id}")

    def _leave(self, why: str) -> None:
        """Whoever sent the call here goes on, else the next routing step."""
        self.call.note(phrase(N_("the menus are left: %(why)s"), why=phrase(why)))

    def _too_deep(self, menu: Menu) -> bool:
        """Whether the plan's levels end above this menu."""
        limit = levels(self.call.ask("ivr.max_depth"))
        return limit is not None and depth(self.menus, menu.id) > limit


def _said(menu: Menu, *spoken: Spoken) -> tuple[Say | Sound, ...]:
    return tuple(
        Sound(sound, text) if sound else Say(text, menu.language)
        for text, sound in spoken
        if text or sound
    )
