"""Employees' ratings: average and count over a period (Q6)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import peewee

from core.api import Account, EmployeeRow
from plugins.quality_rating.models import RatingRow

PERIOD_DAYS = 30
"""How far the statistics page looks back."""


class Rated(NamedTuple):
    """One employee's ratings: how often callers were asked, how many rated, sum of the ratings.
    ``employee`` is "" for somebody who was deleted."""

    employee: str
    asked: int
    count: int
    total: int

    @property
    def average(self) -> float | None:
        """The average with one decimal; None without a rating."""
        return round(self.total / self.count, 1) if self.count else None


def per_employee(account: Account, since: datetime, until: datetime) -> list[Rated]:
    """The ratings of an account's employees, best first.

    Args:
        account: whose employees.
        since: from this instant on, by the beginning of the call.
        until: up to and without this instant.
    """
    rated = (
        RatingRow.of(account)
        .select(
            peewee.fn.COALESCE(EmployeeRow.name, ""),
            peewee.fn.COUNT(RatingRow.id),
            peewee.fn.COUNT(RatingRow.rating),
            peewee.fn.COALESCE(peewee.fn.SUM(RatingRow.rating), 0),
        )
        .join(EmployeeRow, peewee.JOIN.LEFT_OUTER)
        .where(RatingRow.at >= since, RatingRow.at < until)
        .group_by(RatingRow.employee, EmployeeRow.name)
    )
    found = [Rated(*row) for row in rated.tuples()]
    return sorted(found, key=lambda one: (-(one.average or 0), -one.count, one.employee))


def together(rated: list[Rated]) -> Rated:
    """All employees as one."""
    return Rated(
        "",
        sum(one.asked for one in rated),
        sum(one.count for one in rated),
        sum(one.total for one in rated),
    )
