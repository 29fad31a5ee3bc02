"""Finds the entry for a caller: one query in an index, however many entries there are (R8).

An entry that stands for a number begins, before its first wildcard, like that number; so the
entries to look at are those under the sixteen beginnings of the number, and the index on account
and prefix has them. It is a query and no snapshot: ten thousand entries in the memory of every
process, read again after each change of the account, would cost more than this.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from plugins.blocklist.models import EntryRow, Gets
from plugins.blocklist.patterns import digits_of, is_exact, keys_of, matches

COLUMNS = "id, line_id, pattern, gets, message, reason, until, automatic"


class Entry(NamedTuple):
    """An entry as a call sees it."""

    id: int
    line: int | None
    pattern: str
    gets: Gets
    message: str
    reason: str
    until: datetime | None
    automatic: bool

    def order(self) -> tuple[bool, int, bool, int]:
        """Sorts the most exact first: a number before patterns, then the pattern that names more
        digits, then one of this number before one of all, then the older."""
        exact = is_exact(self.pattern)
        return (not exact, -digits_of(self.pattern), self.line is None, self.id)


def find_entry(
    account_id: int, line_id: int, caller: str, at: datetime, *, known_client: bool = False
) -> Entry | None:
    """The entry in force for a caller.

    Args:
        account_id: whose list.
        line_id: the number that is called.
        caller: E.164, "" when withheld.
        at: the instant of the call; entries that have ended do not count.
        known_client: automatic entries do not count for clients.

    Returns:
        The most exact of all that stand for the caller; None: nobody blocks them.
    """
    keys = keys_of(caller)
    database = EntryRow._meta.database
    rows = database.execute_sql(query(len(keys), database.param), (account_id, *keys, line_id))
    found = [
        Entry(*row[:3], Gets(row[3]), *row[4:6], _instant(row[6]), bool(row[7])) for row in rows
    ]
    able = [
        one
        for one in found
        if (one.until is None or at < one.until)
        and not (one.automatic and known_client)
        and (not caller or matches(one.pattern, caller))
    ]
    return min(able, key=Entry.order, default=None)


@lru_cache(maxsize=32)
def query(keys: int, mark: str) -> str:
    """The query for so many beginnings of a number."""
    marks = ", ".join([mark] * keys)
    return (
        f"SELECT {COLUMNS} FROM blocklist_entries WHERE account_id = {mark}"
        f" AND prefix IN ({marks}) AND (line_id IS NULL OR line_id = {mark})"
    )


def _instant(value: str | datetime | None) -> datetime | None:
    if value is None:
        return None
    naive = datetime.fromisoformat(value) if isinstance(value, str) else value
    return naive.replace(tzinfo=UTC)
