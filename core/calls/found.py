"""A call as an event finds it, and what the admin chose for its line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.calls.state import State
from core.contract.call import Account, Call, Direction, Line, Outcome, WaitingCall


@dataclass(slots=True)
class Found:
    """A call as an event finds it. ``id`` 0: not stored yet. ``final``: its outcome was stored
    already. ``answer``: the event was here before, and this is what it got. ``dry``: a dry run."""

    account: Account
    line: Line
    backup: str
    token: str
    ref: str
    caller: str
    called: str
    started_at: datetime
    id: int = 0
    version: int = 0
    state: State = field(default_factory=State)
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""
    final: bool = False
    employee: int | None = None
    talk_seconds: int = 0
    direction: Direction = Direction.INCOMING
    answer: str | None = None
    dry: bool = False

    @property
    def dialled(self) -> bool:
        """Whether an employee dialled this call, and no outsider."""
        return self.direction is not Direction.INCOMING

    def call(
        self,
        at: datetime,
        busy: frozenset[int] = frozenset(),
        waiting_calls: Callable[[], Sequence[WaitingCall]] = tuple,
    ) -> Call:
        """The frozen picture that hooks are shown."""
        state = self.state
        return Call(
            id=self.id,
            account=self.account,
            line=self.line,
            caller=self.caller,
            called=self.called,
            started_at=self.started_at,
            at=at,
            client=state.known_client(),
            sip_to=state.sip_to,
            busy=busy,
            refused=frozenset(state.refused),
            outcome=Outcome(self.outcome) if self.outcome else None,
            talk=state.last_talk(),
            talks=state.talks(),
            direction=self.direction,
            employee=self.employee if self.dialled else None,
            facts=state.facts,
            waiting_calls=waiting_calls,
            dry=self.dry,
        )


@dataclass(frozen=True, slots=True)
class LineSetup:
    """What an admin chose for a line: the plugins that are off, and the stored settings.

    ``account_off`` are the plugins that are off for the whole account. ``answerers`` remembers, for
    as long as that stands, who answers which hook with what settings, and who is skipped why.
    """

    off: frozenset[str]
    stored: dict[str, str]
    account_off: frozenset[str] = frozenset()
    answerers: dict[Any, dict[Any, Any]] = field(default_factory=dict, compare=False, repr=False)
