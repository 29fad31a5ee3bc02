"""How long recordings are kept, and how they are deleted (Q2).

A deleted recording keeps its row, as evidence that there was one; only the sound goes. A recording
on legal hold is never deleted, by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import peewee

from core.api import BadInput, Conflict, RecordingRow
from plugins.recording.models import RetentionRow

CONVERSATION = "conversation"
LONGEST_DAYS = 36_500


def retention_days(account_id: int) -> int:
    """How many days an account keeps recordings; 0: for ever."""
    row = RetentionRow.of(account_id).first()
    return row.days if row else 0


def read_days(typed: str) -> int:
    """A retention period as somebody typed it.

    Raises:
        BadInput: it is no whole number of days, or too long.
    """
    text = typed.strip()
    if not text.isdecimal() or not text.isascii() or int(text[:9]) > LONGEST_DAYS:
        raise BadInput(
            f"{text!r} is no number of days; write 0 (for ever) to {LONGEST_DAYS}.",
            {"days": f"{text!r} is no number of days."},
        )
    return int(text)


def keep_for(account_id: int, days: int) -> None:
    """Set an account's retention period in days; 0: for ever."""
    RetentionRow.insert(account=account_id, days=days).on_conflict(
        conflict_target=[RetentionRow.account], preserve=[RetentionRow.days]
    ).execute()


def expired(account_id: int, days: int, now: datetime) -> peewee.ModelSelect:
    """The stored recordings of an account that are older than so many days and not on hold."""
    if not days:
        return RecordingRow.of(account_id).where(False)
    return RecordingRow.of(account_id).where(
        RecordingRow.kind == CONVERSATION,
        RecordingRow.status == "stored",
        RecordingRow.announced_at < now - timedelta(days=days),
        RecordingRow.legal_hold == False,  # noqa: E712 (a column)
    )


def purge(now: datetime, folder: Path) -> int:
    """Delete the expired recordings of all accounts, whatever their plans say today: keeping
    personal data no longer than promised is owed to the callers.

    Args:
        now: the instant from which the days are counted back.
        folder: the storage folder.

    Returns:
        How many were deleted.
    """
    return sum(delete(recording, folder) for recording in _all_expired(now))


def _all_expired(now: datetime) -> Iterator[RecordingRow]:
    for policy in RetentionRow.select().where(RetentionRow.days > 0):
        yield from list(expired(policy.account_id, policy.days, now))


def delete(recording: RecordingRow, folder: Path) -> bool:
    """Delete a recording's sound and keep its row; False when it is on hold or not stored.

    The row is claimed first and committed last, so that nobody can put it on hold in between, and
    after a crash the next run finds a row that still says ``stored``.
    """
    with RecordingRow._meta.database.atomic():
        claimed = (
            RecordingRow.update(status="deleted", path="", bytes=0)
            .where(
                RecordingRow.id == recording.id,
                RecordingRow.account == recording.account_id,
                RecordingRow.status == "stored",
                RecordingRow.legal_hold == False,  # noqa: E712 (a column)
            )
            .execute()
        )
        if claimed:
            (folder / recording.path).unlink(missing_ok=True)
    return bool(claimed)


def hold(recording: RecordingRow, on: bool) -> None:
    """Put a stored recording on legal hold, or take it off.

    Raises:
        Conflict: it was deleted meanwhile.
    """
    changed = (
        RecordingRow.update(legal_hold=on)
        .where(
            RecordingRow.id == recording.id,
            RecordingRow.account == recording.account_id,
            RecordingRow.status == "stored",
        )
        .execute()
    )
    if not changed:
        raise Conflict("This recording has been deleted; it cannot be put on hold any more.")
