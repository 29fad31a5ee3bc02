"""The gate's answer. It explains itself: every door shows the same sentence (plans.md §3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.plans import sentences

UNLIMITED = "unlimited"
"""The word of the plan file and of ``Decision.value`` for a feature without a limit."""

DEFAULT_WARN_AT = (80, 100)
"""Percents of a quota at which the account is warned when its plan names none."""


class Reason(StrEnum):
    """Why the gate answers as it does; stable words that programs may rely on (plans.md §3)."""

    OK = "ok"
    UNLIMITED = "unlimited"
    NOT_IN_PLAN = "not-in-plan"
    OVERRIDE_OFF = "override-off"
    PLUGIN_MISSING = "plugin-missing"
    PLUGIN_OFF = "plugin-off"
    TRIAL_ENDED = "trial-ended"
    QUOTA_EXHAUSTED = "quota-exhausted"
    QUOTA_HELD = "quota-held"
    UNKNOWN_FEATURE = "unknown-feature"
    STORE_UNAVAILABLE = "store-unavailable"


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer about one feature of one account.

    Truth is never guessed: there is no ``bool(decision)``-like shortcut to get wrong, ask
    ``allowed``.

    Args:
        feature: the key that was asked for.
        allowed: whether it may be used now.
        reason: the stable word.
        value: True for a switch or a metered feature, a count or ``unlimited`` for a number or a
            quota, the word of a choice; None when the plan does not include it.
        limit: units per calendar month of a quota; None without a limit.
        used, held: units committed, and units held by running calls; None when not counted.
        remaining: units left to take; None without a limit or when not counted.
        resets_at: when the next month begins, on the account's own clock.
        source: ``plan``, ``override``, ``trial`` or ``default`` (no plan cell names it).
        revision: number of the plan revision that was asked.
        trace: how the answer came about, one statement each, what decided it first.
        title: the feature's title for people.
        where: the plan cell: plan title, file and line, revision.
        hint: what is missing or who could help: the plugin's error, the plan that has it.
        until: the instant at which the override or trial that it comes from ends, if any.
        warn_at: percents of the limit at which a quota warns.
    """

    feature: str
    allowed: bool
    reason: Reason
    value: bool | int | str | None = None
    limit: int | None = None
    used: int | None = None
    held: int | None = None
    remaining: int | None = None
    resets_at: datetime | None = None
    source: str = "plan"
    revision: str = ""
    trace: tuple[str, ...] = ()
    title: str = ""
    where: str = ""
    hint: str = ""
    until: datetime | None = None
    warn_at: tuple[int, ...] = DEFAULT_WARN_AT

    @property
    def sentence(self) -> str:
        """The one sentence that admin, API, log and ``centralino why`` all show."""
        return sentences.sentence(self)

    def at_least(self, number: int) -> bool:
        """Whether a number in the plan is ``number`` or more; False for what is not allowed."""
        if not self.allowed:
            return False
        return self.value == UNLIMITED or (type(self.value) is int and self.value >= number)

    def as_json(self) -> dict[str, Any]:
        """Plain data for the API and the trace of a call; instants as ISO 8601 with an offset."""
        return {
            "feature": self.feature,
            "allowed": self.allowed,
            "reason": str(self.reason),
            "value": self.value,
            "limit": self.limit,
            "used": self.used,
            "held": self.held,
            "remaining": self.remaining,
            "resets_at": self.resets_at.isoformat() if self.resets_at else None,
            "source": self.source,
            "until": self.until.isoformat() if self.until else None,
            "revision": self.revision,
            "sentence": self.sentence,
            "trace": list(self.trace),
        }
