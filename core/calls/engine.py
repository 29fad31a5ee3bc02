"""Takes events from gateways and gives back what to say: the persisted state machine of calls.

For each event: find the call; ask the plugins, before any lock is held and under a deadline; then
one short transaction that takes quota units, renders the answer and stores state, trace and answer
under the event's key. When somebody else changed the call meanwhile, all of it is done again. An
event that was here before gets its stored answer, byte for byte. Nothing is kept in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import peewee

from core.calls.ending import end_call
from core.calls.found import Found
from core.calls.journal import Journal
from core.calls.ledger import Ledger
from core.calls.order import Answer, Order
from core.calls.ringing import hand_over, note_leg, note_message, ring_result
from core.calls.runner import TooSlow
from core.calls.terms import CapsReached
from core.calls.thinking import Attempt, Draft, Thinker
from core.calls.writing import Writer
from core.contract.errors import Conflict, NotFound, StoreUnavailable
from core.contract.events import (
    CallArrived,
    CallDialled,
    CallEnded,
    Event,
    LegChanged,
    RecordingChanged,
    StepEnded,
    TalkHandedOver,
)
from core.contract.steps import Hangup, Step

CONFLICTS = 20
"""How often an event is thought through again because the call changed meanwhile, or somebody whom
it was to ring is rung by another call now: each time that other call has got its answer."""

Render = Callable[[Order], str]
Decided = Callable[[Step], None]


class Engine:
    """Delivers events.

    Args:
        journal, ledger: where calls and quota units are kept.
        thinker: asks the plugins.
        answer_seconds: how long all plugins together may think about one event.
    """

    def __init__(
        self, journal: Journal, ledger: Ledger, thinker: Thinker, answer_seconds: float
    ) -> None:
        self.journal = journal
        self.thinker = thinker
        self._writer = Writer(journal, ledger, thinker)
        self._answer_seconds = answer_seconds

    def deliver(self, event: Event, render: Render, decided: Decided | None = None) -> Answer:
        """Take an event.

        Args:
            event: what a gateway reports.
            render: turns an order into the gateway's answer; called inside the transaction, and
                not for events that need no answer.
            decided: is told the step for a new call as soon as the plugins have thought, before it
                is written; only a ``Ring`` may yet become another one. When it cannot be written,
                the call is thought through again, or this raises.

        Returns:
            The answer, the stored one when the event was here before.

        Raises:
            NotFound: no such call, or no such number at this gateway.
            StoreUnavailable: the database does not answer.
            Conflict: the call kept changing; the provider may send the event again.
        """
        try:
            return self._deliver(event, render, decided)
        except (peewee.OperationalError, peewee.InterfaceError) as error:
            raise StoreUnavailable(f"The database does not answer: {error}") from error

    def _deliver(self, event: Event, render: Render, decided: Decided | None) -> Answer:
        attempt = Attempt(monotonic() + self._answer_seconds)
        conflicts = 0
        while conflicts < CONFLICTS:
            found = self.journal.find(event)
            if found.answer is not None:
                return Answer(found.answer, repeated=True)
            try:
                return Answer(self._take(event, found, render, decided, attempt))
            except TooSlow as too_slow:
                attempt.slow |= {too_slow.plugin}
            except CapsReached as reached:
                attempt.caps_reached = reached.sentence
            except Conflict:
                conflicts += 1
        raise Conflict("The call keeps changing; the event was not taken.")

    def _take(
        self,
        event: Event,
        found: Found,
        render: Render,
        decided: Decided | None,
        attempt: Attempt,
    ) -> str:
        match event:
            case LegChanged():
                return self._leg_changed(event, found)
            case RecordingChanged():
                moved = note_message(found.state, event)
                return self._writer.recording(event, found, moved=moved)
            case CallEnded():
                return self._call_ended(event, found)
            case TalkHandedOver():
                return self._writer.handed(event, found, hand_over(found, event))
            case CallArrived() | CallDialled():
                draft = self.thinker.arrival(event, found, attempt)
                if decided is not None:
                    decided(draft.step)
                return self._writer.step(event, found, draft, render)
            case StepEnded():
                return self._step_ended(event, found, render, attempt)
        raise TypeError(f"{event!r} is no event")

    def _step_ended(self, event: StepEnded, found: Found, render: Render, attempt: Attempt) -> str:
        """A waiting step has its result: go on, or end the call when the caller has gone."""
        if event.step != found.state.number:
            raise NotFound("This step of the call is over.")
        if not found.state.pending:
            return self._writer.step(event, found, Draft(Hangup()), render)
        result = ring_result(found, event)
        if result.caller_gone or found.ended_at is not None:
            found.state.pending = ""
            end_call(found, event.at, by_caller=True)
            return self._writer.step(event, found, Draft(Hangup()), render, result)
        draft = self.thinker.result(event, found, result, attempt)
        return self._writer.step(event, found, draft, render, result)

    def _leg_changed(self, event: LegChanged, found: Found) -> str:
        """One phone reports; the call itself does not move."""
        moved = note_leg(found, event)
        return self._writer.leg(event, found, moved=moved)

    def _call_ended(self, event: CallEnded, found: Found) -> str:
        """The caller's leg is over. A result that is still under way may yet say how it went."""
        if found.ended_at is None:
            end_call(found, event.at, by_caller=True)
        return self._writer.end(event, found)
