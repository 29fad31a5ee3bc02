"""What the engine is measured against: a bare Flask view that checks the same signature and commits
the same rows, through raw sqlite3.

It knows nothing: no plans, no plugins, no state of a call, no repeated events. It is given the
statements of each event (see ``recorded``) and fills in the call's own values. The signature is
checked by the gateway's own functions, so that only the engine makes the difference.
"""

from __future__ import annotations

import pickle
import secrets
import sqlite3
import threading
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request

from benchmarks.calls.company import PUBLIC_URL, SECRET
from benchmarks.calls.recorded import ID, REF, TOKEN, Calls, Recorded, kind_of
from plugins.twiml.receive import parse_form
from plugins.twiml.signature import form_is_signed

FILE = "recorded.pickle"


class Rows:
    """Commits the rows of an event, on a connection per thread."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._here = threading.local()

    def commit(self, event: Recorded, ref: str, call_id: int, token: str) -> int:
        """One transaction; returns the call's id."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            for sql, values in event.writes:
                given = [_value(one, ref, call_id, token) for one in values]
                row = connection.execute(sql, given)
                if not call_id:
                    call_id = row.fetchone()[0]
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        return call_id

    def id_of(self, ref: str) -> int:
        """The call that a provider names; only the status callback has nothing else."""
        found = self._connection().execute("SELECT id FROM calls WHERE ref = ?", (ref,))
        return found.fetchone()[0]

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._here, "connection"):
            connection = sqlite3.connect(self._database, isolation_level=None, timeout=10)
            connection.execute("PRAGMA journal_mode = wal")
            connection.execute("PRAGMA synchronous = full")
            connection.execute("PRAGMA foreign_keys = 1")
            self._here.connection = connection
        return self._here.connection


def make_app(folder: Path) -> Flask:
    """The application on the database and the recorded statements of a folder."""
    app = Flask("bare", static_folder=None)
    calls: Calls = pickle.loads((folder / FILE).read_bytes())
    rows = Rows(folder / "centralino.db")

    @app.post("/twiml/<int:gateway>/<path:address>")
    def event(gateway: int, address: str) -> Response:
        pairs = parse_form(request.get_data(cache=False))
        signed = [PUBLIC_URL + request.path]
        signatures = [request.headers.get("X-Twilio-Signature", "")]
        if not form_is_signed(SECRET, signed, pairs, signatures):
            abort(403)
        fields = dict(pairs)
        recorded = calls[gateway][kind_of(request.path, fields)]
        ref = fields["CallSid"]
        call_id, token = _call(address, ref, rows)
        call_id = rows.commit(recorded, ref, call_id, token)
        if not recorded.answer:
            return Response(status=204)
        said = recorded.answer.replace(TOKEN, f"{token}.{call_id}")
        return Response(said, mimetype="text/xml")

    return app


def _call(address: str, ref: str, rows: Rows) -> tuple[int, str]:
    """The call's id and token, from the address; they are new where a call comes in."""
    parts = address.split("/")
    if parts[0] == "voice":
        return 0, secrets.token_urlsafe(18)
    if parts[0] == "status":
        return rows.id_of(ref), ""
    token, _, call_id = parts[1].rpartition(".")
    return int(call_id), token


def _value(value: Any, ref: str, call_id: int, token: str) -> Any:
    if not isinstance(value, str) or "\x01" not in value:
        return value
    if value == ID:
        return call_id
    return value.replace(TOKEN, token).replace(REF, ref[2:])
