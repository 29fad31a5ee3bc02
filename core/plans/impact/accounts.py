"""The accounts that gain and those that lose, by name, with what changes for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.plans.impact.values import Difference


@dataclass(frozen=True, slots=True)
class Who:
    """An account in a list: its plan now, by its own choice or by a trial.

    Args:
        id, name: of the account.
        plan: key of the plan that counts now.
        trial_until: when the running trial of that plan ends; None when it is the account's own.
    """

    id: int
    name: str
    plan: str
    trial_until: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        until = self.trial_until.isoformat() if self.trial_until else None
        return {"id": self.id, "name": self.name, "plan": self.plan, "trial_until": until}


@dataclass(frozen=True, slots=True)
class PluginUse:
    """A plugin of which something changes: its title, and the account's numbers that use it."""

    plugin: str
    title: str
    numbers: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"plugin": self.plugin, "title": self.title, "numbers": list(self.numbers)}


@dataclass(frozen=True, slots=True)
class AffectedAccount:
    """An account for which something changes; gains, losses and all else, in one list."""

    account: Who
    differences: tuple[Difference, ...]
    uses: tuple[PluginUse, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "account": self.account.as_json(),
            "differences": [one.as_json() for one in self.differences],
            "uses": [one.as_json() for one in self.uses],
        }
