"""Accounts that use more already than a lowered limit gives; nothing of theirs is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.plans.file.changes import Written
from core.plans.impact.accounts import Who
from core.plans.impact.values import written_json


@dataclass(frozen=True, slots=True)
class OverLimit:
    """An account that uses more than it will have.

    Args:
        account: whose use it is.
        feature: key of a quota or a number.
        used: units of this month, those held by running calls included; or how many there are.
        before, after: the limits; None is "not in the plan".
        sentence: what happens to what is too much; a ``Phrase``, so that a page can translate it.
    """

    account: Who
    feature: str
    used: int
    before: Written | None
    after: Written | None
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "account": self.account.as_json(),
            "feature": self.feature,
            "used": self.used,
            "before": written_json(self.before),
            "after": written_json(self.after),
            "sentence": str(self.sentence),
        }


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A number feature whose use could not be counted, because its plugin failed or cannot count.

    ``sentence`` says so for people; a ``Phrase``.
    """

    feature: str
    plugin: str
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"feature": self.feature, "plugin": self.plugin, "sentence": str(self.sentence)}
