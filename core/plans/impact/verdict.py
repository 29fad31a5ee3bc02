"""What a change means for each account: by plan for most, one by one for the exceptional."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from core.plans.impact.accounts import Who
from core.plans.impact.exceptions import Exceptional, exceptional
from core.plans.impact.matrices import Matrices
from core.plans.impact.pages import Page
from core.plans.impact.sql import is_one_of, marks
from core.plans.impact.values import Differences, Direction

if TYPE_CHECKING:
    from core.store.database import Store


@dataclass(frozen=True, slots=True)
class Judged:
    """An exceptional account with what changes for it."""

    account: Exceptional
    differences: Differences


class Verdict:
    """All accounts, judged without being loaded.

    Args:
        store: the database.
        matrices: the matrix before and after.
        at: the instant at which overrides and trials hold.
    """

    def __init__(self, store: Store, matrices: Matrices, at: datetime) -> None:
        self.store = store
        self.matrices = matrices
        found = exceptional(store, at, matrices.features_of_changed_plugins())
        self.exceptional = {one.who.id: Judged(one, self._judge(one)) for one in found}
        self.accounts_of_plan = dict(
            store.rows("SELECT plan, count(*) FROM accounts GROUP BY plan")
        )

    def _judge(self, one: Exceptional) -> Differences:
        return self.matrices.felt(one.who.plan, one.overrides)

    def differences(self, account: int, own_plan: str) -> Differences:
        """What changes for an account, given with its own plan."""
        judged = self.exceptional.get(account)
        return judged.differences if judged else self.matrices.ordinary(own_plan)

    def who(self, account: int, name: str, own_plan: str) -> Who:
        """An account as lists show it."""
        judged = self.exceptional.get(account)
        return judged.account.who if judged else Who(account, name, own_plan)

    def concerned(self, matters: Callable[[Differences], bool]) -> Concerned:
        """The accounts for which something matters in what changes for them."""
        plans = [plan for plan, felt in self.matrices.changed_plans.items() if matters(felt)]
        one_by_one = [key for key, one in self.exceptional.items() if matters(one.differences)]
        return Concerned(self, plans, one_by_one)


class Concerned:
    """Some of the accounts: the ordinary ones of some plans, and some exceptional ones.

    Args:
        verdict: all accounts.
        plans: keys.
        one_by_one: ids of exceptional accounts; no other one is concerned, whatever its plan.
    """

    def __init__(self, verdict: Verdict, plans: list[str], one_by_one: list[int]) -> None:
        self.verdict = verdict
        self.plans = plans
        self.one_by_one = one_by_one

    @property
    def total(self) -> int:
        """How many there are."""
        counts = self.verdict.accounts_of_plan
        others = [one.account.own_plan for one in self.verdict.exceptional.values()]
        ordinary = sum(counts.get(plan, 0) for plan in self.plans)
        return ordinary - sum(plan in self.plans for plan in others) + len(self.one_by_one)

    def page(self, size: int, after: str) -> Page[Who]:
        """Those after a name, so many of them.

        Args:
            size: how many at most.
            after: the name; "" for the first page.
        """
        if not self.plans and not self.one_by_one:
            return Page()
        condition, parameters = self._condition()
        rows = self.verdict.store.rows(
            f"SELECT id, name, plan FROM accounts WHERE name > ? AND {condition}"
            " ORDER BY name LIMIT ?",
            (after, *parameters, size + 1),
        )
        accounts = tuple(self.verdict.who(*row) for row in rows[:size])
        return Page(accounts, self.total, accounts[-1].name if len(rows) > size else "")

    def _condition(self) -> tuple[str, tuple]:
        """SQL that picks them from ``accounts``, and its parameters."""
        store = self.verdict.store
        exceptional, those = is_one_of(store, "id", self.verdict.exceptional)
        picked, these = is_one_of(store, "id", self.one_by_one)
        sql = f"(plan IN {marks(self.plans)} AND NOT ({exceptional}) OR {picked})"
        return sql, (*self.plans, those, these)


def gains(differences: Differences) -> bool:
    """Whether an account gains something."""
    return any(one.direction is Direction.GAIN for one in differences)


def loses(differences: Differences) -> bool:
    """Whether an account loses something."""
    return any(one.direction is Direction.LOSE for one in differences)
