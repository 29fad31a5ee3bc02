"""Removes the sound of deleted recordings from the storage folder (Q2).

Deleting a recording only marks its row, in the transaction of whoever may delete it; the file goes
afterwards, so that a row never promises a file that is gone.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from core.store.database import Store

AT_ONCE = 200
"""How many files one round removes."""


class Clearer:
    """Removes files.

    Args:
        storage: the shared folder.
    """

    def __init__(self, store: Store, storage: Path) -> None:
        self._store = store
        self._storage = storage

    def clear_due(self, now: datetime) -> int:
        """Remove the file of every deleted recording that still has one; returns how many."""
        rows = self._store.rows(
            "SELECT id, path FROM recordings WHERE status = 'deleted' AND path <> '' LIMIT ?",
            (AT_ONCE,),
        )
        for recording_id, path in rows:
            (self._storage / path).unlink(missing_ok=True)
            self._store.execute(
                "UPDATE recordings SET path = '', bytes = 0 WHERE id = ?", (recording_id,)
            )
        return len(rows)
