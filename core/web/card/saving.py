"""Writes what was checked: all drafts of a number or none, with an entry in the audit (S4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from core.store.audit import note
from core.store.lines import LineProfile
from core.web.card.draft import Draft
from core.web.host import now
from core.web.member import current_member
from core.web.rehearsing import rehearsed

if TYPE_CHECKING:
    from core.web.card.card import Card

SAVED, IMPORTED, COPIED = "number.save", "number.import", "number.copy"
"""What the audit calls it: typed or sent by a program, read from a file, taken from a number."""


def write(card: Card, drafts: Iterable[Draft], action: str = SAVED, message: str = "") -> None:
    """Write what differs from what is stored; where nothing does, nothing is noted either.

    Args:
        card: of the number.
        drafts: checked.
        action: the audit's word.
        message: where it came from.
    """
    changed = [one for one in drafts if _differs(card, one)]
    if not changed:
        return
    before, after = _told(card, changed)
    with rehearsed(card.line):
        for one in changed:
            _store(card, one)
        if before != after:
            note(
                now(),
                current_member().user.email,
                action,
                str(card.line),
                ref=str(card.line.id),
                account=card.account,
                before=before,
                after=after,
                message=message,
            )


def _told(card: Card, drafts: Iterable[Draft]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What changes, before and after, by plugin: its switch and its settings, no others."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for one in drafts:
        plugin, row = one.sheet.plugin, card.profiles.get(one.name)
        was = {"on": row.on if row else plugin.on_by_default, "settings": card.values(plugin)}
        to_be = {"on": one.on, "settings": card.values(plugin, one.stored)}
        if was != to_be:
            before[one.name], after[one.name] = _less(was, to_be), _less(to_be, was)
    return before, after


def _less(state: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """A state without what the other one has just so."""
    settings = state["settings"].items()
    found = {key: one for key, one in settings if other["settings"].get(key) != one}
    switch = {"on": state["on"]} if state["on"] != other["on"] else {}
    return {**switch, **({"settings": found} if found else {})}


def _differs(card: Card, draft: Draft) -> bool:
    row = card.profiles.get(draft.name)
    return row is None or row.on != draft.on or row.stored != draft.stored


def _store(card: Card, draft: Draft) -> None:
    row = card.profiles.get(draft.name) or LineProfile(
        account=card.account.id, line=card.line, plugin=draft.name
    )
    row.on, row.stored = draft.on, draft.stored
    row.save()
    card.profiles[draft.name] = row
