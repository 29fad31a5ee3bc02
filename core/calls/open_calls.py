"""The calls that are not over, for a gateway's process that was started again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.calls.state import State
from core.store.database import Store, read_instant

OPEN_CALLS = (
    "SELECT c.account_id, c.gateway_id, c.ref, c.token, c.state, c.answered_at, c.ended_at,"
    " (SELECT e.answer FROM call_events e WHERE e.call_id = c.id AND e.answer <> ''"
    " ORDER BY e.id DESC LIMIT 1)"
    " FROM calls c JOIN gateways g ON g.id = c.gateway_id"
    " WHERE c.outcome IS NULL AND g.kind = ? ORDER BY c.started_at"
)


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that is not over, as a gateway's process finds it again after a start.

    Args:
        number: of the step that was last sent out; ``pending`` its kind: ``ring``, ``gather``,
            ``play``, ``wait``, ``message``, ``consent``, or "" when none waits.
        answer: what was last answered: how that step is carried out.
        accepted: number of the leg that has the call, 0 for none.
        answered_at: when somebody first answered; ``ended_at``: when the caller's leg was over.
    """

    account_id: int
    gateway_id: int
    ref: str
    token: str
    number: int
    pending: str
    answer: str
    accepted: int
    answered_at: datetime | None
    ended_at: datetime | None


def open_calls(store: Store, kind: str) -> tuple[OpenCall, ...]:
    """The calls of all gateways of a kind that have no outcome yet, oldest first."""
    return tuple(_open_call(row) for row in store.rows(OPEN_CALLS, (kind,)))


def _open_call(row: tuple) -> OpenCall:
    account, gateway, ref, token, text, answered, ended, answer = row
    state = State.from_text(text)
    return OpenCall(
        account_id=account,
        gateway_id=gateway,
        ref=ref,
        token=token,
        number=state.number,
        pending=state.pending,
        answer=answer or "",
        accepted=state.accepted,
        answered_at=read_instant(answered),
        ended_at=read_instant(ended),
    )
