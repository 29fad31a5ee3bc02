"""Finds the call that an event is about: the reading half of the journal, written by hand."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from core.calls.state import State
from core.contract.call import Account, Call, Line, LineKind, Outcome, WaitingCall
from core.contract.errors import NotFound
from core.contract.events import CallArrived, CallEnded, Event
from core.registry import Registry
from core.store.database import Store, read_instant
from core.store.snapshot import snapshot

ACCOUNT = "a.id, a.name, a.plan, a.timezone, a.country, a.language, a.version, a.backup_number"
LINE = "l.id, l.number, l.name, l.kind, l.timezone, l.backup_number"
CALL = "c.id, c.version, c.state, c.token, c.ref, c.caller, c.called, c.started_at, c.answered_at"
CALL += ", c.ended_at, c.outcome, c.employee_id, c.talk_seconds"

FIND_LINE = (
    f"SELECT {ACCOUNT}, {LINE} FROM lines l JOIN accounts a ON a.id = l.account_id"
    " WHERE l.number = ? AND l.gateway_id = ?"
)
FIND_CALL = (
    f"SELECT {ACCOUNT}, {LINE}, {CALL}, e.answer FROM calls c"
    " JOIN accounts a ON a.id = c.account_id LEFT JOIN lines l ON l.id = c.line_id"
    " LEFT JOIN call_events e ON e.call_id = c.id AND e.key = ?"
)
BY_TOKEN = f"{FIND_CALL} WHERE c.token = ? AND c.gateway_id = ?"
BY_REF = f"{FIND_CALL} WHERE c.gateway_id = ? AND c.ref = ?"
BY_ID = f"{FIND_CALL} WHERE c.id = ?"
OPEN_CALLS = (
    "SELECT c.account_id, c.gateway_id, c.ref, c.token, c.state, c.answered_at, c.ended_at,"
    " (SELECT e.answer FROM call_events e WHERE e.call_id = c.id AND e.answer <> ''"
    " ORDER BY e.id DESC LIMIT 1)"
    " FROM calls c JOIN gateways g ON g.id = c.gateway_id"
    " WHERE c.outcome IS NULL AND g.kind = ? ORDER BY c.started_at"
)


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
    answer: str | None = None
    dry: bool = False

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
            facts=state.facts,
            waiting_calls=waiting_calls,
            dry=self.dry,
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


class Reader:
    """Reads calls.

    Args:
        store: an open database.
        registry: says which plugins are on for a line that says nothing of them.
    """

    def __init__(self, store: Store, registry: Registry) -> None:
        self.store = store
        self.registry = registry
        self.line_setup = snapshot(self._read_line_setup)

    def find(self, event: Event) -> Found:
        """The call an event is about; for an arrival that is new, a call that is not stored yet.

        Raises:
            NotFound: no such call, or no such number at this gateway.
        """
        if isinstance(event, CallArrived):
            return self._find_arrival(event)
        if isinstance(event, CallEnded):
            row = self.store.row(BY_REF, (event.key, event.gateway_id, event.ref))
        else:
            row = self.store.row(BY_TOKEN, (event.key, event.token, event.gateway_id))
        if row is None:
            raise NotFound("There is no such call at this gateway.")
        return self._found(row)

    def by_id(self, call_id: int) -> Found:
        """A stored call.

        Raises:
            NotFound: it was deleted.
        """
        row = self.store.row(BY_ID, ("", call_id))
        if row is None:
            raise NotFound("There is no such call.")
        return self._found(row)

    def open_calls(self, kind: str) -> tuple[OpenCall, ...]:
        """The calls of all gateways of a kind that have no outcome yet, oldest first."""
        return tuple(_open_call(row) for row in self.store.rows(OPEN_CALLS, (kind,)))

    def _find_arrival(self, event: CallArrived) -> Found:
        row = self.store.row(BY_REF, (event.key, event.gateway_id, event.ref))
        if row is not None:
            return self._found(row)
        row = self.store.row(FIND_LINE, (event.number, event.gateway_id))
        if row is None:
            raise NotFound(f"{event.number} is no number of this gateway.")
        account, line, backup = _pictures(row[:14])
        return Found(
            account=account,
            line=line,
            backup=backup,
            token=secrets.token_urlsafe(18),
            ref=event.ref,
            caller=event.caller,
            called=event.number,
            started_at=event.at,
            state=State(sip_to=event.sip_to),
        )

    def _found(self, row: tuple) -> Found:
        account, line, backup = _pictures(row[:14])
        (
            id, version, state, token, ref, caller, called, started, answered,
            ended, outcome, employee, talk_seconds, answer,
        ) = row[14:]  # fmt: skip
        return Found(
            account=account,
            line=line,
            backup=backup,
            token=token,
            ref=ref,
            caller=caller,
            called=called,
            started_at=read_instant(started),
            id=id,
            version=version,
            state=State.from_text(state),
            answered_at=read_instant(answered),
            ended_at=read_instant(ended),
            outcome=outcome or "",
            final=bool(outcome),
            employee=employee,
            talk_seconds=talk_seconds,
            answer=answer,
        )

    def _read_line_setup(self, account_id: int, line_id: int) -> LineSetup:
        on = {
            name: not one.plugin.optional or one.plugin.on_by_default
            for name, one in self.registry.plugins.items()
        }
        stored: dict[str, str] = {}
        for plugin, switched, text in self.store.rows(
            'SELECT plugin, "on", stored FROM line_profiles WHERE line_id = ?', (line_id,)
        ):
            on[plugin], stored[plugin] = bool(switched), text
        switches = self.store.rows(
            'SELECT plugin FROM plugin_switches WHERE account_id = ? AND NOT "on"', (account_id,)
        )
        account_off = frozenset(plugin for (plugin,) in switches)
        off = account_off | {name for name, switched in on.items() if not switched}
        return LineSetup(off, stored, account_off)

    def busy(self, account_id: int, call_id: int) -> frozenset[int]:
        """The employees whom other calls ring, or who talk in them, now."""
        rows = self.store.rows(
            "SELECT employee FROM call_legs"
            " WHERE account_id = ? AND ended_at IS NULL AND employee IS NOT NULL"
            " AND call_id <> ?",
            (account_id, call_id),
        )
        return frozenset(row[0] for row in rows)

    def waiting_calls(self, account_id: int, call_id: int) -> tuple[WaitingCall, ...]:
        """The other calls of the account whose callers wait now (R6)."""
        rows = self.store.rows(
            "SELECT id, state FROM calls WHERE account_id = ? AND outcome IS NULL"
            " AND ended_at IS NULL AND id <> ? AND state LIKE ?",
            (account_id, call_id, '%"pending":"wait"%'),
        )
        states = ((row[0], State.from_text(row[1])) for row in rows)
        return tuple(WaitingCall(id, one.facts) for id, one in states if one.pending == "wait")

    def outside_legs(self, account_id: int, since: datetime) -> tuple[int, int]:
        """How many outside numbers are on the line now, and how many were dialled since (O8).

        Until the transaction ends, no other call of the account can be counted: on SQLite it holds
        the one write lock already.
        """
        if not self.store.sqlite:
            self.store.row("SELECT id FROM accounts WHERE id = ? FOR NO KEY UPDATE", (account_id,))
        return self.store.row(
            "SELECT (SELECT count(*) FROM call_legs WHERE account_id = ? AND ended_at IS NULL"
            " AND outside), (SELECT count(*) FROM call_legs WHERE account_id = ? AND outside"
            " AND started_at >= ?)",
            (account_id, account_id, self.store.instant(since)),
        )


@lru_cache(maxsize=4_000)
def _pictures(row: tuple) -> tuple[Account, Line, str]:
    """The account, the line and the backup number from the first columns of a row; the same ones
    for every event of a number, until something of them changes."""
    account = Account(*row[:7])
    line_id, number, name, kind, timezone, backup = row[8:14]
    line = Line(
        line_id or 0,
        number or "",
        name or "",
        LineKind(kind or LineKind.RENTED),
        timezone or account.timezone,
    )
    return account, line, backup or row[7]


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
