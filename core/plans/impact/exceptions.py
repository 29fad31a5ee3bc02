"""Overrides that shield their account from a change, or that the change makes needless."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.plans.accounts.standing import Override
from core.plans.file.changes import Written
from core.plans.impact.accounts import Who
from core.plans.impact.values import written_json


@dataclass(frozen=True, slots=True)
class OverrideEffect:
    """What a change means for an override.

    Args:
        account: whose override it is.
        override: the override.
        before, after: what the account would have of its feature without the override.
        shields: keys of the features whose change the account does not feel because of it.
        redundant: whether it says from now on what the plan says anyway, and did not before.
    """

    account: Who
    override: Override
    before: Written | None
    after: Written | None
    shields: tuple[str, ...]
    redundant: bool

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        override = self.override
        return {
            "account": self.account.as_json(),
            "override": override.id,
            "feature": override.feature,
            "value": override.value,
            "pinned": override.pinned,
            "reason": override.reason,
            "author": override.author,
            "until": override.until.isoformat() if override.until else None,
            "before": written_json(self.before),
            "after": written_json(self.after),
            "shields": list(self.shields),
            "redundant": self.redundant,
        }
