"""Puts the count of a month into a decision: what is used, held and left, and until when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.contract.call import Account
from core.plans.decision import UNLIMITED, Decision, Reason
from core.plans.quota.counters import Count


def of_limit(limit: int | str | None, feature: str) -> Decision:
    """The decision of a bare limit, None or ``unlimited`` for none, as if a plan had made it."""
    if limit is None or limit == UNLIMITED:
        return Decision(feature, True, Reason.UNLIMITED, value=UNLIMITED)
    reason = Reason.OK if limit > 0 else Reason.QUOTA_EXHAUSTED
    return Decision(feature, limit > 0, reason, value=limit, limit=limit)


def granted(account: Account, plan: Decision, count: Count, limit: int | None) -> Decision:
    """A unit was taken; ``count`` includes it, ``limit`` is the one it was taken under."""
    value, reason = (UNLIMITED, Reason.UNLIMITED) if limit is None else (limit, Reason.OK)
    given = {"allowed": True, "reason": reason, "value": value, "limit": limit}
    return _counted(account, plan, count, _left(count, limit), **given)


def denied(account: Account, plan: Decision, count: Count) -> Decision:
    """No unit could be taken: all are used, or some are held and may come back."""
    reason = Reason.QUOTA_EXHAUSTED if count.used >= plan.limit else Reason.QUOTA_HELD
    return _counted(account, plan, count, 0, allowed=False, reason=reason)


def balance(account: Account, plan: Decision, count: Count) -> Decision:
    """The plan's decision with the count: allowed while a unit is left."""
    left = _left(count, plan.limit)
    if plan.allowed and left == 0:
        return denied(account, plan, count)
    return _counted(account, plan, count, left)


def _left(count: Count, limit: int | None) -> int | None:
    return None if limit is None else max(0, limit - count.used - count.held)


def _counted(
    account: Account, plan: Decision, count: Count, left: int | None, **changes: Any
) -> Decision:
    return replace(
        plan,
        used=count.used,
        held=count.held,
        remaining=left,
        resets_at=count.end.astimezone(account.zone),
        **changes,
    )
