"""Messages as the people of an account may see, hear and mark them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import peewee

from core import api
from core.api import gettext

THERE = ("announced", "stored")
"""Messages with sound: here, or still to be fetched from the provider."""


def messages_for(member: api.Member) -> peewee.ModelSelect:
    """The messages a member sees: an agent their own, everybody else all of the account."""
    rows = api.RecordingRow.of(member.account).where(
        api.RecordingRow.kind == "message", api.RecordingRow.status.in_(THERE)
    )
    if member.has(("admin", "supervisor")):
        return rows
    return rows.where(api.RecordingRow.recipient == _own(member))


def may_hear(member: api.Member, message: api.RecordingRow) -> bool:
    """Whether a member may listen: to messages for themselves, the company and groups; to those
    for another employee only with the right to listen to recordings (Q2)."""
    personal = api.Destination.parse(message.recipient).kind == "employee"
    return not personal or message.recipient == _own(member) or member.may_listen


def heard(member: api.Member, message: api.RecordingRow, at: datetime) -> None:
    """Note that a message was heard; not when a supervisor listens to somebody else's."""
    personal = api.Destination.parse(message.recipient).kind == "employee"
    if message.heard_at is None and (not personal or message.recipient == _own(member)):
        mark([message], at)


def mark(messages: Iterable[api.RecordingRow], heard_at: datetime | None) -> int:
    """Mark messages as heard at an instant, or as new; returns how many."""
    ids = [message.id for message in messages]
    changed = api.RecordingRow.update(heard_at=heard_at).where(api.RecordingRow.id.in_(ids))
    return changed.execute()


def recipient_name(recipient: str, titles: Mapping[str, str]) -> str:
    """For whom a message is, in words.

    Args:
        recipient: a Destination as text, "" for the company.
        titles: of the account's destinations, by their text.
    """
    return titles.get(recipient, recipient) if recipient else gettext("the company")


def _own(member: api.Member) -> str:
    """The recipient that means this member; of somebody who is no employee it is nobody."""
    return f"employee:{member.employee.id}" if member.employee else "nobody"
