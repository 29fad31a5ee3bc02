"""The box on the page of a call: who blocked it, and a way to block its caller."""

from __future__ import annotations

from core.api import N_, Call, Direction, Panel, current_member, gettext, spaced
from plugins.blocklist.models import EntryRow
from plugins.blocklist.patterns import WITHHELD

MAY_BLOCK = ("admin", "supervisor")


def panels(call: Call) -> list[Panel]:
    """What blocked the call; for those who may change the list, the way to it. The company's own
    calls are blocked by nobody."""
    if call.direction is not Direction.INCOMING:
        return []
    pattern = call.facts.get("blocklist", {}).get("pattern", "")
    member = current_member()
    may = bool(member and member.has(MAY_BLOCK))
    if not pattern and not may:
        return []
    rows = ((N_("Blocked by"), _named(pattern)),) if pattern else ()
    values = (
        {"entry": _entry(call), "caller": call.caller, "blocked": bool(pattern)} if may else None
    )
    return [Panel(N_("Block list"), rows, "blocklist/panel.html" if may else "", values)]


def _named(pattern: str) -> str:
    return gettext("withheld numbers") if pattern == WITHHELD else spaced(pattern)


def _entry(call: Call) -> int | None:
    """The entry that blocked the call, while it is there."""
    entry = call.facts.get("blocklist", {}).get("entry")
    found = EntryRow.of(call.account).where(EntryRow.id == entry).first() if entry else None
    return found.id if found else None
