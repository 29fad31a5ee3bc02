"""Believable ratings for a demo company's past calls; the same calls give the same ratings."""

from __future__ import annotations

from typing import Any

from core.api import Account, CallRow, Outcome, save_profile
from plugins.quality_rating.models import RatingRow

PATTERN = (5, None, 4, 5, 3, None, 5, 4, None, 4, 2, 5, None, 4, 5, 1)
"""Ratings as callers give them: most are happy, a few are not, many hang up."""

SHORTEST_TALK = 10


def fill(account: Account) -> None:
    """Have the callers of answered calls asked, each once a day at most."""
    answered = CallRow.of(account).where(
        CallRow.outcome == Outcome.ANSWERED,
        CallRow.employee.is_null(False),
        CallRow.talk_seconds >= SHORTEST_TALK,
    )
    asked = set()
    for call in answered.order_by(CallRow.started_at, CallRow.id):
        day = call.caller, call.started_at.date()
        if day in asked:
            continue
        asked.add(day)
        RatingRow.create(
            account=account.id,
            call=call.id,
            employee=call.employee_id,
            caller=call.caller,
            at=call.started_at,
            rating=PATTERN[len(asked) % len(PATTERN)],
        )


def ask_callers(company: Any) -> None:
    """Let the callers of the company's rented numbers be asked from now on."""
    for line in company.rented:
        save_profile(line, "quality_rating")
