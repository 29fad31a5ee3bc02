"""Where keys can lead beside menus, and which sounds there are, as plain data with titles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core import api
from core.api import gettext
from plugins.ivr.menus import KIND, NUMBER, Action, Key, Menus, menu_id

ACTIONS = {
    Action.EXTENSION: api.N_("Dial an extension"),
    Action.MESSAGE: api.N_("Hear a message, then this menu"),
    Action.REPEAT: api.N_("Hear this menu again"),
    Action.BACK: api.N_("Back to the menu above"),
    Action.EXIT: api.N_("Leave the menu"),
}
"""What a key can do without leaving for a destination, as people call it."""

AFTER = {
    "no_input": api.lazy_gettext("no input"),
    "invalid": api.lazy_gettext("invalid"),
    "no_answer": api.lazy_gettext("no answer"),
}
"""The ways to fail in a menu, in the middle of a sentence."""

ACTION_WORDS = frozenset(map(str, Action))


@dataclass(frozen=True, slots=True)
class Places:
    """What the account's plugins offer.

    Args:
        offered: titles of destinations other than menus, by destination as text.
        kinds: titles of their kinds, by kind; a kind alone is a destination too, such as
            ``queue``, the number's own group.
        sounds: titles of sounds, by key.
    """

    offered: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    sounds: Mapping[str, str] = field(default_factory=dict)

    def title(self, value: str) -> str:
        """What people call a destination; "" when nobody offers it (any more)."""
        if value in self.offered:
            return self.offered[value]
        kind = self.kinds.get(value, "")
        return gettext("%(kind)s of the number", kind=kind) if kind else ""

    def groups(self) -> dict[str, dict[str, str]]:
        """The destinations by the title of their kind, for a form."""
        found: dict[str, dict[str, str]] = {}
        for value, title in self.offered.items():
            kind = self.kinds[api.Destination.parse(value).kind]
            found.setdefault(kind, {})[value] = title
        return found


def places() -> Places:
    """What is offered to the account of this request."""
    offered, kinds = {}, {}
    for one in api.offers():
        kind = api.Destination.parse(one.value).kind
        title = api.kind_title(one.value)
        if title and kind != KIND:
            kinds[kind] = gettext(title)
            offered[one.value] = f"{one.title} ({one.extension})" if one.extension else one.title
    return Places(offered, kinds, {one.value: one.title for one in api.sound_offers()})


def key_title(key: Key, known: Menus, around: Places) -> str:
    """What a key does, in a few words; "" when it leads to what is gone."""
    if key.target in ACTION_WORDS:
        return gettext(ACTIONS[Action(key.target)])
    if key.target == NUMBER:
        return key.text or gettext("An outside number")
    return target_title(key.target, known, around)


def target_title(value: str, known: Menus, around: Places) -> str:
    """What a destination as text is called, menus among them; "" when it is gone."""
    submenu = menu_id(value)
    if submenu is None:
        return around.title(value)
    return known[submenu].name if submenu in known else ""
