"""The block list as a box of a number's flow (R)."""

from __future__ import annotations

from typing import Any

from flask import url_for

from core.api import END, NEXT, Account, Exit, FlowNode, Line, gettext, ngettext, now
from plugins.blocklist.models import EntryRow, Gets
from plugins.blocklist.patterns import WITHHELD


def stage(account: Account, line: Line, settings: Any) -> FlowNode | None:
    """How many entries hold for the number; None when there are none and none can be made."""
    mine = EntryRow.of(account).where(
        EntryRow.line.is_null() | (EntryRow.line == line.id),
        EntryRow.until.is_null() | (EntryRow.until > now()),
        EntryRow.gets != Gets.ALLOW,
    )
    count = mine.count()
    if not count and not settings.automatic:
        return None
    lines = [ngettext("%(num)s entry holds here.", "%(num)s entries hold here.", count)]
    if mine.where(EntryRow.pattern == WITHHELD).exists():
        lines.append(gettext("Withheld numbers are blocked."))
    if settings.automatic:
        lines.append(
            gettext(
                "Outside working hours: %(calls)s calls in %(minutes)s minutes block the caller for"
                " %(hours)s hours.",
                calls=settings.calls,
                minutes=settings.minutes,
                hours=settings.hours,
            )
        )
    return FlowNode(
        gettext("Block list"),
        tuple(lines),
        (Exit(gettext("blocked"), END), Exit(gettext("everybody else"), NEXT)),
        link=url_for("blocklist_entries.index_view"),
    )
