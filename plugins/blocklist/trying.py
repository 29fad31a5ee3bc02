"""Answers "is this number blocked, and by which entry?" with the lookup that calls use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.api import Account, BadInput, LineRow, e164, gettext, instant
from plugins.blocklist.lookup import Entry, find_entry
from plugins.blocklist.models import Gets
from plugins.blocklist.patterns import WITHHELD


def tried(arguments: Mapping[str, str], account: Account, at: datetime) -> str:
    """One sentence about a number at one of the account's numbers; "" when none was typed.

    Args:
        arguments: ``caller`` as typed, ``line`` the id of a number ("" for the first).
        account: whose list.
        at: now.
    """
    typed = arguments.get("caller", "").strip()
    lines = LineRow.of(account).order_by(LineRow.number)
    chosen = arguments.get("line", "")
    if chosen.isdecimal():
        lines = lines.where(LineRow.id == int(chosen))
    line = lines.first()
    if not typed or line is None:
        return ""
    try:
        number = "" if typed.lower() == WITHHELD else e164(typed, account.country)
    except BadInput as error:
        return error.message
    entry = find_entry(account.id, line.id, number, at)
    return _sentence(entry, number or typed, line)


def _sentence(entry: Entry | None, caller: str, line: LineRow) -> str:
    words = {"caller": caller, "line": str(line)}
    if entry is None:
        return gettext("%(caller)s is not blocked on %(line)s.", **words)
    why = gettext(entry.reason) if entry.automatic else entry.reason
    words |= {"pattern": entry.pattern, "reason": why or "–"}
    if entry.gets is Gets.ALLOW:
        return gettext(
            "%(caller)s is let through on %(line)s, by the exception %(pattern)s (%(reason)s).",
            **words,
        )
    if entry.until is None:
        return gettext(
            "%(caller)s is blocked on %(line)s by the entry %(pattern)s (%(reason)s).", **words
        )
    return gettext(
        "%(caller)s is blocked on %(line)s until %(until)s by the entry %(pattern)s (%(reason)s).",
        until=instant(entry.until, "short"),
        **words,
    )
