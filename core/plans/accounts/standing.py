"""What holds for one account at an instant: its overrides and its trial (plans.md §1).

Both end by the clock when they are read; no job ends them. Rows are ended, never changed or deleted
(``core.plans.tables``), so the question for an instant has one answer for ever: a call asks for the
instant at which it began.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.plans.file.plan import Grant
from core.plans.tables import PlanOverride, PlanTrial


@dataclass(frozen=True, slots=True)
class Override:
    """An account's own value for one feature; see ``PlanOverride``."""

    id: int
    feature: str
    value: Grant
    warn_at: tuple[int, ...]
    pinned: bool
    reason: str
    author: str
    from_at: datetime
    until: datetime | None
    ended_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it holds at an instant."""
        return _holds(self, at)

    @property
    def end(self) -> datetime | None:
        """When it ends or ended; None: never."""
        return _end(self)


@dataclass(frozen=True, slots=True)
class Trial:
    """A plan until a date; see ``PlanTrial``."""

    id: int
    plan: str
    reason: str
    author: str
    from_at: datetime
    until: datetime
    ended_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it runs at an instant."""
        return _holds(self, at)

    @property
    def end(self) -> datetime:
        """When it ends or ended."""
        return _end(self)

    def over(self, at: datetime) -> bool:
        """Whether it ran before an instant and does not any more."""
        return self.from_at < at and not self.holds(at)


@dataclass(frozen=True, slots=True)
class Holding:
    """What holds at one instant.

    Args:
        overrides: one per feature at most, by feature.
        trial: the one that runs, or None.
        ended: the last one that is over, when none runs; it may explain what is missing now.
    """

    overrides: tuple[Override, ...] = ()
    trial: Trial | None = None
    ended: Trial | None = None


NOTHING = Holding()
"""What holds for most accounts: the plan alone."""


@dataclass(frozen=True, slots=True)
class Standing:
    """All overrides and trials of an account, those to come and those that are over included."""

    overrides: tuple[Override, ...] = ()
    trials: tuple[Trial, ...] = ()

    def at(self, instant: datetime) -> Holding:
        """What holds at an instant; of two overrides of one feature, the younger one."""
        if not self.overrides and not self.trials:
            return NOTHING
        held = {one.feature: one for one in self.overrides if one.holds(instant)}
        running = next((one for one in reversed(self.trials) if one.holds(instant)), None)
        over = [one for one in self.trials if one.over(instant)]
        return Holding(
            tuple(held[feature] for feature in sorted(held)),
            running,
            max(over, key=lambda one: one.end) if over and running is None else None,
        )


def read_standing(account_id: int) -> Standing:
    """All overrides and trials of an account, from the database."""
    overrides = PlanOverride.of(account_id).order_by(PlanOverride.id)
    trials = PlanTrial.of(account_id).order_by(PlanTrial.id)
    return Standing(tuple(map(read_override, overrides)), tuple(map(read_trial, trials)))


def read_override(row: PlanOverride) -> Override:
    """The picture of a row."""
    return Override(
        row.id,
        row.feature,
        row.value,
        tuple(row.warn_at or ()),
        row.pinned,
        row.reason,
        row.author,
        row.from_at,
        row.until,
        row.ended_at,
    )


def read_trial(row: PlanTrial) -> Trial:
    """The picture of a row."""
    return Trial(row.id, row.plan, row.reason, row.author, row.from_at, row.until, row.ended_at)


def _holds(one: Override | Trial, at: datetime) -> bool:
    end = _end(one)
    return one.from_at <= at and (end is None or at < end)


def _end(one: Override | Trial) -> datetime | None:
    if one.until is None or one.ended_at is None:
        return one.until or one.ended_at
    return min(one.until, one.ended_at)
