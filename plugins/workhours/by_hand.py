"""Saying that a number or a schedule is open or closed, whatever the hours say (W4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.api import Account, BadInput, Destination, LineProfile, LineRow, NotFound, gettext, spaced
from plugins.workhours.models import Ends, OverrideRow
from plugins.workhours.opening import next_change
from plugins.workhours.schedules import KIND, chosen, schedules
from plugins.workhours.standing import ends_at, of_schedule, target, target_of_line

PLUGIN = "workhours"
LONGEST_REASON = 200

FARTHEST = timedelta(days=10 * 366)
"""So far ahead an end can be: the calendar's last year cannot be shown on every clock."""


@dataclass(frozen=True, slots=True)
class Target:
    """What can be opened or closed by hand.

    Args:
        value: ``schedule:3`` or ``line:5``.
        title: as people know it.
        schedule: the schedule that decides otherwise, "" for none.
    """

    value: str
    title: str
    schedule: str


def targets(account: Account) -> list[Target]:
    """The schedules of an account, and its numbers with working hours."""
    found = [
        Target(value, gettext("all with “%(name)s”", name=one.name), value)
        for value, one in schedules(account).items()
    ]
    profiles = (
        LineProfile.select(LineProfile, LineRow)
        .join(LineRow)
        .where(LineProfile.account == account.id, LineProfile.plugin == PLUGIN, LineProfile.on)
    )
    for one in profiles.order_by(LineRow.number):
        kept = one.stored.get("schedule", "")
        found.append(Target(target_of_line(one.line_id), spaced(one.line), kept))
    return found


def say(
    account: Account,
    value: str,
    opened: bool,
    ends: Ends,
    reason: str,
    author: str,
    at: datetime,
    until: datetime | None = None,
) -> OverrideRow:
    """Open or close from now on; what was said of the same target before is over.

    Args:
        account: whose.
        value: ``schedule:3`` or ``line:5``.
        opened: open, or closed.
        ends: at the next change of the schedule, at ``until``, or never.
        reason: why; asked of everybody.
        author: who says so.
        at: now.
        until: when it ends, if it ends at a time.

    Raises:
        BadInput: with a sentence for each field.
    """
    known = next((one for one in targets(account) if one.value == value), None)
    wrong = _wrong(account, known, ends, reason.strip(), at, until)
    if wrong:
        raise BadInput(" ".join(wrong.values()), wrong)
    to = Destination.parse(value)
    with OverrideRow._meta.database.atomic():
        for row in _running(account, value):
            _end(row, author, at)
        return OverrideRow.create(
            account=account.id,
            schedule=int(to.id) if to.kind == KIND else None,
            line=None if to.kind == KIND else int(to.id),
            open=opened,
            ends=ends,
            at=at,
            until=until if ends == Ends.TIME else None,
            author=author,
            reason=reason.strip(),
        )


def end(account: Account, id: int, author: str, at: datetime) -> OverrideRow:
    """End an override before its time.

    Raises:
        NotFound: there is none of this account that still holds.
    """
    row = OverrideRow.of(account).where(OverrideRow.id == id, OverrideRow.ended_at.is_null())
    found = row.first()
    if found is None:
        raise NotFound(gettext("This is over already."))
    _end(found, author, at)
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """An override as people read it: ``until`` is when it ends by itself, None for never."""

    row: OverrideRow
    title: str
    until: datetime | None
    holds: bool


def describe(account: Account, row: OverrideRow, known: list[Target], at: datetime) -> Said:
    """An override with its target's title, its end, and whether it still holds."""
    value = target(row)
    one = next((one for one in known if one.value == value), None)
    zone = account.zone
    if row.line_id:
        zone = row.line.zone
    until = ends_at(row, chosen(account, one.schedule) if one else None, zone)
    holds = row.ended_at is None and (until is None or at < until)
    return Said(row, one.title if one else spaced(row.line or row.schedule), until, holds)


def _running(account: Account, value: str) -> Any:
    to = Destination.parse(value)
    same = OverrideRow.schedule if to.kind == KIND else OverrideRow.line
    return OverrideRow.of(account).where(same == int(to.id), OverrideRow.ended_at.is_null())


def _end(row: OverrideRow, author: str, at: datetime) -> None:
    row.ended_at, row.ended_by = at, author
    row.save()


def _wrong(
    account: Account,
    target: Target | None,
    ends: Ends,
    reason: str,
    at: datetime,
    until: datetime | None,
) -> dict[str, str]:
    found: dict[str, str] = {}
    if target is None:
        found["target"] = gettext("Choose a schedule, or a number with working hours.")
    elif ends == Ends.CHANGE and not _changes(account, target.schedule, at):
        sentence = gettext("There is no next change: the hours never change. Choose a time.")
        found["ends"] = sentence
    if ends == Ends.TIME and until is None:
        found["until"] = gettext("Give the day and the time at which this ends.")
    elif ends == Ends.TIME and until <= at:
        found["until"] = gettext("This time is over already; give a later one.")
    elif ends == Ends.TIME and until > at + FARTHEST:
        found["until"] = gettext(
            "This is more than ten years ahead; choose “for good, until somebody ends it”."
        )
    if not reason:
        found["reason"] = gettext("Say why: whoever sees it next will ask.")
    elif len(reason) > LONGEST_REASON:
        found["reason"] = gettext("Say it in %(most)s characters.", most=LONGEST_REASON)
    return found


def _changes(account: Account, schedule: str, at: datetime) -> bool:
    if chosen(account, schedule) is None:
        return False
    standing = of_schedule(account, schedule)
    return next_change(standing.schedule, at, standing.zone) is not None
