"""What decides for one number: its schedule, its clock, and what was said by hand (W4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.api import Account, Line, snapshot
from plugins.workhours.days import WHOLE_DAY, Schedule
from plugins.workhours.hours import Hours
from plugins.workhours.models import Ends, OverrideRow
from plugins.workhours.opening import Opening, glance, next_change, opening
from plugins.workhours.overrides import Override, Overrides
from plugins.workhours.schedules import chosen

ALWAYS: tuple[Hours, ...] = (WHOLE_DAY,) * 7


@dataclass(frozen=True, slots=True)
class Standing:
    """A schedule on a clock, with the overrides that concern it.

    Args:
        schedule: the plain data.
        zone: of the number, or of the account.
        overrides: in their order of precedence.
    """

    schedule: Schedule
    zone: ZoneInfo
    overrides: Overrides = ()

    def glance(self, instant: datetime) -> Opening:
        """Open or closed, and why."""
        return glance(self.schedule, instant, self.zone, self.overrides)

    def opening(self, instant: datetime) -> Opening:
        """Open or closed, why and until when."""
        return opening(self.schedule, instant, self.zone, self.overrides)

    def next_change(self, instant: datetime) -> datetime | None:
        """When it opens or closes next."""
        return next_change(self.schedule, instant, self.zone, self.overrides)


def of_line(account: Account, line: Line, value: str) -> Standing | None:
    """What decides for a number.

    Args:
        account: whose it is.
        line: the number.
        value: the schedule of its settings, "" for none.

    Returns:
        None: nothing does, the number is always open.
    """
    schedule = chosen(account, value)
    said = overrides(account)
    rows = [said.get(name) for name in (target_of_line(line.id), value if schedule else "")]
    kept = schedule or Schedule("", ALWAYS)
    found = tuple(_override(row, schedule, line.zone) for row in rows if row)
    return Standing(kept, line.zone, found) if schedule or found else None


def of_schedule(account: Account, value: str) -> Standing:
    """What decides for the numbers that keep a schedule, on the account's own clock."""
    schedule = chosen(account, value)
    row = overrides(account).get(value)
    found = (_override(row, schedule, account.zone),) if row else ()
    return Standing(schedule, account.zone, found)


def target_of_line(line_id: int) -> str:
    """How ``overrides`` names a number."""
    return f"line:{line_id}"


@snapshot
def overrides(account_id: int) -> dict[str, OverrideRow]:
    """The newest override of each number (``line:5``) and schedule (``schedule:3``) that nobody
    has ended; whether it still holds, the clock says."""
    rows = OverrideRow.of(account_id).where(OverrideRow.ended_at.is_null())
    return {target(row): row for row in rows.order_by(OverrideRow.id)}


def target(row: OverrideRow) -> str:
    """What an override is about: ``line:5`` or ``schedule:3``."""
    return f"line:{row.line_id}" if row.line_id else f"schedule:{row.schedule_id}"


def ends_at(row: OverrideRow, schedule: Schedule | None, zone: ZoneInfo) -> datetime | None:
    """When an override ends by itself; None: never."""
    if row.ends == Ends.CHANGE and schedule is not None:
        return next_change(schedule, row.at, zone)
    return row.until


def _override(row: OverrideRow, schedule: Schedule | None, zone: ZoneInfo) -> Override:
    return Override(row.open, row.at, ends_at(row, schedule, zone), row.author, row.reason)
