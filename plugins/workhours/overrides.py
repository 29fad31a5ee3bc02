"""Open or closed by hand, as plain data (W4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Override:
    """What somebody said that holds instead of the schedule.

    Args:
        open: open, or closed.
        start: the instant from which it holds.
        end: the instant at which it ends by itself; None: never.
        author: who said so.
        reason: why.
    """

    open: bool
    start: datetime
    end: datetime | None
    author: str
    reason: str

    def holds(self, instant: datetime) -> bool:
        """Whether it counts at an instant."""
        return self.start <= instant and (self.end is None or instant < self.end)


Overrides = tuple[Override, ...]
"""The first that holds wins: a number's own before that of its schedule."""


def holding(overrides: Overrides, instant: datetime) -> Override | None:
    """The override that counts at an instant, if any."""
    return next((one for one in overrides if one.holds(instant)), None)


def edges(overrides: Overrides, after: datetime) -> list[datetime]:
    """The instants (UTC) after another at which one begins or ends, in their order."""
    found = {edge for one in overrides for edge in (one.start, one.end) if edge is not None}
    return sorted(edge.astimezone(UTC) for edge in found if edge > after)
