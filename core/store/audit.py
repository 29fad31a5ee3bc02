"""The audit (S4): who changed what, when, before and after, and why. Only ever added to."""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import Any

import peewee

from core.contract.errors import BadInput
from core.store.table import InstantField, JsonField, Table

LONGEST_AUTHOR = 255
"""Characters; what the tables hold."""


class AuditEntry(Table):
    """One change. The account is kept by id and name without a foreign key: the entry outlives it.

    ``action`` is a stable word such as ``plans.publish``; ``subject`` names what was changed for
    people, ``ref`` for programs. ``before`` and ``after`` are plain JSON, None for nothing.
    ``undoes`` is the entry that this one took back.
    """

    at = InstantField(index=True)
    author = peewee.CharField(LONGEST_AUTHOR)
    action = peewee.CharField(60)
    account_id = peewee.IntegerField(null=True)
    account_name = peewee.CharField(120, default="")
    subject = peewee.CharField(255)
    ref = peewee.CharField(60, default="")
    before = JsonField(null=True)
    after = JsonField(null=True)
    message = peewee.CharField(500, default="")
    undoes = peewee.IntegerField(null=True, unique=True)

    class Meta:
        """Newest first, of the installation, of an account, of one kind of change."""

        table_name = "audit_entries"
        indexes = ((("account_id", "at"), False), (("action", "at"), False))


def note(
    at: datetime,
    author: str,
    action: str,
    subject: str,
    *,
    ref: str = "",
    account: Any = None,
    before: Any = None,
    after: Any = None,
    message: str = "",
    undoes: int | None = None,
) -> AuditEntry:
    """Add an entry, in the transaction of the change that it tells of.

    Args:
        at: the instant of the change.
        author: who made it: an e-mail, or the name under which a command was run.
        action: the stable word of what was done.
        subject: what was changed, for people.
        ref: the same for programs, such as an id.
        account: whose it was; anything with ``id`` and ``name``. None: the installation's.
        before: what was there, as plain JSON; None for nothing.
        after: what is there now, likewise.
        message: why, in the author's words.
        undoes: id of the entry that this change takes back.

    Raises:
        peewee.IntegrityError: the entry ``undoes`` was taken back already.
    """
    return AuditEntry.create(
        at=at,
        author=author,
        action=action,
        account_id=account.id if account is not None else None,
        account_name=account.name if account is not None else "",
        subject=subject[:255],
        ref=ref,
        before=before,
        after=after,
        message=message,
        undoes=undoes,
    )


def author_of(given: str = "") -> str:
    """Who a command's change is entered under: the name that was given, or this machine's user, who
    is no user of the installation and is marked so.

    Raises:
        BadInput: the name is too long.
    """
    if len(given) > LONGEST_AUTHOR:
        raise BadInput(f"The author has {len(given)} characters; {LONGEST_AUTHOR} are the most.")
    if given:
        return given
    try:
        return f"{getpass.getuser()} (command)"
    except (OSError, KeyError):  # a container's user may have no name
        return "command"
