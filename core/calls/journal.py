"""Reads and writes calls: the few statements of the call path, written by hand, in one place."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import peewee

from core.calls.order import Leg
from core.calls.state import State
from core.contract.call import Account, Call, Line, LineKind, Outcome
from core.contract.errors import Conflict, NotFound
from core.contract.events import CallArrived, CallEnded, Event
from core.contract.steps import Phone
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


_encode = json.JSONEncoder(ensure_ascii=False).encode
"""Made once: ``json.dumps`` with options makes an encoder at every call."""


@dataclass(slots=True)
class Found:
    """A call as an event finds it. ``id`` 0: not stored yet. ``final``: its outcome was stored
    already. ``answer``: the event was here before, and this is what it got."""

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

    def call(self, at: datetime, busy: frozenset[int] = frozenset()) -> Call:
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
        )


@dataclass(frozen=True, slots=True)
class LineSetup:
    """What an admin chose for a line: the plugins that are off, and the stored settings."""

    off: frozenset[str]
    stored: dict[str, str]


class Journal:
    """Calls in the database.

    Args:
        store: an open database.
        registry: says which plugins are on for a line that says nothing of them.
    """

    def __init__(self, store: Store, registry: Registry) -> None:
        self._store = store
        self._registry = registry
        self.line_setup = snapshot(self._read_line_setup)

    # Reading

    def find(self, event: Event) -> Found:
        """The call an event is about; for an arrival that is new, a call that is not stored yet.

        Raises:
            NotFound: no such call, or no such number at this gateway.
        """
        if isinstance(event, CallArrived):
            return self._find_arrival(event)
        if isinstance(event, CallEnded):
            row = self._store.row(BY_REF, (event.key, event.gateway_id, event.ref))
        else:
            row = self._store.row(BY_TOKEN, (event.key, event.token, event.gateway_id))
        if row is None:
            raise NotFound("There is no such call at this gateway.")
        return self._found(row)

    def by_id(self, call_id: int) -> Found:
        """A stored call.

        Raises:
            NotFound: it was deleted.
        """
        row = self._store.row(BY_ID, ("", call_id))
        if row is None:
            raise NotFound("There is no such call.")
        return self._found(row)

    def _find_arrival(self, event: CallArrived) -> Found:
        row = self._store.row(BY_REF, (event.key, event.gateway_id, event.ref))
        if row is not None:
            return self._found(row)
        row = self._store.row(FIND_LINE, (event.number, event.gateway_id))
        if row is None:
            raise NotFound(f"{event.number} is no number of this gateway.")
        account, line, backup = _pictures(row)
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
        account, line, backup = _pictures(row)
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
            for name, one in self._registry.plugins.items()
        }
        stored: dict[str, str] = {}
        for plugin, switched, text in self._store.rows(
            'SELECT plugin, "on", stored FROM line_profiles WHERE line_id = ?', (line_id,)
        ):
            on[plugin], stored[plugin] = bool(switched), text
        for (plugin,) in self._store.rows(
            'SELECT plugin FROM plugin_switches WHERE account_id = ? AND NOT "on"', (account_id,)
        ):
            on[plugin] = False
        return LineSetup(frozenset(name for name, switched in on.items() if not switched), stored)

    def busy(self, account_id: int, call_id: int) -> frozenset[int]:
        """The employees whom other calls ring, or who talk in them, now."""
        rows = self._store.rows(
            "SELECT employee FROM call_legs"
            " WHERE account_id = ? AND ended_at IS NULL AND employee IS NOT NULL"
            " AND call_id <> ?",
            (account_id, call_id),
        )
        return frozenset(row[0] for row in rows)

    def outside_legs(self, account_id: int, since: datetime) -> tuple[int, int]:
        """How many outside numbers are on the line now, and how many were dialled since (O8).

        Until the transaction ends, no other call of the account can be counted: on SQLite it holds
        the one write lock already.
        """
        if not self._store.sqlite:
            self._store.row("SELECT id FROM accounts WHERE id = ? FOR NO KEY UPDATE", (account_id,))
        return self._store.row(
            "SELECT (SELECT count(*) FROM call_legs WHERE account_id = ? AND ended_at IS NULL"
            " AND outside), (SELECT count(*) FROM call_legs WHERE account_id = ? AND outside"
            " AND started_at >= ?)",
            (account_id, account_id, self._store.instant(since)),
        )

    # Writing, inside a transaction

    def transaction(self) -> Any:
        """One short write transaction."""
        return self._store.transaction()

    def add_call(self, found: Found, gateway_id: int) -> int:
        """Store a new call; returns its id.

        Raises:
            Conflict: the same arrival was stored meanwhile.
        """
        try:
            row = self._store.row(
                "INSERT INTO calls (account_id, line_id, gateway_id, ref, token, caller, called,"
                " started_at, client_name, talk_seconds, version, state)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', 0, 1, '{}') RETURNING id",
                (
                    found.account.id,
                    found.line.id,
                    gateway_id,
                    found.ref,
                    found.token,
                    found.caller,
                    found.called,
                    self._store.instant(found.started_at),
                ),
            )
        except peewee.IntegrityError as error:
            raise Conflict("This call was stored meanwhile.") from error
        found.version = 1
        return row[0]

    def save_call(self, found: Found) -> None:
        """Write the call's row.

        Raises:
            Conflict: another event changed it since it was read.
        """
        try:
            touched = self._update_call(found)
        except peewee.IntegrityError as error:
            raise Conflict("What the call refers to was deleted meanwhile.") from error
        if not touched:
            raise Conflict("The call was changed by another event.")

    def _update_call(self, found: Found) -> int:
        instant = self._store.instant
        client = found.state.client
        return self._store.execute(
            "UPDATE calls SET version = version + 1, state = ?, answered_at = ?, ended_at = ?,"
            " outcome = ?, employee_id = ?, client_name = ?, talk_seconds = ?"
            " WHERE id = ? AND version = ?",
            (
                found.state.as_text(),
                found.answered_at and instant(found.answered_at),
                found.ended_at and instant(found.ended_at),
                found.outcome or None,
                found.employee,
                client["name"] if client else "",
                found.talk_seconds,
                found.id,
                found.version,
            ),
        )

    def add_event(self, found: Found, event: Event, answer: str, trace: list) -> None:
        """Store the event with its answer and trace.

        Raises:
            Conflict: the same event was stored meanwhile.
        """
        try:
            self._store.execute(
                "INSERT INTO call_events (account_id, call_id, key, at, answer, trace)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    found.account.id,
                    found.id,
                    event.key,
                    self._store.instant(event.at),
                    answer,
                    _encode(trace) if trace else "[]",
                ),
            )
        except peewee.IntegrityError as error:
            raise Conflict("This event was stored meanwhile.") from error

    def add_legs(self, found: Found, legs: Iterable[Leg], at: datetime) -> None:
        """Note that these phones are rung, and that each was offered a call."""
        started = self._store.instant(at)
        account = found.account.id
        for leg in legs:
            target = leg.target
            outside = isinstance(target, Phone)
            address = target.number if outside else target.address
            self._store.execute(
                "INSERT INTO call_legs (account_id, call_id, number, target, employee, address,"
                " outside, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (account, found.id, leg.number, target.key, target.employee, address, outside,
                 started),
            )  # fmt: skip
            self._store.execute(
                "INSERT INTO offers (account_id, target, offered_at) VALUES (?, ?, ?)"
                " ON CONFLICT (account_id, target) DO UPDATE SET offered_at = excluded.offered_at",
                (account, target.key, started),
            )

    def leg_changed(self, found: Found, leg: int, answered: datetime | None,
                    ended: datetime | None, ring: str | None) -> None:  # fmt: skip
        """Note what happened to one phone; what is known already stays."""
        instant = self._store.instant
        self._store.execute(
            "UPDATE call_legs SET answered_at = coalesce(answered_at, ?),"
            " ended_at = coalesce(ended_at, ?), ring = coalesce(ring, ?)"
            " WHERE call_id = ? AND number = ?",
            (answered and instant(answered), ended and instant(ended), ring, found.id, leg),
        )

    def end_legs(self, found: Found, at: datetime, ring: str) -> None:
        """All phones of the call have stopped ringing or talking."""
        self._store.execute(
            "UPDATE call_legs SET ended_at = ?, ring = coalesce(ring, ?)"
            " WHERE call_id = ? AND ended_at IS NULL",
            (self._store.instant(at), ring, found.id),
        )

    def talked(self, found: Found, target: str, at: datetime) -> None:
        """Somebody has just stopped talking: wrap-up counts from here (R6)."""
        self._store.execute(
            "UPDATE offers SET talked_until = ? WHERE account_id = ? AND target = ?",
            (self._store.instant(at), found.account.id, target),
        )

    def add_notices(self, found: Found, hook: str, plugins: Iterable[str], at: datetime,
                    recording: int | None = None) -> None:  # fmt: skip
        """Queue a notice for each plugin; the jobs process delivers it."""
        for plugin in plugins:
            self._store.execute(
                "INSERT INTO notices (account_id, call_id, recording_id, hook, plugin, at, tries)"
                " VALUES (?, ?, ?, ?, ?, ?, 0)",
                (found.account.id, found.id, recording, hook, plugin, self._store.instant(at)),
            )

    def add_faults(self, found: Found, faults: Iterable[tuple], at: datetime) -> None:
        """Keep plugins' faults (plugin, hook, sentence, left out until) for the admin's page."""
        for plugin, hook, sentence, until in faults:
            self._store.execute(
                "INSERT INTO plugin_faults (account_id, plugin, hook, call_id, at, text,"
                " left_out_until) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (found.account.id, plugin, hook, found.id, self._store.instant(at),
                 sentence[:2000], until and self._store.instant(until)),
            )  # fmt: skip

    def announce_recording(self, found: Found, event: Any) -> None:
        """The provider has news of a recording; what we have stored already stays."""
        status = "announced" if event.status == "completed" else event.status
        at = self._store.instant(event.at)
        self._store.execute(
            "INSERT INTO recordings (account_id, call_id, kind, ref, url, status, channels,"
            " seconds, bytes, path, recipient, announced_at, try_at, tries, legal_hold)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '', ?, ?, ?, 0, ?)"
            " ON CONFLICT (call_id, ref) DO UPDATE SET url = excluded.url,"
            " status = excluded.status, seconds = excluded.seconds, channels = excluded.channels,"
            " try_at = excluded.try_at WHERE recordings.status IN ('in-progress', 'announced')",
            (found.account.id, found.id, event.kind, event.ref, event.url, status,
             event.channels, event.seconds, found.state.recipient, at, at, False),
        )  # fmt: skip


def _pictures(row: tuple) -> tuple[Account, Line, str]:
    """The account, the line and the backup number from the first columns of a row."""
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
