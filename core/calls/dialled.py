"""What employees decide with their own phones: whom they call, and to whom they transfer a call.

The other half of the conductor: no stage of the routing is asked, and no plugin for the next step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.calls.asking import Asker
from core.calls.dialling import Extensions, way_to, who_transferred
from core.calls.guard import is_emergency
from core.calls.state import CORE, State, target_as_json, target_from_json
from core.contract.call import Direction, Outcome
from core.contract.events import Result, RingOutcome
from core.contract.steps import Hangup, Reject, Ring, Step, TalkTerms
from core.contract.texts import N_

DIAL_SECONDS = 60
"""How long a number that an employee dials is rung."""

TRANSFER_SECONDS = 30
"""How long an outside number is rung to which a call is transferred, and who transferred it when
nobody answers there."""

NO_LINE = N_("None of the numbers of this gateway may dial out.")


@dataclass(frozen=True, slots=True)
class Move:
    """The step to send out. ``terms``: with the first Ring of a call, on what terms the talk could
    start, in order of preference; the engine takes the first whose unit is granted."""

    step: Step
    terms: tuple[tuple[str, TalkTerms], ...] = ()


class Dialling:
    """The part of a conductor that follows employees; see ``Conductor`` for its fields."""

    state: State
    asker: Asker
    extensions: Extensions

    def dialled(self) -> Move:
        """An employee has dialled an extension, or a number outside."""
        call = self.asker.call
        inside = call.direction is Direction.INTERNAL
        if not (inside or call.line.id or is_emergency(call.called, call.account.country)):
            self.asker.note("dialled", CORE, "refused", NO_LINE)
            return Move(Reject())
        return self._go_to(call.called, "dialled", Ring((), seconds=DIAL_SECONDS))

    @property
    def _by_employee(self) -> bool:
        """Whether an employee dialled this call: no routing, no backup number, no rating for it."""
        return self.asker.call.direction is not Direction.INCOMING

    def _not_reached(self) -> Move:
        """Nobody is left to be reached. An employee whose own call was not answered yet hears why
        from their phone."""
        only_rang = self.state.sent == self.state.rings
        if self.state.served or not (self._by_employee and only_rang):
            return Move(Hangup())
        if not self.state.legs and self.asker.call.direction is Direction.OUTGOING:
            return Move(Reject())
        busy = self.state.last_ring in ("", RingOutcome.BUSY)
        return Move(Reject(outcome=Outcome.MISSED, busy=busy))

    def _transferred(self, result: Result) -> Move:
        """The employee has sent the other party on, without asking there first; if nobody answers,
        they get it back, once."""
        state, call = self.state, self.asker.call
        outgoing = call.direction is Direction.OUTGOING
        by_caller = bool(state.dialler) and (result.by_caller or outgoing)
        who = who_transferred(call, by_caller=by_caller)
        state.served = True
        state.frames.clear()
        if by_caller:
            state.dialler = 0
        self._wait_for(CORE, {"recall": target_as_json(who)} if who else {})
        ring = Ring((), seconds=TRANSFER_SECONDS, outcome=Outcome.FORWARDED)
        return self._go_to(result.transfer, "transfer", ring)

    def _go_to(self, dialled: str, stage: str, ring: Ring) -> Move:
        """Connect to the extension, or ring the number outside."""
        account = self.asker.call.account
        kinds = self.asker.registry.destinations
        found = self.extensions.find(account, dialled)
        offered = [one for one in found if kinds[one.kind][1] in self.asker.enabled]
        step = way_to(dialled, account.country, offered, ring)
        self.asker.note_step(stage, CORE, step, step.reason)
        return self._take(CORE, step)

    def _recall(self, who: list[Any]) -> Move:
        """Nobody answered where the call was transferred to: ring the one who did that."""
        ring = Ring(
            (target_from_json(who),), seconds=TRANSFER_SECONDS, reason=N_("nobody answered there")
        )
        self.asker.note_step("recall", CORE, ring, ring.reason)
        return self._take(CORE, ring)

    def _forget_recall(self) -> None:
        """The party is served where it was transferred to."""
        self.state.frames = [frame for frame in self.state.frames if frame[0] != CORE]

    def _take(self, owner: str, step: Step) -> Move:
        """Follow a step."""
        raise NotImplementedError

    def _wait_for(self, owner: str, kept: dict[str, Any]) -> None:
        """The next result goes to this owner."""
        raise NotImplementedError
