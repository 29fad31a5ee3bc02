"""Notes what the engine writes for each event of a call, so that a bare view can write the same.

Nobody keeps this list up to date: one call per company runs through the real application, and every
statement that changes a row is kept with its values. What is this call's own (its id, its token,
the provider's name of it) is marked, to be replaced in the bare view's calls.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from benchmarks.calls.company import Company
from benchmarks.calls.script import Writer, full_call
from core.store.database import Store

ID, TOKEN, REF = "\x01id", "\x01token", "\x01ref"
"""Stand for the call's own values."""

FIRST_ID = 1_000_000_000
"""Calls are numbered from here, so that no other number in a statement can be meant."""

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


@dataclass(slots=True)
class Recorded:
    """One event: the statements with their values, and the document that was the answer."""

    writes: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    answer: str = ""


Calls = dict[int, dict[str, Recorded]]
"""By gateway and kind of event."""


def record(app: Flask, store: Store, company: Company, ref: str) -> dict[str, Recorded]:
    """Let a call run through the application; returns its events by their kind."""
    events: dict[str, Recorded] = {}
    client, writer, call = app.test_client(), Writer(company, ref), full_call(company, ref)
    path, fields = next(call)
    try:
        while True:
            recorded = events[kind_of(path, fields)] = Recorded()
            with _listening(store, recorded):
                body, signature = writer.request(path, fields)
                answer = client.post(path, data=body, headers=headers(signature))
            if answer.status_code not in (200, 204):
                raise RuntimeError(f"{path} was answered with {answer.status}")
            recorded.answer = answer.text
            path, fields = call.send(answer.text)
    except StopIteration:
        return _marked(events, store, ref)


def kind_of(path: str, fields: dict[str, str]) -> str:
    """Names an event of the call: no two of the same kind happen in one call."""
    parts = path.split("/")
    if parts[3] == "step":
        return f"step {parts[6]}"
    status = fields.get("RecordingStatus") or fields["CallStatus"]
    return f"{parts[3]} {status}"


def headers(signature: str) -> dict[str, str]:
    """The headers that matter."""
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": signature,
    }


class _listening:
    """While it is open, every statement that writes is kept."""

    def __init__(self, store: Store, recorded: Recorded) -> None:
        self._store, self._recorded = store, recorded

    def __enter__(self) -> None:
        send = self._store._send

        def listen(sql: str, parameters: Any) -> Any:
            if _WRITES.match(sql):
                self._recorded.writes.append((sql, tuple(parameters)))
            return send(sql, parameters)

        self._store._send = listen

    def __exit__(self, *_: object) -> None:
        del self._store._send


def _marked(events: dict[str, Recorded], store: Store, ref: str) -> dict[str, Recorded]:
    with store.connection():
        call_id, token = store.row("SELECT id, token FROM calls WHERE ref = ?", (ref,))
    for event in events.values():
        event.answer = event.answer.replace(token, TOKEN)
        event.writes = [
            (sql, tuple(_mark(value, call_id, token, ref) for value in values))
            for sql, values in event.writes
        ]
    return events


def _mark(value: Any, call_id: int, token: str, ref: str) -> Any:
    if value == call_id:
        return ID
    if isinstance(value, str):
        return value.replace(token, TOKEN).replace(ref[2:], REF)
    return value
