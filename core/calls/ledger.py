"""Takes and gives back the quota units of a call's talk, inside the engine's transaction (Q4).

The unit is *held* while the caller is asked for consent, *started* with the order that makes the
recording, and settled by evidence: a stored file commits it; no talk, no sound or no file gives it
back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.calls.found import Found
from core.plans.gate import Grants
from core.plans.quota.units import Quota


class Ledger:
    """The units of talks, in the database."""

    def __init__(self, quota: Quota) -> None:
        self._quota = quota

    def take(self, found: Found, grants: Grants, unit: str, at: datetime) -> Any:
        """Hold a unit for the call; returns the gate's decision, granted or not."""
        decision = grants.ask(unit)
        if not decision.allowed:
            return decision
        return self._quota.take(found.account, decision, unit, found.id, at)

    def start(self, found: Found, unit: str, at: datetime) -> bool:
        """The recording is ordered in this very transaction; False: its unit has come back
        meanwhile, and nothing may be recorded."""
        return self._quota.start(found.account, unit, found.id, at)

    def release(self, found: Found, unit: str, at: datetime) -> None:
        """Surely nothing was recorded: the unit comes back."""
        self._quota.release(found.account, unit, found.id, at)

    def commit(self, found: Found, unit: str, at: datetime) -> None:
        """There is a file with sound: the unit is used."""
        self._quota.commit(found.account, unit, found.id, at)
