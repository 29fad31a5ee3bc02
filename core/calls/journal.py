"""Keeps calls: the few statements that the call path writes, by hand, in one place."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import peewee

from core.calls.found import Found
from core.calls.order import Leg
from core.calls.reader import Reader
from core.contract.errors import Conflict
from core.contract.events import Event
from core.contract.steps import Phone, employee_key

_encode = json.JSONEncoder(ensure_ascii=False).encode
"""Made once: ``json.dumps`` with options makes an encoder at every call."""


class Journal(Reader):
    """Calls in the database. All but reading happens inside ``transaction``.

    ``live``: whether its calls happen now, so that it counts who is at work now (R7).
    """

    live = True

    def transaction(self) -> Any:
        """One short write transaction."""
        return self.store.transaction()

    def add_call(self, found: Found, gateway_id: int) -> int:
        """Store a new call; returns its id.

        Raises:
            Conflict: the same arrival was stored meanwhile.
        """
        try:
            row = self.store.row(
                "INSERT INTO calls (account_id, line_id, gateway_id, ref, token, caller, called,"
                " direction, started_at, client_name, talk_seconds, version, state)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 1, '{}') RETURNING id",
                (
                    found.account.id,
                    found.line.id or None,
                    gateway_id,
                    found.ref,
                    found.token,
                    found.caller,
                    found.called,
                    str(found.direction),
                    self.store.instant(found.started_at),
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
        instant = self.store.instant
        client = found.state.client
        return self.store.execute(
            "UPDATE calls SET version = version + 1, state = ?, answered_at = ?, ended_at = ?,"
            " outcome = ?, employee_id = ?, client_name = ?, talk_seconds = ?"
            " WHERE id = ? AND version = ?",
            (
                found.state.as_text(),
                found.answered_at and instant(found.answered_at),
                found.ended_at and instant(found.ended_at),
                found.outcome or None,
                found.employee,
                client["name"][:200] if client else "",
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
            self.store.execute(
                "INSERT INTO call_events (account_id, call_id, key, at, answer, trace)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    found.account.id,
                    found.id,
                    event.key,
                    self.store.instant(event.at),
                    answer,
                    _encode(trace) if trace else "[]",
                ),
            )
        except peewee.IntegrityError as error:
            raise Conflict("This event was stored meanwhile.") from error

    def add_legs(self, found: Found, legs: Iterable[Leg], at: datetime) -> None:
        """Note that these phones are rung, and that each was offered a call."""
        started = self.store.instant(at)
        account = found.account.id
        for leg in legs:
            target = leg.target
            outside = isinstance(target, Phone)
            address = target.number if outside else target.address
            self.store.execute(
                "INSERT INTO call_legs (account_id, call_id, number, target, employee, address,"
                " outside, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (account, found.id, leg.number, target.key, target.employee, address, outside,
                 started),
            )  # fmt: skip
            self.store.execute(
                "INSERT INTO offers (account_id, target, offered_at) VALUES (?, ?, ?)"
                " ON CONFLICT (account_id, target) DO UPDATE SET offered_at = excluded.offered_at",
                (account, target.key, started),
            )

    def add_dialler(self, found: Found, address: str, at: datetime) -> None:
        """Note the phone of the employee who dials: nobody rings them meanwhile."""
        instant = self.store.instant(at)
        self.store.execute(
            "INSERT INTO call_legs (account_id, call_id, number, target, employee, address,"
            " outside, started_at, answered_at) VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?)",
            (found.account.id, found.id, employee_key(found.employee), found.employee, address,
             False, instant, instant),
        )  # fmt: skip

    def leg_changed(self, found: Found, leg: int, answered: datetime | None,
                    ended: datetime | None, ring: str | None) -> None:  # fmt: skip
        """Note what happened to one phone; what is known already stays."""
        instant = self.store.instant
        self.store.execute(
            "UPDATE call_legs SET answered_at = coalesce(answered_at, ?),"
            " ended_at = coalesce(ended_at, ?), ring = coalesce(ring, ?)"
            " WHERE call_id = ? AND number = ?",
            (answered and instant(answered), ended and instant(ended), ring, found.id, leg),
        )

    def end_legs(self, found: Found, at: datetime, ring: str, first: int = 0) -> None:
        """All phones of the call, from number ``first`` on, have stopped ringing or talking."""
        self.store.execute(
            "UPDATE call_legs SET ended_at = ?, ring = coalesce(ring, ?)"
            " WHERE call_id = ? AND ended_at IS NULL AND number >= ?",
            (self.store.instant(at), ring, found.id, first),
        )

    def talked(self, found: Found, target: str, at: datetime) -> None:
        """Somebody has just stopped talking: wrap-up counts from here (R6)."""
        self.store.execute(
            "UPDATE offers SET talked_until = ? WHERE account_id = ? AND target = ?",
            (self.store.instant(at), found.account.id, target),
        )

    def add_notices(self, found: Found, hook: str, plugins: Iterable[str], at: datetime,
                    recording: int | None = None) -> None:  # fmt: skip
        """Queue a notice for each plugin; the jobs process delivers it."""
        for plugin in plugins:
            self.store.execute(
                "INSERT INTO notices (account_id, call_id, recording_id, hook, plugin, at, tries)"
                " VALUES (?, ?, ?, ?, ?, ?, 0)",
                (found.account.id, found.id, recording, hook, plugin, self.store.instant(at)),
            )

    def add_faults(self, found: Found, faults: Iterable[tuple], at: datetime) -> None:
        """Keep plugins' faults (plugin, hook, sentence, left out until) for the admin's page."""
        for plugin, hook, sentence, until in faults:
            self.store.execute(
                "INSERT INTO plugin_faults (account_id, plugin, hook, call_id, at, text,"
                " left_out_until) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (found.account.id, plugin, hook, found.id, self.store.instant(at),
                 sentence[:2000], until and self.store.instant(until)),
            )  # fmt: skip

    def has_recording(self, found: Found) -> bool:
        """Whether a talk of the call has a recording that is there, or may yet be."""
        return bool(
            self.store.row(
                "SELECT 1 FROM recordings WHERE call_id = ? AND kind = 'conversation'"
                " AND status IN ('in-progress', 'announced', 'stored')",
                (found.id,),
            )
        )

    def announce_recording(self, found: Found, event: Any) -> None:
        """The provider has news of a recording; what we have stored already stays."""
        status = "announced" if event.status == "completed" else event.status
        at = self.store.instant(event.at)
        recipient = found.state.recipient if event.kind == "message" else ""
        self.store.execute(
            "INSERT INTO recordings (account_id, call_id, kind, ref, url, status, channels,"
            " seconds, bytes, path, recipient, announced_at, try_at, tries, legal_hold)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '', ?, ?, ?, 0, ?)"
            " ON CONFLICT (call_id, ref) DO UPDATE SET url = excluded.url,"
            " status = excluded.status, seconds = excluded.seconds, channels = excluded.channels,"
            " try_at = excluded.try_at WHERE recordings.status IN ('in-progress', 'announced')"
            " AND excluded.status <> 'in-progress'",  # its begin may be told after its end
            (found.account.id, found.id, event.kind, event.ref, event.url, status,
             event.channels, event.seconds, recipient, at, at, False),
        )  # fmt: skip
