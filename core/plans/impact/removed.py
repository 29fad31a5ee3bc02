"""Plans that go, and the accounts that still have them."""

from __future__ import annotations

from core.plans.impact.accounts import Who
from core.plans.impact.pages import Page
from core.plans.impact.parts import OnRemoved, RemovedPlan
from core.plans.impact.verdict import Concerned, Verdict


def removed_plans(verdict: Verdict) -> tuple[RemovedPlan, ...]:
    """The plans that go, each with how many have it."""
    exceptional = [one.account for one in verdict.exceptional.values()]
    on_trial = [one.who.plan for one in exceptional if one.on_trial]
    plans, counts = verdict.matrices.before.plans, verdict.accounts_of_plan
    return tuple(
        RemovedPlan(key, plans[key].title, counts.get(key, 0), on_trial.count(key))
        for key in verdict.matrices.removed
    )


def on_removed(verdict: Verdict, size: int, after: str) -> Page[OnRemoved]:
    """The accounts whose own plan, or whose running trial's plan, goes.

    Args:
        verdict: what changes for which account.
        size: rows per page.
        after: the name after which the page begins.
    """
    removed, exceptional = verdict.matrices.removed, verdict.exceptional

    def row(who: Who) -> OnRemoved:
        own = exceptional[who.id].account.own_plan if who.id in exceptional else who.plan
        return OnRemoved(who, own if own in removed else who.plan)

    theirs = [
        key
        for key, one in exceptional.items()
        if one.account.own_plan in removed or one.account.who.plan in removed
    ]
    return Concerned(verdict, removed, theirs).page(size, after).of(row)
