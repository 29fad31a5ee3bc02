"""What the audit is told of servers, trunks and phones (S4): who changed what, never a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.api import audit_note, current_member, now
from plugins.asterisk.models import PhoneRow, ServerRow, TrunkRow

Row = ServerRow | TrunkRow | PhoneRow
Content = dict[str, Any]

FIELDS = {
    ServerRow: ("url", "user", "sip_host", "slots"),
    TrunkRow: ("server", "host", "register", "user", "match", "plus"),
    PhoneRow: ("server",),
}
"""What is told of a row, as it stands there."""

PASSWORD = "password"


@dataclass(frozen=True, slots=True)
class By:
    """Who makes a change, and when.

    Args:
        author: an e-mail, or the name under which a command is run.
        at: the instant.
    """

    author: str
    at: datetime


def by_member() -> By:
    """Whoever makes this request of a page, now."""
    return By(current_member().user.email, now())


def content(row: Row) -> Content:
    """What a row says, to be compared with what it says later; its password is among it."""
    values = {name: getattr(row, name) for name in FIELDS[type(row)]}
    told = {name: str(one) if name == "server" else one for name, one in values.items()}
    password = row.digest if isinstance(row, PhoneRow) else row.secret
    return {"name": str(row), **told, PASSWORD: password}


def note_saved(by: By, row: Row, before: Content | None = None) -> None:
    """Enter that a row was made, or what was changed of it, if anything was; in the transaction in
    which it is saved.

    Args:
        by: who saves it.
        row: as it is now.
        before: its content as it was; None: it is new.
    """
    has = content(row)
    if before is None:
        _note(by, "setup.add", row, after=_open(has))
    elif changed := [name for name in has if has[name] != before[name]]:
        another = {PASSWORD: "another"} if PASSWORD in changed else {}
        had, has = ({name: side[name] for name in changed} for side in (before, has))
        _note(by, "setup.change", row, before=_open(had), after=_open(has) | another)


def note_removed(by: By, row: Row) -> None:
    """Enter that a row is gone; in the transaction in which it goes."""
    _note(by, "setup.remove", row, before=_open(content(row)))


def _note(by: By, action: str, row: Row, **sides: Content) -> None:
    account = None if isinstance(row, ServerRow) else row.account
    audit_note(by.at, by.author, action, _subject(row), ref=str(row), account=account, **sides)


def _open(told: Content) -> Content:
    """What may be read by everybody who reads the audit."""
    return {name: one for name, one in told.items() if name != PASSWORD}


def _subject(row: Row) -> str:
    match row:
        case ServerRow():
            return f"Asterisk server {row}"
        case TrunkRow():
            return f"SIP trunk {row}"
    return f"SIP phone of {row.employee.name}"
