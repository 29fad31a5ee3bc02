"""How long recordings are kept, and how they are deleted (Q2).

A deleted recording keeps its row, as evidence that there was one. Its sound is heard by nobody from
then on, and the core, to whom the storage folder belongs, removes the file. A recording on legal
hold is deleted by nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.api import BadInput, Conflict, RecordingRow, gettext
from plugins.recording.models import RetentionRow

CONVERSATION = "conversation"
LONGEST_DAYS = 36_500

DELETABLE = (
    RecordingRow.status == "stored",
    RecordingRow.legal_hold == False,  # noqa: E712 (a column)
)
"""The conditions without which nothing is deleted."""


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
        sentence = gettext(
            "'%(typed)s' is no number of days; write 0 (for ever) to %(longest)s.",
            typed=text,
            longest=LONGEST_DAYS,
        )
        raise BadInput(sentence, {"days": sentence})
    return int(text)


def keep_for(account_id: int, days: int) -> None:
    """Set an account's retention period in days; 0: for ever."""
    RetentionRow.insert(account=account_id, days=days).on_conflict(
        conflict_target=[RetentionRow.account], preserve=[RetentionRow.days]
    ).execute()


def expired(account_id: int, days: int, now: datetime) -> tuple[Any, ...]:
    """The conditions for the recordings of an account that are older than so many days, and may
    be deleted."""
    return (
        RecordingRow.account == account_id,
        RecordingRow.kind == CONVERSATION,
        RecordingRow.announced_at < now - timedelta(days=days),
        *DELETABLE,
    )


def count_expired(account_id: int, days: int, now: datetime) -> int:
    """How many recordings a retention period of so many days would delete now."""
    if not days:
        return 0
    return RecordingRow.select().where(*expired(account_id, days, now)).count()


def purge(now: datetime) -> int:
    """Delete the expired recordings of all accounts, whatever their plans say today: keeping
    personal data no longer than promised is owed to the callers.

    Args:
        now: the instant from which the days are counted back.

    Returns:
        How many were deleted.
    """
    policies = RetentionRow.select().where(RetentionRow.days > 0)
    return sum(_mark_deleted(*expired(policy.account_id, policy.days, now)) for policy in policies)


def delete(recording: RecordingRow) -> bool:
    """Delete a recording; False when it is on hold, or not stored."""
    return bool(
        _mark_deleted(
            RecordingRow.account == recording.account_id,
            RecordingRow.id == recording.id,
            *DELETABLE,
        )
    )


def _mark_deleted(*which: Any) -> int:
    """One statement looks at the hold and deletes, so that no hold can come in between."""
    return RecordingRow.update(status="deleted").where(*which).execute()


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
        raise Conflict(
            gettext("This recording has been deleted; it cannot be put on hold any more.")
        )
