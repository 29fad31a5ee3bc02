"""One call kept in memory: the journal and the ledger of a dry run (S3).

The engine is the live one; only what it would write stays here. Nothing of other calls is looked
at: a dry run asks what would happen at some other time, when nobody is busy with today's calls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any

from core.calls.found import Found
from core.calls.journal import Journal
from core.calls.order import Leg
from core.calls.state import State
from core.contract.call import WaitingCall
from core.contract.events import CallArrived, Event
from core.plans.gate import Grants
from core.plans.quota.units import Quota


class MemoryJournal(Journal):
    """A journal that reads accounts and lines from the database and keeps its call to itself.

    Args:
        plan: the plan to try the call on; "" for the account's own.
    """

    live = False

    def __init__(self, journal: Journal, plan: str = "") -> None:
        super().__init__(journal.store, journal.registry)
        self.line_setup = journal.line_setup
        self.extensions = journal.extensions
        self._plan = plan
        self._found: Found | None = None
        self._state = ""
        self.trace: list[dict[str, Any]] = []
        self.faults: list[tuple] = []

    def find(self, event: Event) -> Found:
        """The one call, as it was last saved; at first a fresh one."""
        if self._found is None and isinstance(event, CallArrived):
            found = self._find_arrival(event)
            found.dry = True
            if self._plan:
                found.account = replace(found.account, plan=self._plan)
            return found
        self._found.state = State.from_text(self._state)
        return self._found

    def busy(self, account_id: int, call_id: int) -> frozenset[int]:
        """Nobody: the dry run is about another time."""
        return frozenset()

    def waiting_calls(self, account_id: int, call_id: int) -> tuple[WaitingCall, ...]:
        """None, for the same reason."""
        return ()

    def take_turn(self, account_id: int) -> None:
        """There are no others."""

    def outside_legs(self, account_id: int, since: datetime) -> tuple[int, int]:
        """None, for the same reason."""
        return 0, 0

    def transaction(self) -> AbstractContextManager:
        """Nothing is written."""
        return nullcontext()

    def add_call(self, found: Found, gateway_id: int) -> int:
        """The call gets an id that no stored call has."""
        self._found = found
        return -1

    def save_call(self, found: Found) -> None:
        """Keep the state."""
        self._state = found.state.as_text()

    def add_event(self, found: Found, event: Event, answer: str, trace: list) -> None:
        """Keep the trace."""
        self.trace.extend(trace)

    def add_faults(self, found: Found, faults: Iterable[tuple], at: datetime) -> None:
        """Keep the faults."""
        self.faults.extend(faults)

    def add_legs(self, found: Found, legs: Iterable[Leg], at: datetime) -> None:
        """Nobody was really offered anything."""

    def add_dialler(self, *_: Any) -> None:
        """Nobody dials."""

    def leg_changed(self, *_: Any) -> None:
        """No phone rings."""

    def end_legs(self, *_: Any) -> None:
        """No phone rings."""

    def talked(self, *_: Any) -> None:
        """Nobody needs to wrap up."""

    def add_notices(self, *_: Any, **__: Any) -> None:
        """No plugin is told, so none writes."""


class MemoryLedger:
    """Says what the quota would say, and takes nothing."""

    def __init__(self, quota: Quota) -> None:
        self._quota = quota
        self.used: Counter[str] = Counter()

    def take(self, found: Found, grants: Grants, unit: str, at: datetime) -> Any:
        """The balance's own decision; a unit that would be granted is counted here."""
        decision = grants.ask(unit)
        if decision.allowed:
            decision = self._quota.count(found.account, decision, at)
        if decision.allowed:
            self.used[unit] += 1
        return decision

    def start(self, *_: Any) -> bool:
        """Nothing is recorded, but a call would be."""
        return True

    def release(self, found: Found, unit: str, at: datetime) -> None:
        """The unit would come back."""
        self.used[unit] -= 1

    def commit(self, *_: Any) -> None:
        """Nothing is recorded."""
