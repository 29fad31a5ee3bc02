"""What holds for one account at an instant: its overrides and its trial (plans.md §1).

Both end by the clock when they are read; no job ends them. Rows are ended, never changed or deleted
(``core.plans.tables``), so the question for an instant has one answer for ever: a call asks for the
instant at which it began.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.plans.decision import DEFAULT_WARN_AT
from core.plans.file.plan import Grant
from core.plans.tables import PlanOverride, PlanTrial
from core.store.database import read_instant

if TYPE_CHECKING:
    from core.store.database import Store

OVERRIDES = """
SELECT id, feature, value, warn_at, pinned, reason, author, from_at, until, ended_at
FROM plan_overrides WHERE account_id = ? ORDER BY id
"""

TRIALS = """
SELECT id, plan, reason, author, from_at, until, ended_at
FROM plan_trials WHERE account_id = ? ORDER BY id
"""


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
        return self.from_at < self.end <= at


@dataclass(frozen=True, slots=True, eq=False)
class Holding:
    """What holds at one instant. Compared by identity: between two changes it is the same object.

    Args:
        overrides: one per feature at most, by feature.
        trial: the one that runs, or None.
        ended: the last one that is over, when none runs; it may explain what is missing now.

    ``grants`` is where the gate remembers what it has made of it.
    """

    overrides: tuple[Override, ...] = ()
    trial: Trial | None = None
    ended: Trial | None = None
    grants: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)


NOTHING = Holding()
"""What holds for most accounts: the plan alone."""


class Standing:
    """All overrides and trials of an account, those to come and those that are over included.

    Args:
        overrides: in the order in which they were entered.
        trials: likewise.
    """

    __slots__ = ("_holdings", "_turns", "overrides", "trials")

    def __init__(
        self, overrides: tuple[Override, ...] = (), trials: tuple[Trial, ...] = ()
    ) -> None:
        self.overrides = overrides
        self.trials = trials
        both = (*overrides, *trials)
        turns = {one.from_at for one in both} | {one.end for one in both}
        self._turns = sorted(turns - {None})
        self._holdings: dict[int, Holding] = {}

    def at(self, instant: datetime) -> Holding:
        """What holds at an instant; of two overrides of one feature, the younger one."""
        if not self._turns:
            return NOTHING
        place = bisect_right(self._turns, instant)
        found = self._holdings.get(place)
        if found is None:
            found = self._since(self._turns[place - 1]) if place else NOTHING
            self._holdings[place] = found
        return found

    def _since(self, turn: datetime) -> Holding:
        """What holds from one turn to the next."""
        held = {one.feature: one for one in self.overrides if one.holds(turn)}
        running = next((one for one in reversed(self.trials) if one.holds(turn)), None)
        over = [one for one in self.trials if one.over(turn)] if running is None else []
        if not held and running is None and not over:
            return NOTHING
        overrides = tuple(held[feature] for feature in sorted(held))
        return Holding(overrides, running, max(over, key=lambda one: one.end, default=None))


PLAN_ALONE = Standing()
"""What most accounts have, who need not have one each."""


def read_standing(store: Store, account_id: int) -> Standing:
    """All overrides and trials of an account, by hand: every process asks for every account."""
    overrides = store.rows(OVERRIDES, (account_id,))
    trials = store.rows(TRIALS, (account_id,))
    if not overrides and not trials:
        return PLAN_ALONE
    return Standing(tuple(map(_override, overrides)), tuple(map(_trial, trials)))


def read_override(row: PlanOverride) -> Override:
    """The picture of a row that a page has read."""
    about = (row.value, _percents(row.warn_at), row.pinned, row.reason, row.author)
    return Override(row.id, row.feature, *about, row.from_at, row.until, row.ended_at)


def read_trial(row: PlanTrial) -> Trial:
    """The picture of a row that a page has read."""
    return Trial(row.id, row.plan, row.reason, row.author, row.from_at, row.until, row.ended_at)


def _override(row: tuple) -> Override:
    id, feature, value, warn_at, pinned, reason, author, *instants = row
    percents = _percents(warn_at and json.loads(warn_at))
    about = (json.loads(value), percents, bool(pinned), reason, author)
    return Override(id, feature, *about, *map(read_instant, instants))


def _trial(row: tuple) -> Trial:
    id, plan, reason, author, *instants = row
    return Trial(id, plan, reason, author, *map(read_instant, instants))


def _percents(warn_at: list[int] | None) -> tuple[int, ...]:
    return DEFAULT_WARN_AT if warn_at is None else tuple(warn_at)


def _holds(one: Override | Trial, at: datetime) -> bool:
    end = _end(one)
    return one.from_at <= at and (end is None or at < end)


def _end(one: Override | Trial) -> datetime | None:
    if one.until is None or one.ended_at is None:
        return one.until or one.ended_at
    return min(one.until, one.ended_at)
