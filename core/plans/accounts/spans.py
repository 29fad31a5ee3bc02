"""What overrides and trials share: rows that last from an instant to another, or until ended.

Rows are ended, never changed, and never ended but now. Of two that hold at once the younger one
counts (``core.plans.standing``): so a new one may stand for a while before an older one
that lasts longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import peewee

from core.contract.errors import Conflict
from core.contract.texts import N_, phrase
from core.plans.tables import PlanOverride, PlanTrial
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry
from core.store.table import touch

Row = TypeVar("Row", PlanOverride, PlanTrial)


def live(table: type[Row], at: datetime) -> peewee.Expression:
    """The condition for rows that hold, or are to come."""
    return table.ended_at.is_null() & (table.until.is_null() | (table.until > at))


def lasts(until: datetime | None, at: datetime) -> bool:
    """Whether what ends at ``until`` (None: never) is not over yet."""
    return until is None or until > at


def end_rows(rows: Iterable[Row], at: datetime) -> None:
    """End rows now."""
    for one in rows:
        one.ended_at = at
        one.save(only=["ended_at"])


def shown(row: Row) -> dict[str, Any]:
    """A row as the audit keeps it: enough to enter it again."""
    about = {name: getattr(row, name) for name in KEPT if hasattr(row, name)}
    until = row.until.isoformat() if row.until else None
    return {"id": row.id, **about, "from": row.from_at.isoformat(), "until": until}


KEPT = ("feature", "plan", "value", "warn_at", "pinned", "reason")


def to_take_back(
    table: type[Row], entry: AuditEntry, at: datetime
) -> tuple[list[Row], list[dict[str, Any]]]:
    """What ends, and what is entered again, when an entry of the audit is taken back.

    Args:
        table: of overrides or of trials.
        entry: its ``after`` holds the rows that it entered, its ``before`` those that it ended.
        at: now.

    Raises:
        Conflict: what it entered is over, or what it ended would be by now.
    """
    ids = [one["id"] for one in entry.after or ()]
    ending = list(table.select().where(table.id.in_(ids), live(table, at)))
    again = [one for one in entry.before or () if lasts(instant(one["until"]), at)]
    if len(ending) < len(ids):
        raise Conflict(phrase(N_("What was set then for %(what)s is over."), what=entry.subject))
    if not ending and not again:
        words = N_("What ended then for %(what)s would be over by now.")
        raise Conflict(phrase(words, what=entry.subject))
    return ending, again


def instant(text: str | None) -> datetime | None:
    """An instant as ``shown`` writes it."""
    return datetime.fromisoformat(text) if text else None


@contextmanager
def turn(account: Any) -> Iterator[None]:
    """A transaction in which nobody else changes what the account has of its own.

    Touching the account's row first makes others wait on PostgreSQL, too, where two transactions
    would otherwise not see each other's rows.
    """
    database = AccountRow._meta.database
    with database.atomic():
        touch(database, account.id)
        yield
