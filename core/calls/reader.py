"""Finds the call that an event is about: the reading half of the journal, written by hand."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from core.calls.dialling import Extensions, outside_number
from core.calls.found import Found, LineSetup
from core.calls.state import State
from core.contract.call import Account, Direction, Line, LineKind, WaitingCall
from core.contract.errors import NotFound
from core.contract.events import CallArrived, CallDialled, CallEnded, Event
from core.registry import Registry
from core.store.database import Store, read_instant
from core.store.directory import employees
from core.store.snapshot import snapshot

ACCOUNT = "a.id, a.name, a.plan, a.timezone, a.country, a.language, a.version, a.backup_number"
LINE = "l.id, l.number, l.name, l.kind, l.timezone, l.backup_number"
CALL = "c.id, c.version, c.state, c.token, c.ref, c.caller, c.called, c.started_at, c.answered_at"
CALL += ", c.ended_at, c.outcome, c.employee_id, c.talk_seconds, c.direction"

FIND_LINE = (
    f"SELECT {ACCOUNT}, {LINE} FROM lines l JOIN accounts a ON a.id = l.account_id"
    " WHERE l.number = ? AND l.gateway_id = ?"
)
FIND_DIALLED = (
    f"SELECT {ACCOUNT}, {LINE} FROM gateways g JOIN accounts a ON a.id = g.account_id"
    " LEFT JOIN lines l ON l.gateway_id = g.id AND l.kind <> ?"
    " WHERE g.id = ? ORDER BY l.id LIMIT 1"
)
FIND_CALL = (
    f"SELECT {ACCOUNT}, {LINE}, {CALL}, e.answer FROM calls c"
    " JOIN accounts a ON a.id = c.account_id LEFT JOIN lines l ON l.id = c.line_id"
    " LEFT JOIN call_events e ON e.call_id = c.id AND e.key = ?"
)
BY_TOKEN = f"{FIND_CALL} WHERE c.token = ? AND c.gateway_id = ?"
BY_REF = f"{FIND_CALL} WHERE c.gateway_id = ? AND c.ref = ?"
BY_ID = f"{FIND_CALL} WHERE c.id = ?"


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
        self.extensions = Extensions(registry)

    def find(self, event: Event) -> Found:
        """The call an event is about; for an arrival that is new, a call that is not stored yet.

        Raises:
            NotFound: no such call, number or employee at this gateway.
        """
        if isinstance(event, CallArrived):
            return self._find_arrival(event)
        if isinstance(event, CallDialled):
            return self._find_dialled(event)
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

    def _find_dialled(self, event: CallDialled) -> Found:
        """An extension needs no line; a number outside is dialled over the account's first line of
        this gateway that may dial out."""
        row = self.store.row(BY_REF, (event.key, event.gateway_id, event.ref))
        if row is not None:
            return self._found(row)
        partner = str(LineKind.APPLICATION)  # the one kind that dials nobody
        row = self.store.row(FIND_DIALLED, (partner, event.gateway_id))
        account, line, backup = _pictures(row[:14]) if row else (None, None, "")
        employee = employees(account).get(event.employee) if account else None
        if employee is None:
            raise NotFound(f"There is no employee {event.employee} at this gateway.")
        inside = bool(self.extensions.find(account, event.dialled))
        if inside:
            line = replace(line, id=0, number="", name="")
        return Found(
            account=account,
            line=line,
            backup=backup,
            token=secrets.token_urlsafe(18),
            ref=event.ref,
            caller=employee.extension if inside else line.number,
            called=event.dialled if inside else outside_number(event.dialled, account.country),
            started_at=event.at,
            employee=employee.id,
            direction=Direction.INTERNAL if inside else Direction.OUTGOING,
            state=State(dialler=employee.id),
        )

    def _found(self, row: tuple) -> Found:
        account, line, backup = _pictures(row[:14])
        (
            id, version, state, token, ref, caller, called, started, answered,
            ended, outcome, employee, talk_seconds, direction, answer,
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
            direction=Direction(direction),
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

    def take_turn(self, account_id: int) -> None:
        """Until the transaction ends, no other call of the account can begin to ring anybody: on
        SQLite it holds the one write lock already."""
        if not self.store.sqlite:
            self.store.row("SELECT id FROM accounts WHERE id = ? FOR NO KEY UPDATE", (account_id,))

    def outside_legs(self, account_id: int, since: datetime) -> tuple[int, int]:
        """How many outside numbers are on the line now, and how many were dialled since (O8)."""
        self.take_turn(account_id)
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
