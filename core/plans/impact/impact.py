"""Who is affected when the matrix goes from one document to another (plans.md §5).

A hundred thousand accounts are told in about a second: accounts without anything of their own are
counted by plan in the database and never loaded; those with an override of a plugin that changes,
or with a running trial, are judged one by one; numbers and names are read for one page.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from core.plans.file.plan import PlanDocument
from core.plans.impact.accounts import AffectedAccount, Who
from core.plans.impact.cells import matrix_change
from core.plans.impact.excess import Excess
from core.plans.impact.matrices import Matrices
from core.plans.impact.measuring import Measure
from core.plans.impact.overrides import OverrideEffect, effects
from core.plans.impact.pages import Asked, Page, page_of
from core.plans.impact.parts import Impact, Running
from core.plans.impact.removed import on_removed, removed_plans
from core.plans.impact.uses import Uses
from core.plans.impact.verdict import Concerned, Verdict, gains, loses

if TYPE_CHECKING:
    from core.registry import Registry
    from core.store.database import Store

FIRST_PAGES = Asked()

RUNNING = (
    "SELECT c.account_id, a.plan, count(*) FROM calls c JOIN accounts a ON a.id = c.account_id"
    " WHERE c.outcome IS NULL GROUP BY c.account_id, a.plan"
)
"""By hand, because the tables of calls stand a floor above."""


def impact(
    store: Store,
    registry: Registry,
    before: PlanDocument,
    after: PlanDocument,
    at: datetime,
    asked: Asked = FIRST_PAGES,
) -> Impact:
    """Who is affected when the matrix goes from one document to another.

    Args:
        store: the database.
        registry: the installed plugins; those that declare a lowered number are asked how much of
            it each account uses.
        before: the matrix as it is.
        after: the matrix as it will be.
        at: the instant at which overrides, trials and the month's counts are looked at.
        asked: which page of each list.
    """
    with store.connection():
        return _Review(store, registry, Matrices(before, after), at, asked).told()


class _Review:
    """One question after the other, upon one verdict on the accounts."""

    def __init__(
        self, store: Store, registry: Registry, matrices: Matrices, at: datetime, asked: Asked
    ) -> None:
        self.store = store
        self.registry = registry
        self.matrices = matrices
        self.asked = asked
        self.measure = Measure(store, registry, at)
        self.verdict = Verdict(store, matrices, at)

    def told(self) -> Impact:
        asked, verdict = self.asked, self.verdict
        exceptional = verdict.exceptional.values()
        overrides = [
            effect
            for one in exceptional
            for effect in effects(self.matrices, one.account, one.differences)
        ]
        over = Excess(verdict).page(self.measure, asked.size, asked.over)
        return Impact(
            matrix=matrix_change(self.matrices),
            affected=verdict.concerned(bool).total,
            on_trial=sum(bool(one.account.on_trial and one.differences) for one in exceptional),
            gaining=self._accounts(verdict.concerned(gains), asked.gaining),
            losing=self._accounts(verdict.concerned(loses), asked.losing),
            over=over,
            uncounted=tuple(self.measure.uncounted),
            running=self._running(),
            shielding=self._overrides((one for one in overrides if one.shields), asked.shielding),
            redundant=self._overrides((one for one in overrides if one.redundant), asked.redundant),
            removed=removed_plans(verdict),
            on_removed=on_removed(verdict, asked.size, asked.on_removed),
        )

    def _accounts(self, concerned: Concerned, after: str) -> Page[AffectedAccount]:
        page = concerned.page(self.asked.size, after)
        uses = Uses(self.store, self.registry, [one.id for one in page.rows])

        def affected(who: Who) -> AffectedAccount:
            felt = self.verdict.differences(who.id, who.plan)
            return AffectedAccount(who, felt, uses.of(who.id, felt))

        return page.of(affected)

    def _overrides(self, rows: Iterable[OverrideEffect], after: str) -> Page[OverrideEffect]:
        return page_of(rows, lambda one: one.account.name, self.asked.size, after)

    def _running(self) -> Running:
        rows = self.store.rows(RUNNING)
        felt = [calls for account, plan, calls in rows if self.verdict.differences(account, plan)]
        return Running(sum(felt), len(felt))
