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
    with rehearsed(card.line):
        before = {one.name: _state(card, one.name) for one in changed}
        for one in changed:
            _store(card, one)
        after = {one.name: _state(card, one.name) for one in changed}
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


def _differs(card: Card, draft: Draft) -> bool:
    row = card.profiles.get(draft.name)
    return row is None or row.on != draft.on or row.stored != draft.stored


def _state(card: Card, name: str) -> dict[str, Any] | None:
    """What is stored of a plugin, as the audit keeps it; None where nothing is."""
    row = card.profiles.get(name)
    return {"on": row.on, "stored": dict(row.stored)} if row else None


def _store(card: Card, draft: Draft) -> None:
    row = card.profiles.get(draft.name) or LineProfile(
        account=card.account.id, line=card.line, plugin=draft.name
    )
    row.on, row.stored = draft.on, draft.stored
    row.save()
    card.profiles[draft.name] = row
