"""Entries that calls outside working hours make by themselves (R8): N calls in M minutes block the
caller for H hours. They always end, are never made for a known client, and are deleted like others.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.api import N_, Call, Outcome
from plugins.blocklist.lookup import find_entry
from plugins.blocklist.models import AttemptRow, EntryRow, Gets
from plugins.blocklist.service import known_client, own_phone

REASON = N_("too many calls outside working hours")

LONGEST_MINUTES = 1440
"""No number counts calls over a longer stretch; older attempts are forgotten."""


def outside_hours(call: Call) -> bool:
    """Whether the call found its number closed: whichever plugin keeps the hours has left the fact
    when it ``opens``, be the call's outcome voicemail, forwarded or closed."""
    return call.outcome is Outcome.CLOSED or any("opens" in one for one in call.facts.values())


def counts(call: Call) -> bool:
    """Whether a call is one of those that can block its caller."""
    return bool(
        call.caller
        and not known_client(call)
        and call.outcome is not Outcome.REJECTED
        and outside_hours(call)
        and not own_phone(call)
    )


def note_call(call: Call, settings: Any) -> None:
    """Count a call that is over, and block its caller when it was one too many.

    Args:
        call: with its outcome.
        settings: of the number: ``automatic``, ``calls``, ``minutes``, ``hours``.
    """
    if not settings.automatic or not counts(call):
        return
    _forget(call)
    AttemptRow.create(
        account=call.account.id, line=call.line.id, caller=call.caller, at=call.started_at
    )
    since = call.started_at - timedelta(minutes=settings.minutes)
    lately = AttemptRow.of(call.account).where(
        AttemptRow.line == call.line.id, AttemptRow.caller == call.caller, AttemptRow.at > since
    )
    if lately.count() >= settings.calls:
        _block(call, settings)


def _block(call: Call, settings: Any) -> None:
    if find_entry(call.account.id, call.line.id, call.caller, call.started_at):
        return
    row = (
        EntryRow.of(call.account)
        .where(EntryRow.line == call.line.id, EntryRow.pattern == call.caller)
        .first()
    ) or EntryRow(account=call.account.id, line=call.line.id, pattern=call.caller)
    row.gets, row.automatic, row.created_at = Gets.REJECT, True, call.started_at
    row.until = call.started_at + timedelta(hours=settings.hours)
    row.reason = REASON
    row.save()


def forget_caller(entry: EntryRow) -> None:
    """An automatic entry was deleted: its caller starts from zero, or the next call would block
    them again."""
    AttemptRow.delete().where(
        AttemptRow.account == entry.account_id, AttemptRow.caller == entry.pattern
    ).execute()


def _forget(call: Call) -> None:
    old = call.started_at - timedelta(minutes=LONGEST_MINUTES)
    AttemptRow.delete().where(AttemptRow.account == call.account.id, AttemptRow.at <= old).execute()
