"""What happens to a caller who is on the block list (R8)."""

from __future__ import annotations

from core.api import (
    N_,
    Call,
    Hangup,
    LineRow,
    Outcome,
    Reject,
    Say,
    Step,
    employees,
    own_phones,
    phrase,
)
from plugins.blocklist.lookup import Entry, find_entry
from plugins.blocklist.models import EntryRow, Gets
from plugins.blocklist.patterns import WITHHELD

MESSAGE = "Your call cannot be taken."
"""Spoken before hanging up when an entry has no message of its own."""


def route(call: Call) -> Step | None:
    """Refuse a call whose caller is on the list; None lets it through.

    A lookup that fails raises, which the engine counts as no answer: the call goes on.
    """
    entry = find_entry(
        call.account.id, call.line.id, call.caller, call.at, known_client=known_client(call)
    )
    if entry is None:
        return None
    if entry.gets is Gets.ALLOW:
        call.note(phrase(N_("let through: %(entry)s"), entry=said(entry)))
        return None
    own = own_phone(call)
    if own:
        words = N_("let through, whatever the list says: %(caller)s is %(own)s")
        call.note(phrase(words, caller=call.caller, own=own))
        return None
    told = {
        "facts": {"entry": entry.id, "pattern": entry.pattern},
        "reason": phrase(N_("blocked: %(entry)s"), entry=said(entry)),
    }
    match entry.gets:
        case Gets.BUSY:
            return Reject(Outcome.REJECTED, busy=True, **told)
        case Gets.MESSAGE:
            return Hangup((Say(entry.message or MESSAGE),), Outcome.REJECTED, **told)
    return Reject(Outcome.REJECTED, **told)


def known_client(call: Call) -> bool:
    """Whether the caller is somebody's client, and not only somebody who called before."""
    return call.client is not None and not call.client.stranger


def said(entry: Entry) -> str:
    """The entry in words, for the trace."""
    withheld = entry.pattern == WITHHELD
    who = phrase(N_("withheld number")) if withheld else entry.pattern
    why = phrase(entry.reason) if entry.automatic else entry.reason
    return phrase("%(who)s (%(why)s)", who=who, why=why) if why else who


def own_phone(call: Call) -> str:
    """Whose phone a call comes from that is never blocked: an employee's, or a number of the
    account itself; "" when it is a stranger's."""
    if not call.caller:
        return ""
    for one in employees(call.account).values():
        if call.caller in [phone.number for phone in own_phones(one)]:
            return phrase(N_("%(name)s's own phone"), name=one.name)
    own = LineRow.of(call.account).where(LineRow.number == call.caller)
    return phrase(N_("a number of the account")) if own.exists() else ""


def count_hit(call: Call) -> None:
    """Count a call that an entry refused. It changes nothing of what happens to calls, and so
    raises no version of the account's configuration."""
    entry = call.facts.get("blocklist", {}).get("entry")
    if entry:
        EntryRow.update(hits=EntryRow.hits + 1, last_hit_at=call.started_at).where(
            EntryRow.account == call.account.id, EntryRow.id == entry
        ).execute()
